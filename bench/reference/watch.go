package main

import (
	"bufio"
	"bytes"
	"flag"
	"net/http"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

type watches struct {
	Events int64 `json:"events"`
	// Milliseconds between the upstream's sending and the client's reading.
	P50 float64 `json:"p50"`
	P99 float64 `json:"p99"`
}

// runWatch opens a watch for each credential of a file, waits until each has had an event, and then follows them all.
func runWatch(args []string) error {
	flags := flag.NewFlagSet("watch", flag.ExitOnError)
	var to target
	to.register(flags)
	requests := flags.String("requests", "", "file: path and bearer token of each watch, one a line")
	duration := flags.Duration("duration", time.Second, "how long")
	flags.Parse(args)
	if err := to.parse(); err != nil {
		return err
	}
	text, err := os.ReadFile(*requests)
	if err != nil {
		return err
	}
	lines := strings.Split(strings.TrimSpace(string(text)), "\n")
	var measuring atomic.Bool
	delays := make([][]float64, len(lines))
	failures := make(chan error, len(lines))
	turns := make(chan struct{}, 16)
	var opened sync.WaitGroup
	for i, line := range lines {
		path, token, _ := strings.Cut(line, " ")
		one := to
		at := *to.at
		at.Path, at.RawQuery, _ = strings.Cut(to.at.Path+path, "?")
		one.at = &at
		turns <- struct{}{}
		opened.Go(func() {
			defer func() { <-turns }()
			reader, err := openWatch(&one, token)
			if err != nil {
				failures <- err
				return
			}
			go func() { failures <- follow(reader, &measuring, &delays[i]) }()
		})
	}
	opened.Wait()
	select {
	case err := <-failures:
		return err
	default:
	}
	if err := untilRead(); err != nil {
		return err
	}
	measuring.Store(true)
	select {
	case err := <-failures:
		return err
	case <-time.After(*duration):
	}
	measuring.Store(false)
	// All events have been recorded by now.
	time.Sleep(50 * time.Millisecond)
	all := slices.Concat(delays...)
	slices.Sort(all)
	if len(all) == 0 {
		all = []float64{-1}
	}
	return report(watches{int64(len(all)), all[len(all)/2], all[len(all)*99/100]})
}

// openWatch returns once the first event is there.
func openWatch(to *target, token string) (*bufio.Reader, error) {
	conn, err := to.dial()
	if err != nil {
		return nil, err
	}
	if _, err := conn.Write(to.message(http.MethodGet, "Accept: application/json", "Authorization: Bearer "+token)); err != nil {
		return nil, err
	}
	response, err := http.ReadResponse(bufio.NewReaderSize(conn, 4096), nil)
	if err != nil {
		return nil, err
	}
	if response.StatusCode != http.StatusOK {
		return nil, unexpected(response)
	}
	reader := bufio.NewReaderSize(response.Body, 4096)
	_, err = reader.ReadSlice('\n')
	return reader, err
}

var sentMark = []byte(`"sent":"`)

func follow(reader *bufio.Reader, measuring *atomic.Bool, delays *[]float64) error {
	for {
		line, err := reader.ReadSlice('\n')
		if err != nil {
			return err
		}
		if !measuring.Load() {
			continue
		}
		_, rest, found := bytes.Cut(line, sentMark)
		digits, _, _ := bytes.Cut(rest, []byte(`"`))
		if sent, err := strconv.ParseInt(string(digits), 10, 64); found && err == nil {
			*delays = append(*delays, milliseconds(time.Since(time.Unix(0, sent))))
		}
	}
}
