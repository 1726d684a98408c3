package storetest_test

import (
	"context"
	"slices"
	"strings"
	"time"

	"latchkey/internal/store"
)

var tallyBreakages = []breakage{
	{"stats/a count of failures of nothing is nothing", "what was never tried is counted", func(f *faulty) {
		f.countFailures = counted(f, func(c store.Connection, _ string, since time.Time) (tried, alike bool) {
			return c.TriedAt.IsZero() || c.TriedAt.After(since), false
		})
	}},
	{"stats/a count of failures of nothing is nothing", "nothing is not found", func(f *faulty) {
		f.countFailures = func(ctx context.Context, cause string, since time.Time) (store.FailureCounts, error) {
			t, err := f.Store.CountFailures(ctx, cause, since)
			if t.Tried == 0 {
				err = store.ErrNotFound
			}
			return t, err
		}
	}},
	{"stats/a count of failures counts what was tried after the moment", "a count of failures begins a moment too early", func(f *faulty) {
		f.countFailures = func(ctx context.Context, cause string, since time.Time) (store.FailureCounts, error) {
			return f.Store.CountFailures(ctx, cause, since.Add(-time.Millisecond))
		}
	}},
	{"stats/a count of failures counts what was tried after the moment", "a count of failures begins a moment too late", func(f *faulty) {
		f.countFailures = func(ctx context.Context, cause string, since time.Time) (store.FailureCounts, error) {
			return f.Store.CountFailures(ctx, cause, since.Add(time.Millisecond))
		}
	}},
	{"stats/a count of failures leaves out what was in trouble at the moment", "an old trouble is a new one", func(f *faulty) {
		f.countFailures = counted(f, func(c store.Connection, cause string, since time.Time) (tried, alike bool) {
			return c.TriedAt.After(since), c.Failure.Since.After(since) && c.Failure.Cause == cause
		})
	}},
	{"stats/a count of failures leaves out what was in trouble at the moment", "what began at the moment began after it", func(f *faulty) {
		f.countFailures = counted(f, func(c store.Connection, cause string, since time.Time) (tried, alike bool) {
			began := c.Failure.Since
			return c.TriedAt.After(since) && (began.IsZero() || !began.Before(since)),
				began.After(since) && c.Failure.Cause == cause
		})
	}},
	{"stats/a count of failures leaves out what was in trouble at the moment", "alike is what failed before too", func(f *faulty) {
		f.countFailures = counted(f, func(c store.Connection, cause string, since time.Time) (tried, alike bool) {
			return isTried(c, since), c.Failure.Cause == cause
		})
	}},
	{alikeCase, "only what is active is alike", func(f *faulty) {
		f.countFailures = counted(f, func(c store.Connection, cause string, since time.Time) (tried, alike bool) {
			return isTried(c, since), isAlike(c, cause, since) && c.Status == store.StatusActive
		})
	}},
	{alikeCase, "only what is active is tried", func(f *faulty) {
		f.countFailures = counted(f, func(c store.Connection, cause string, since time.Time) (tried, alike bool) {
			return isTried(c, since) && c.Status == store.StatusActive, isAlike(c, cause, since)
		})
	}},
	{alikeCase, "what is alike has one class", func(f *faulty) {
		f.countFailures = counted(f, func(c store.Connection, cause string, since time.Time) (tried, alike bool) {
			return isTried(c, since), isAlike(c, cause, since) && c.Failure.Class == "retry"
		})
	}},
	{alikeCase, "the beginning of a cause is enough", func(f *faulty) {
		f.countFailures = counted(f, func(c store.Connection, cause string, since time.Time) (tried, alike bool) {
			return isTried(c, since), c.Failure.Since.After(since) && strings.HasPrefix(c.Failure.Cause, cause)
		})
	}},
	{alikeCase, "no trouble is like one without a cause", func(f *faulty) {
		f.countFailures = counted(f, func(c store.Connection, cause string, since time.Time) (tried, alike bool) {
			return isTried(c, since), isTried(c, since) && c.Failure.Cause == cause
		})
	}},
	{"stats/a count of failures follows what is written", "a count of failures is remembered", func(f *faulty) {
		var remembered *store.FailureCounts
		f.countFailures = func(ctx context.Context, cause string, since time.Time) (store.FailureCounts, error) {
			if remembered != nil {
				return *remembered, nil
			}
			t, err := f.Store.CountFailures(ctx, cause, since)
			remembered = &t
			return t, err
		}
	}},
}

var noticeBreakages = []breakage{
	{noticeCase, "a notice is due a moment too early", func(f *faulty) {
		f.dueNotices = func(ctx context.Context, now time.Time, limit int) ([]store.Connection, error) {
			return f.Store.DueNotices(ctx, now.Add(time.Millisecond), limit)
		}
	}},
	{noticeCase, "a notice is due a moment too late", func(f *faulty) {
		f.dueNotices = func(ctx context.Context, now time.Time, limit int) ([]store.Connection, error) {
			return f.Store.DueNotices(ctx, now.Add(-time.Millisecond), limit)
		}
	}},
	{noticeCase, "only who is disconnected is told nothing", func(f *faulty) {
		f.dueNotices = func(ctx context.Context, now time.Time, limit int) ([]store.Connection, error) {
			due, err := f.Store.DueNotices(ctx, now, limit)
			return slices.DeleteFunc(due, func(c store.Connection) bool { return c.Status == store.StatusDisconnected }), err
		}
	}},
	{noticeCase, "never is long ago", func(f *faulty) {
		f.dueNotices = func(ctx context.Context, now time.Time, limit int) ([]store.Connection, error) {
			due, err := f.Store.DueNotices(ctx, now, limit)
			all, _ := f.Store.ListConnections(ctx, "", 100)
			for _, c := range all {
				if c.NoticeAt.IsZero() {
					due = append([]store.Connection{c}, due...)
				}
			}
			return due, err
		}
	}},
	{"stats/the earliest notices come first, at most limit", "the order is another", func(f *faulty) {
		f.dueNotices = func(ctx context.Context, now time.Time, limit int) ([]store.Connection, error) {
			due, err := f.Store.DueNotices(ctx, now, limit)
			slices.Reverse(due)
			return due, err
		}
	}},
	{"stats/the earliest notices come first, at most limit", "the limit leaves the latest", func(f *faulty) {
		f.dueNotices = func(ctx context.Context, now time.Time, limit int) ([]store.Connection, error) {
			due, err := f.Store.DueNotices(ctx, now, 100)
			return due[max(len(due)-limit, 0):], err
		}
	}},
	{"stats/the earliest notices come first, at most limit", "no limit is no limit", func(f *faulty) {
		f.dueNotices = func(ctx context.Context, now time.Time, limit int) ([]store.Connection, error) {
			if limit == 0 {
				limit = 100
			}
			return f.Store.DueNotices(ctx, now, limit)
		}
	}},
	{"stats/a due notice is a whole connection, and stays due until it is moved", "a notice is due once", func(f *faulty) {
		told := map[string]bool{}
		f.dueNotices = func(ctx context.Context, now time.Time, limit int) ([]store.Connection, error) {
			due, err := f.Store.DueNotices(ctx, now, limit)
			due = slices.DeleteFunc(due, func(c store.Connection) bool { return told[c.ID] })
			for _, c := range due {
				told[c.ID] = true
			}
			return due, err
		}
	}},
	{"stats/a due notice is a whole connection, and stays due until it is moved", "what is claimed is not told", func(f *faulty) {
		claimed := map[string]bool{}
		f.claim = func(ctx context.Context, id, holder string, now time.Time, term time.Duration) (store.Lease, error) {
			claimed[id] = true
			return f.Store.Claim(ctx, id, holder, now, term)
		}
		f.dueNotices = func(ctx context.Context, now time.Time, limit int) ([]store.Connection, error) {
			due, err := f.Store.DueNotices(ctx, now, limit)
			return slices.DeleteFunc(due, func(c store.Connection) bool { return claimed[c.ID] }), err
		}
	}},
}

var sweepBreakages = []breakage{
	{"stats/the last sweep is the one recorded last", "no sweep is the zero time", func(f *faulty) {
		f.lastSweep = func(ctx context.Context) (time.Time, error) {
			at, err := f.Store.LastSweep(ctx)
			return at, but(err, store.ErrNotFound, nil)
		}
	}},
	{"stats/the last sweep is the one recorded last", "the first sweep stays", func(f *faulty) {
		f.recordSweep = func(ctx context.Context, at time.Time) error {
			if _, err := f.Store.LastSweep(ctx); err == nil {
				return nil
			}
			return f.Store.RecordSweep(ctx, at)
		}
	}},
	{"stats/the last sweep is the one recorded last", "the latest sweep stays", func(f *faulty) {
		f.recordSweep = func(ctx context.Context, at time.Time) error {
			if last, err := f.Store.LastSweep(ctx); err == nil && last.After(at) {
				return nil
			}
			return f.Store.RecordSweep(ctx, at)
		}
	}},
}

const (
	alikeCase  = "stats/alike are those of one cause, whatever their status and class"
	noticeCase = "stats/notices are due at their time, whatever the status"
)

// isTried and isAlike are what a count of failures counts.
func isTried(c store.Connection, since time.Time) bool {
	return c.TriedAt.After(since) && (c.Failure.Since.IsZero() || c.Failure.Since.After(since))
}

func isAlike(c store.Connection, cause string, since time.Time) bool {
	return c.Failure.Since.After(since) && c.Failure.Cause == cause
}

// counted returns a count of failures of its own.
func counted(
	f *faulty, count func(c store.Connection, cause string, since time.Time) (tried, alike bool),
) func(context.Context, string, time.Time) (store.FailureCounts, error) {
	return func(ctx context.Context, cause string, since time.Time) (t store.FailureCounts, err error) {
		all, err := f.Store.ListConnections(ctx, "", 100)
		for _, c := range all {
			tried, alike := count(c, cause, since)
			if tried {
				t.Tried++
			}
			if alike {
				t.Alike++
			}
		}
		return t, err
	}
}
