// Package sqlitetest gives tests a store to stand on: a real one, in a file of its own.
package sqlitetest

import (
	"path/filepath"
	"testing"

	"latchkey/internal/store/sqlite"
)

// Open returns an empty store that was prepared. It is closed and removed when the test ends.
func Open(t testing.TB) *sqlite.Store {
	t.Helper()
	s, err := sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "latchkey.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	if err := s.Migrate(t.Context()); err != nil {
		t.Fatal(err)
	}
	return s
}
