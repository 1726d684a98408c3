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

// useUp lets one login through its link, however many come back at once. One that ended since the login
// began is used as of its last moment.
func (f *Flow) useUp(ctx context.Context, hash store.Hash) error {
	if hash.IsZero() {
		return nil
	}
	link, err := f.Store.UseLink(ctx, hash, f.now())
	if errors.Is(err, store.ErrExpired) {
		_, err = f.Store.UseLink(ctx, hash, link.ExpiresAt.Add(-time.Millisecond))
	}
	switch {
	case errors.Is(err, store.ErrTaken):
		return &Refusal{Kind: LinkUsed}
	case errors.Is(err, store.ErrNotFound):
		return &Refusal{Kind: LinkUnknown}
	case err != nil:
		return fmt.Errorf("use up the link of a login: %w", err)
	}
	return nil
}

func (f *Flow) now() time.Time {
	if f.Now == nil {
		return time.Now()
	}
	return f.Now()
}
