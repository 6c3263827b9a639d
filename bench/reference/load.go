package main

import (
	"bufio"
	"flag"
	"fmt"
	"io"
	"net"
	"net/http"
	"sync"
	"time"
)

type sample struct{ first, whole time.Duration }

type load struct {
	Seconds float64 `json:"seconds"`
	Bytes   int64   `json:"bytes"`
	// Milliseconds of each request until the first and the last byte of the body.
	FirstByte []float64 `json:"firstByte"`
	Whole     []float64 `json:"whole"`
}

// runLoad keeps connections busy: first for a while that is not measured, then, once the bench has taken its readings,
// for one that is. Prints the duration of every answer. An answer other than 200 ends it.
func runLoad(args []string) error {
	flags := flag.NewFlagSet("load", flag.ExitOnError)
	var to target
	to.register(flags)
	connections := flags.Int("connections", 1, "concurrent connections")
	warmUp := flags.Duration("warm-up", 0, "time before the measurement")
	duration := flags.Duration("duration", time.Second, "how long")
	pause := flags.Duration("pause", 0, "pause between an answer and the next request")
	flags.Parse(args)
	if err := to.parse(); err != nil {
		return err
	}
	message := to.message(http.MethodGet, "Accept: application/json")
	open := make([]net.Conn, *connections)
	for i := range open {
		var err error
		if open[i], err = to.dial(); err != nil {
			return err
		}
		defer open[i].Close()
	}

	keepAllBusy := func(duration time.Duration) (load, error) {
		var wait sync.WaitGroup
		results := make([][]sample, *connections)
		sizes := make([]int64, *connections)
		failures := make([]error, *connections)
		began := time.Now()
		for i := range open {
			wait.Go(func() {
				results[i], sizes[i], failures[i] = keepBusy(open[i], message, began.Add(duration), *pause)
			})
		}
		wait.Wait()
		out := load{Seconds: time.Since(began).Seconds(), FirstByte: []float64{}, Whole: []float64{}}
		for i, list := range results {
			if failures[i] != nil {
				return out, failures[i]
			}
			out.Bytes += sizes[i]
			for _, one := range list {
				out.FirstByte = append(out.FirstByte, milliseconds(one.first))
				out.Whole = append(out.Whole, milliseconds(one.whole))
			}
		}
		return out, nil
	}
	if _, err := keepAllBusy(*warmUp); err != nil {
		return err
	}
	if err := untilRead(); err != nil {
		return err
	}
	measured, err := keepAllBusy(*duration)
	if err != nil {
		return err
	}
	return report(measured)
}

func milliseconds(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }

func keepBusy(conn net.Conn, message []byte, end time.Time, pause time.Duration) ([]sample, int64, error) {
	reader := bufio.NewReaderSize(conn, 64*1024)
	var samples []sample
	var size int64
	for time.Now().Before(end) {
		began := time.Now()
		if _, err := conn.Write(message); err != nil {
			return nil, 0, err
		}
		first, read, err := readAnswer(reader, began)
		if err != nil {
			return nil, 0, err
		}
		size += read
		samples = append(samples, sample{first, time.Since(began)})
		time.Sleep(pause)
	}
	return samples, size, nil
}

// readAnswer reads one answer to its end. Returns the time until the first byte of its body, and the body's length.
func readAnswer(reader *bufio.Reader, began time.Time) (time.Duration, int64, error) {
	response, err := http.ReadResponse(reader, nil)
	if err != nil {
		return 0, 0, err
	}
	if response.StatusCode != http.StatusOK {
		return 0, 0, unexpected(response)
	}
	var start [1]byte
	if _, err := io.ReadFull(response.Body, start[:]); err != nil {
		return 0, 0, err
	}
	first := time.Since(began)
	read, err := io.Copy(io.Discard, response.Body)
	return first, read + 1, err
}

func unexpected(response *http.Response) error {
	body, _ := io.ReadAll(io.LimitReader(response.Body, 500))
	return fmt.Errorf("answered %s: %s", response.Status, body)
}
