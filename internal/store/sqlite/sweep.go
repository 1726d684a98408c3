package sqlite

import (
	"context"
	"fmt"
	"time"

	"latchkey/internal/store"
)

// sweepStep is how many rows go at once, so that a login waits for milliseconds and not for the
// whole sweep.
const sweepStep = 500

const (
	sweepAuthRequests = `DELETE FROM auth_requests WHERE state IN (
		SELECT state FROM auth_requests WHERE expires_at <= ? LIMIT +?)`

	sweepSessions = `DELETE FROM sessions WHERE secret IN (
		SELECT secret FROM sessions WHERE expires_at <= ? LIMIT +?)`
)

// Sweep implements [store.Upkeep]. With an error comes what was removed before it. It also empties the log
// of what was erased, here or by another process, while somebody read.
func (s *Store) Sweep(ctx context.Context, now time.Time) (int, error) {
	requests, err := s.sweep(ctx, sweepAuthRequests, now.Add(-store.AuthRequestKept))
	if err != nil {
		return requests, fmt.Errorf("sweep auth requests: %w", err)
	}
	sessions, err := s.sweep(ctx, sweepSessions, now)
	if err != nil {
		return requests + sessions, fmt.Errorf("sweep sessions: %w", err)
	}
	s.emptyLog(ctx)
	return requests + sessions, nil
}

// sweep removes what the query finds at an end not after until, a step at a time.
func (s *Store) sweep(ctx context.Context, query string, until time.Time) (removed int, err error) {
	for {
		n, err := s.brief.exec(ctx, query, millis(until), sweepStep)
		removed += int(n)
		if err != nil || n < sweepStep {
			return removed, err
		}
	}
}
