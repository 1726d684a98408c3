package notice

import (
	"context"
	"errors"
	"fmt"
	"time"

	"latchkey/internal/store"
)

// healEvery is how often a sweep looks for notices that a wrong clock put off, by the clock of the
// connections: so one that is set back by more is followed by a look at once.
const healEvery = time.Hour

// heal finds the owners whose NoticeAt was written by a clock that ran ahead, and writes when they are
// told by the right one. It looks at every connection: which moments are right depends on the end of
// each, so no index knows.
func (n *Notifier) heal(ctx context.Context) error {
	begun := n.now()
	if begun.Sub(n.healed).Abs() < healEvery {
		return nil
	}
	wrong, err := n.wrongNotices(ctx)
	if err != nil {
		return fmt.Errorf("look for notices that a wrong clock put off: %w", err)
	}
	if len(wrong) > 0 {
		if !n.trusts(ctx) {
			return nil
		}
		n.Log.InfoContext(ctx, "a wrong clock put off when owners are told; it is put right", "connections", len(wrong))
	}
	for _, c := range wrong {
		c.NoticeAt = rightNotice(c, n.now())
		_, err := n.Store.UpdateConnection(ctx, c)
		if err != nil && !errors.Is(err, store.ErrConflict) && !errors.Is(err, store.ErrNotFound) {
			return fmt.Errorf("put right when the owner of connection %s is told: %w", c.ID, err)
		}
	}
	n.healed = begun
	return nil
}

func (n *Notifier) wrongNotices(ctx context.Context) (wrong []store.Connection, err error) {
	for after, more := "", true; more; {
		page, err := n.Store.ListConnections(ctx, after, pageSize)
		if err != nil {
			return nil, err
		}
		for _, c := range page {
			if !rightNotice(c, n.now()).Equal(c.NoticeAt) {
				wrong = append(wrong, c)
			}
			after = c.ID
		}
		more = len(page) == pageSize
	}
	return wrong, nil
}

// rightNotice is the NoticeAt of a connection, or what it should be where it was written by a clock
// ahead of now. One of a runway may be too late for a connection that is kept alive: then the clock had
// passed what comes before it. With one that needs a login it stays: its owner was told when it was
// written. Any other moment is that at which something was to be told at once, or ten minutes after a
// mail that failed: she does not know yet.
func rightNotice(c store.Connection, now time.Time) time.Time {
	next := store.NextNotice(c.TokenExpiresAt, now)
	switch {
	case c.NoticeAt.IsZero() || isMark(c):
		if c.Status == store.StatusActive && !next.IsZero() && (c.NoticeAt.IsZero() || c.NoticeAt.After(next)) {
			return next
		}
	case c.NoticeAt.Sub(now) > retryAfter+store.ClockTolerance:
		return now
	}
	return c.NoticeAt
}

// isMark says that NoticeAt is one of the runways at which owners are told.
func isMark(c store.Connection) bool {
	return store.NextNotice(c.TokenExpiresAt, c.NoticeAt.Add(-time.Nanosecond)).Equal(c.NoticeAt)
}
