package main

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"net/http"
	"os"
	"time"
)

// runUpstream replays answers of a real API server: one object, or the list of all namespaces; watches get that
// object again and again, with the time at which it was sent.
// The API server itself would take too much CPU from the proxies under test.
func runUpstream(args []string) error {
	flags := flag.NewFlagSet("upstream", flag.ExitOnError)
	listen := flags.String("listen", "", "address")
	cert := flags.String("cert", "", "certificate file")
	key := flags.String("key", "", "key file")
	objectFile := flags.String("object", "", "the answer to everything else")
	listFile := flags.String("list", "", "the answer to a list of namespaces")
	every := flags.Duration("every", time.Second, "interval between two events of a watch")
	flags.Parse(args)
	object, err := os.ReadFile(*objectFile)
	if err != nil {
		return err
	}
	list, err := readList(*listFile)
	if err != nil {
		return err
	}
	handler := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("Cache-Control", "no-cache, private")
		w.Header().Set("Audit-Id", r.Header.Get("Audit-Id"))
		switch {
		case r.Header.Get("Upgrade") != "":
			upgrade(w, r)
		case r.URL.Query().Get("watch") == "true":
			sendEvents(w, r, object, *every)
		case r.URL.Path == "/api/v1/namespaces":
			w.Write(list.first(r.URL.Query().Get("limit")))
		default:
			w.Write(object)
		}
	})
	return http.ListenAndServeTLS(*listen, *cert, *key, handler)
}

// sendEvents sends the first event at once, and the second at some moment of the interval, so that watches spread.
func sendEvents(w http.ResponseWriter, r *http.Request, object []byte, every time.Duration) {
	flusher := w.(http.Flusher)
	for wait := rand.N(every); ; wait = every {
		sent := time.Now().UnixNano()
		if _, err := fmt.Fprintf(w, `{"type":"MODIFIED","sent":"%d","object":%s}`+"\n", sent, object); err != nil {
			return
		}
		flusher.Flush()
		select {
		case <-r.Context().Done():
			return
		case <-time.After(wait):
		}
	}
}
