package clock

import (
	"context"
	"sync"
	"time"
)

const (
	// tolerance is how far apart our clock and Instagram's may be until nothing is decided by ours.
	// Machines that keep their time are apart by less than a second; an answer that was under way for
	// its thirty seconds, and two replicas at three minutes from each other, fit in.
	tolerance = 5 * time.Minute
	// askEvery is how long a question that brought no date stays without another one.
	askEvery = 10 * time.Second
	// patience is how long a clock in doubt is not decided by while no question brings a date. One answer
	// that is none must not do: with a clock set ahead, everybody would be told that their time is up.
	patience = time.Hour
)

// Reference tells the time by two clocks: ours, and the Date of Instagram's answers. Ours counts,
// unless Instagram has shown that it is off.
//
// Between two answers the last Date goes on with the machine's monotonic time, which no setting of a
// clock moves. Where ours leaves that, nobody knows yet who is right: ours was set wrong or put
// right, the machine slept, or a test moved the time of both. Only a Date that is heard afterwards
// decides. Where none comes, ours counts, and is trusted after an hour.
//
// The Date of an answer with what was asked for decides. That of a refusal confirms ours, and where it
// does not, it is a reason to ask: what stands before Instagram and refuses in its terms may have
// another clock.
//
// It is safe for concurrent use. Its fields are set before the first call and not changed after it.
type Reference struct {
	// Now is our clock; nil is time.Now.
	Now func() time.Time
	// Ask makes one call to Instagram, so that a Date is heard. It is called when there is something
	// to decide and our clock is in doubt. Nil asks nobody.
	Ask func(context.Context)

	mu sync.Mutex
	// date is what was heard last, heard when by the monotonic clock, and off by how much our clock
	// was ahead of it then.
	date, heard time.Time
	off         time.Duration
	// contested says that a refusal since then had another date.
	contested bool
	// asked is when Ask was last called, by the monotonic clock.
	asked time.Time
	// wondered is when a question about a doubt that lasts was first in vain, by the monotonic clock;
	// zero while there is none.
	wondered time.Time
}

// Heard takes the Date of an answer of Instagram; refused says that it is one without what was asked
// for.
func (r *Reference) Heard(date time.Time, refused bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	off := r.ours().Sub(date)
	if refused && off.Abs() > tolerance {
		r.contested = true
		return
	}
	r.date, r.heard, r.off, r.contested = date, time.Now(), off, false
}

// Time is our clock, or Instagram's while ours is off.
func (r *Reference) Time() time.Time {
	r.mu.Lock()
	defer r.mu.Unlock()
	ours := r.ours()
	return ours.Add(-r.offAt(ours))
}

// Off is by how much our clock is ahead of Instagram's, negative when it is behind; zero while both
// agree within five minutes, and while nobody knows.
func (r *Reference) Off() time.Duration {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.offAt(r.ours())
}

// Trusted says whether our clock may be decided by. While it is in doubt, Instagram is asked, and it may
// not until a date was heard or an hour has passed in vain.
func (r *Reference) Trusted(ctx context.Context) bool {
	r.Check(ctx)
	r.mu.Lock()
	defer r.mu.Unlock()
	ours := r.ours()
	switch {
	case r.Ask == nil || !r.doubted(ours):
		r.wondered = time.Time{}
		return r.offAt(ours) == 0
	case r.wondered.IsZero():
		r.wondered = time.Now()
	}
	return time.Since(r.wondered) >= patience
}

// Check asks Instagram for its time when ours is in doubt, and now and then while ours is off: what
// showed that may have been an answer from before both clocks were moved. A question that brings no
// date is not repeated within ten seconds.
func (r *Reference) Check(ctx context.Context) {
	if r.Ask != nil && r.toAsk() {
		r.Ask(ctx)
	}
}

func (r *Reference) toAsk() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	ours := r.ours()
	inVain := r.heard.Before(r.asked)
	switch {
	case inVain && time.Since(r.asked) < askEvery:
		return false
	case r.doubted(ours), r.offAt(ours) != 0 && time.Since(r.heard) >= askEvery:
		r.asked = time.Now()
		return true
	default:
		return false
	}
}

// Doubted says that nobody knows whether our clock is right: nothing was heard yet, ours was moved since,
// or a refusal has another date.
func (r *Reference) Doubted() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.doubted(r.ours())
}

// drift is by how much our clock is ahead of where Instagram's must be by now.
func (r *Reference) drift(ours time.Time) time.Duration {
	return ours.Sub(r.date.Add(time.Since(r.heard)))
}

// doubted says that nothing was heard yet, that our clock was moved since, or that it is contested.
func (r *Reference) doubted(ours time.Time) bool {
	return r.heard.IsZero() || (r.drift(ours)-r.off).Abs() > tolerance || r.contested && r.off.Abs() <= tolerance
}

// offAt is zero where our clock agrees with what was heard, and where it is in doubt.
func (r *Reference) offAt(ours time.Time) time.Duration {
	if drift := r.drift(ours); !r.doubted(ours) && drift.Abs() > tolerance {
		return drift
	}
	return 0
}

// ours is read without its monotonic part, which would hide that the clock was set.
func (r *Reference) ours() time.Time {
	if r.Now == nil {
		return time.Now().Round(0)
	}
	return r.Now().Round(0)
}
