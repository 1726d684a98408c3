package sqlite

import (
	"context"
	"fmt"

	"latchkey/internal/store"
)

const (
	insertRecord = `
		INSERT INTO records (owner, kind, key, expires_at, body, version)
		SELECT ?1, ?2, ?3, ?4, ?5, 1
		WHERE ` + ownerIsThere + ` ON CONFLICT DO NOTHING`

	updateRecord = `
		UPDATE records SET owner = ?1, expires_at = ?4, body = ?5, version = version + 1
		WHERE kind = ?2 AND key = ?3 AND version = ?6
			AND ` + ownerIsThere

	selectRecord = `SELECT owner, expires_at, body, version FROM records WHERE kind = ? AND key = ?`

	deleteRecords = `DELETE FROM records WHERE owner = ? AND owner <> ''`

	sweepRecords = `DELETE FROM records WHERE (kind, key) IN (
		SELECT kind, key FROM records WHERE expires_at <= ? LIMIT +?)`
)

// PutRecord implements [store.Records].
func (s *Store) PutRecord(ctx context.Context, r store.Record) (store.Record, error) {
	stored := r
	stored.Body, stored.ExpiresAt, stored.Fleeting = append([]byte{}, r.Body...), truncate(r.ExpiresAt), false
	writer := s.writer
	if r.Fleeting {
		writer = s.brief
	}
	args := []any{r.Owner, string(r.Kind), r.Key, millis(r.ExpiresAt), stored.Body}
	query := insertRecord
	if r.Version > 0 {
		query, args = updateRecord, append(args, r.Version)
	}
	n, err := writer.exec(ctx, query, args...)
	if err == nil && n == 0 {
		err = s.ownerGoneOr(ctx, r.Owner, store.ErrConflict)
	}
	if err != nil {
		return store.Record{}, fmt.Errorf("put record of kind %s: %w", r.Kind, err)
	}
	stored.Version++
	return stored, nil
}

// Record implements [store.Records].
func (s *Store) Record(ctx context.Context, kind store.RecordKind, key string) (store.Record, error) {
	r := store.Record{Kind: kind, Key: key}
	err := s.readers.row(ctx, selectRecord, []any{string(kind), key}, []any{
		&r.Owner,
		timeColumn{&r.ExpiresAt},
		blob{&r.Body},
		&r.Version,
	})
	if err != nil {
		return store.Record{}, fmt.Errorf("record of kind %s: %w", kind, orNotFound(err))
	}
	return r, nil
}
