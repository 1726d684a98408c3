package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestFreshDir holds that a soak begins in a folder of its own, and says what to do where it cannot.
func TestFreshDir(t *testing.T) {
	t.Parallel()
	base := t.TempDir()
	full, file, empty := filepath.Join(base, "full"), filepath.Join(base, "file"), filepath.Join(base, "deep", "empty")
	must(t, os.MkdirAll(filepath.Join(full, "sqlite"), 0o700))
	must(t, os.WriteFile(file, nil, 0o600))
	for range 2 { // not there yet, and there and empty
		got, err := freshDir(empty)
		if info, errStat := os.Stat(empty); err != nil || got != empty || errStat != nil || !info.IsDir() {
			t.Errorf("an empty one: %q, %v, %v", got, err, errStat)
		}
	}
	for dir, says := range map[string]string{full: "holds sqlite already: empty it, or name", file: "-dir"} {
		if _, err := freshDir(dir); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%s: %v", dir, err)
		}
	}
	var stdout, stderr bytes.Buffer
	if status := run(t.Context(), []string{"-dir", full}, &stdout, &stderr); status != 1 || stdout.Len() > 0 || !strings.Contains(stderr.String(), "holds sqlite already") {
		t.Errorf("status %d, %q, %q", status, stdout.String(), stderr.String())
	}
	temporary, err := freshDir("")
	must(t, err)
	if err := os.Remove(temporary); err != nil || !filepath.IsAbs(temporary) {
		t.Errorf("none named: %q, %v", temporary, err)
	}
}
