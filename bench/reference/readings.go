package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"os"
)

// untilRead says that everything is open and warm, and waits until the bench has taken its readings of the server.
func untilRead() error {
	fmt.Println("ready")
	_, err := bufio.NewReader(os.Stdin).ReadString('\n')
	return err
}

// report prints what was measured. Connections stay open until the bench has read the server again: closing them is no
// part of what is measured.
func report(measured any) error {
	if err := json.NewEncoder(os.Stdout).Encode(measured); err != nil {
		return err
	}
	_, err := io.Copy(io.Discard, os.Stdin)
	return err
}
