package main

import (
	"flag"
	"net/http"
	"os"
)

// runUpstream answers with what a real API server answered: one object, or the list of all namespaces.
// It stands for the API server because that one would take the machine from the proxies under test.
func runUpstream(args []string) error {
	flags := flag.NewFlagSet("upstream", flag.ExitOnError)
	listen := flags.String("listen", "", "address")
	cert := flags.String("cert", "", "certificate file")
	key := flags.String("key", "", "key file")
	objectFile := flags.String("object", "", "the answer to everything else")
	listFile := flags.String("list", "", "the answer to a list of namespaces")
	flags.Parse(args)
	object, err := os.ReadFile(*objectFile)
	if err != nil {
		return err
	}
	list, err := os.ReadFile(*listFile)
	if err != nil {
		return err
	}
	handler := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("Cache-Control", "no-cache, private")
		w.Header().Set("Audit-Id", r.Header.Get("Audit-Id"))
		if r.URL.Path == "/api/v1/namespaces" {
			w.Write(list)
			return
		}
		w.Write(object)
	})
	return http.ListenAndServeTLS(*listen, *cert, *key, handler)
}
