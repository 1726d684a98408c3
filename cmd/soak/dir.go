package main

import (
	"fmt"
	"os"
	"path/filepath"
)

// freshDir makes the folder of a soak, or a temporary one when none is named, and returns its absolute path:
// the address of a SQLite file is no relative one. A folder that holds something is refused, since the
// connections of an earlier soak would count as lost.
func freshDir(dir string) (string, error) {
	if dir == "" {
		return os.MkdirTemp("", "latchkey-soak-")
	}
	dir, err := filepath.Abs(dir)
	if err != nil {
		return "", err
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return "", fmt.Errorf("make the folder of -dir: %w", err)
	}
	held, err := os.ReadDir(dir)
	if err != nil {
		return "", fmt.Errorf("look into the folder of -dir: %w", err)
	}
	if len(held) > 0 {
		return "", fmt.Errorf("-dir %s holds %s already: empty it, or name a folder that is not there yet", dir, held[0].Name())
	}
	return dir, nil
}
