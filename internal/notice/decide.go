package notice

import (
	"context"
	"errors"
	"time"

	"latchkey/internal/store"
)

const (
	day = 24 * time.Hour
	// keeperRests is how long the keeper of the tokens may not have looked before it has something
	// to catch up with.
	keeperRests = time.Hour
)

// need is what an owner is to be told.
type need int

const (
	// nobody: the connection does not need her, or she knows.
	nobody need = iota
	// login: the connection works again only when she logs in.
	login
	// runsOut: the connection still works, and is not extended.
	runsOut
)

// needOf decides what the owner of a connection is to be told at now.
func needOf(c store.Connection, now time.Time) need {
	switch {
	case c.Status == store.StatusReconnect:
		return login
	case c.RunsOut(now):
		return runsOut
	default:
		return nobody
	}
}

// nextNotice is when the owner is told again, if nothing changes. One who ended the connection
// herself is not.
func nextNotice(c store.Connection, now time.Time) time.Time {
	if c.Status == store.StatusDisconnected {
		return time.Time{}
	}
	return store.NextNotice(c.TokenExpiresAt, now)
}

// keeperFirst says whether to wait for the keeper of the tokens, who did not look for long, as after
// a time in which no process ran: it may well extend the connection in the next minute. On the last
// day nobody waits any more.
func (n *Notifier) keeperFirst(ctx context.Context, c store.Connection, now time.Time) (bool, error) {
	if c.Status != store.StatusActive || !due(c, now) || c.TokenExpiresAt.Sub(now) <= day {
		return false, nil
	}
	at, err := n.Store.LastSweep(ctx)
	if errors.Is(err, store.ErrNotFound) {
		return false, nil
	}
	return now.Sub(at) > keeperRests, err
}

// due says that the keeper has the token on its list, and should have looked after it already.
func due(c store.Connection, now time.Time) bool {
	return !c.NextRefreshAt.IsZero() && !c.NextRefreshAt.After(now)
}

// sentence says it for the history and the log.
func (n need) sentence(c store.Connection) string {
	if n == login {
		return "the connection needs a login. " + c.StatusReason
	}
	return "the connection is not extended and runs out on " + date(c.TokenExpiresAt) + "."
}
