package login_test

import (
	"context"
	"sync/atomic"
	"testing"
	"time"

	"latchkey/igsim"
	"latchkey/internal/clock"
	"latchkey/internal/login"
	"latchkey/internal/vault"
)

// set is a machine's clock that somebody sets.
type set struct{ by atomic.Int64 }

func (s *set) now() time.Time { return time.Now().Add(time.Duration(s.by.Load())) }

// off sets the clock to be wrong by d.
func (s *set) off(d time.Duration) { s.by.Store(int64(d)) }

// TestALoginOutlivesAJumpOfTheClock begins a login, sets the machine's clock, and finishes it: whoever was in
// time is in time.
func TestALoginOutlivesAJumpOfTheClock(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name string
		// before is by how much the clock is wrong when the login begins, after when it ends.
		before, after time.Duration
	}{
		{"90 days ahead", 0, 90 * 24 * time.Hour},
		{"11 minutes ahead", 0, 11 * time.Minute},
		{"90 days back", 0, -90 * 24 * time.Hour},
		{"put right after it was ahead", 90 * 24 * time.Hour, 0},
		{"put right after it was behind", -90 * 24 * time.Hour, 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			h := setup(t)
			ticks := &set{}
			ref := &clock.Reference{Now: ticks.now}
			h.Instagram.OnDate = ref.Heard
			h.Machine, h.Trusted = ref.Time, ref.Trusted
			c, err := h.login(igsim.Decision{Persona: "studio_north"})
			if err != nil {
				t.Fatal(err)
			}
			token, err := h.Vault.Token(t.Context(), vault.CallerCommandLine, c.ID)
			if err != nil {
				t.Fatal(err)
			}
			ref.Ask = func(ctx context.Context) { _, _ = h.Instagram.Me(ctx, token) }
			ticks.off(tt.before)
			h.Trusted(t.Context())
			s := h.begin("")
			cb := h.decide(s, igsim.Decision{Persona: "studio_north"})
			ticks.off(tt.after)
			if _, err := h.Finish(t.Context(), cb, s.Binding); err != nil {
				t.Errorf("the login was refused: %v", err)
			}
		})
	}
}

// TestALoginThatIsTooLateStaysSo asks another clock before it says so, and only then.
func TestALoginThatIsTooLateStaysSo(t *testing.T) {
	t.Parallel()
	h := setup(t)
	ticks := &set{}
	asked := 0
	h.Machine, h.Trusted = ticks.now, func(context.Context) bool { asked++; return true }
	s := h.begin("")
	cb := h.decide(s, igsim.Decision{Persona: "studio_north"})
	ticks.off(login.RequestLife)
	_, err := h.Finish(t.Context(), cb, s.Binding)
	h.refused(err, login.StateExpired)
	if asked != 1 {
		t.Errorf("another clock was asked %d times", asked)
	}
	ticks.off(login.RequestLife - time.Second)
	if _, err := h.Finish(t.Context(), cb, s.Binding); err != nil || asked != 1 {
		t.Errorf("a second before its end: %v; asked %d times", err, asked)
	}
}
