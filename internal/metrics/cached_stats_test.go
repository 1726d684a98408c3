package metrics_test

import (
	"context"
	"errors"
	"math"
	"testing"
	"testing/synctest"
	"time"

	"latchkey/internal/metrics"
	"latchkey/internal/store"
)

// slow is a store that takes its time to count.
type slow struct {
	takes time.Duration // hears the end of its context
	err   error
	asked int
}

func (s *slow) Count(ctx context.Context, _ []time.Time) (store.Counts, error) {
	s.asked++
	select {
	case <-ctx.Done():
		return store.Counts{}, ctx.Err()
	case <-time.After(s.takes):
	}
	return store.Counts{
		Status: map[store.Status]int64{store.StatusActive: int64(s.asked)},
		Dated:  1, Soonest: noon.Add(50 * day),
	}, s.err
}

func (*slow) Alarms(context.Context) ([]store.Alarm, error) { return nil, nil }

// pass lets time go by, and waits for what others do about it.
func pass(d time.Duration) {
	time.Sleep(d)
	synctest.Wait()
}

// watching runs a test on a clock of its own. With scraped it looks at the store, through what it
// told and how long that took; shift moves the domain's clock alone.
func watching(t *testing.T, s *slow, run func(scraped func() look, shift func(time.Duration))) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		start, shifted := time.Now(), time.Duration(0)
		m := metrics.New()
		m.Watch(s, noUsage, func() time.Time { return noon.Add(time.Since(start) + shifted) })
		run(func() look {
			began := time.Now()
			got := scrape(t, m)
			synctest.Wait() // a question may be under way
			return look{
				up:     got["latchkey_store_up{}"] == 1,
				active: got["latchkey_connections{status=active}"],
				runway: time.Duration(got["latchkey_token_runway_min_seconds{}"]) * time.Second,
				took:   time.Since(began),
			}
		}, func(d time.Duration) { shifted += d })
		pass(time.Hour) // a question that is still under way ends
	})
}

type look struct {
	up     bool
	active float64 // how often the store was asked for it
	runway time.Duration
	took   time.Duration
}

func TestAnAnswerIsKeptByWhatItCost(t *testing.T) {
	t.Parallel()
	s := &slow{takes: time.Second}
	watching(t, s, func(scraped func() look, _ func(time.Duration)) {
		if got := scraped(); got.active != 1 || !got.up || got.took != time.Second {
			t.Errorf("first: %+v", got)
		}
		pass(20*time.Second - time.Millisecond)
		if got := scraped(); got.active != 1 || !got.up || got.took != 0 || got.runway.Round(time.Minute) != 50*day {
			t.Errorf("within 20 seconds: %+v", got)
		}
		pass(time.Millisecond)
		if got := scraped(); got.active != 2 {
			t.Errorf("after them: %+v", got)
		}
	})
}

func TestAJumpOfTheClockIsAskedAnew(t *testing.T) {
	t.Parallel()
	for _, by := range []time.Duration{day, -day} {
		s := &slow{takes: time.Second}
		watching(t, s, func(scraped func() look, shift func(time.Duration)) {
			scraped()
			shift(by)
			if got := scraped(); got.active != 2 || got.runway.Round(time.Minute) != 50*day-by {
				t.Errorf("after a jump by %v: %+v", by, got)
			}
		})
	}
}

// TestAStoreThatHangs holds that a scrape is never kept for long, and that a store that is merely
// slow is heard in the end.
func TestAStoreThatHangs(t *testing.T) {
	t.Parallel()
	s := &slow{takes: 8 * time.Second}
	watching(t, s, func(scraped func() look, _ func(time.Duration)) {
		for range 2 {
			if got := scraped(); got.up || !math.IsNaN(got.active) || got.took != 3*time.Second {
				t.Errorf("while it counts: %+v", got)
			}
		}
		if got := scraped(); !got.up || got.active != 1 || got.took != 2*time.Second {
			t.Errorf("when it has counted: %+v", got)
		}
		if s.asked != 1 {
			t.Errorf("it was asked %d times at once", s.asked)
		}
	})
}

func TestAStoreThatIsAway(t *testing.T) {
	t.Parallel()
	s := &slow{takes: time.Millisecond}
	watching(t, s, func(scraped func() look, _ func(time.Duration)) {
		scraped()
		s.err = errors.New("away")
		pass(day)
		got := scraped()
		if got.up || got.active != 1 {
			t.Errorf("what it said last is kept: %+v", got)
		}
		if got.runway.Round(time.Minute) != 49*day {
			t.Errorf("a day later the runway is %v, not a day less", got.runway)
		}
		if got := scraped(); got.up || s.asked != 3 {
			t.Errorf("it is asked each time: %+v, asked %d times", got, s.asked)
		}
		s.err = nil
		if got := scraped(); !got.up || got.active != 4 {
			t.Errorf("it is back: %+v", got)
		}
		s.takes = 2 * time.Hour
		pass(time.Minute)
		scraped()
		pass(2 * time.Minute) // the question is given up after one
		if got := scraped(); got.up || s.asked != 6 {
			t.Errorf("it hangs: %+v, asked %d times", got, s.asked)
		}
	})
}
