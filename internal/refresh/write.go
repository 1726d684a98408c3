package refresh

import (
	"context"
	"errors"
	"time"

	"latchkey/internal/metrics"
	"latchkey/internal/panics"
	"latchkey/internal/store"
	"latchkey/internal/vault"
)

const (
	// writeWithin bounds one write, lastWriteWithin one after the order to stop. What the store does
	// not take by then goes to the spill folder.
	writeWithin     = 5 * time.Second
	lastWriteWithin = time.Second
	// writeTries is how often a write looks again after somebody else wrote first.
	writeTries = 5
)

// errSuperseded says that what somebody else wrote counts, and not what we have.
var errSuperseded = errors.New("somebody else's write counts")

// change makes the connection that is to be stored of the one that is.
type change func(store.Connection) (store.Connection, []store.Event)

// stillApplies says whether our write still stillApplies when it finds cur in place of read.
type stillApplies func(read, cur store.Connection) bool

// unchangedSince is for a write that holds no token: it gives way to any other about the same token.
func unchangedSince(read, cur store.Connection) bool {
	return sameLogin(read, cur) && cur.TokenIssuedAt.Equal(read.TokenIssuedAt) &&
		cur.Status == read.Status && cur.Failure == read.Failure
}

// issuedAt is for a write of a token that was issued then: it gives way to a login since, to the end
// of the connection, and to a token that was issued later.
func issuedAt(issued time.Time) stillApplies {
	return func(read, cur store.Connection) bool {
		return sameLogin(read, cur) && cur.TokenIssuedAt.Before(issued)
	}
}

// sameLogin says that nobody logged in, disconnected or erased in between.
func sameLogin(read, cur store.Connection) bool {
	return cur.ConnectedAt.Equal(read.ConnectedAt) && cur.SealedToken != nil
}

// save writes at the version that was read. When somebody else wrote first, it looks again, and
// tries at that version if our write still counts. It goes on when ctx ends: what it writes was had
// at a price.
func (k *Keeper) save(ctx context.Context, read store.Connection, still stillApplies, to change) (store.Connection, error) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), writeTime(ctx))
	defer cancel()
	cur := read
	for range writeTries {
		next, events := to(cur)
		stored, err := k.Store.UpdateConnection(ctx, next, events...)
		if !errors.Is(err, store.ErrConflict) {
			return stored, err
		}
		k.Metrics.Conflict()
		if cur, err = k.Store.Connection(ctx, read.ID); err != nil {
			return store.Connection{}, err
		}
		if !still(read, cur) {
			return cur, errSuperseded
		}
	}
	return cur, store.ErrConflict
}

// writeTime is how long one write may take.
func writeTime(ctx context.Context) time.Duration {
	if ctx.Err() != nil {
		return lastWriteWithin
	}
	return writeWithin
}

// ignoreSuperseded makes a success of a write that somebody else's replaced: there is nothing left to do.
func ignoreSuperseded(err error) error {
	if errors.Is(err, errSuperseded) || errors.Is(err, store.ErrNotFound) {
		return nil
	}
	return err
}

// keep writes a token, and puts it aside on disk when the store does not take it.
func (k *Keeper) keep(ctx context.Context, read store.Connection, f newToken, by vault.Caller) (store.Connection, error) {
	now := k.Now()
	var c store.Connection
	var err error
	if panicked := panics.Catch(func() { c, err = k.writeToken(ctx, read, f, by, now) }); panicked != nil {
		err = panicked
	}
	switch {
	case err == nil:
		k.Metrics.Refreshed(metrics.Refreshed)
		k.Log.InfoContext(ctx, "refreshed", "connection", c.ID, "safe_until", c.TokenExpiresAt)
	case ignoreSuperseded(err) == nil:
		k.Metrics.Refreshed(metrics.Dropped)
		k.Log.InfoContext(ctx, "an answer came too late to count", "connection", read.ID, "reason", err)
		return c, nil
	default:
		k.Metrics.Refreshed(metrics.Spilled)
		k.spill(ctx, read, f, by, err)
	}
	return c, err
}

func (k *Keeper) writeToken(ctx context.Context, read store.Connection, f newToken, by vault.Caller, now time.Time) (store.Connection, error) {
	jitter := k.jitter()
	return k.save(ctx, read, issuedAt(f.issued), func(c store.Connection) (store.Connection, []store.Event) {
		next := renewed(c, f, now, jitter)
		event := store.Event{ConnectionID: c.ID, At: now, Kind: store.EventRefreshed, Caller: string(by), Message: safeUntil(f)}
		events := []store.Event{event}
		if c.Status == store.StatusReconnect {
			event.Kind, event.Message = store.EventRecovered, "Instagram accepts the permission again."
			events = append(events, event)
		}
		return next, events
	})
}

func safeUntil(f newToken) string {
	text := "Safe until " + f.expires.UTC().Format("2 January 2006") + "."
	if f.assumed {
		text += " Instagram did not say how long; this is a careful guess."
	}
	return text
}
