package main

import (
	"bufio"
	"flag"
	"fmt"
	"io"
	"net"
	"net/http"
	"sync/atomic"
	"time"
)

type carried struct {
	Seconds float64 `json:"seconds"`
	Bytes   int64   `json:"bytes"`
}

// runStream upgrades one connection and moves bytes over it, depending on the path (see upgrade.go). Bytes to the upstream count
// once it has confirmed them.
func runStream(args []string) error {
	flags := flag.NewFlagSet("stream", flag.ExitOnError)
	var to target
	to.register(flags)
	up := flags.Bool("up", false, "send")
	worth := flags.Int64("worth", 1, "bytes that each received byte confirms")
	warmUp := flags.Duration("warm-up", 0, "time before the measurement")
	duration := flags.Duration("duration", time.Second, "how long")
	flags.Parse(args)
	if err := to.parse(); err != nil {
		return err
	}
	conn, err := to.dial()
	if err != nil {
		return err
	}
	defer conn.Close()
	asked := to.message(http.MethodPost, "Connection: Upgrade", "Upgrade: SPDY/3.1", "X-Stream-Protocol-Version: v4.channel.k8s.io", "Content-Length: 0")
	if _, err := conn.Write(asked); err != nil {
		return err
	}
	reader := bufio.NewReaderSize(conn, 64*1024)
	response, err := http.ReadResponse(reader, nil)
	if err != nil {
		return err
	}
	if response.StatusCode != http.StatusSwitchingProtocols {
		return unexpected(response)
	}
	var got atomic.Int64
	failure := make(chan error, 2)
	go func() { failure <- readAll(reader, &got) }()
	if *up {
		go func() { failure <- writeAll(conn) }()
	}
	wait := func(duration time.Duration) error {
		select {
		case err := <-failure:
			return fmt.Errorf("the stream ended: %w", err)
		case <-time.After(duration):
			return nil
		}
	}
	if err := wait(*warmUp); err != nil {
		return err
	}
	if err := untilRead(); err != nil {
		return err
	}
	began, before := time.Now(), got.Load()
	if err := wait(*duration); err != nil {
		return err
	}
	return report(carried{time.Since(began).Seconds(), (got.Load() - before) * *worth})
}

func readAll(from io.Reader, got *atomic.Int64) error {
	buffer := make([]byte, 64*1024)
	for {
		read, err := from.Read(buffer)
		got.Add(int64(read))
		if err != nil {
			return err
		}
	}
}

func writeAll(to net.Conn) error {
	buffer := make([]byte, 32*1024)
	for {
		if _, err := to.Write(buffer); err != nil {
			return err
		}
	}
}
