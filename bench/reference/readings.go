package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"os"
)

// untilRead reports that everything is open and warm, and waits for the bench's readings of the server.
func untilRead() error {
	fmt.Println("ready")
	_, err := bufio.NewReader(os.Stdin).ReadString('\n')
	return err
}

// report prints the measurement. Connections stay open until the bench has read the server again, because closing them
// is not measured.
func report(measured any) error {
	if err := json.NewEncoder(os.Stdout).Encode(measured); err != nil {
		return err
	}
	_, err := io.Copy(io.Discard, os.Stdin)
	return err
}
