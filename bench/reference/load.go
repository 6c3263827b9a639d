package main

import (
	"bufio"
	"crypto/tls"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"sync"
	"time"
)

type headers []string

func (h *headers) String() string         { return fmt.Sprint(*h) }
func (h *headers) Set(value string) error { *h = append(*h, value); return nil }

type sample struct{ first, whole time.Duration }

type report struct {
	Seconds float64 `json:"seconds"`
	Bytes   int64   `json:"bytes"`
	// Of each request, milliseconds until the first byte of the body and until the last.
	FirstByte []float64 `json:"firstByte"`
	Whole     []float64 `json:"whole"`
}

// runLoad keeps connections busy for a while and prints how long every answer took. Any answer that is not 200 ends it.
func runLoad(args []string) error {
	flags := flag.NewFlagSet("load", flag.ExitOnError)
	target := flags.String("url", "", "what to GET")
	ca := flags.String("ca", "", "authority of the server")
	connections := flags.Int("connections", 1, "at a time")
	duration := flags.Duration("duration", time.Second, "how long")
	pause := flags.Duration("pause", 0, "between an answer and the next request")
	var extra headers
	flags.Var(&extra, "header", "a header line, may be repeated")
	flags.Parse(args)
	at, err := url.Parse(*target)
	if err != nil {
		return err
	}
	message := "GET " + at.RequestURI() + " HTTP/1.1\r\nHost: " + at.Host + "\r\nAccept: application/json\r\n"
	for _, line := range extra {
		message += line + "\r\n"
	}
	message += "\r\n"

	var trust *tls.Config
	if at.Scheme == "https" {
		if trust, err = trusting(*ca); err != nil {
			return err
		}
		trust.ServerName = at.Hostname()
		trust.NextProtos = []string{"http/1.1"}
	}
	dial := func() (net.Conn, error) {
		if trust == nil {
			return net.Dial("tcp", at.Host)
		}
		return tls.Dial("tcp", at.Host, trust)
	}

	var wait sync.WaitGroup
	results := make([][]sample, *connections)
	sizes := make([]int64, *connections)
	failures := make([]error, *connections)
	open := make([]net.Conn, *connections)
	for i := range open {
		if open[i], err = dial(); err != nil {
			return err
		}
		defer open[i].Close()
	}
	began := time.Now()
	end := began.Add(*duration)
	for i := range open {
		wait.Go(func() { results[i], sizes[i], failures[i] = keepBusy(open[i], []byte(message), end, *pause) })
	}
	wait.Wait()
	out := report{Seconds: time.Since(began).Seconds(), FirstByte: []float64{}, Whole: []float64{}}
	for i, list := range results {
		if failures[i] != nil {
			return failures[i]
		}
		out.Bytes += sizes[i]
		for _, one := range list {
			out.FirstByte = append(out.FirstByte, milliseconds(one.first))
			out.Whole = append(out.Whole, milliseconds(one.whole))
		}
	}
	return json.NewEncoder(os.Stdout).Encode(out)
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
		response, err := http.ReadResponse(reader, nil)
		if err != nil {
			return nil, 0, err
		}
		if response.StatusCode != http.StatusOK {
			body, _ := io.ReadAll(io.LimitReader(response.Body, 500))
			return nil, 0, fmt.Errorf("answered %s: %s", response.Status, body)
		}
		var start [1]byte
		if _, err := io.ReadFull(response.Body, start[:]); err != nil {
			return nil, 0, err
		}
		first := time.Since(began)
		read, err := io.Copy(io.Discard, response.Body)
		if err != nil {
			return nil, 0, err
		}
		size += read + 1
		samples = append(samples, sample{first, time.Since(began)})
		time.Sleep(pause)
	}
	return samples, size, nil
}
