package sqlite

import (
	"context"
	"errors"
	"fmt"
	"time"

	"modernc.org/sqlite"
	lib "modernc.org/sqlite/lib"

	"latchkey/internal/store"
)

// withContext puts the error of an ended context into the chain, which a statement that was
// interrupted does not always name, or else that the file is busy.
func withContext(ctx context.Context, err error) error {
	end := ctx.Err()
	if end == nil && isBusy(err) {
		end = store.ErrBusy
	}
	if err != nil && end != nil && !errors.Is(err, end) {
		return fmt.Errorf("%w: %w", end, err)
	}
	return err
}

// busyTimeout is how long a statement waits for the writes of other processes.
const busyTimeout = 10 * time.Second

// isBusy says that another connection has the file.
func isBusy(err error) bool {
	known, ok := errors.AsType[*sqlite.Error](err)
	return ok && known.Code()&0xff == lib.SQLITE_BUSY
}

// explain names the file and says what to do about what stops a start.
func (s *Store) explain(err error) error {
	known, ok := errors.AsType[*sqlite.Error](err)
	if !ok {
		return err
	}
	switch known.Code() & 0xff {
	case lib.SQLITE_NOTADB:
		return fmt.Errorf("%s is not a SQLite database: name another file, or one that is not there yet: %w", s.path, err)
	case lib.SQLITE_CORRUPT:
		return fmt.Errorf("%s is damaged: put back a backup: %w", s.path, err)
	case lib.SQLITE_CANTOPEN, lib.SQLITE_READONLY, lib.SQLITE_PERM:
		return fmt.Errorf("%s cannot be written: let this user write the file and its folder: %w", s.path, err)
	case lib.SQLITE_FULL:
		return fmt.Errorf("%s cannot grow: make room on the disk: %w", s.path, err)
	case lib.SQLITE_BUSY:
		return fmt.Errorf("%s is locked by another program: end it and try again: %w", s.path, err)
	default:
		return fmt.Errorf("%s: %w", s.path, err)
	}
}
