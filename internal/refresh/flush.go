package refresh

import (
	"context"
	"errors"

	"latchkey/internal/disk"
	"latchkey/internal/metrics"
	"latchkey/internal/panics"
	"latchkey/internal/store"
	"latchkey/internal/vault"
)

// spill puts the answer for a connection aside that the store refused, and tells where it is now.
func (k *Keeper) spill(ctx context.Context, read store.Connection, f newToken, by vault.Caller, refused error) {
	err := k.Spill.keep(spilled{
		ConnectionID: read.ID, ConnectedAt: read.ConnectedAt, TokenIssuedAt: f.issued, TokenExpiresAt: f.expires,
		ExpiryAssumed: f.assumed, Scopes: f.scopes, Caller: string(by), SealedToken: f.sealed,
	})
	if err != nil {
		k.Log.ErrorContext(ctx, "a refreshed token is in memory alone: neither the store nor the spill folder took it. "+
			"Do not stop this process before one of them does; it tries both again", "connection", read.ID,
			"store_error", refused, "spill_error", disk.Explain(err, k.Spill.Dir))
		return
	}
	k.Log.WarnContext(ctx, "a refreshed token cannot be written to the store; it waits in the spill folder", "connection", read.ID, "error", refused)
}

// settleFailures is how many answers the store may refuse until it is taken for away. They come in
// no order, so that none of them keeps the others waiting for long.
const settleFailures = 8

// settle writes what was put aside to the store, as far as the store takes it. Of two answers for
// one connection the later one counts, whichever comes first.
func (k *Keeper) settle(ctx context.Context) {
	unknown := k.Spill.identify(ctx, k.Store)
	entries := k.Spill.entries() // also for Has
	if unknown != nil {
		return // the store is away, which the sweep tells
	}
	var failed []error
	for name, e := range entries {
		if ctx.Err() != nil {
			return
		}
		if err := k.settleOne(ctx, name, e); err != nil {
			if failed = append(failed, err); len(failed) == settleFailures {
				break
			}
			continue
		}
		if err := k.Spill.remove(name); err != nil {
			k.Log.WarnContext(ctx, "a written answer cannot be taken out of the spill folder", "file", name, "error", err)
		}
	}
	if len(failed) > 0 {
		k.Log.WarnContext(ctx, "refreshed tokens still wait in the spill folder", "error", failed[0])
	}
}

func (k *Keeper) settleOne(ctx context.Context, name string, e spilled) error {
	cur, err := k.Store.Connection(ctx, e.ConnectionID)
	if errors.Is(err, store.ErrNotFound) && e.Store == "" { // it may be another store's
		k.Spill.setAside(name)
		return nil
	}
	if errors.Is(err, store.ErrNotFound) {
		return nil // erased since
	}
	if err != nil {
		return err
	}
	read := store.Connection{ID: e.ConnectionID, ConnectedAt: e.ConnectedAt}
	if !issuedAt(e.TokenIssuedAt)(read, cur) {
		return nil
	}
	f := newToken{sealed: e.SealedToken, issued: e.TokenIssuedAt, expires: e.TokenExpiresAt, assumed: e.ExpiryAssumed, scopes: e.Scopes}
	var c store.Connection
	if panicked := panics.Catch(func() { c, err = k.writeToken(ctx, cur, f, vault.Caller(e.Caller), k.Now()) }); panicked != nil {
		return panicked
	}
	if err != nil {
		return ignoreSuperseded(err)
	}
	k.Metrics.Refreshed(metrics.Refreshed)
	k.Log.InfoContext(ctx, "a refreshed token that had to wait is written", "connection", c.ID, "safe_until", c.TokenExpiresAt)
	return nil
}
