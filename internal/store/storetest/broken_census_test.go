package storetest_test

import (
	"context"
	"slices"
	"time"

	"latchkey/internal/store"
)

const (
	activeCase = "fleet/a census looks at the ends of active ones alone"
	endsCase   = "fleet/a census counts what ends by each of the moments"
)

var censusBreakages = []breakage{
	{"fleet/a census of nothing is nothing", "nothing is not found", func(f *faulty) {
		f.census = func(ctx context.Context, ends []time.Time) (store.Census, error) {
			c, err := f.Store.Census(ctx, ends)
			if c.Soonest.IsZero() {
				err = store.ErrNotFound
			}
			return c, err
		}
	}},
	{"fleet/a census of nothing is nothing", "of nothing no end is counted", func(f *faulty) {
		f.census = changedCensus(f, func(c *store.Census) {
			if c.Dated == 0 {
				c.Ending = nil
			}
		})
	}},
	{"fleet/a census counts each status", "what is disconnected does not count", func(f *faulty) {
		f.census = changedCensus(f, func(c *store.Census) { delete(c.Status, store.StatusDisconnected) })
	}},
	{"fleet/a census counts each status", "what needs a login is active", func(f *faulty) {
		f.census = changedCensus(f, func(c *store.Census) {
			c.Status[store.StatusActive] += c.Status[store.StatusReconnect]
		})
	}},
	{endsCase, "what ends at a moment ends after it", func(f *faulty) { f.census = shifted(f, -time.Millisecond) }},
	{endsCase, "what ends after a moment ends at it", func(f *faulty) { f.census = shifted(f, time.Millisecond) }},
	{endsCase, "what ended before another moment is not counted again", func(f *faulty) {
		f.census = changedCensus(f, func(c *store.Census) {
			for i := len(c.Ending) - 1; i > 0; i-- {
				c.Ending[i] -= c.Ending[i-1]
			}
		})
	}},
	{endsCase, "an unknown expiry is long ago", func(f *faulty) {
		f.census = changedCensus(f, func(c *store.Census) {
			for i := range c.Ending {
				c.Ending[i] += c.Status[store.StatusActive] - c.Dated
			}
		})
	}},
	{endsCase, "an unknown expiry is known", func(f *faulty) {
		f.census = changedCensus(f, func(c *store.Census) { c.Dated = c.Status[store.StatusActive] })
	}},
	{endsCase, "the soonest is the last one stored", func(f *faulty) {
		f.census = func(ctx context.Context, ends []time.Time) (store.Census, error) {
			c, err := f.Store.Census(ctx, ends)
			all, _ := f.Store.ListConnections(ctx, "", 100)
			c.Soonest = all[len(all)-1].TokenExpiresAt
			return c, err
		}
	}},
	{activeCase, "what ends is counted of all", func(f *faulty) {
		f.census = ofAll(f, func(c *store.Census, all store.Census) { c.Ending = all.Ending })
	}},
	{activeCase, "what ends at all is counted of all", func(f *faulty) {
		f.census = ofAll(f, func(c *store.Census, all store.Census) { c.Dated = all.Dated })
	}},
	{activeCase, "the soonest is that of all", func(f *faulty) {
		f.census = ofAll(f, func(c *store.Census, all store.Census) { c.Soonest = all.Soonest })
	}},
}

// changedCensus returns a census that changes what it counted.
func changedCensus(f *faulty, change func(*store.Census)) func(context.Context, []time.Time) (store.Census, error) {
	return func(ctx context.Context, ends []time.Time) (store.Census, error) {
		c, err := f.Store.Census(ctx, ends)
		change(&c)
		return c, err
	}
}

// shifted returns a census of other moments than those asked for.
func shifted(f *faulty, by time.Duration) func(context.Context, []time.Time) (store.Census, error) {
	return func(ctx context.Context, ends []time.Time) (store.Census, error) {
		others := slices.Clone(ends)
		for i := range others {
			others[i] = others[i].Add(by)
		}
		return f.Store.Census(ctx, others)
	}
}

// ofAll returns a census that takes over something of one that does not ask for the status.
func ofAll(f *faulty, take func(c *store.Census, all store.Census)) func(context.Context, []time.Time) (store.Census, error) {
	return func(ctx context.Context, ends []time.Time) (store.Census, error) {
		c, err := f.Store.Census(ctx, ends)
		all := store.Census{Ending: make([]int64, len(ends))}
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
