package main

import (
	"bufio"
	"crypto/rand"
	"crypto/tls"
	"encoding/hex"
	"encoding/json"
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

type damage struct {
	// Opened connections, and answers by status; 0: no answer.
	Connections int64         `json:"connections"`
	Answers     map[int]int64 `json:"answers"`
}

// runHostile sends requests as fast as it can for a while, whatever the answers, and reconnects when its connection is cut.
// `RANDOM` in a header line is replaced by another text each time.
func runHostile(args []string) error {
	flags := flag.NewFlagSet("hostile", flag.ExitOnError)
	var to target
	to.register(flags)
	source := flags.String("source", "", "address to connect from")
	connections := flags.Int("connections", 1, "concurrent connections")
	duration := flags.Duration("duration", time.Second, "how long")
	reconnect := flags.Bool("reconnect", false, "open a connection for each request")
	silent := flags.Bool("silent", false, "connect and send nothing")
	flags.Parse(args)
	if err := to.parse(); err != nil {
		return err
	}
	dialer := &net.Dialer{Timeout: 5 * time.Second, LocalAddr: &net.TCPAddr{IP: net.ParseIP(*source)}}
	message := string(to.message(http.MethodGet))

	var made atomic.Int64
	answers := make([]map[int]int64, *connections)
	end := time.Now().Add(*duration)
	attack := func(answers map[int]int64) {
		for time.Now().Before(end) {
			conn, err := tls.DialWithDialer(dialer, "tcp4", to.at.Host, to.trust)
			if err != nil {
				answers[0]++
				time.Sleep(time.Millisecond)
				continue
			}
			made.Add(1)
			conn.SetDeadline(end.Add(time.Second))
			if *silent {
				io.Copy(io.Discard, conn)
			}
			reader := bufio.NewReader(conn)
			for time.Now().Before(end) {
				status := ask(conn, reader, message)
				answers[status]++
				if status == 0 || *reconnect {
					break
				}
			}
			conn.Close()
		}
	}
	var wait sync.WaitGroup
	for i := range answers {
		answers[i] = map[int]int64{}
		wait.Go(func() { attack(answers[i]) })
	}
	wait.Wait()
	sum := damage{Connections: made.Load(), Answers: map[int]int64{}}
	for _, own := range answers {
		for status, count := range own {
			sum.Answers[status] += count
		}
	}
	return json.NewEncoder(os.Stdout).Encode(sum)
}

// ask returns the status of the answer, or 0.
func ask(conn net.Conn, reader *bufio.Reader, message string) int {
	if strings.Contains(message, "RANDOM") {
		var bytes [16]byte
		rand.Read(bytes[:])
		message = strings.ReplaceAll(message, "RANDOM", hex.EncodeToString(bytes[:]))
	}
	if _, err := fmt.Fprint(conn, message); err != nil {
		return 0
	}
	response, err := http.ReadResponse(reader, nil)
	if err != nil {
		return 0
	}
	if _, err := io.Copy(io.Discard, response.Body); err != nil || response.Close {
		return 0
	}
	return response.StatusCode
}
