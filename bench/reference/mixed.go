package main

import (
	"bufio"
	"context"
	"crypto/tls"
	"flag"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

type mixed struct {
	// Watches that ended too early, and the first one's reason.
	Resets     int64  `json:"resets"`
	FirstReset string `json:"firstReset"`
	Events     int64  `json:"events"`
	// Milliseconds from when a request was due until its last byte, by kind.
	Answers map[string][]float64 `json:"answers"`
	// Answers other than 2xx and broken connections, by kind, and the first of them.
	Failed       map[string]int64 `json:"failed"`
	FirstFailure string           `json:"firstFailure"`
}

// A request of a file: kind, address to connect from, method, URL, header line, and body.
type request struct{ kind, source, method, url, header, body string }

// runMixed holds watches open and sends requests at a fixed pace, without waiting for earlier
// answers. Each source address has connections of its own.
func runMixed(args []string) error {
	flags := flag.NewFlagSet("mixed", flag.ExitOnError)
	ca := flags.String("ca", "", "CA of the gateway")
	watchFile := flags.String("watches", "", "file: requests that are held open")
	requestFile := flags.String("requests", "", "file: requests that are sent in turn")
	rate := flags.Float64("rate", 1, "requests a second")
	duration := flags.Duration("duration", time.Second, "how long")
	flags.Parse(args)
	trust, err := trusting(*ca)
	if err != nil {
		return err
	}
	watches, err := readRequests(*watchFile)
	if err != nil {
		return err
	}
	requests, err := readRequests(*requestFile)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	clients := clientsOf(trust)
	found := mixed{Answers: map[string][]float64{}, Failed: map[string]int64{}}
	var lock sync.Mutex
	var events atomic.Int64

	turns := make(chan struct{}, 16)
	failures := make(chan error, len(watches))
	var opened sync.WaitGroup
	for _, one := range watches {
		turns <- struct{}{}
		opened.Go(func() {
			defer func() { <-turns }()
			response, err := one.send(ctx, clients(one.source))
			if err != nil {
				failures <- err
				return
			}
			go func() {
				reader := bufio.NewReaderSize(response.Body, 4096)
				for {
					_, err := reader.ReadSlice('\n')
					if ctx.Err() != nil {
						return
					}
					if err == nil || err == bufio.ErrBufferFull {
						events.Add(1)
						continue
					}
					lock.Lock()
					if found.Resets++; found.Resets == 1 {
						found.FirstReset = fmt.Sprintf("%s: %v", one.url, err)
					}
					lock.Unlock()
					return
				}
			}()
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

	began := time.Now()
	interval := time.Duration(float64(time.Second) / *rate)
	var sent sync.WaitGroup
	for n := 0; time.Duration(n)*interval < *duration; n++ {
		due := began.Add(time.Duration(n) * interval)
		time.Sleep(time.Until(due))
		one := requests[n%len(requests)]
		sent.Go(func() {
			err := one.finish(ctx, clients(one.source))
			took := milliseconds(time.Since(due))
			lock.Lock()
			defer lock.Unlock()
			found.Answers[one.kind] = append(found.Answers[one.kind], took)
			if err != nil {
				if found.Failed[one.kind]++; found.FirstFailure == "" {
					found.FirstFailure = fmt.Sprintf("%s %s: %v", one.method, one.url, err)
				}
			}
		})
	}
	sent.Wait()
	lock.Lock()
	defer lock.Unlock()
	found.Events = events.Load()
	return report(found)
}

func readRequests(file string) ([]request, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	var requests []request
	for line := range strings.Lines(string(text)) {
		parts := strings.Split(strings.TrimSuffix(line, "\n"), "\t")
		if len(parts) != 6 {
			return nil, fmt.Errorf("%s: not a request: %q", file, line)
		}
		requests = append(requests, request{parts[0], parts[1], parts[2], parts[3], parts[4], parts[5]})
	}
	return requests, nil
}

// clientsOf returns a function that returns the client of a source address.
func clientsOf(trust *tls.Config) func(source string) *http.Client {
	var lock sync.Mutex
	clients := map[string]*http.Client{}
	return func(source string) *http.Client {
		lock.Lock()
		defer lock.Unlock()
		if clients[source] == nil {
			dialer := &net.Dialer{Timeout: 30 * time.Second, LocalAddr: &net.TCPAddr{IP: net.ParseIP(source)}}
			clients[source] = &http.Client{
				Timeout:       0,
				Transport:     &http.Transport{DialContext: dialer.DialContext, TLSClientConfig: trust, MaxIdleConnsPerHost: 64},
				CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
			}
		}
		return clients[source]
	}
}

// send returns once the head of a 2xx answer is there.
func (r request) send(ctx context.Context, client *http.Client) (*http.Response, error) {
	message, err := http.NewRequestWithContext(ctx, r.method, r.url, strings.NewReader(r.body))
	if err != nil {
		return nil, err
	}
	name, value, _ := strings.Cut(r.header, ": ")
	message.Header.Set(name, value)
	if r.body != "" {
		message.Header.Set("Content-Type", "application/apply-patch+yaml")
	}
	response, err := client.Do(message)
	if err != nil {
		return nil, err
	}
	if response.StatusCode/100 != 2 {
		defer response.Body.Close()
		return nil, unexpected(response)
	}
	return response, nil
}

func (r request) finish(ctx context.Context, client *http.Client) error {
	response, err := r.send(ctx, client)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	_, err = io.Copy(io.Discard, response.Body)
	return err
}
