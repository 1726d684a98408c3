package sqlite

import (
	"context"
	"fmt"
	"syscall"

	"latchkey/internal/disk"
	"latchkey/internal/store"
)

const (
	selectIdentity = `SELECT name FROM identity`

	// checkWrite writes eight pages, as a login does at most: where there is room for one alone, no login
	// would go.
	checkWrite = `UPDATE identity SET tried = randomblob(8 * 4096)`
)

// Identity implements [store.Admin]. It makes neither a file nor a table.
func (s *Store) Identity(ctx context.Context) (string, error) {
	name, err := s.only(ctx, "identity", selectIdentity)
	if err != nil {
		return "", fmt.Errorf("identity: %w", s.explain(withContext(ctx, err)))
	}
	return name, nil
}

// only returns the text of a table that has one row, or ErrNotFound where there is no such row, no table
// or no file.
func (s *Store) only(ctx context.Context, table, query string) (text string, err error) {
	there, err := s.made()
	if err == nil && there {
		there, err = s.hasTable(ctx, table)
	}
	if err != nil {
		return "", err
	}
	if !there {
		return "", store.ErrNotFound
	}
	err = s.readers.row(ctx, query, nil, []any{&text})
	return text, orNotFound(err)
}

// CheckWrite implements [store.Admin]: it waits for the disk. A log that was emptied is written over
// from its beginning and needs no room for a while, so the room is asked for as well.
func (s *Store) CheckWrite(ctx context.Context) error {
	_, err := s.checkFile()
	if err == nil {
		_, err = s.writer.exec(ctx, checkWrite)
	}
	if room, known := disk.RoomAt(s.path); err == nil && known && room.Bytes < disk.None {
		err = because(store.ErrFull, "%w", disk.Explain(syscall.ENOSPC, s.path))
	}
	if err != nil {
		return fmt.Errorf("check write: %w", s.explain(err))
	}
	return nil
}
