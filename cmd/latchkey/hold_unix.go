//go:build unix

package main

import (
	"errors"
	"os"
	"syscall"
)

// hold holds a file until it is closed. errHeld says that another process does.
func hold(f *os.File) error {
	err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
	if errors.Is(err, syscall.EWOULDBLOCK) {
		return errHeld
	}
	return err
}
