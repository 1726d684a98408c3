package sqlite

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"latchkey/internal/store"
)

const (
	insertEvent = `INSERT INTO events (connection_id, at, kind, caller, message)
		SELECT ?1, ?2, ?3, ?4, ?5 WHERE ` + ownerIsThere

	selectEvents = `SELECT connection_id, at, kind, caller, message FROM events
		WHERE connection_id = ? ORDER BY at DESC, number DESC LIMIT +?`

	deleteEvents = `DELETE FROM events WHERE connection_id = ?`

	sweepEvents = `DELETE FROM events WHERE number IN (
		SELECT number FROM events WHERE at < ? LIMIT +?)`
)

func eventArgs(e store.Event) []any {
	return []any{e.ConnectionID, millis(e.At), string(e.Kind), e.Caller, e.Message}
}

// appendEvents adds the events in their order.
func appendEvents(ctx context.Context, tx *transaction, events []store.Event) error {
	for _, e := range events {
		if _, err := tx.exec(ctx, insertEvent, eventArgs(e)...); err != nil {
			return err
		}
	}
	return nil
}

// AppendEvent implements [store.Events].
func (s *Store) AppendEvent(ctx context.Context, e store.Event) error {
	n, err := s.writer.execInTransaction(ctx, insertEvent, eventArgs(e)...)
	if err == nil && n == 0 {
		err = store.ErrOwnerGone
	}
	if err != nil {
		return fmt.Errorf("append event of connection %s: %w", e.ConnectionID, err)
	}
	return nil
}

// Events implements [store.Events].
func (s *Store) Events(ctx context.Context, connectionID string, limit int) ([]store.Event, error) {
	var found []store.Event
	err := s.readers.rows(ctx, selectEvents, []any{connectionID, max(limit, 0)}, func(rows *sql.Rows) error {
		var e store.Event
		if err := rows.Scan(&e.ConnectionID, timeColumn{&e.At}, &e.Kind, &e.Caller, &e.Message); err != nil {
			return err
		}
		found = append(found, e)
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("events of connection %s: %w", connectionID, err)
	}
	return found, nil
}

// SweepEvents implements [store.Events]. With an error comes what was removed before it.
func (s *Store) SweepEvents(ctx context.Context, before time.Time) (int, error) {
	n, err := s.sweep(ctx, sweepEvents, millis(before))
	if err != nil {
		return n, fmt.Errorf("sweep events: %w", err)
	}
	return n, nil
}
