package main

import (
	"bufio"
	"io"
	"net"
	"net/http"
	"strings"
)

// confirmEvery is how many bytes the upstream confirms by one byte.
const confirmEvery = 64 * 1024

// upgrade takes a connection over as a node's kubelet would, and moves bytes depending on the path: a port-forward echoes
// them, an exec with standard input confirms them, any other exec sends as fast as it can.
func upgrade(w http.ResponseWriter, r *http.Request) {
	conn, pending, err := w.(http.Hijacker).Hijack()
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	defer conn.Close()
	head := "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: " + r.Header.Get("Upgrade") +
		"\r\nX-Stream-Protocol-Version: " + r.Header.Get("X-Stream-Protocol-Version") + "\r\n\r\n"
	if _, err := io.WriteString(conn, head); err != nil {
		return
	}
	switch {
	case strings.HasSuffix(r.URL.Path, "/portforward"):
		io.CopyBuffer(struct{ io.Writer }{conn}, struct{ io.Reader }{pending.Reader}, make([]byte, 64*1024))
	case r.URL.Query().Get("stdin") == "true":
		confirm(conn, pending.Reader)
	default:
		go func() { io.Copy(io.Discard, pending.Reader); conn.Close() }()
		buffer := make([]byte, 32*1024)
		for err == nil {
			_, err = conn.Write(buffer)
		}
	}
}

func confirm(conn net.Conn, from *bufio.Reader) {
	for {
		if _, err := io.CopyN(io.Discard, from, confirmEvery); err != nil {
			return
		}
		if _, err := conn.Write([]byte{'.'}); err != nil {
			return
		}
	}
}
