package sqlite_test

import (
	"path/filepath"
	"testing"

	"latchkey/internal/store"
	"latchkey/internal/store/sqlite"
	"latchkey/internal/store/storetest"
)

func TestContract(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T) store.Store {
		t.Helper()
		return prepared(t, filepath.Join(t.TempDir(), "latchkey.db"))
	})
}

// prepared opens and prepares the store at path and closes it when the test ends.
func prepared(t testing.TB, path string) *sqlite.Store {
	t.Helper()
	s := opened(t, path)
	if err := s.Migrate(t.Context()); err != nil {
		t.Fatal(err)
	}
	return s
}

// opened opens the store at path and closes it when the test ends.
func opened(t testing.TB, path string) *sqlite.Store {
	t.Helper()
	s, err := sqlite.Open(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}
