package sqlite

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"math"
	"time"

	"latchkey/internal/store"
)

const (
	countFailures = `
		SELECT
			(SELECT count(*) FROM connections WHERE tried_at > ?1) -
				(SELECT count(*) FROM connections WHERE trouble_since <= ?1 AND tried_at > ?1),
			(SELECT count(*) FROM connections WHERE trouble_since > ?1 AND trouble_cause = ?2)`

	// countAll counts in one statement, so that all of it is of one moment: each status; each span of
	// expiries, after its first moment until its last; and the first expiry of all.
	countAll = `
		SELECT status, NULL, count(*) FROM connections GROUP BY status
		UNION ALL
		SELECT NULL, key, (
			SELECT count(*) FROM connections
			WHERE status = 'active' AND token_expires_at > value ->> 0 AND token_expires_at <= value ->> 1)
		FROM json_each(?)
		UNION ALL
		SELECT NULL, NULL, min(token_expires_at) FROM connections WHERE status = 'active'`

	dueNotices = `SELECT ` + connectionColumns + `, version FROM connections
		WHERE notice_at <= ? ORDER BY notice_at LIMIT +?`

	makePutOffDue = `
		UPDATE connections SET next_refresh_at = ?1, version = version + 1
		WHERE next_refresh_at > ?2`

	makeTriedLaterDue = `
		UPDATE connections SET next_refresh_at = ?1, tried_at = ?1, version = version + 1
		WHERE tried_at > ?2 AND next_refresh_at IS NOT NULL`

	recordSweep = `
		INSERT INTO sweeps (one, at) VALUES (1, ?) ON CONFLICT (one) DO UPDATE SET at = excluded.at`

	lastSweep = `SELECT at FROM sweeps`
)

// CountFailures implements [store.Stats].
func (s *Store) CountFailures(ctx context.Context, cause string, since time.Time) (store.FailureCounts, error) {
	var t store.FailureCounts
	// The zero time is before all others here, and not never.
	err := s.readers.row(ctx, countFailures, []any{since.UnixMilli(), cause}, []any{&t.Tried, &t.Alike})
	if err != nil {
		return store.FailureCounts{}, fmt.Errorf("count failures of cause %q: %w", cause, err)
	}
	return t, nil
}

// MakeDue implements [store.Stats].
func (s *Store) MakeDue(ctx context.Context, now time.Time) (int, error) {
	n := 0
	for _, wrong := range []struct {
		statement string
		after     time.Time
	}{
		{makePutOffDue, now.Add(store.LongestWait)},
		{makeTriedLaterDue, now.Add(store.ClockTolerance)},
	} {
		made, err := s.writer.exec(ctx, wrong.statement, millis(now), millis(wrong.after))
		if err != nil {
			return n, fmt.Errorf("make due what was put off: %w", err)
		}
		n += int(made)
	}
	return n, nil
}

// Count implements [store.Stats].
func (s *Store) Count(ctx context.Context, ends []time.Time) (store.Counts, error) {
	c := store.Counts{Status: map[store.Status]int64{}, Ending: make([]int64, len(ends))}
	err := s.readers.rows(ctx, countAll, []any{spans(ends)}, func(rows *sql.Rows) error {
		var status sql.Null[store.Status]
		var span sql.Null[int]
		var n sql.Null[int64]
		if err := rows.Scan(&status, &span, &n); err != nil {
			return err
		}
		switch {
		case status.Valid:
			c.Status[status.V] = n.V
		case span.Valid:
			for i := span.V; i < len(ends); i++ {
				c.Ending[i] += n.V
			}
			c.Dated += n.V
		case n.Valid:
			c.Soonest = time.UnixMilli(n.V).UTC()
		}
		return nil
	})
	if err != nil {
		return store.Counts{}, fmt.Errorf("count: %w", err)
	}
	return c, nil
}

// spans returns the JSON form of the spans that ascending moments cut all time into.
func spans(ends []time.Time) string {
	spans := make([][2]int64, 0, len(ends)+1)
	from := int64(math.MinInt64)
	for _, end := range ends {
		spans = append(spans, [2]int64{from, end.UnixMilli()})
		from = end.UnixMilli()
	}
	text, err := json.Marshal(append(spans, [2]int64{from, math.MaxInt64}))
	if err != nil {
		panic(err) // numbers always have a JSON form
	}
	return string(text)
}

// DueNotices implements [store.Stats].
func (s *Store) DueNotices(ctx context.Context, now time.Time, limit int) ([]store.Connection, error) {
	found, err := s.connections(ctx, dueNotices, millis(now), max(limit, 0))
	if err != nil {
		return nil, fmt.Errorf("due notices: %w", err)
	}
	return found, nil
}

// RecordSweep implements [store.Stats].
func (s *Store) RecordSweep(ctx context.Context, at time.Time) error {
	if _, err := s.brief.exec(ctx, recordSweep, millis(at)); err != nil {
		return fmt.Errorf("record sweep: %w", err)
	}
	return nil
}

// LastSweep implements [store.Stats].
func (s *Store) LastSweep(ctx context.Context) (at time.Time, err error) {
	if err := s.readers.row(ctx, lastSweep, nil, []any{timeColumn{&at}}); err != nil {
		return time.Time{}, fmt.Errorf("last sweep: %w", orNotFound(err))
	}
	return at, nil
}
