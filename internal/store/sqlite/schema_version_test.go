package sqlite_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
)

// TestFormChangesNothing asks for the form of a file that is not there, of one without tables, and of
// one of each age.
func TestFormChangesNothing(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "latchkey.db")
	_, need, err := opened(t, path).Form(t.Context())
	if err != nil || need == 0 {
		t.Fatalf("needs %d, %v", need, err)
	}
	if _, err := os.Stat(path); !errors.Is(err, fs.ErrNotExist) {
		t.Fatalf("it made the file: %v", err)
	}
	if err := os.WriteFile(path, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	form := func(want int64) {
		t.Helper()
		if have, _, err := opened(t, path).Form(t.Context()); have != want || err != nil {
			t.Errorf("the tables are of version %d, want %d; %v", have, want, err)
		}
	}
	form(0)
	s := prepared(t, path)
	form(need)
	if err := s.ExecWriter(t.Context(), `INSERT INTO migrations (version_id, is_applied) VALUES (9999, 1)`); err != nil {
		t.Fatal(err)
	}
	form(9999)
	if err := s.ExecWriter(t.Context(), `DELETE FROM migrations WHERE version_id > 1`); err != nil {
		t.Fatal(err)
	}
	form(1)
}
