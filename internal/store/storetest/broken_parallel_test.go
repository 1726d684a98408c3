package storetest_test

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"time"

	"latchkey/internal/store"
)

// parallelBreakages are what a store does that looks and then acts. None leaves it to chance
// whether two callers meet.
var parallelBreakages = []breakage{
	{"parallel/no update is lost", "two updates of one version both count", func(f *faulty) {
		var met sync.WaitGroup
		met.Add(2)
		var readers sync.Mutex
		waiting := 2
		f.connection = func(ctx context.Context, id string) (store.Connection, error) {
			c, err := f.Store.Connection(ctx, id)
			readers.Lock()
			waits := waiting > 0
			waiting--
			readers.Unlock()
			if waits {
				met.Done()
				met.Wait()
			}
			return c, err
		}
		f.update = overwrite(f)
	}},
	{"parallel/every put counts", "two puts get the same version", func(f *faulty) {
		f.put = func(ctx context.Context, c store.Connection, e store.Event, begins ...store.Session) (store.Connection, error) {
			stored, err := f.Store.PutConnection(ctx, c, e, begins...)
			stored.Version = (stored.Version + 1) / 2
			return stored, err
		}
	}},
	{"parallel/of several tokens for one version one is kept", "the last token is kept", func(f *faulty) {
		f.update = overwrite(f)
	}},
	{"parallel/of several tokens for one version one is kept", "a token that was dropped is told of", func(f *faulty) {
		f.update = func(ctx context.Context, c store.Connection, events ...store.Event) (store.Connection, error) {
			updated, err := f.Store.UpdateConnection(ctx, c, events...)
			if err != nil {
				err = errors.Join(err, f.Store.AppendEvent(ctx, events[0]))
			}
			return updated, err
		}
	}},
	{"parallel/each due connection is claimed by one", "one is claimed twice", func(f *faulty) {
		var once sync.Once
		f.claimDue = func(ctx context.Context, holder string, now time.Time, term time.Duration, limit int) ([]store.Lease, error) {
			leases, err := f.Store.ClaimDue(ctx, holder, now, term, limit)
			once.Do(func() { leases = append(leases, leases...) })
			return leases, err
		}
	}},
	{"parallel/each due connection is claimed by one", "one is claimed by nobody", func(f *faulty) {
		var once sync.Once
		f.claimDue = func(ctx context.Context, holder string, now time.Time, term time.Duration, limit int) ([]store.Lease, error) {
			leases, err := f.Store.ClaimDue(ctx, holder, now, term, limit)
			once.Do(func() { leases = leases[1:] })
			return leases, err
		}
	}},
	{"parallel/a claim has one winner", "everybody wins", func(f *faulty) {
		f.claim = everybodyClaims(f)
	}},
	{"parallel/a claim has one winner", "nobody wins", func(f *faulty) {
		f.claim = func(ctx context.Context, id, holder string, now time.Time, term time.Duration) (store.Lease, error) {
			l, err := f.Store.Claim(ctx, id, holder, now, term)
			return l, but(err, nil, store.ErrLeaseLost)
		}
	}},
	{"parallel/an ended lease goes to one, and the old term is over", "everybody inherits", func(f *faulty) {
		f.claim = everybodyClaims(f)
	}},
	{"parallel/an ended lease goes to one, and the old term is over", "the old holder goes on", func(f *faulty) {
		f.renew = func(ctx context.Context, l store.Lease, now time.Time, term time.Duration) (store.Lease, error) {
			renewed, err := f.Store.RenewLease(ctx, l, now, term)
			return renewed, but(err, store.ErrLeaseLost, nil)
		}
	}},
	{"parallel/a login goes through claims, and claims through logins", "a claim writes the connection back", func(f *faulty) {
		f.claim = func(ctx context.Context, id, holder string, now time.Time, term time.Duration) (store.Lease, error) {
			l, err := f.Store.Claim(ctx, id, holder, now, term)
			if c, missing := f.Store.Connection(ctx, id); missing == nil {
				_, _ = f.Store.PutConnection(ctx, c, store.Event{ConnectionID: "19"})
			}
			return l, err
		}
	}},
	{"parallel/a login goes through claims, and claims through logins", "a login is lost", func(f *faulty) {
		var logins atomic.Int64
		f.put = func(ctx context.Context, c store.Connection, e store.Event, begins ...store.Session) (store.Connection, error) {
			if logins.Add(1) == 7 {
				return c, nil
			}
			return f.Store.PutConnection(ctx, c, e, begins...)
		}
	}},
	{"parallel/an alarm is raised once, and each of its versions replaced once", "everybody raises it", func(f *faulty) {
		f.putAlarm = func(ctx context.Context, a store.Alarm, events ...store.Event) (store.Alarm, error) {
			stored, err := f.Store.PutAlarm(ctx, a, events...)
			return stored, but(err, store.ErrConflict, nil)
		}
	}},
	{"parallel/an alarm is raised once, and each of its versions replaced once", "everybody tells of it", func(f *faulty) {
		f.putAlarm = toldAnyway(f)
	}},
	{"parallel/an alarm is raised once, and each of its versions replaced once", "everybody changes it", func(f *faulty) {
		f.putAlarm = func(ctx context.Context, a store.Alarm, events ...store.Event) (store.Alarm, error) {
			stored, err := f.Store.PutAlarm(ctx, a, events...)
			if a.Version > 0 {
				err = but(err, store.ErrConflict, nil)
			}
			return stored, err
		}
	}},
	{"parallel/of the same link one is created", "the last one stays", func(f *faulty) {
		f.createLink = func(ctx context.Context, l store.Link) error {
			return but(f.Store.CreateLink(ctx, l), store.ErrExists, nil)
		}
	}},
	{"parallel/a link is used up once", "a link is used twice", func(f *faulty) {
		f.useLink = func(ctx context.Context, secret store.Hash, now time.Time) (store.Link, error) {
			l, err := f.Store.UseLink(ctx, secret, now)
			return l, but(err, store.ErrTaken, nil)
		}
	}},
	{"parallel/a link is used up once", "the others do not learn when", func(f *faulty) {
		f.useLink = func(ctx context.Context, secret store.Hash, now time.Time) (store.Link, error) {
			l, err := f.Store.UseLink(ctx, secret, now)
			l.UsedAt = now
			return l, err
		}
	}},
	{"parallel/of several sweeps one is remembered", "the second one is refused", func(f *faulty) {
		var records atomic.Int64
		f.recordSweep = func(ctx context.Context, at time.Time) error {
			if records.Add(1) > 1 {
				return store.ErrExists
			}
			return f.Store.RecordSweep(ctx, at)
		}
	}},
	{"parallel/of several sweeps one is remembered", "none is", func(f *faulty) {
		f.recordSweep = func(context.Context, time.Time) error { return nil }
	}},
	{"parallel/one first fingerprint is recorded", "everybody is first", func(f *faulty) {
		f.replaceFingerprint = func(ctx context.Context, old, fingerprint string) error {
			return but(f.Store.ReplaceKeyringFingerprint(ctx, old, fingerprint), store.ErrConflict, nil)
		}
	}},
}

func everybodyClaims(f *faulty) func(context.Context, string, string, time.Time, time.Duration) (store.Lease, error) {
	return func(ctx context.Context, id, holder string, now time.Time, term time.Duration) (store.Lease, error) {
		l, err := f.Store.Claim(ctx, id, holder, now, term)
		return l, but(err, store.ErrLeaseLost, nil)
	}
}
