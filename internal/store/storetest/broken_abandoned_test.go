package storetest_test

import (
	"context"
	"time"

	"latchkey/internal/store"
)

const (
	abandonedCase    = "abandoned/a lease that ended without a release makes due"
	aheadCase        = "abandoned/a lease that ends later than two terms from now makes due"
	termsOfTheCall   = "abandoned/two terms are those of the call"
	givenBackCase    = "abandoned/a released lease makes nothing due"
	concludedCase    = "abandoned/a try or a login that was written makes nothing due"
	alreadyOrNotCase = "abandoned/what is due already, or never, stays so"
)

var abandonedBreakages = []breakage{
	{abandonedCase, "nothing is made due", abandoning(func(context.Context, *faulty, time.Time, time.Duration) (int, error) { return 0, nil })},
	{abandonedCase, "nobody is counted", abandoning(func(ctx context.Context, f *faulty, now time.Time, term time.Duration) (int, error) {
		_, err := f.Store.MakeAbandonedDue(ctx, now, term)
		return 0, err
	})},
	{abandonedCase, "a lease is over too early", shiftedAbandoned(time.Millisecond)},
	{abandonedCase, "a lease is over too late", shiftedAbandoned(-time.Millisecond)},
	{abandonedCase, "the version stays", func(f *faulty) {
		f.connection = func(ctx context.Context, id string) (store.Connection, error) {
			c, err := f.Store.Connection(ctx, id)
			c.Version = min(c.Version, 1)
			return c, err
		}
	}},
	{aheadCase, "every lease is trusted", trusting},
	{aheadCase, "two terms are too long", shiftedAbandoned(-time.Millisecond)},
	{termsOfTheCall, "every term is ten minutes", abandoning(func(ctx context.Context, f *faulty, now time.Time, _ time.Duration) (int, error) {
		return f.Store.MakeAbandonedDue(ctx, now, 10*time.Minute)
	})},
	{givenBackCase, "a release is forgotten", func(f *faulty) { f.release = func(context.Context, store.Lease) error { return nil } }},
	{concludedCase, "what was written does not count", alsoAbandoned("tried")},
	{concludedCase, "a login does not count", alsoAbandoned("logged in")},
	{concludedCase, "a term begins a little earlier", longerTerm(time.Millisecond)},
	{concludedCase, "a term begins a little later", longerTerm(-time.Millisecond)},
	{alreadyOrNotCase, "what is due is made due later", alsoAbandoned("due")},
	{alreadyOrNotCase, "what is never due becomes it", alsoAbandoned("never")},
}

func abandoning(do func(context.Context, *faulty, time.Time, time.Duration) (int, error)) func(*faulty) {
	return func(f *faulty) {
		f.makeAbandonedDue = func(ctx context.Context, now time.Time, term time.Duration) (int, error) {
			return do(ctx, f, now, term)
		}
	}
}

// shiftedAbandoned looks at another time.
func shiftedAbandoned(by time.Duration) func(*faulty) {
	return abandoning(func(ctx context.Context, f *faulty, now time.Time, term time.Duration) (int, error) {
		return f.Store.MakeAbandonedDue(ctx, now.Add(by), term)
	})
}

// longerTerm takes the lease for one of another term.
func longerTerm(by time.Duration) func(*faulty) {
	return abandoning(func(ctx context.Context, f *faulty, now time.Time, term time.Duration) (int, error) {
		return f.Store.MakeAbandonedDue(ctx, now, term+by)
	})
}

// trusting makes nothing due while its last lease has not ended, however far away its end is.
func trusting(f *faulty) {
	var end time.Time
	f.claim = func(ctx context.Context, id, holder string, now time.Time, term time.Duration) (store.Lease, error) {
		l, err := f.Store.Claim(ctx, id, holder, now, term)
		end = l.Until
		return l, err
	}
	f.makeAbandonedDue = func(ctx context.Context, now time.Time, term time.Duration) (int, error) {
		if end.After(now) {
			return 0, nil
		}
		return f.Store.MakeAbandonedDue(ctx, now, term)
	}
}

// alsoAbandoned makes one connection due besides.
func alsoAbandoned(id string) func(*faulty) {
	return abandoning(func(ctx context.Context, f *faulty, now time.Time, term time.Duration) (int, error) {
		n, err := f.Store.MakeAbandonedDue(ctx, now, term)
		if c, errRead := f.Store.Connection(ctx, id); errRead == nil {
			c.NextRefreshAt = now
			_, err = f.Store.UpdateConnection(ctx, c)
		}
		return n, err
	})
}
