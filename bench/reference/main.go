// The references and tools of the gateway's benchmarks: an upstream, Go's reverse proxy, load generators, and attackers.
package main

import (
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"os"
)

func main() {
	programs := map[string]func([]string) error{
		"upstream": runUpstream, "proxy": runProxy, "load": runLoad, "handshakes": runHandshakes, "watch": runWatch,
		"stream": runStream, "hostile": runHostile, "mixed": runMixed,
	}
	if len(os.Args) < 2 || programs[os.Args[1]] == nil {
		fmt.Fprintln(os.Stderr, "usage: reference upstream|proxy|load|handshakes|watch|stream|hostile|mixed [flags]")
		os.Exit(2)
	}
	if err := programs[os.Args[1]](os.Args[2:]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// trusting returns a TLS configuration that trusts only the given CA.
func trusting(caFile string) (*tls.Config, error) {
	pem, err := os.ReadFile(caFile)
	if err != nil {
		return nil, err
	}
	pool := x509.NewCertPool()
	if !pool.AppendCertsFromPEM(pem) {
		return nil, fmt.Errorf("%s holds no certificate", caFile)
	}
	return &tls.Config{RootCAs: pool, MinVersion: tls.VersionTLS12}, nil
}
