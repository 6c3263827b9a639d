package main

import (
	"bytes"
	"encoding/json"
	"os"
	"strconv"
	"sync"
)

// list is an answer with many items, which can be limited to the first ones.
type list struct {
	whole []byte
	parts struct {
		Kind       string            `json:"kind"`
		APIVersion string            `json:"apiVersion"`
		Metadata   json.RawMessage   `json:"metadata"`
		Items      []json.RawMessage `json:"items"`
	}
	made sync.Map
}

func readList(file string) (*list, error) {
	whole, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	l := &list{whole: whole}
	return l, json.Unmarshal(whole, &l.parts)
}

// first returns an answer with the first items; all of them if limit is empty or not below their number.
func (l *list) first(limit string) []byte {
	count, err := strconv.Atoi(limit)
	if err != nil || count >= len(l.parts.Items) {
		return l.whole
	}
	if made, found := l.made.Load(count); found {
		return made.([]byte)
	}
	parts := l.parts
	parts.Items = parts.Items[:count]
	var out bytes.Buffer
	if err := json.NewEncoder(&out).Encode(parts); err != nil {
		return l.whole
	}
	l.made.Store(count, out.Bytes())
	return out.Bytes()
}
