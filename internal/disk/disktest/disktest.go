// Package disktest gives tests a real disk that is small, full or read-only.
package disktest

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// Mount mounts a file system in memory with options such as "size=256k" and returns its folder, until the
// test ends. Where that is refused, as to everybody but root, the test is skipped.
func Mount(t testing.TB, options string) string {
	t.Helper()
	folder := t.TempDir()
	if out, err := exec.CommandContext(t.Context(), "mount", "-t", "tmpfs", "-o", options, "tmpfs", folder).CombinedOutput(); err != nil {
		t.Skipf("this needs a disk of its own, and mounting one is refused here: %v %s", err, strings.TrimSpace(string(out)))
	}
	t.Cleanup(func() {
		// What still has a file open there keeps it a little longer.
		if out, err := exec.CommandContext(context.WithoutCancel(t.Context()), "umount", "-l", folder).CombinedOutput(); err != nil {
			t.Errorf("unmount: %v %s", err, out)
		}
	})
	return folder
}

// Remount changes the options of a folder that was mounted, such as to "ro".
func Remount(t testing.TB, folder, options string) {
	t.Helper()
	if out, err := exec.CommandContext(t.Context(), "mount", "-o", "remount,"+options, folder).CombinedOutput(); err != nil {
		t.Fatalf("remount: %v %s", err, out)
	}
}

// Fill writes until there is no room in a folder, and returns the function that makes room again.
func Fill(t testing.TB, folder string) (empty func()) {
	t.Helper()
	name := filepath.Join(folder, "filler")
	f, err := os.Create(name)
	if err != nil {
		t.Fatal(err)
	}
	for _, step := range []int{64 << 10, 4 << 10, 1} {
		for err = nil; err == nil; {
			_, err = f.Write(make([]byte, step))
		}
		if !errors.Is(err, syscall.ENOSPC) {
			t.Fatal(err)
		}
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	return func() {
		if err := os.Remove(name); err != nil {
			t.Error(fmt.Errorf("make room: %w", err))
		}
	}
}
