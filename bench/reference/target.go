package main

import (
	"crypto/tls"
	"flag"
	"fmt"
	"net"
	"net/url"
	"strings"
)

type headers []string

func (h *headers) String() string         { return fmt.Sprint(*h) }
func (h *headers) Set(value string) error { *h = append(*h, value); return nil }

// target is a generator's request, from the flags that all of them share.
type target struct {
	url, ca string
	extra   headers
	at      *url.URL
	trust   *tls.Config
}

func (t *target) register(flags *flag.FlagSet) {
	flags.StringVar(&t.url, "url", "", "URL to request")
	flags.StringVar(&t.ca, "ca", "", "CA of the server")
	flags.Var(&t.extra, "header", "header line; can be repeated")
}

func (t *target) parse() (err error) {
	if t.at, err = url.Parse(t.url); err != nil || t.at.Scheme != "https" {
		return err
	}
	if t.trust, err = trusting(t.ca); err != nil {
		return err
	}
	t.trust.ServerName = t.at.Hostname()
	t.trust.NextProtos = []string{"http/1.1"}
	return nil
}

func (t *target) dial() (net.Conn, error) {
	if t.trust == nil {
		return net.Dial("tcp", t.at.Host)
	}
	return tls.Dial("tcp", t.at.Host, t.trust)
}

// message is a whole request without a body.
func (t *target) message(method string, more ...string) []byte {
	lines := append([]string{method + " " + t.at.RequestURI() + " HTTP/1.1", "Host: " + t.at.Host}, t.extra...)
	return []byte(strings.Join(append(lines, more...), "\r\n") + "\r\n\r\n")
}
