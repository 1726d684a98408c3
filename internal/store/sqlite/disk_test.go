package sqlite_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"latchkey/internal/disk/disktest"
	"latchkey/internal/store"
	"latchkey/internal/store/sqlite"
)

// TestARealFullDisk fills the disk of a store that is in use. Writes fail with the contract's word for it,
// what is there can be read, and all goes on when there is room again.
func TestARealFullDisk(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	path := filepath.Join(disktest.Mount(t, "size=8m"), "latchkey.db")
	s := prepared(t, path)
	if err := s.CheckWrite(ctx); err != nil {
		t.Fatal(err)
	}
	put(t, s, "17")
	empty := disktest.Fill(t, filepath.Dir(path))
	err := s.CheckWrite(ctx)
	checkRefused(t, err, store.ErrFull, "no space left on the disk of "+filepath.Dir(path)+"; make room: df -h "+filepath.Dir(path))
	if _, err := s.PutConnection(ctx, sampleConnection("18"), store.Event{}); !errors.Is(err, store.ErrFull) {
		t.Errorf("put: %v", err)
	}
	if _, err := s.Connection(ctx, "17"); err != nil {
		t.Errorf("a read: %v", err)
	}
	empty()
	if err := s.CheckWrite(ctx); err != nil {
		t.Error(err)
	}
	put(t, s, "18")
}

// TestALogThatHasRoom holds that a full disk is seen while the log of before is written over, which needs
// no room yet.
func TestALogThatHasRoom(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	path := filepath.Join(disktest.Mount(t, "size=8m"), "latchkey.db")
	s := prepared(t, path)
	for range 100 {
		put(t, s, "17")
	}
	if err := s.ExecWriter(ctx, "PRAGMA wal_checkpoint(RESTART)"); err != nil {
		t.Fatal(err)
	}
	disktest.Fill(t, filepath.Dir(path))
	if err := s.AppendEvent(ctx, store.Event{ConnectionID: "17"}); err != nil {
		t.Fatalf("the log has no room, so that this shows nothing: %v", err)
	}
	checkRefused(t, s.CheckWrite(ctx), store.ErrFull, "no space left on the disk of "+filepath.Dir(path))
}

// TestOpenOnAFullDisk opens a store that nobody has open. There is no room for what SQLite keeps beside it.
func TestOpenOnAFullDisk(t *testing.T) {
	t.Parallel()
	path := filepath.Join(disktest.Mount(t, "size=8m"), "latchkey.db")
	if err := prepared(t, path).Close(); err != nil {
		t.Fatal(err)
	}
	disktest.Fill(t, filepath.Dir(path))
	s, err := sqlite.Open(t.Context(), path)
	if err == nil {
		err = errors.Join(s.Migrate(t.Context()), s.CheckWrite(t.Context()), s.Close())
	}
	checkRefused(t, err, store.ErrFull, "no space left on the disk of "+filepath.Dir(path))
}

// TestAReadOnlyDisk mounts the disk of a store so that it can only be read, as a kernel does when it fails.
func TestAReadOnlyDisk(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	folder := disktest.Mount(t, "size=8m")
	path := filepath.Join(folder, "latchkey.db")
	if err := prepared(t, path).Close(); err != nil {
		t.Fatal(err)
	}
	disktest.Remount(t, folder, "ro")
	s, err := sqlite.Open(ctx, path)
	if err == nil {
		err = errors.Join(s.Migrate(ctx), s.Close())
	}
	checkRefused(t, err, store.ErrReadOnly, "the file system of "+path+" is read-only; mount it for writing")
}

func checkRefused(t *testing.T, err, word error, says string) {
	t.Helper()
	if !errors.Is(err, word) || !strings.Contains(err.Error(), says) {
		t.Errorf("%v\nis not %v, or does not say %q", err, word, says)
	}
}

// TestAFileThatMayNotGrow holds that a limit is told apart from a full disk.
func TestAFileThatMayNotGrow(t *testing.T) {
	t.Parallel()
	s := prepared(t, filepath.Join(t.TempDir(), "latchkey.db"))
	if err := s.ExecWriter(t.Context(), `PRAGMA max_page_count = 1`); err != nil { // as many as there are
		t.Fatal(err)
	}
	err := s.FillUp(t.Context())
	checkRefused(t, err, store.ErrFull, "may not grow though there is room on its disk")
	checkRefused(t, err, store.ErrFull, "ulimit -f")
}

// TestCheckWriteIsNoSmallerThanALogin holds that a try takes as much room in the log as a login does.
func TestCheckWriteIsNoSmallerThanALogin(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	path := filepath.Join(t.TempDir(), "latchkey.db")
	s := prepared(t, path)
	logSize := func(write func() error) int64 {
		t.Helper()
		s.EmptyLog(ctx)
		if err := write(); err != nil {
			t.Fatal(err)
		}
		info, err := os.Stat(path + "-wal")
		if err != nil {
			t.Fatal(err)
		}
		return info.Size()
	}
	try := logSize(func() error { return s.CheckWrite(ctx) })
	login := logSize(func() error {
		_, err := s.PutConnection(ctx, sampleConnection("17"), store.Event{ConnectionID: "17"})
		return err
	})
	if try < login {
		t.Errorf("a try takes %d bytes, a login %d", try, login)
	}
}
