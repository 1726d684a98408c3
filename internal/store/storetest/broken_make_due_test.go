package storetest_test

import (
	"context"
	"time"

	"latchkey/internal/store"
)

const (
	putOffCase = "stats/what a wrong clock put off is made due"
	futureCase = "stats/what was tried in the future is made due"
)

var makeDueBreakages = []breakage{
	{putOffCase, "eight days are too many", shiftedMakeDue(-time.Millisecond)},
	{putOffCase, "a little more than eight days is not too much", shiftedMakeDue(time.Millisecond)},
	{putOffCase, "nothing is made due", func(f *faulty) {
		f.makeDue = func(context.Context, time.Time) (int, error) { return 0, nil }
	}},
	{putOffCase, "nobody is counted", func(f *faulty) {
		f.makeDue = func(ctx context.Context, now time.Time) (int, error) {
			_, err := f.Store.MakeDue(ctx, now)
			return 0, err
		}
	}},
	{putOffCase, "the version stays", func(f *faulty) {
		f.connection = func(ctx context.Context, id string) (store.Connection, error) {
			c, err := f.Store.Connection(ctx, id)
			c.Version = min(c.Version, 1)
			return c, err
		}
	}},
	{putOffCase, "never is far off", alsoDue("never", func(c *store.Connection, now time.Time) { c.NextRefreshAt = now })},
	{futureCase, "clocks must agree to the millisecond", shiftedMakeDue(-time.Millisecond)},
	{futureCase, "a little more than they may differ is not too much", shiftedMakeDue(time.Millisecond)},
	{futureCase, "a try in the future stays there", alsoDue("ahead", func(c *store.Connection, _ time.Time) {
		c.TriedAt = after(store.ClockTolerance + time.Millisecond)
	})},
	{futureCase, "what is never due becomes it", alsoDue("never again", func(c *store.Connection, now time.Time) {
		c.NextRefreshAt = now
	})},
}

func after(d time.Duration) time.Time {
	return time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC).Add(d)
}

// shiftedMakeDue takes other times for wrong, and writes the right one.
func shiftedMakeDue(by time.Duration) func(*faulty) {
	return func(f *faulty) {
		f.makeDue = func(ctx context.Context, now time.Time) (int, error) {
			n, err := f.Store.MakeDue(ctx, now.Add(by))
			return n, err
		}
	}
}

// alsoDue changes one connection besides.
func alsoDue(id string, change func(*store.Connection, time.Time)) func(*faulty) {
	return func(f *faulty) {
		f.makeDue = func(ctx context.Context, now time.Time) (int, error) {
			n, err := f.Store.MakeDue(ctx, now)
			if c, errRead := f.Store.Connection(ctx, id); errRead == nil {
				change(&c, now)
				_, err = f.Store.UpdateConnection(ctx, c)
			}
			return n, err
		}
	}
}
