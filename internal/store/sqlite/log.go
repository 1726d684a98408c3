package sqlite

import (
	"context"
	"net/url"
)

// newCheckpointer returns the connection that empties the write-ahead log. It never waits for a lock, so
// that nobody waits for it.
func newCheckpointer(path string) *pool {
	return newPool(path, 1, url.Values{"_timeout": {"0"}})
}

// emptyLog carries the write-ahead log over into the file and cuts it off. Until then what was erased
// still lies in it, on a quiet server for weeks. Whoever reads an older state, or writes just now, puts it
// off to the next call, which Sweep makes: that is no failure of the erase.
//
// The log is cut off under the lock of the file, so what it holds is carried over before, without it.
func (s *Store) emptyLog(ctx context.Context) {
	if s.carryOver(ctx) {
		_, _ = s.checkpointer.db.ExecContext(ctx, "PRAGMA wal_checkpoint(TRUNCATE)")
	}
}

// carryOver carries the log over as far as nobody reads what was before, and says whether that was all.
func (s *Store) carryOver(ctx context.Context) bool {
	var busy, inLog, carried int
	err := s.checkpointer.db.QueryRowContext(ctx, "PRAGMA wal_checkpoint(PASSIVE)").Scan(&busy, &inLog, &carried)
	return err == nil && busy == 0 && inLog == carried
}
