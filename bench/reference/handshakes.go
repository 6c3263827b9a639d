package main

import (
	"bufio"
	"crypto/tls"
	"flag"
	"fmt"
	"net/http"
	"sync"
	"time"
)

type handshakes struct {
	Requests int     `json:"requests"`
	Seconds  float64 `json:"seconds"`
	// The key-exchange group of the last connection.
	Group   string `json:"group"`
	Version string `json:"version"`
}

// runHandshakes makes a connection for each request, as every kubectl command does, without resuming sessions.
func runHandshakes(args []string) error {
	flags := flag.NewFlagSet("handshakes", flag.ExitOnError)
	var to target
	to.register(flags)
	connections := flags.Int("connections", 1, "concurrent connections")
	warmUp := flags.Duration("warm-up", 0, "time before the measurement")
	duration := flags.Duration("duration", time.Second, "how long")
	classic := flags.Bool("classic", false, "offer X25519 alone")
	flags.Parse(args)
	if err := to.parse(); err != nil {
		return err
	}
	if *classic {
		to.trust.CurvePreferences = []tls.CurveID{tls.X25519}
	}
	message := to.message(http.MethodGet, "Accept: application/json", "Connection: close")
	askOnce := func() (tls.ConnectionState, error) {
		conn, err := tls.Dial("tcp", to.at.Host, to.trust)
		if err != nil {
			return tls.ConnectionState{}, err
		}
		defer conn.Close()
		if _, err := conn.Write(message); err != nil {
			return tls.ConnectionState{}, err
		}
		_, _, err = readAnswer(bufio.NewReader(conn), time.Now())
		return conn.ConnectionState(), err
	}
	askFor := func(duration time.Duration) (handshakes, error) {
		var wait sync.WaitGroup
		counts := make([]int, *connections)
		states := make([]tls.ConnectionState, *connections)
		failures := make([]error, *connections)
		began := time.Now()
		for i := range counts {
			wait.Go(func() {
				for time.Since(began) < duration && failures[i] == nil {
					states[i], failures[i] = askOnce()
					counts[i]++
				}
			})
		}
		wait.Wait()
		out := handshakes{Seconds: time.Since(began).Seconds()}
		for i, count := range counts {
			if failures[i] != nil {
				return out, failures[i]
			}
			out.Requests += count
			out.Group, out.Version = fmt.Sprint(states[i].CurveID), tls.VersionName(states[i].Version)
		}
		return out, nil
	}
	if _, err := askFor(*warmUp); err != nil {
		return err
	}
	if err := untilRead(); err != nil {
		return err
	}
	measured, err := askFor(*duration)
	if err != nil {
		return err
	}
	return report(measured)
}
