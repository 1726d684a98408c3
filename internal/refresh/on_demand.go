package refresh

import (
	"context"
	"errors"
	"fmt"
	"time"

	"latchkey/internal/store"
	"latchkey/internal/vault"
)

// Refresh refreshes one connection now, due or not, under the same lease and by the same rules as
// Run, and returns it as it stands afterwards. Errors, besides those of the store: ErrNotFound for
// an id that is not there, vault.ErrNoToken for a connection that was disconnected, and, each with
// what to do, a token that is too young, another process at work on it, and what Instagram said.
func (k *Keeper) Refresh(ctx context.Context, by vault.Caller, id string) (store.Connection, error) {
	k.prepare.Do(k.setUp)
	k.settle(ctx)
	at, now := time.Now(), k.Now()
	lease, err := k.Store.Claim(ctx, id, k.Holder, now, leaseTerm)
	if errors.Is(err, store.ErrLeaseLost) {
		return store.Connection{}, fmt.Errorf("connection %s is being refreshed by another process; try again in a few minutes: %w", id, err)
	}
	if err != nil {
		return store.Connection{}, err
	}
	c, r, err := k.onDemand(ctx, by, claimed{lease, at})
	if err != nil {
		return c, fmt.Errorf("refresh connection %s: %w", id, err)
	}
	if r.failure != nil {
		return c, fmt.Errorf("refresh connection %s: %w. %s", id, r.failure.err, r.failure.advice())
	}
	return c, nil
}

func (k *Keeper) onDemand(ctx context.Context, by vault.Caller, c claimed) (store.Connection, result, error) {
	id := c.lease.ConnectionID
	conn, err := k.Store.Connection(ctx, id)
	if err == nil && conn.SealedToken == nil {
		err = vault.ErrNoToken
	}
	if err == nil && k.Spill.Has(id) {
		err = errors.New("an answer of Instagram still waits in the spill folder to be written; try again when the store answers")
	}
	if ripe := ripeAt(conn); err == nil && k.Now().Before(ripe) {
		err = fmt.Errorf("the token is younger than 24 hours, which Instagram refuses; try again after %s",
			ripe.UTC().Format("2 January 2006, 15:04 UTC"))
	}
	var app store.Alarm
	if err == nil {
		app, err = k.alarm(ctx, store.AlarmApp)
	}
	if err != nil {
		k.release(ctx, c.lease)
		return conn, result{}, err
	}
	t := &attempt{Keeper: k, claimed: c, caller: by, read: conn, probing: app.Lasts()}
	r, err := t.run(ctx)
	if err != nil {
		k.broken(ctx, t.claimed.lease, err)
		return conn, r, err
	}
	k.release(ctx, t.claimed.lease)
	if r.failure == nil && r.connection.SealedToken == nil { // ended or erased meanwhile
		err = vault.ErrNoToken
	}
	return r.connection, r, err
}
