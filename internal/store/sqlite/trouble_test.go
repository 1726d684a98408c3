package sqlite_test

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"latchkey/internal/store"

	driver "modernc.org/sqlite"
	lib "modernc.org/sqlite/lib"
)

// TestFullDisk holds that a write which finds no room fails as a whole, says so, and goes through
// once there is room.
func TestFullDisk(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	s := prepared(t, filepath.Join(t.TempDir(), "latchkey.db"))
	if err := s.ExecWriter(ctx, `PRAGMA max_page_count = 1`); err != nil { // as many as there are
		t.Fatal(err)
	}
	big := sampleConnection("17")
	big.SealedToken = make([]byte, 1<<20)
	_, err := s.PutConnection(ctx, big, store.Event{ConnectionID: "17"})
	if code := codeOf(err); code != lib.SQLITE_FULL || !errors.Is(err, store.ErrFull) {
		t.Fatalf("put: error %v (code %d), want a full disk", err, code)
	}
	if _, err := s.Connection(ctx, "17"); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("half a connection is there: %v", err)
	}
	if events, err := s.Events(ctx, "17", 1); len(events) != 0 || err != nil {
		t.Errorf("half a put is there: %v, %v", events, err)
	}
	if err := s.ExecWriter(ctx, `PRAGMA max_page_count = 1000000`); err != nil {
		t.Fatal(err)
	}
	if _, err := s.PutConnection(ctx, big, store.Event{ConnectionID: "17"}); err != nil {
		t.Errorf("with room again: %v", err)
	}
}

// TestEventFails holds that a connection is not stored without the event that tells of it.
func TestEventFails(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	s := prepared(t, filepath.Join(t.TempDir(), "latchkey.db"))
	before, err := s.PutConnection(ctx, sampleConnection("17"), store.Event{ConnectionID: "17"})
	if err != nil {
		t.Fatal(err)
	}
	refuse := `CREATE TRIGGER refuse BEFORE INSERT ON events BEGIN SELECT raise(FAIL, 'no events today'); END`
	if err := s.ExecWriter(ctx, refuse); err != nil {
		t.Fatal(err)
	}
	_, putErr := s.PutConnection(ctx, sampleConnection("17"), store.Event{ConnectionID: "17"})
	_, updateErr := s.UpdateConnection(ctx, before, store.Event{ConnectionID: "17"})
	for _, err := range []error{putErr, updateErr} {
		if err == nil || !strings.Contains(err.Error(), "no events today") {
			t.Errorf("error %v, want that of the event", err)
		}
	}
	if after, err := s.Connection(ctx, "17"); err != nil || after.Version != before.Version {
		t.Errorf("version %d became %d, %v", before.Version, after.Version, err)
	}
}

// TestLocked holds that a write waits for another program's lock only as long as its context and
// its patience last, and that reads do not wait at all.
func TestLocked(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "latchkey.db")
	s, other := prepared(t, path), prepared(t, path)
	if _, err := s.PutConnection(t.Context(), sampleConnection("17"), store.Event{}); err != nil {
		t.Fatal(err)
	}
	if err := other.ExecWriter(t.Context(), `BEGIN IMMEDIATE`); err != nil {
		t.Fatal(err)
	}

	brief, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	start := time.Now()
	_, err := s.PutConnection(brief, sampleConnection("18"), store.Event{})
	if !errors.Is(err, context.DeadlineExceeded) || time.Since(start) > 5*time.Second {
		t.Errorf("after %v: error %v, want %v", time.Since(start), err, context.DeadlineExceeded)
	}
	if err := s.AppendEvent(brief, store.Event{}); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("error %v, want %v", err, context.DeadlineExceeded)
	}
	if _, err := s.Connection(t.Context(), "17"); err != nil {
		t.Errorf("a read: %v", err)
	}

	if err := s.ExecWriter(t.Context(), `PRAGMA busy_timeout = 1`); err != nil {
		t.Fatal(err)
	}
	err = s.AppendEvent(t.Context(), store.Event{ConnectionID: "17"})
	if code := codeOf(err); code != lib.SQLITE_BUSY || !errors.Is(err, store.ErrBusy) {
		t.Errorf("error %v (code %d), want a locked file", err, code)
	}

	if err := other.ExecWriter(t.Context(), `ROLLBACK`); err != nil {
		t.Fatal(err)
	}
	if err := s.AppendEvent(t.Context(), store.Event{ConnectionID: "17"}); err != nil {
		t.Errorf("when the lock is gone: %v", err)
	}
	if _, err := s.Connection(t.Context(), "18"); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("what was given up is there: %v", err)
	}
}

// TestDamagedRows holds that what is no longer a row is an error and no half-read value.
func TestDamagedRows(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	for _, damage := range []string{
		`UPDATE connections SET scopes = 'no list'`,
		`UPDATE connections SET scopes = '{"no": "list"}'`,
	} {
		s := prepared(t, filepath.Join(t.TempDir(), "latchkey.db"))
		if _, err := s.PutConnection(ctx, sampleConnection("17"), store.Event{}); err != nil {
			t.Fatal(err)
		}
		if err := s.ExecWriter(ctx, damage); err != nil {
			t.Fatal(err)
		}
		_, err := s.Connection(ctx, "17")
		_, listErr := s.ListConnections(ctx, "", 10)
		if err == nil || listErr == nil {
			t.Errorf("after %s: %v, %v", damage, err, listErr)
		}
	}
}

// TestSweepInSteps holds that a sweep of more than it removes at once removes all of it.
func TestSweepInSteps(t *testing.T) {
	t.Parallel()
	const over = 1234
	ctx := t.Context()
	s := prepared(t, filepath.Join(t.TempDir(), "latchkey.db"))
	fill := fmt.Sprintf(`WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < %d)
		INSERT INTO sessions SELECT randomblob(32), '17', 0, 0, n FROM numbers`, over)
	if err := s.ExecWriter(ctx, fill); err != nil {
		t.Fatal(err)
	}
	last := time.UnixMilli(over)
	if n, err := s.DeleteExpired(ctx, last.Add(-time.Millisecond)); n != over-1 || err != nil {
		t.Errorf("swept %d, %v; want %d", n, err, over-1)
	}
	if n, err := s.DeleteExpired(ctx, last); n != 1 || err != nil {
		t.Errorf("swept %d, %v; want 1", n, err)
	}
}

// TestClosed holds that a store that was closed says so and does not hang.
func TestClosed(t *testing.T) {
	t.Parallel()
	s := prepared(t, filepath.Join(t.TempDir(), "latchkey.db"))
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if err := s.AppendEvent(t.Context(), store.Event{}); err == nil {
		t.Error("a write after the end")
	}
	if err := s.Ping(t.Context()); err == nil {
		t.Error("an answer after the end")
	}
}

func codeOf(err error) int {
	if known, ok := errors.AsType[*driver.Error](err); ok {
		return known.Code() & 0xff
	}
	return 0
}

func sampleConnection(id string) store.Connection {
	return store.Connection{
		ID: id, Status: store.StatusActive, Scopes: []string{"instagram_business_basic"},
		SealedToken: []byte("sealed"),
	}
}
