package clock_test

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"latchkey/internal/clock"
)

const tolerance = 5 * time.Minute

// world is our clock, which can be set, and Instagram's, which is right.
type world struct {
	*clock.Reference
	ahead time.Duration
	// away says that Instagram does not answer, and asked how often it was asked.
	away  bool
	asked int
}

func newWorld() *world {
	w := &world{}
	w.Reference = &clock.Reference{
		Now: func() time.Time { return time.Now().Add(w.ahead) },
		Ask: func(context.Context) {
			if w.asked++; !w.away {
				w.Heard(time.Now(), false)
			}
		},
	}
	return w
}

// is checks what the reference says.
func (w *world) is(t *testing.T, what string, want time.Time, off time.Duration, doubted bool) {
	t.Helper()
	if got := w.Time(); !got.Equal(want) {
		t.Errorf("%s: the time is %v, want %v", what, got, want)
	}
	if got := w.Off(); got != off {
		t.Errorf("%s: off by %v, want %v", what, got, off)
	}
	if got := w.Doubted(); got != doubted {
		t.Errorf("%s: doubted %v, want %v", what, got, doubted)
	}
}

// TestReferenceBoundary is the table of when a clock is off.
func TestReferenceBoundary(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		ahead time.Duration
		off   bool
	}{
		{0, false},
		{tolerance, false},
		{tolerance + time.Nanosecond, true},
		{-tolerance, false},
		{-tolerance - time.Nanosecond, true},
		{90 * day, true},
		{-90 * day, true},
	} {
		synctest.Test(t, func(t *testing.T) {
			w := newWorld()
			w.ahead = tt.ahead
			w.Heard(time.Now(), false)
			time.Sleep(time.Hour) // on the bubble's clock
			if tt.off {
				w.is(t, tt.ahead.String(), time.Now(), tt.ahead, false)
			} else {
				w.is(t, tt.ahead.String(), time.Now().Add(tt.ahead), 0, false)
			}
			if got := w.Trusted(t.Context()); got == tt.off {
				t.Errorf("ahead by %v: trusted %v", tt.ahead, got)
			}
		})
	}
}

// TestReferenceJump holds that a jump alone is a doubt, that Instagram is asked then, and that all is
// well again the moment the clock is.
func TestReferenceJump(t *testing.T) {
	t.Parallel()
	for _, jump := range []time.Duration{90 * day, -90 * day, tolerance + time.Second, -tolerance - time.Second} {
		synctest.Test(t, func(t *testing.T) {
			w := newWorld()
			w.Heard(time.Now(), false)
			w.ahead = jump
			w.is(t, "after the jump", time.Now().Add(jump), 0, true)
			if w.Trusted(t.Context()) || w.asked != 1 {
				t.Errorf("trusted after %v, asked %d times", jump, w.asked)
			}
			time.Sleep(time.Minute)
			w.is(t, "once asked", time.Now(), jump, false)
			w.ahead = 0
			w.is(t, "put right", time.Now(), 0, true)
			if !w.Trusted(t.Context()) {
				t.Errorf("not trusted when put right after %v", jump)
			}
		})
	}
}

// TestReferenceSmallJump holds that a clock which is moved within the tolerance is no reason to ask.
func TestReferenceSmallJump(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newWorld()
		w.Heard(time.Now(), false)
		w.ahead = tolerance
		if w.is(t, "a small jump", time.Now().Add(tolerance), 0, false); !w.Trusted(t.Context()) || w.asked != 0 {
			t.Errorf("asked %d times", w.asked)
		}
	})
}

// TestReferenceMovedTogether holds that a journey in time on which both clocks go is none.
func TestReferenceMovedTogether(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newWorld()
		w.Heard(time.Now(), false)
		w.ahead = 30 * day
		w.Heard(time.Now().Add(30*day), false)
		w.is(t, "both moved", time.Now().Add(30*day), 0, false)
	})
}

// TestReferenceNobodyAnswers holds that ours counts when nobody knows better, that nobody is asked in a
// circle, and that a new doubt is a new question.
func TestReferenceNobodyAnswers(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newWorld()
		w.away = true
		w.is(t, "nothing heard", time.Now(), 0, true)
		for range 3 {
			if w.Trusted(t.Context()) {
				t.Error("trusted, though nobody knows yet")
			}
		}
		if w.asked != 1 {
			t.Errorf("asked %d times at once", w.asked)
		}
		time.Sleep(10*time.Second - time.Nanosecond)
		w.Check(t.Context())
		if w.asked != 1 {
			t.Errorf("asked %d times within ten seconds", w.asked)
		}
		time.Sleep(time.Nanosecond)
		w.away = false
		w.Check(t.Context())
		w.Check(t.Context())
		if w.asked != 2 {
			t.Errorf("asked %d times, want 2", w.asked)
		}
		w.ahead = day
		w.Check(t.Context())
		if w.asked != 3 {
			t.Errorf("asked %d times after a jump, want 3", w.asked)
		}
	})
}

// TestReferencePatience holds that one question in vain does not make a clock trusted, that an hour of
// them does, and that a date or the next doubt begins anew.
func TestReferencePatience(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newWorld()
		trusted := func(what string, want bool) {
			t.Helper()
			if got := w.Trusted(t.Context()); got != want {
				t.Errorf("%s: trusted %v", what, got)
			}
		}
		w.Heard(time.Now(), false)
		trusted("nothing is wrong", true)
		w.ahead, w.away = 55*day, true
		trusted("after the jump", false)
		time.Sleep(time.Hour - time.Nanosecond)
		trusted("before the hour is over", false)
		time.Sleep(time.Nanosecond)
		trusted("after an hour", true)
		w.away = false
		time.Sleep(10 * time.Second)
		trusted("once an answer came", false)
		w.ahead = 0
		trusted("put right", true)
		w.ahead, w.away = 55*day, true
		trusted("after the next jump", false)
	})
}

// TestReferenceOffIsLookedAtAgain holds that what showed a clock to be off is asked for again: it may
// have been an answer from before both clocks were moved.
func TestReferenceOffIsLookedAtAgain(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newWorld()
		w.ahead = day
		w.Heard(time.Now(), false)
		time.Sleep(10*time.Second - time.Nanosecond)
		w.Check(t.Context())
		if w.asked != 0 {
			t.Errorf("asked %d times within ten seconds", w.asked)
		}
		time.Sleep(time.Nanosecond)
		w.Check(t.Context())
		if w.asked != 1 {
			t.Errorf("asked %d times, want 1", w.asked)
		}
	})
}

// TestReferenceRefusal holds that the date of a refusal confirms our clock, and contests it only.
func TestReferenceRefusal(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newWorld()
		w.Heard(time.Now().Add(tolerance), true)
		w.is(t, "a refusal that agrees", time.Now(), 0, false)
		w.Heard(time.Now().Add(tolerance+time.Nanosecond), true)
		w.is(t, "a refusal that does not", time.Now(), 0, true)
		if !w.Trusted(t.Context()) || w.asked != 1 {
			t.Errorf("a contested clock that is right: asked %d times", w.asked)
		}
		w.is(t, "asked", time.Now(), 0, false)
		w.ahead = day
		w.Check(t.Context())
		w.Heard(time.Now(), true)
		w.is(t, "a refusal while off", time.Now(), day, false)
	})
}

// TestReferenceWithoutOthers holds that a reference that can ask nobody goes by ours.
func TestReferenceWithoutOthers(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var r clock.Reference
		if got := r.Time(); !got.Equal(time.Now()) {
			t.Errorf("the time is %v", got)
		}
		if !r.Trusted(t.Context()) || !r.Doubted() {
			t.Error("a clock of which nothing is known is not ours")
		}
	})
}
