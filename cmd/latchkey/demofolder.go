package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
)

// errHeld says that another process holds a file.
var errHeld = errors.New("held by another process")

// takeFolder holds a folder for one demo, which others are told of by its address, until release is called or the
// process ends.
func takeFolder(folder, address string) (release func(), err error) {
	f, err := os.OpenFile(filepath.Join(folder, "demo.lock"), os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, fmt.Errorf("--data: %w", err)
	}
	if err := hold(f); errors.Is(err, errHeld) {
		by, _ := io.ReadAll(io.LimitReader(f, 256)) // without it the sentence is shorter
		f.Close()
		return nil, fmt.Errorf("--data: %s is used by another demo%s; end that one, or name another folder", folder, atAddress(string(by)))
	} else if err != nil {
		f.Close()
		return nil, fmt.Errorf("--data: %w", err)
	}
	if err := errors.Join(f.Truncate(0), second(f.WriteString(address))); err != nil {
		f.Close()
		return nil, fmt.Errorf("--data: %w", err)
	}
	return func() { f.Close() }, nil
}

func second(_ int, err error) error { return err }

// atAddress is where a demo is, if it said so.
func atAddress(address string) string {
	if !strings.HasPrefix(address, "http://") {
		return ""
	}
	return ", at " + address
}
