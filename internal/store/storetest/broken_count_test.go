package storetest_test

import (
	"context"
	"slices"
	"time"

	"latchkey/internal/store"
)

const (
	activeCase = "stats/a count of all looks at the ends of active ones alone"
	endsCase   = "stats/a count of all counts what ends by each of the moments"
)

var censusBreakages = []breakage{
	{"stats/a count of all of nothing is nothing", "nothing is not found", func(f *faulty) {
		f.countAll = func(ctx context.Context, ends []time.Time) (store.Counts, error) {
			c, err := f.Store.Count(ctx, ends)
			if c.Soonest.IsZero() {
				err = store.ErrNotFound
			}
			return c, err
		}
	}},
	{"stats/a count of all of nothing is nothing", "of nothing no end is counted", func(f *faulty) {
		f.countAll = changedCount(f, func(c *store.Counts) {
			if c.Dated == 0 {
				c.Ending = nil
			}
		})
	}},
	{"stats/a count of all counts each status", "what is disconnected does not count", func(f *faulty) {
		f.countAll = changedCount(f, func(c *store.Counts) { delete(c.Status, store.StatusDisconnected) })
	}},
	{"stats/a count of all counts each status", "what needs a login is active", func(f *faulty) {
		f.countAll = changedCount(f, func(c *store.Counts) {
			c.Status[store.StatusActive] += c.Status[store.StatusReconnect]
		})
	}},
	{endsCase, "what ends at a moment ends after it", func(f *faulty) { f.countAll = shifted(f, -time.Millisecond) }},
	{endsCase, "what ends after a moment ends at it", func(f *faulty) { f.countAll = shifted(f, time.Millisecond) }},
	{endsCase, "what ended before another moment is not counted again", func(f *faulty) {
		f.countAll = changedCount(f, func(c *store.Counts) {
			for i := len(c.Ending) - 1; i > 0; i-- {
				c.Ending[i] -= c.Ending[i-1]
			}
		})
	}},
	{endsCase, "an unknown expiry is long ago", func(f *faulty) {
		f.countAll = changedCount(f, func(c *store.Counts) {
			for i := range c.Ending {
				c.Ending[i] += c.Status[store.StatusActive] - c.Dated
			}
		})
	}},
	{endsCase, "an unknown expiry is known", func(f *faulty) {
		f.countAll = changedCount(f, func(c *store.Counts) { c.Dated = c.Status[store.StatusActive] })
	}},
	{endsCase, "the soonest is the last one stored", func(f *faulty) {
		f.countAll = func(ctx context.Context, ends []time.Time) (store.Counts, error) {
			c, err := f.Store.Count(ctx, ends)
			all, _ := f.Store.ListConnections(ctx, "", 100)
			c.Soonest = all[len(all)-1].TokenExpiresAt
			return c, err
		}
	}},
	{activeCase, "what ends is counted of all", func(f *faulty) {
		f.countAll = ofAll(f, func(c *store.Counts, all store.Counts) { c.Ending = all.Ending })
	}},
	{activeCase, "what ends at all is counted of all", func(f *faulty) {
		f.countAll = ofAll(f, func(c *store.Counts, all store.Counts) { c.Dated = all.Dated })
	}},
	{activeCase, "the soonest is that of all", func(f *faulty) {
		f.countAll = ofAll(f, func(c *store.Counts, all store.Counts) { c.Soonest = all.Soonest })
	}},
}

// changedCount returns a count of all that changes what it counted.
func changedCount(f *faulty, change func(*store.Counts)) func(context.Context, []time.Time) (store.Counts, error) {
	return func(ctx context.Context, ends []time.Time) (store.Counts, error) {
		c, err := f.Store.Count(ctx, ends)
		change(&c)
		return c, err
	}
}

// shifted returns a count of all of other moments than those asked for.
func shifted(f *faulty, by time.Duration) func(context.Context, []time.Time) (store.Counts, error) {
	return func(ctx context.Context, ends []time.Time) (store.Counts, error) {
		others := slices.Clone(ends)
		for i := range others {
			others[i] = others[i].Add(by)
		}
		return f.Store.Count(ctx, others)
	}
}

// ofAll returns a count of all that takes over something of one that does not ask for the status.
func ofAll(f *faulty, take func(c *store.Counts, all store.Counts)) func(context.Context, []time.Time) (store.Counts, error) {
	return func(ctx context.Context, ends []time.Time) (store.Counts, error) {
		c, err := f.Store.Count(ctx, ends)
		all := store.Counts{Ending: make([]int64, len(ends))}
		connections, _ := f.Store.ListConnections(ctx, "", 100)
		for _, dated := range connections {
			end := dated.TokenExpiresAt
			if end.IsZero() {
				continue
			}
			all.Dated++
			if all.Soonest.IsZero() || end.Before(all.Soonest) {
				all.Soonest = end
			}
			for i := range ends {
				if !end.After(ends[i]) {
					all.Ending[i]++
				}
			}
		}
		take(&c, all)
		return c, err
	}
}
