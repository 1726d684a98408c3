package sqlite

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
	"time"

	"modernc.org/sqlite"
	lib "modernc.org/sqlite/lib"

	"latchkey/internal/disk"
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
func isBusy(err error) bool { return errors.Is(wordFor(err), store.ErrBusy) }

// explain names the file and says, after a semicolon, what to do about what SQLite or the operating system
// said of it.
func (s *Store) explain(err error) error {
	known, ok := errors.AsType[*sqlite.Error](err)
	if !ok {
		return disk.Explain(err, s.path)
	}
	backup := fmt.Sprintf("stop the server, take %s, %s-wal and %s-shm away and put a backup in the place of the first", s.path, s.path, s.path)
	switch word := wordFor(err); {
	case known.Code()&0xff == lib.SQLITE_NOTADB:
		return because(err, "%s is not a SQLite database (%v); name another file, or, if it was one, %s", s.path, known, backup)
	case errors.Is(word, store.ErrDamaged) && known.Code()&0xff == lib.SQLITE_IOERR:
		return because(err, "the disk of %s reports an error (%v); look at dmesg, and put a backup on another disk", s.path, known)
	case errors.Is(word, store.ErrDamaged):
		return because(err, "%s is damaged (%v); %s. Without a backup, \"sqlite3 %s .recover\" prints what can be saved", s.path, known, backup, s.path)
	case errors.Is(word, store.ErrFull), errors.Is(word, store.ErrReadOnly):
		return s.explainRefused(err, word)
	case errors.Is(word, store.ErrBusy):
		return because(err, "%s is locked by another program (%v); end it, \"fuser -v %s\" shows which it is", s.path, known, s.path)
	default:
		return fmt.Errorf("%s: %w", s.path, err)
	}
}

// explainRefused asks the operating system why SQLite may not write. SQLite writes the file and two beside
// it, which it makes in the folder.
func (s *Store) explainRefused(err, word error) error {
	for _, path := range []string{s.path, s.path + "-wal", s.path + "-shm"} {
		f, refused := os.OpenFile(path, os.O_RDWR, 0)
		if refused == nil {
			refused = f.Close()
		}
		if refused != nil && !errors.Is(refused, fs.ErrNotExist) {
			return because(err, "%w", disk.Explain(refused, path))
		}
	}
	if refused := disk.Try(filepath.Dir(s.path)); refused != nil {
		return because(err, "%w", refused)
	}
	room, known := disk.RoomAt(s.path)
	switch full := errors.Is(word, store.ErrFull); {
	case full && known && room.Bytes >= disk.None:
		return because(err, "%s may not grow though there is room on its disk (%v); look at the quota of this user (quota -s), "+
			"and at a limit on the size of files (ulimit -f, or LimitFSIZE= of a systemd unit)", s.path, err)
	case full:
		return because(err, "%w", disk.Explain(syscall.ENOSPC, s.path))
	}
	return because(err, "%s cannot be written (%v); let this user write the file and its folder", s.path, err)
}

// because says why an error came about, and keeps it in the chain without its words.
func because(err error, why string, args ...any) error {
	return &explained{error: fmt.Errorf(why, args...), of: err}
}

type explained struct {
	error

	of error
}

func (e *explained) Unwrap() []error { return []error{e.error, e.of} }
