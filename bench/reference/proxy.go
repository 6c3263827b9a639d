package main

import (
	"crypto/tls"
	"flag"
	"net/http"
	"net/http/httputil"
	"net/url"
	"strings"
	"sync"
)

// runProxy is a minimal gateway in Go: TLS on both sides, the path's prefix removed, the client's credential replaced by
// its own, a person impersonated. No lookup of credentials, no authorization, no trail.
func runProxy(args []string) error {
	flags := flag.NewFlagSet("proxy", flag.ExitOnError)
	listen := flags.String("listen", "", "address")
	cert := flags.String("cert", "", "certificate file")
	key := flags.String("key", "", "key file")
	ca := flags.String("ca", "", "CA of the upstream")
	target := flags.String("target", "", "URL of the upstream")
	token := flags.String("token", "", "credential for the upstream")
	prefix := flags.String("prefix", "", "prefix to remove from the path")
	pool := flags.Bool("pool", false, "reuse copy buffers")
	http2 := flags.Bool("http2", true, "speak HTTP/2 to the upstream")
	flags.Parse(args)
	upstream, err := url.Parse(*target)
	if err != nil {
		return err
	}
	trust, err := trusting(*ca)
	if err != nil {
		return err
	}
	transport := &http.Transport{
		TLSClientConfig: trust, ForceAttemptHTTP2: *http2, MaxIdleConnsPerHost: 256, DisableCompression: true,
	}
	if !*http2 {
		transport.TLSNextProto = map[string]func(string, *tls.Conn) http.RoundTripper{}
	}
	proxy := &httputil.ReverseProxy{
		Transport: transport,
		Rewrite: func(r *httputil.ProxyRequest) {
			r.Out.URL.Path = strings.TrimPrefix(r.Out.URL.Path, *prefix)
			r.SetURL(upstream)
			r.Out.Header.Set("Authorization", "Bearer "+*token)
			r.Out.Header.Set("Impersonate-User", "system:serviceaccount:spaceport-users:bench")
		},
	}
	if *pool {
		proxy.BufferPool = &buffers{}
	}
	server := &http.Server{
		Addr:    *listen,
		Handler: proxy,
		// As the gateway: HTTP/1.1 towards clients.
		TLSNextProto: map[string]func(*http.Server, *tls.Conn, http.Handler){},
	}
	return server.ListenAndServeTLS(*cert, *key)
}

type buffers struct{ pool sync.Pool }

func (b *buffers) Get() []byte {
	if buffer, ok := b.pool.Get().(*[]byte); ok {
		return *buffer
	}
	return make([]byte, 32*1024)
}

func (b *buffers) Put(buffer []byte) { b.pool.Put(&buffer) }
