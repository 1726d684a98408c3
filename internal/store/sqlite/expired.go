package sqlite

import (
	"context"
	"fmt"
	"time"
)

// sweepStep is how many rows go at once, so that a login waits for milliseconds and not for the
// whole sweep.
const sweepStep = 500

const (
	sweepSessions = `DELETE FROM sessions WHERE secret IN (
		SELECT secret FROM sessions WHERE expires_at <= ? LIMIT +?)`
)

// DeleteExpired implements [store.Admin]. With an error comes what was removed before it. It also empties the log
// of what was erased, here or by another process, while somebody read.
func (s *Store) DeleteExpired(ctx context.Context, now time.Time) (int, error) {
	records, err := s.sweep(ctx, sweepRecords, millis(now))
	if err != nil {
		return records, fmt.Errorf("sweep records: %w", err)
	}
	sessions, err := s.sweep(ctx, sweepSessions, millis(now))
	if err != nil {
		return records + sessions, fmt.Errorf("sweep sessions: %w", err)
	}
	s.emptyLog(ctx)
	return records + sessions, nil
}

// sweep removes what the query finds, a step at a time.
func (s *Store) sweep(ctx context.Context, query string, args ...any) (removed int, err error) {
	args = append(args, sweepStep)
	for {
		n, err := s.brief.exec(ctx, query, args...)
		removed += int(n)
		if err != nil || n < sweepStep {
			return removed, err
		}
	}
}
