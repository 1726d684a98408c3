package login

import (
	"context"
	"errors"
	"fmt"
	"time"

	"latchkey/instagram"
	"latchkey/internal/store"
)

// BeginThrough starts a login as [Flow.Begin] does, through a reconnect link: only the account of
// the link's connection gets in. To begin does not use the link up. A link that is not there, was
// used or is too old is a [Refusal] of kind [LinkUnknown], [LinkUsed] or [LinkExpired].
func (f *Flow) BeginThrough(ctx context.Context, binding, linkSecret string) (Started, error) {
	started, err := f.beginThrough(ctx, binding, store.HashOf(linkSecret))
	if err != nil {
		f.ended(err)
	}
	return started, err
}

func (f *Flow) beginThrough(ctx context.Context, binding string, hash store.Hash) (Started, error) {
	link, err := f.Store.Link(ctx, hash)
	switch {
	case errors.Is(err, store.ErrNotFound), err == nil && link.Purpose != store.LinkReconnect:
		return Started{}, &Refusal{Kind: LinkUnknown}
	case err != nil:
		return Started{}, fmt.Errorf("begin a login through a link: %w", err)
	case !link.UsedAt.IsZero():
		return Started{}, &Refusal{Kind: LinkUsed}
	case !f.now().Before(link.ExpiresAt):
		return Started{}, &Refusal{Kind: LinkExpired}
	}
	return f.begin(binding, hash)
}

// belongs refuses an account that the link of its login is not for. The link may have ended since
// the login began: the owner was in time. Only one whose connection was erased is no link any more.
func (f *Flow) belongs(ctx context.Context, hash store.Hash, a instagram.Account) error {
	if hash.IsZero() {
		return nil
	}
	link, err := f.Store.Link(ctx, hash)
	switch {
	case errors.Is(err, store.ErrNotFound):
		return &Refusal{Kind: LinkUnknown}
	case err != nil:
		return fmt.Errorf("find the link of a login: %w", err)
	case link.ConnectionID != a.ID:
		f.Log.InfoContext(ctx, "login refused", "kind", string(OtherAccount), "account", a.ID, "username", a.Username, "wanted", link.ConnectionID)
		return &Refusal{Kind: OtherAccount, Wanted: link.ConnectionID}
	}
	return nil
}

// useUp marks the link of a login that succeeded. Whatever becomes of that, the login stands: a
// second one through the same link may have been faster, and is the same owner's.
func (f *Flow) useUp(ctx context.Context, hash store.Hash, connectionID string) {
	if hash.IsZero() {
		return
	}
	_, err := f.Store.UseLink(ctx, hash, f.now())
	if err == nil || errors.Is(err, store.ErrTaken) || errors.Is(err, store.ErrExpired) || errors.Is(err, store.ErrNotFound) {
		return
	}
	f.Log.WarnContext(ctx, "a reconnect link is not marked as used; it ends by its age", "connection", connectionID, "error", err)
}

func (f *Flow) now() time.Time {
	if f.Now == nil {
		return time.Now()
	}
	return f.Now()
}
