package refresh

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"time"

	"latchkey/instagram"
	"latchkey/internal/metrics"
	"latchkey/internal/store"
	"latchkey/internal/tracing"
	"latchkey/internal/vault"
)

// attempt is one attempt at the refresh of one connection.
type attempt struct {
	*Keeper
	claimed claimed
	// caller stands in the events.
	caller vault.Caller
	// read is the connection under the lease.
	read store.Connection
	// probing says that the app's alarm lasts: then a failure changes no status and raises no doubt.
	probing bool
}

// result is how a try ended: with a token, or with a failure.
type result struct {
	connection store.Connection
	failure    *failure
	// told says that the history has a line of it.
	told bool
}

// run tries. An error is none of Instagram's: the store did not answer, the lease was lost, or the
// process is stopping.
func (t *attempt) run(ctx context.Context) (result, error) {
	ctx, ended := tracing.Step(ctx, "refresh")
	r, err := t.do(ctx)
	if r.failure != nil {
		ended(string(r.failure.class))
	} else {
		ended(outcomeOf(err))
	}
	return r, err
}

// outcomeOf is the outcome of a step in a trace.
func outcomeOf(err error) string {
	if err != nil {
		return metrics.Failed
	}
	return "ok"
}

func (t *attempt) do(ctx context.Context) (result, error) {
	if tooYoung(t.read, t.Now()) {
		return t.postpone(ctx)
	}
	token, err := t.Vault.OpenForRefresh(t.read)
	if err != nil {
		return t.recordFailure(ctx, unsealable(err), false)
	}
	agreed, known := false, false
	if t.read.Status == store.StatusActive && !t.probing && ripe(t.read.Failure, t.Now()) {
		f, err := t.me(ctx, token)
		switch {
		case err != nil:
			return result{}, err
		case f == nil:
			known = true
		case !f.asksForOwner():
			return t.recordFailure(ctx, *f, false)
		default:
			agreed = true
		}
	}
	next, f, err := t.refresh(ctx, token)
	switch {
	case err != nil:
		return result{}, err
	case f == nil:
		return t.saveToken(ctx, next)
	case agreed && f.asksForOwner():
		return t.decide(ctx, token, *f)
	}
	return t.recordFailure(ctx, *f, known)
}

// postpone puts off a token that is too young for Instagram.
func (t *attempt) postpone(ctx context.Context) (result, error) {
	c, err := t.save(ctx, t.read, unchangedSince, func(c store.Connection) (store.Connection, []store.Event) {
		c.NextRefreshAt = later(c.NextRefreshAt, ripeAt(c))
		return c, nil
	})
	if err == nil {
		t.Metrics.Refreshed(metrics.TooYoung)
	}
	return result{connection: c}, ignoreSuperseded(err)
}

// refresh asks for a new token. The failure is what Instagram said, the error all else.
func (t *attempt) refresh(ctx context.Context, token instagram.Secret) (next instagram.Token, f *failure, err error) {
	f, err = t.ask(ctx, func(ctx context.Context, c *instagram.Client) error {
		var err error
		next, err = c.Refresh(ctx, instagram.Token{Value: token, Scopes: t.read.Scopes})
		return err
	})
	if f != nil {
		e, ok := errors.AsType[*instagram.Error](f.err)
		f.mayHaveWorked = ok && e.MayHaveWorked()
	}
	return next, f, err
}

// me asks whose the token is, which any living token can tell.
func (t *attempt) me(ctx context.Context, token instagram.Secret) (*failure, error) {
	return t.ask(ctx, func(ctx context.Context, c *instagram.Client) error {
		_, err := c.Me(ctx, token)
		return err
	})
}

// ask makes one call under a lease that can be trusted until the call is over.
func (t *attempt) ask(ctx context.Context, call func(context.Context, *instagram.Client) error) (*failure, error) {
	if err := t.pace(ctx); err != nil {
		return nil, err
	}
	if err := t.trust(ctx); err != nil {
		return nil, err
	}
	hand, cancel := inHand(ctx)
	defer cancel()
	err := call(hand, t.client(t.read.ID))
	if err == nil {
		return nil, nil
	}
	if givenUp(ctx, hand) {
		t.Log.WarnContext(ctx, "a call was given up, because this process stops; the token that it was made with is tried again",
			"connection", t.read.ID)
		return nil, ctx.Err()
	}
	f := failureOf(err, t.read.Scopes)
	if f.cause == instagram.CauseAppLimit {
		t.hold(max(f.retryAfter, appHold))
	}
	return &f, nil
}

// trust makes sure that the lease holds for as long as a call may take.
func (t *attempt) trust(ctx context.Context) error {
	if t.claimed.outlastsCall(time.Now()) {
		return nil
	}
	at := time.Now()
	l, err := t.Store.RenewLease(ctx, t.claimed.lease, t.Now(), leaseTerm)
	if err != nil {
		if errors.Is(err, store.ErrLeaseLost) {
			t.Metrics.LeaseLost()
		}
		return fmt.Errorf("go on with connection %s: %w", t.read.ID, err)
	}
	t.claimed = claimed{l, at}
	return nil
}

// saveToken keeps the token of a good answer.
func (t *attempt) saveToken(ctx context.Context, next instagram.Token) (result, error) {
	sealed, err := t.Vault.Seal(t.read.ID, next.Value)
	if err != nil {
		return result{}, err
	}
	f := newToken{sealed: sealed, issued: next.IssuedAt, expires: next.ExpiresAt, assumed: next.ExpiryAssumed, scopes: next.Scopes}
	c, err := t.keep(ctx, t.read, f, t.caller)
	return result{connection: c, told: bytes.Equal(c.SealedToken, sealed)}, err
}

// recordFailure writes down a failed try, and tells the history when it is worth a line, or when somebody asked
// for the try: then the line is the trace of who had the token opened. known says that /me has just worked with the same token.
func (t *attempt) recordFailure(ctx context.Context, f failure, known bool) (result, error) {
	t.Clock.Check(ctx)
	now, jitter := t.Now(), t.jitter()
	if tooYoung(t.read, now) && f.class != instagram.ClassReconnect {
		return t.postpone(ctx)
	}
	c, err := t.save(ctx, t.read, unchangedSince, func(c store.Connection) (store.Connection, []store.Event) {
		next := failed(c, f, now, jitter, known, t.probing)
		if t.caller == vault.CallerRefresh && !worthALine(c.Failure, next.Failure, now) {
			return next, nil
		}
		next.Failure.RecordedAt = now
		return next, []store.Event{t.event(store.EventRefreshFailed, now, f.String())}
	})
	if err != nil {
		return result{connection: c, failure: &f}, ignoreSuperseded(err)
	}
	t.Metrics.Refreshed(string(f.class))
	t.Log.WarnContext(ctx, "a token was not refreshed; it is tried again", "connection", c.ID,
		"class", string(f.class), "next", c.NextRefreshAt, "safe_until", c.TokenExpiresAt, "error", f.err)
	if !t.probing {
		before := t.read.Failure
		err = t.countFailure(ctx, f, f.repeats(before))
	}
	return result{connection: c, failure: &f, told: true}, err
}

func (t *attempt) event(kind store.EventKind, at time.Time, message string) store.Event {
	return store.Event{ConnectionID: t.read.ID, At: at, Kind: kind, Caller: string(t.caller), Message: message}
}
