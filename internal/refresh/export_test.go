package refresh

import (
	"context"
	"time"

	"latchkey/instagram"
	"latchkey/internal/store"
)

// AttendSince attends a connection under a lease that was had at a moment.
func (k *Keeper) AttendSince(ctx context.Context, l store.Lease, at time.Time) {
	k.prepare.Do(k.setUp)
	k.attend(ctx, claimed{l, at})
}

var ParseSpilled = parseSpilled

// Postponed is a connection after a failed try of a class, for which Instagram asked to wait.
func Postponed(c store.Connection, class instagram.Class, retryAfter time.Duration, now time.Time, jitter float64) store.Connection {
	return postponed(c, failure{class: class, retryAfter: retryAfter}, now, jitter)
}

// PostponedForWait is a connection for which Instagram asked to wait some minutes.
func PostponedForWait(c store.Connection, retryAfter time.Duration, now time.Time, jitter float64) store.Connection {
	return postponed(c, failure{class: instagram.ClassHold, cause: instagram.CauseWait, retryAfter: retryAfter}, now, jitter)
}

// PostponedUnsure is a connection after a refresh that may have worked.
func PostponedUnsure(c store.Connection, retryAfter time.Duration, now time.Time, jitter float64) store.Connection {
	return postponed(c, failure{class: instagram.ClassRetry, retryAfter: retryAfter, mayHaveWorked: true}, now, jitter)
}

// Limit is the rate of calls after the next of them was asked for.
func (k *Keeper) Limit(ctx context.Context) (float64, error) {
	k.prepare.Do(k.setUp)
	err := k.pace(ctx)
	return float64(k.limiter.Limit()), err
}
