package login

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/cenkalti/backoff/v5"

	"latchkey/instagram"
	"latchkey/internal/store"
)

const (
	// finishWithin bounds the calls of one login together.
	finishWithin = 40 * time.Second
	// repeatWithin bounds the tries of one call that may be repeated.
	repeatWithin = 10 * time.Second
	// maxTries is how often such a call is made at most.
	maxTries = 3
)

// Finish ends the login that a callback belongs to: it takes the login, exchanges the code,
// extends the token, asks whose it is, and stores the connection, with the session that begins in the browser. The
// binding is what the browser's cookie holds, or empty. A refused login is a [Refusal], and nothing is stored.
//
// The work goes on even if the browser leaves: a login can be taken once, and a code that was
// sent cannot be sent again.
//
// A login that began through a reconnect link lets in the account of that link alone, and has to use the
// link up before anything is stored: of several that began through it, one gets in.
func (f *Flow) Finish(ctx context.Context, cb Callback, binding string, begins ...store.Session) (store.Connection, error) {
	c, err := f.finish(ctx, cb, binding, begins)
	f.ended(err)
	return c, err
}

func (f *Flow) finish(ctx context.Context, cb Callback, binding string, begins []store.Session) (store.Connection, error) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), finishWithin)
	defer cancel()
	begun, release, err := f.take(ctx, cb, binding)
	if err != nil {
		return store.Connection{}, err
	}
	defer release()

	switch {
	case cb.Error != "":
		return store.Connection{}, f.refuseDenial(ctx, cb)
	case cb.Code.IsZero():
		return store.Connection{}, &Refusal{Kind: BadCallback}
	}
	token, account, err := f.ask(ctx, cb.Code)
	if err != nil {
		return store.Connection{}, f.refuse(ctx, err, token.Scopes)
	}
	if err := f.belongs(ctx, begun.Link, account); err != nil {
		return store.Connection{}, err
	}
	if kind, ok := f.admits(account); !ok {
		f.Log.InfoContext(ctx, "login refused", "kind", string(kind), "account", account.ID, "username", account.Username)
		return store.Connection{}, &Refusal{Kind: kind}
	}
	if err := f.useUp(ctx, begun.Link); err != nil {
		return store.Connection{}, err
	}
	c, err := f.Vault.Connect(ctx, account, token, begun.Scopes, begins...)
	if err != nil {
		return store.Connection{}, fmt.Errorf("store the connection: %w", err)
	}
	f.Log.InfoContext(ctx, "connected", "connection", c.ID)
	return c, nil
}

// take takes the login of the callback, and tells a callback whose twin is at work from one that was used
// before. A twin in another process is known by its mark alone: it counts as at work for as long as a
// login may take.
func (f *Flow) take(ctx context.Context, cb Callback, binding string) (state, func(), error) {
	s, err := f.openState(cb, binding)
	if err != nil {
		return state{}, nil, err
	}
	if _, running := f.running.LoadOrStore(s.Number, true); running {
		return state{}, nil, &Refusal{Kind: InProgress}
	}
	release := func() { f.running.Delete(s.Number) }
	err = f.markInTime(ctx, s)
	if err != nil {
		release()
		return state{}, nil, err
	}
	f.stalled.broken()
	return s, release, nil
}

// openState reads the state that a callback brings, in the browser that it was given to.
func (f *Flow) openState(cb Callback, binding string) (state, error) {
	plain, err := f.Vault.OpenState(cb.State.Reveal())
	if err != nil {
		return state{}, &Refusal{Kind: StateUnknown}
	}
	s, err := parseState(plain)
	switch {
	case err != nil:
		return state{}, &Refusal{Kind: StateUnknown}
	case s.Binding != store.HashOf(binding):
		return state{}, &Refusal{Kind: OtherBrowser}
	}
	return s, nil
}

// markInTime marks a login that came back in time. Our clock may have been moved since the login began:
// before a login is too late, a clock in doubt is compared with Instagram's.
func (f *Flow) markInTime(ctx context.Context, s state) error {
	now := f.machine()
	if !now.Before(s.endsAt()) && f.Trusted != nil {
		f.Trusted(ctx)
		now = f.machine()
	}
	late := !now.Before(s.endsAt())
	var m mark
	var err error
	if late {
		m, err = f.findMark(ctx, s)
	} else {
		m, err = f.leaveMark(ctx, s, now)
	}
	switch {
	case errors.Is(err, errTaken) && m.By != f.Process && now.Sub(time.UnixMilli(m.At)).Abs() < finishWithin:
		return &Refusal{Kind: InProgress}
	case errors.Is(err, errTaken):
		return &Refusal{Kind: StateUsed}
	case err != nil:
		return err
	case late:
		return &Refusal{Kind: StateExpired}
	}
	return nil
}

// ask makes the three calls of a login. The code is sent once; the other two calls are repeated
// while Instagram's answer says that a repeat may help. With an error comes what is known of the
// granted scopes.
func (f *Flow) ask(ctx context.Context, code instagram.Secret) (instagram.Token, instagram.Account, error) {
	short, err := f.Instagram.Exchange(ctx, code)
	if err != nil {
		return instagram.Token{}, instagram.Account{}, err
	}
	token, err := repeat(ctx, func(ctx context.Context) (instagram.Token, error) {
		return f.Instagram.Extend(ctx, short)
	})
	if err != nil || len(short.Scopes) > 0 {
		token.Scopes = short.Scopes
	}
	if err != nil {
		return token, instagram.Account{}, err
	}
	account, err := repeat(ctx, func(ctx context.Context) (instagram.Account, error) {
		a, err := f.Instagram.Me(ctx, token.Value)
		if err == nil && a.ID == "" {
			err = errNoIdentity
		}
		return a, err
	})
	if err == nil && len(token.Scopes) == 0 {
		token.Scopes = nil // what works has the basic scope at least, so Instagram did not say
	}
	return token, account, err
}

// errNoIdentity is an answer to /me without the professional account id.
var errNoIdentity = errors.New("no user_id in the answer to /me, which says whose account it is")

// repeat makes a call until it succeeds, up to maxTries times within repeatWithin, while the error
// is one that a repeat may cure. The error is that of the last call: what Instagram said, not that we
// stopped waiting for more of it.
func repeat[T any](ctx context.Context, call func(context.Context) (T, error)) (v T, err error) {
	ctx, cancel := context.WithTimeout(ctx, repeatWithin)
	defer cancel()
	_, _ = backoff.Retry(ctx, func() (T, error) {
		if v, err = call(ctx); err != nil && !repeatable(err) {
			return v, backoff.Permanent(err)
		}
		return v, err
	}, backoff.WithMaxTries(maxTries))
	return v, err
}

func repeatable(err error) bool {
	e, ok := errors.AsType[*instagram.Error](err)
	return errors.Is(err, errNoIdentity) || ok && e.Class == instagram.ClassRetry
}

// admits says whether the account may connect, and if not why.
func (f *Flow) admits(a instagram.Account) (Kind, bool) {
	if a.Type == "personal" {
		return PersonalAccount, false
	}
	for _, allowed := range f.Allowed {
		if allowed == a.ID || allowed == strings.ToLower(a.Username) {
			return "", true
		}
	}
	return NotAllowed, len(f.Allowed) == 0
}
