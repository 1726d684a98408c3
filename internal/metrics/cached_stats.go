package metrics

import (
	"context"
	"sync"
	"time"

	"latchkey/internal/panics"
	"latchkey/internal/store"
)

const (
	// patience is how long a scrape waits for the store. Prometheus itself gives up after ten
	// seconds, and then it would have nothing.
	patience = 3 * time.Second
	// longest is how long a question may go on when the scrape that asked it has gone without.
	longest = time.Minute
	// keepFactor is for how many times its own cost an answer is kept: counting a large fleet
	// takes at most a twentieth of the time of one thread.
	keepFactor = 20
	// jump is by how much the domain's clock must get away from the machine's to be asked anew.
	jump = 2 * time.Second
)

// FleetStore is what a scrape asks of the store.
type FleetStore interface {
	Count(ctx context.Context, ends []time.Time) (store.Counts, error)
	Alarms(ctx context.Context) ([]store.Alarm, error)
}

// cachedStats asks the store one question at a time and keeps the answer for a while.
type cachedStats struct {
	store FleetStore
	now   func() time.Time

	mu    sync.Mutex
	last  answer
	err   error         // of the last question; nil before the first one
	asked chan struct{} // closed when the question under way ends; nil when none is
}

// answer is what the store said of all connections at one moment. The zero value is no answer.
type answer struct {
	counts store.Counts
	alarms []store.Alarm
	// at is the moment on the domain's clock, came on the machine's, and took is what it cost.
	at, came time.Time
	took     time.Duration
}

func (a answer) known() bool { return !a.came.IsZero() }

// ask returns the newest answer there is, an old one or none when the store does not answer in
// time; up says whether it did.
func (a *cachedStats) ask() (newest answer, up bool) {
	asked := a.begin()
	if asked != nil {
		select {
		case <-asked:
		case <-time.After(patience):
			a.mu.Lock()
			defer a.mu.Unlock()
			return a.last, false
		}
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.last, a.err == nil
}

// begin begins a question unless one is under way or the last answer is still good; it returns nil
// when there is nothing to wait for.
func (a *cachedStats) begin() <-chan struct{} {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.asked == nil && !a.good() {
		a.asked = make(chan struct{})
		go a.question(a.asked)
	}
	return a.asked
}

// good says whether the last answer need not be asked for again.
func (a *cachedStats) good() bool {
	if a.err != nil || !a.last.known() {
		return false
	}
	age := time.Since(a.last.came)
	drift := a.now().Sub(a.last.at) - age - a.last.took
	return age < keepFactor*a.last.took && drift.Abs() < jump
}

func (a *cachedStats) read(ctx context.Context, into *answer) (err error) {
	if into.counts, err = a.store.Count(ctx, runwayEnds(into.at)); err == nil {
		into.alarms, err = a.store.Alarms(ctx)
	}
	return err
}

func (a *cachedStats) question(ended chan<- struct{}) {
	ctx, cancel := context.WithTimeout(context.Background(), longest)
	defer cancel()
	began := time.Now()
	next := answer{at: a.now()}
	var err error
	if panicked := panics.Catch(func() { err = a.read(ctx, &next) }); panicked != nil {
		err = panicked
	}
	next.came = time.Now()
	next.took = next.came.Sub(began)

	a.mu.Lock()
	defer a.mu.Unlock()
	if a.err = err; err == nil {
		a.last = next
	}
	a.asked = nil
	close(ended)
}
