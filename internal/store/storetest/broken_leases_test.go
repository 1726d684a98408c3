package storetest_test

import (
	"context"
	"errors"
	"slices"
	"time"

	"latchkey/internal/store"
)

var leaseBreakages = []breakage{
	{"leases/due are those at their time, whatever their status", "what is due in a moment is claimed", func(f *faulty) {
		f.claimDue = func(ctx context.Context, holder string, now time.Time, term time.Duration, limit int) ([]store.Lease, error) {
			return f.Store.ClaimDue(ctx, holder, now.Add(time.Millisecond), term, limit)
		}
	}},
	{"leases/due are those at their time, whatever their status", "what is due now is not claimed", func(f *faulty) {
		f.claimDue = func(ctx context.Context, holder string, now time.Time, term time.Duration, limit int) ([]store.Lease, error) {
			return f.Store.ClaimDue(ctx, holder, now.Add(-time.Millisecond), term, limit)
		}
	}},
	{"leases/due are those at their time, whatever their status", "only active ones are due", func(f *faulty) {
		f.claimDue = func(ctx context.Context, holder string, now time.Time, term time.Duration, limit int) ([]store.Lease, error) {
			leases, err := f.Store.ClaimDue(ctx, holder, now, term, limit)
			return slices.DeleteFunc(leases, func(l store.Lease) bool {
				c, _ := f.Store.Connection(ctx, l.ConnectionID)
				return c.Status != store.StatusActive
			}), err
		}
	}},
	{"leases/due are those at their time, whatever their status", "what is never due is claimed", func(f *faulty) {
		f.claimDue = func(ctx context.Context, holder string, now time.Time, term time.Duration, limit int) ([]store.Lease, error) {
			leases, err := f.Store.ClaimDue(ctx, holder, now, term, limit)
			if l, failed := f.Store.Claim(ctx, "never", holder, now, term); failed == nil {
				leases = append(leases, l)
			}
			return leases, err
		}
	}},
	{"leases/the most overdue are claimed first, at most limit", "the order is another", func(f *faulty) {
		f.claimDue = func(ctx context.Context, holder string, now time.Time, term time.Duration, limit int) ([]store.Lease, error) {
			leases, err := f.Store.ClaimDue(ctx, holder, now, term, limit)
			slices.Reverse(leases)
			return leases, err
		}
	}},
	{"leases/the most overdue are claimed first, at most limit", "no limit is no limit", func(f *faulty) {
		f.claimDue = func(ctx context.Context, holder string, now time.Time, term time.Duration, limit int) ([]store.Lease, error) {
			if limit == 0 {
				limit = 1000
			}
			return f.Store.ClaimDue(ctx, holder, now, term, limit)
		}
	}},
	{"leases/what is claimed is not claimed again until the lease ends", "leases end too early", func(f *faulty) {
		f.claimDue = func(ctx context.Context, holder string, now time.Time, term time.Duration, limit int) ([]store.Lease, error) {
			return f.Store.ClaimDue(ctx, holder, now, term-time.Millisecond, limit)
		}
	}},
	{"leases/what is claimed is not claimed again until the lease ends", "leases end too late", func(f *faulty) {
		f.claimDue = func(ctx context.Context, holder string, now time.Time, term time.Duration, limit int) ([]store.Lease, error) {
			return f.Store.ClaimDue(ctx, holder, now, term+time.Millisecond, limit)
		}
	}},
	{"leases/a claim by id asks neither for the status nor for the time", "only active ones can be claimed", func(f *faulty) {
		f.claim = func(ctx context.Context, id, holder string, now time.Time, term time.Duration) (store.Lease, error) {
			if c, err := f.Store.Connection(ctx, id); err == nil && c.Status != store.StatusActive {
				return store.Lease{}, store.ErrLeaseLost
			}
			return f.Store.Claim(ctx, id, holder, now, term)
		}
	}},
	{"leases/a claim by id asks neither for the status nor for the time", "what is not there is taken", func(f *faulty) {
		f.claim = func(ctx context.Context, id, holder string, now time.Time, term time.Duration) (store.Lease, error) {
			l, err := f.Store.Claim(ctx, id, holder, now, term)
			return l, but(err, store.ErrNotFound, store.ErrLeaseLost)
		}
	}},
	{"leases/whoever holds a lease cannot claim it again", "a holder claims what it has", func(f *faulty) {
		holders := map[string]string{}
		f.claim = func(ctx context.Context, id, holder string, now time.Time, term time.Duration) (store.Lease, error) {
			l, err := f.Store.Claim(ctx, id, holder, now, term)
			if holders[id] == holder {
				err = nil
			}
			holders[id] = holder
			return l, err
		}
	}},
	{"leases/one that ends later than two terms from now is over", "a claim trusts every lease", func(f *faulty) {
		trustEveryLease(f, true, false)
	}},
	{"leases/one that ends later than two terms from now is over", "what is due trusts every lease", func(f *faulty) {
		trustEveryLease(f, false, true)
	}},
	{"leases/one that ends later than two terms from now is over", "two terms are too long for a claim", func(f *faulty) {
		f.claim = func(ctx context.Context, id, holder string, now time.Time, term time.Duration) (store.Lease, error) {
			return f.Store.Claim(ctx, id, holder, now.Add(-time.Millisecond), term)
		}
	}},
	{"leases/one that ends later than two terms from now is over", "two terms are too long for what is due", func(f *faulty) {
		f.claimDue = func(ctx context.Context, holder string, now time.Time, term time.Duration, limit int) ([]store.Lease, error) {
			return f.Store.ClaimDue(ctx, holder, now.Add(-time.Millisecond), term, limit)
		}
	}},
	{"leases/two terms are those of the call", "every term of a claim is ten minutes", func(f *faulty) {
		f.claim = func(ctx context.Context, id, holder string, now time.Time, _ time.Duration) (store.Lease, error) {
			return f.Store.Claim(ctx, id, holder, now, 10*time.Minute)
		}
	}},
	{"leases/two terms are those of the call", "every term of what is due is ten minutes", func(f *faulty) {
		f.claimDue = func(ctx context.Context, holder string, now time.Time, _ time.Duration, limit int) ([]store.Lease, error) {
			return f.Store.ClaimDue(ctx, holder, now, 10*time.Minute, limit)
		}
	}},
	{"leases/a clock that jumps a day locks nobody out", "every lease is trusted", func(f *faulty) {
		trustEveryLease(f, true, true)
	}},
	{"leases/a clock that jumps a day locks nobody out", "the one from ahead goes on", func(f *faulty) {
		f.renew = func(ctx context.Context, l store.Lease, now time.Time, term time.Duration) (store.Lease, error) {
			renewed, err := f.Store.RenewLease(ctx, l, now, term)
			return renewed, but(err, store.ErrLeaseLost, nil)
		}
	}},
	{"leases/a claim says who, which and until when", "a claim does not say until when", func(f *faulty) {
		f.claimDue = func(ctx context.Context, holder string, now time.Time, term time.Duration, limit int) ([]store.Lease, error) {
			leases, err := f.Store.ClaimDue(ctx, holder, now, term, limit)
			for i := range leases {
				leases[i].Until = time.Time{}
			}
			return leases, err
		}
	}},
	{"leases/the term grows with each claim, however the last one ended", "a release forgets the term", func(f *faulty) {
		f.release = func(ctx context.Context, l store.Lease) error {
			c, err := f.Store.Connection(ctx, l.ConnectionID)
			err = errors.Join(err, f.Store.DeleteConnection(ctx, l.ConnectionID))
			_, putErr := f.Store.PutConnection(ctx, c, store.Event{ConnectionID: c.ID})
			return errors.Join(err, putErr)
		}
	}},
	{"leases/a renewed lease runs on from now", "a lease is renewed from its end", func(f *faulty) {
		f.renew = func(ctx context.Context, l store.Lease, _ time.Time, term time.Duration) (store.Lease, error) {
			return f.Store.RenewLease(ctx, l, l.Until, term)
		}
	}},
	{"leases/a lease that ended cannot be renewed", "a renewal does not look at the time", func(f *faulty) {
		f.renew = func(ctx context.Context, l store.Lease, _ time.Time, term time.Duration) (store.Lease, error) {
			return f.Store.RenewLease(ctx, l, l.Until, term)
		}
	}},
	{"leases/a released lease is free at once, and over", "a lease runs out and is never released", func(f *faulty) {
		f.release = func(context.Context, store.Lease) error { return nil }
	}},
	{"leases/an old term can neither be renewed nor released", "the holder counts, not the term", func(f *faulty) {
		var last store.Lease
		f.claim = func(ctx context.Context, id, holder string, now time.Time, term time.Duration) (store.Lease, error) {
			l, err := f.Store.Claim(ctx, id, holder, now, term)
			if err == nil {
				last = l
			}
			return l, err
		}
		f.renew = func(ctx context.Context, _ store.Lease, now time.Time, term time.Duration) (store.Lease, error) {
			return f.Store.RenewLease(ctx, last, now, term)
		}
	}},
	{"leases/an old term can neither be renewed nor released", "anybody may release", func(f *faulty) {
		f.release = func(ctx context.Context, l store.Lease) error {
			err := f.Store.ReleaseLease(ctx, l)
			return but(err, store.ErrLeaseLost, nil)
		}
	}},
	{"leases/a lease outlives the writes of its connection", "a put ends the lease", func(f *faulty) {
		f.put = func(ctx context.Context, c store.Connection, e store.Event, begins ...store.Session) (store.Connection, error) {
			old, err := f.Store.Connection(ctx, c.ID)
			if err != nil {
				return f.Store.PutConnection(ctx, c, e, begins...)
			}
			_ = f.Store.DeleteConnection(ctx, c.ID)
			stored, err := f.Store.PutConnection(ctx, c, e, begins...)
			stored.Version = old.Version + 1
			return stored, err
		}
	}},
	{"leases/no lease changes the connection", "a claim is a write", func(f *faulty) {
		f.claim = func(ctx context.Context, id, holder string, now time.Time, term time.Duration) (store.Lease, error) {
			if c, err := f.Store.Connection(ctx, id); err == nil {
				_, _ = f.Store.UpdateConnection(ctx, c, store.Event{ConnectionID: "19"})
			}
			return f.Store.Claim(ctx, id, holder, now, term)
		}
	}},
	{"leases/a lease goes with its connection", "a lease stays when its connection goes", func(f *faulty) {
		f.renew = func(ctx context.Context, l store.Lease, now time.Time, term time.Duration) (store.Lease, error) {
			renewed, err := f.Store.RenewLease(ctx, l, now, term)
			return renewed, but(err, store.ErrLeaseLost, nil)
		}
	}},
}

// trustEveryLease makes a lease run until its end, however far away that is, for a claim of one
// connection, for the claims of what is due, or for both.
func trustEveryLease(f *faulty, one, due bool) {
	ends := map[string]time.Time{}
	runs := func(id string, now time.Time) bool { return ends[id].After(now) }
	f.claim = func(ctx context.Context, id, holder string, now time.Time, term time.Duration) (store.Lease, error) {
		if one && runs(id, now) {
			return store.Lease{}, store.ErrLeaseLost
		}
		l, err := f.Store.Claim(ctx, id, holder, now, term)
		if err == nil {
			ends[id] = l.Until
		}
		return l, err
	}
	f.claimDue = func(ctx context.Context, holder string, now time.Time, term time.Duration, limit int) ([]store.Lease, error) {
		leases, err := f.Store.ClaimDue(ctx, holder, now, term, limit)
		leases = slices.DeleteFunc(leases, func(l store.Lease) bool { return due && runs(l.ConnectionID, now) })
		for _, l := range leases {
			ends[l.ConnectionID] = l.Until
		}
		return leases, err
	}
}
