package sqlite

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"latchkey/internal/store"
)

const (
	tally = `
		SELECT
			(SELECT count(*) FROM connections
				WHERE tried_at > ?1 AND (trouble_since IS NULL OR trouble_since > ?1)),
			(SELECT count(*) FROM connections WHERE trouble_cause = ?2 AND trouble_since > ?1)`

	countStatus = `SELECT status, count(*) FROM connections GROUP BY status`

	countDated = `
		SELECT count(*), min(token_expires_at) FROM connections
		WHERE status = 'active' AND token_expires_at IS NOT NULL`

	countEnding = `SELECT count(*) FROM connections WHERE status = 'active' AND token_expires_at <= ?`

	dueNotices = `SELECT ` + connectionColumns + `, version FROM connections
		WHERE notice_at <= ? ORDER BY notice_at LIMIT +?`

	recordSweep = `
		INSERT INTO sweeps (one, at) VALUES (1, ?) ON CONFLICT (one) DO UPDATE SET at = excluded.at`

	lastSweep = `SELECT at FROM sweeps`
)

// Tally implements [store.Fleet].
func (s *Store) Tally(ctx context.Context, cause string, since time.Time) (store.Tally, error) {
	var t store.Tally
	// The zero time is before all others here, and not never.
	err := s.readers.row(ctx, tally, []any{since.UnixMilli(), cause}, []any{&t.Tried, &t.Alike})
	if err != nil {
		return store.Tally{}, fmt.Errorf("tally of cause %q: %w", cause, err)
	}
	return t, nil
}

// Census implements [store.Fleet].
func (s *Store) Census(ctx context.Context, ends []time.Time) (store.Census, error) {
	c, err := s.census(ctx, ends)
	if err != nil {
		return store.Census{}, fmt.Errorf("census: %w", err)
	}
	return c, nil
}

func (s *Store) census(ctx context.Context, ends []time.Time) (store.Census, error) {
	c := store.Census{Status: map[store.Status]int64{}, Ending: make([]int64, len(ends))}
	err := s.readers.rows(ctx, countStatus, nil, func(rows *sql.Rows) error {
		var status store.Status
		var n int64
		if err := rows.Scan(&status, &n); err != nil {
			return err
		}
		c.Status[status] = n
		return nil
	})
	if err != nil {
		return store.Census{}, err
	}
	if err := s.readers.row(ctx, countDated, nil, []any{&c.Dated, moment{&c.Soonest}}); err != nil {
		return store.Census{}, err
	}
	for i, end := range ends {
		if err := s.readers.row(ctx, countEnding, []any{end.UnixMilli()}, []any{&c.Ending[i]}); err != nil {
			return store.Census{}, err
		}
	}
	return c, nil
}

// DueNotices implements [store.Fleet].
func (s *Store) DueNotices(ctx context.Context, now time.Time, limit int) ([]store.Connection, error) {
	found, err := s.connections(ctx, dueNotices, millis(now), max(limit, 0))
	if err != nil {
		return nil, fmt.Errorf("due notices: %w", err)
	}
	return found, nil
}

// RecordSweep implements [store.Fleet].
func (s *Store) RecordSweep(ctx context.Context, at time.Time) error {
	if _, err := s.brief.exec(ctx, recordSweep, millis(at)); err != nil {
		return fmt.Errorf("record sweep: %w", err)
	}
	return nil
}

// LastSweep implements [store.Fleet].
func (s *Store) LastSweep(ctx context.Context) (at time.Time, err error) {
	if err := s.readers.row(ctx, lastSweep, nil, []any{moment{&at}}); err != nil {
		return time.Time{}, fmt.Errorf("last sweep: %w", orNotFound(err))
	}
	return at, nil
}
