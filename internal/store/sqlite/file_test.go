package sqlite_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"latchkey/internal/store"
	"latchkey/internal/store/sqlite"
)

func TestOpenRefusesWhatCannotBeAStore(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	text := filepath.Join(folder, "notes.txt")
	if err := os.WriteFile(text, []byte(strings.Repeat("not a database\n", 100)), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		name, path, advice string
	}{
		{"no path", "", "name a file"},
		{"a folder", folder, filepath.Join(folder, "latchkey.db")},
		{"a file of another kind", text, "is not a SQLite database"},
		{"a folder that is missing", filepath.Join(folder, "missing", "latchkey.db"), "mkdir -p " + filepath.Join(folder, "missing")},
		{"a file for a folder", filepath.Join(text, "latchkey.db"), "name another path"},
		{"a device", os.DevNull, "name another path"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			before := names(t, folder)
			_, err := sqlite.Open(t.Context(), tt.path)
			if err == nil {
				t.Fatal("it was opened")
			}
			for _, part := range []string{tt.path, tt.advice} {
				if !strings.Contains(err.Error(), part) {
					t.Errorf("the error %q does not have %q", err, part)
				}
			}
			if after := names(t, folder); !slices.Equal(before, after) {
				t.Errorf("the folder had %q and has %q", before, after)
			}
		})
	}
}

func TestOpenMakesNothing(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	s := opened(t, filepath.Join(folder, "latchkey.db"))
	if err := s.Ping(t.Context()); err != nil {
		t.Errorf("ping: %v", err)
	}
	if _, err := s.KeyringFingerprint(t.Context()); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("keyring fingerprint: error %v, want %v", err, store.ErrNotFound)
	}
	if _, err := s.Identity(t.Context()); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("identity: error %v, want %v", err, store.ErrNotFound)
	}
	if left := names(t, folder); len(left) != 0 {
		t.Errorf("the folder has %q", left)
	}
}

func TestFingerprintOfAnEmptyFile(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "latchkey.db")
	if err := os.WriteFile(path, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	s := opened(t, path)
	if _, err := s.KeyringFingerprint(t.Context()); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("keyring fingerprint: error %v, want %v", err, store.ErrNotFound)
	}
	if info, err := os.Stat(path); err != nil || info.Size() != 0 {
		t.Errorf("the file has %d bytes, %v", info.Size(), err)
	}
}

func TestFingerprintBeforePrepare(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "latchkey.db")
	first := prepared(t, path)
	if err := first.ReplaceKeyringFingerprint(t.Context(), "", "recorded"); err != nil {
		t.Fatal(err)
	}
	second := opened(t, path)
	if got, err := second.KeyringFingerprint(t.Context()); got != "recorded" || err != nil {
		t.Errorf("keyring fingerprint: %q, %v", got, err)
	}
}

func TestFilesAreTheOwnersOnly(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	s := prepared(t, filepath.Join(folder, "latchkey.db"))
	if err := s.AppendEvent(t.Context(), store.Event{}); err != nil {
		t.Fatal(err)
	}
	left := names(t, folder)
	if len(left) < 2 {
		t.Fatalf("the folder has %q, want the database and its write-ahead log", left)
	}
	for _, name := range left {
		info, err := os.Stat(filepath.Join(folder, name))
		if err != nil {
			t.Fatal(err)
		}
		if mode := info.Mode().Perm(); mode != 0o600 {
			t.Errorf("%s has the mode %v", name, mode)
		}
	}
}

// TestDamagedFile holds that a file whose pages are broken is told from one of another kind.
func TestDamagedFile(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "latchkey.db")
	s, err := sqlite.Open(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(s.Migrate(t.Context()), s.Close()); err != nil {
		t.Fatal(err)
	}
	pages, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	const header = 100 // what makes it a SQLite file
	for i := header; i < len(pages); i++ {
		pages[i] = 0xff
	}
	if err := os.WriteFile(path, pages, 0o600); err != nil {
		t.Fatal(err)
	}
	s, err = sqlite.Open(t.Context(), path)
	if err == nil {
		err = errors.Join(s.Migrate(t.Context()), s.Close())
	}
	if err == nil || !strings.Contains(err.Error(), path+" is damaged (database disk image is malformed (11)); stop the server") {
		t.Errorf("error %v", err)
	}
}

// TestOddPath holds that a path is a path, whatever a URL makes of its letters.
func TestOddPath(t *testing.T) {
	t.Parallel()
	folder := filepath.Join(t.TempDir(), "a folder?mode=memory&x#y%20z;ä'")
	if err := os.Mkdir(folder, 0o700); err != nil {
		t.Fatal(err)
	}
	prepared(t, filepath.Join(folder, "latch key?.db"))
	if _, err := os.Stat(filepath.Join(folder, "latch key?.db")); err != nil {
		t.Error(err)
	}
}

func TestRelativePath(t *testing.T) {
	folder := t.TempDir()
	t.Chdir(folder)
	s := prepared(t, "latchkey.db")
	t.Chdir(t.TempDir()) // the file stays where it was named
	if err := s.AppendEvent(t.Context(), store.Event{}); err != nil {
		t.Error(err)
	}
	if _, err := os.Stat(filepath.Join(folder, "latchkey.db")); err != nil {
		t.Error(err)
	}
}

// TestFileGone holds that a store notices when its file is taken away.
func TestFileGone(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "latchkey.db")
	s := prepared(t, path)
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	if err := s.Ping(t.Context()); !errors.Is(err, fs.ErrNotExist) || !strings.Contains(err.Error(), path+" is gone") {
		t.Errorf("error %v, want one that says what is gone", err)
	}
}

// TestFolderGone is a folder that is taken away before the file is made.
func TestFolderGone(t *testing.T) {
	t.Parallel()
	folder := filepath.Join(t.TempDir(), "data")
	if err := os.Mkdir(folder, 0o700); err != nil {
		t.Fatal(err)
	}
	s := opened(t, filepath.Join(folder, "latchkey.db"))
	if err := os.RemoveAll(folder); err != nil {
		t.Fatal(err)
	}
	for name, err := range map[string]error{"ping": s.Ping(t.Context()), "migrate": s.Migrate(t.Context())} {
		if !errors.Is(err, fs.ErrNotExist) || !strings.Contains(err.Error(), folder) {
			t.Errorf("%s: error %v, want one that names %s", name, err, folder)
		}
	}
	if _, err := s.KeyringFingerprint(t.Context()); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("keyring fingerprint: error %v, want %v", err, fs.ErrNotExist)
	}
}

// TestReadOnlyFile is a file that this user may read and not write.
func TestReadOnlyFile(t *testing.T) {
	t.Parallel()
	if os.Geteuid() == 0 {
		t.Skip("elsewhere: root may write everything")
	}
	path := filepath.Join(t.TempDir(), "latchkey.db")
	prepared(t, path)
	if err := os.Chmod(path, 0o400); err != nil {
		t.Fatal(err)
	}
	s, err := sqlite.Open(t.Context(), path)
	if err == nil {
		err = s.Migrate(t.Context())
	}
	if err == nil || !strings.Contains(err.Error(), path+" cannot be written") {
		t.Errorf("error %v", err)
	}
}

func names(t *testing.T, folder string) []string {
	t.Helper()
	entries, err := os.ReadDir(folder)
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	for _, entry := range entries {
		all = append(all, entry.Name())
	}
	return all
}

// TestErasedIsGone holds that what was erased lies in no file any more, while the store is still open.
func TestErasedIsGone(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "latchkey.db")
	s := prepared(t, path)
	c := store.Connection{ID: "17", Username: canary, Status: store.StatusActive}
	if _, err := s.PutConnection(t.Context(), c, store.Event{ConnectionID: "17", Kind: store.EventConnected, Message: canary}); err != nil {
		t.Fatal(err)
	}
	record := store.Record{Kind: "note", Key: "17", Owner: "17", Body: []byte(canary)}
	if _, err := s.PutRecord(t.Context(), record); err != nil {
		t.Fatal(err)
	}
	if !lies(t, path) {
		t.Fatal("the name is in no file while it is stored")
	}
	if err := s.DeleteConnection(t.Context(), "17"); err != nil {
		t.Fatal(err)
	}
	if lies(t, path) {
		t.Error("the name lies in a file after the erase")
	}
}
