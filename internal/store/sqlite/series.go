package sqlite

import (
	"context"
	"database/sql"
	"fmt"
	"math"
	"time"

	"latchkey/internal/store"
)

const (
	putEntry = `
		INSERT INTO entries (owner, kind, at, key, body) SELECT ?1, ?2, ?3, ?4, ?5
		WHERE ` + ownerIsThere + ` ON CONFLICT DO UPDATE SET body = excluded.body`

	entriesAfter = `SELECT at, key, body FROM entries
		WHERE owner = ? AND kind = ? AND (at, key) > (?, ?) ORDER BY at, key LIMIT +?`

	entriesBefore = `SELECT at, key, body FROM entries
		WHERE owner = ? AND kind = ? AND (at, key) < (?, ?) ORDER BY at DESC, key DESC LIMIT +?`

	deleteEntries = `DELETE FROM entries WHERE owner = ?`

	sweepEntries = `DELETE FROM entries WHERE (owner, kind, at, key) IN (
		SELECT owner, kind, at, key FROM entries WHERE kind = ? AND at < ? LIMIT +?)`
)

// PutEntries implements [store.Series], all entries in one transaction.
func (s *Store) PutEntries(ctx context.Context, kind store.SeriesKind, owner string, entries ...store.Entry) error {
	err := s.writer.inTransaction(ctx, func(ctx context.Context, tx *transaction) error {
		for _, e := range entries {
			n, err := tx.exec(ctx, putEntry, owner, string(kind), e.At.UnixMilli(), e.Key, append([]byte{}, e.Body...))
			if err == nil && n == 0 {
				err = store.ErrOwnerGone
			}
			if err != nil {
				return err
			}
		}
		return nil
	}, putEntry)
	if err != nil {
		return fmt.Errorf("put entries of kind %s of %s: %w", kind, owner, err)
	}
	return nil
}

// EntriesAfter implements [store.Series].
func (s *Store) EntriesAfter(
	ctx context.Context, kind store.SeriesKind, owner string, after store.Place, limit int,
) ([]store.Entry, error) {
	return s.entries(ctx, entriesAfter, kind, owner, after.At.UnixMilli(), after.Key, limit)
}

// EntriesBefore implements [store.Series].
func (s *Store) EntriesBefore(
	ctx context.Context, kind store.SeriesKind, owner string, before store.Place, limit int,
) ([]store.Entry, error) {
	at := before.At.UnixMilli()
	if before.IsZero() {
		at = math.MaxInt64
	}
	return s.entries(ctx, entriesBefore, kind, owner, at, before.Key, limit)
}

func (s *Store) entries(
	ctx context.Context, query string, kind store.SeriesKind, owner string, at int64, key string, limit int,
) ([]store.Entry, error) {
	var found []store.Entry
	args := []any{owner, string(kind), at, key, max(limit, 0)}
	err := s.readers.rows(ctx, query, args, func(rows *sql.Rows) error {
		var e store.Entry
		if err := rows.Scan(timeColumn{&e.At}, &e.Key, blob{&e.Body}); err != nil {
			return err
		}
		found = append(found, e)
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("entries of kind %s of %s: %w", kind, owner, err)
	}
	return found, nil
}

// SweepEntries implements [store.Series]. With an error comes what was removed before it.
func (s *Store) SweepEntries(ctx context.Context, kind store.SeriesKind, before time.Time) (int, error) {
	n, err := s.sweep(ctx, sweepEntries, string(kind), before.UnixMilli())
	if err != nil {
		return n, fmt.Errorf("sweep entries of kind %s: %w", kind, err)
	}
	return n, nil
}
