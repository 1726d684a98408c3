package sqlite_test

import (
	"bytes"
	"context"
	"database/sql"
	"os"
	"path/filepath"
	"testing"
	"time"

	"latchkey/internal/store"
	"latchkey/internal/store/sqlite"
)

// TestEraseBesideALongReader holds that an erase and the writes of others go through while somebody reads
// what was before, and that what was erased leaves the files when she is done: with the next sweep, also
// when another process erased it.
func TestEraseBesideALongReader(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	path := filepath.Join(t.TempDir(), "latchkey.db")
	server, command := prepared(t, path), prepared(t, path)
	for name, eraser := range map[string]*sqlite.Store{"the server": server, "a command": command} {
		if _, err := server.PutConnection(ctx, store.Connection{ID: "17", Username: canary}, store.Event{ConnectionID: "17"}); err != nil {
			t.Fatal(err)
		}
		other := put(t, server, "18")
		endReading := read(t, path)
		if err := eraser.DeleteConnection(ctx, "17"); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if _, err := server.UpdateConnection(ctx, other); err != nil || !server.TurnIsFree() {
			t.Errorf("%s: another write: %v", name, err)
		}
		sweepNow(t, server)
		if !lies(t, path) {
			t.Errorf("%s: the reader kept nothing back, so that this shows nothing", name)
		}
		endReading()
		sweepNow(t, server)
		if lies(t, path) {
			t.Errorf("%s: what was erased is still there", name)
		}
	}
	if patience, err := server.CheckpointPatience(ctx); err != nil || patience != 0 {
		t.Errorf("the log is emptied with a patience of %d ms, %v", patience, err)
	}
}

// TestALogIsNotEmptiedInTheTurn holds that the turn to write is not needed: whoever has it keeps
// no erase from returning, beyond its own write.
func TestALogIsNotEmptiedInTheTurn(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "latchkey.db")
	s := prepared(t, path)
	put(t, s, "17")
	giveBack := s.TakeTurn()
	defer giveBack()
	s.EmptyLog(t.Context())
	if info, err := os.Stat(path + "-wal"); err != nil || info.Size() != 0 {
		t.Errorf("the log has %d bytes, %v", info.Size(), err)
	}
}

// read begins to read the file as a shell would, until the function that it returns is called.
func read(t *testing.T, path string) (end func()) {
	t.Helper()
	db, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	tx, err := db.BeginTx(context.Background(), nil)
	if err != nil {
		t.Fatal(err)
	}
	var n int
	if err := tx.QueryRowContext(t.Context(), "SELECT count(*) FROM connections").Scan(&n); err != nil {
		t.Fatal(err)
	}
	return func() {
		_ = tx.Rollback()
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	}
}

func sweepNow(t *testing.T, s *sqlite.Store) {
	t.Helper()
	if _, err := s.DeleteExpired(t.Context(), time.UnixMilli(1)); err != nil {
		t.Fatal(err)
	}
}

// canary stands for an owner.
const canary = "c4nary-of-an-owner"

// lies says whether the canary stands in the file at path or beside it.
func lies(t *testing.T, path string) bool {
	t.Helper()
	files, err := filepath.Glob(path + "*")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		body, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		if bytes.Contains(body, []byte(canary)) {
			return true
		}
	}
	return false
}
