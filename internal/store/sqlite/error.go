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
// interrupted does not always name, or else the contract's word for what SQLite said.
func withContext(ctx context.Context, err error) error {
	word := ctx.Err()
	if word == nil {
		word = wordFor(err)
	}
	if err != nil && word != nil && !errors.Is(err, word) {
		return fmt.Errorf("%w: %w", word, err)
	}
	return err
}

// wordFor is the contract's word for a failure of the file, nil where it has none.
func wordFor(err error) error {
	known, ok := errors.AsType[*sqlite.Error](err)
	if !ok {
		return nil
	}
	switch known.Code() {
	case lib.SQLITE_IOERR_WRITE, lib.SQLITE_IOERR_SHMSIZE: // a quota, or a limit on the size of files
		return store.ErrFull
	}
	switch known.Code() & 0xff {
	case lib.SQLITE_BUSY:
		return store.ErrBusy
	case lib.SQLITE_FULL:
		return store.ErrFull
	case lib.SQLITE_READONLY, lib.SQLITE_PERM, lib.SQLITE_CANTOPEN:
		return store.ErrReadOnly
	case lib.SQLITE_CORRUPT, lib.SQLITE_NOTADB, lib.SQLITE_IOERR:
		return store.ErrDamaged
	}
	return nil
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
