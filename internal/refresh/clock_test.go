package refresh_test

import (
	"context"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"latchkey/igsim"
	"latchkey/internal/clock"
	"latchkey/internal/refresh"
	"latchkey/internal/store"
	"latchkey/internal/store/sqlite/sqlitetest"
	"latchkey/internal/usage"
	"latchkey/internal/vault"
)

// clockAhead lets our clock be ahead of Instagram's by what is stored in it.
func (h *rig) clockAhead() *atomic.Int64 {
	var ahead atomic.Int64
	h.Clock.Now = func() time.Time { return h.sim.Now().Add(time.Duration(ahead.Load())) }
	return &ahead
}

// healthy checks that a connection is as if no clock had ever been wrong.
func (h *rig) healthy(id string) {
	h.t.Helper()
	c := h.connection(id)
	wait := c.NextRefreshAt.Sub(h.sim.Now())
	if c.Status != store.StatusActive || !c.Failure.IsZero() || wait > store.LongestWait {
		h.t.Errorf("next check in %v, %+v", wait, c)
	}
	if c.TriedAt.After(h.sim.Now().Add(store.ClockTolerance)) || c.RefreshedAt.After(h.sim.Now().Add(store.ClockTolerance)) {
		h.t.Errorf("tried at %v, refreshed at %v; it is %v", c.TriedAt, c.RefreshedAt, h.sim.Now())
	}
	for range 10 {
		h.week()
	}
	if c = h.connection(id); c.TokenExpiresAt.Sub(h.sim.Now()) < 50*day || !h.works(id) {
		h.t.Errorf("%v of runway after ten weeks", c.TokenExpiresAt.Sub(h.sim.Now()))
	}
}

// TestClockOffForAMoment holds that a clock which is far off for half a minute and is put right costs
// nobody anything: at once after a login, when the token is too young to be refreshed, and later.
func TestClockOffForAMoment(t *testing.T) {
	t.Parallel()
	for _, jump := range []time.Duration{90 * day, 55 * day, 2 * day, time.Hour, -time.Hour, -30 * day, -90 * day} {
		for _, age := range []time.Duration{time.Hour, 3 * day} {
			t.Run(jump.String()+" at the age of "+age.String(), func(t *testing.T) {
				t.Parallel()
				h := setup(t)
				ahead := h.clockAhead()
				c := h.connect("studio_north")
				h.pass(age)
				lines := len(h.history(c.ID))
				ahead.Store(int64(jump))
				h.pass(17 * time.Second)
				h.pass(17 * time.Second)
				ahead.Store(0)
				h.pass(time.Second)
				if got := h.history(c.ID); len(got) > lines+1 || len(got) > lines && !slices.Contains(got, store.EventRefreshed) {
					t.Errorf("the history has %v", got)
				}
				h.healthy(c.ID)
			})
		}
	}
}

// TestGoodRefreshByAWrongClock holds that the next check of a token that was refreshed while our clock
// was off is counted from its issue by Instagram.
func TestGoodRefreshByAWrongClock(t *testing.T) {
	t.Parallel()
	for _, jump := range []time.Duration{55 * day, -5 * time.Hour} {
		h := setup(t)
		ahead := h.clockAhead()
		c := h.connect("studio_north")
		h.sim.Advance(8 * day)
		h.beforeRefresh(func(context.Context) { ahead.Store(int64(jump)) })
		h.pass(0)
		got := h.connection(c.ID)
		if got.TokenIssuedAt.Equal(c.TokenIssuedAt) {
			t.Fatal("not refreshed")
		}
		if wait := got.NextRefreshAt.Sub(got.TokenIssuedAt); wait < 6*day || wait > 8*day {
			t.Errorf("%v: next check %v after the issue", jump, wait)
		}
		h.handler = h.sim
		ahead.Store(0)
		h.healthy(c.ID)
	}
}

// TestClockOffForGood holds that tokens are kept alive by Instagram's time for as long as ours is off,
// by a process that was there before the jump and by one that starts after it.
func TestClockOffForGood(t *testing.T) {
	t.Parallel()
	for _, jump := range []time.Duration{90 * day, -90 * day} {
		for _, restart := range []bool{false, true} {
			h := setup(t)
			c := h.connect("studio_north")
			h.pass(time.Hour)
			k := h.Keeper
			ahead := h.clockAhead()
			if restart {
				k = h.another(jump)
				k.Clock.Ask = k.AskTime
				client := *h.Instagram
				client.OnDate = k.Clock.Heard
				k.Instagram = &client
			}
			ahead.Store(int64(jump))
			for range 20 {
				h.sim.Advance(4 * day)
				for range 2 { // one that finds out, and one that goes on
					if err := k.Sweep(t.Context()); err != nil {
						t.Fatal(err)
					}
				}
			}
			if got := h.connection(c.ID); got.TokenExpiresAt.Sub(h.sim.Now()) < 45*day || !got.Failure.IsZero() || !h.works(c.ID) {
				t.Errorf("%v, restart %v: became %+v at %v", jump, restart, got, h.sim.Now())
			}
		}
	}
}

// TestPutOffByAWrongClock holds that what a wrong clock wrote does not outlive it, a restart included:
// nothing of ours remembers the jump here but the store.
func TestPutOffByAWrongClock(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(*store.Connection, time.Time){
		"the next check is months away": func(c *store.Connection, now time.Time) { c.NextRefreshAt = now.Add(91 * day) },
		"the last try is still to come": func(c *store.Connection, now time.Time) {
			c.TriedAt, c.NextRefreshAt = now.Add(3*day), now.Add(4*day)
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := setup(t)
			c := h.connect("studio_north")
			h.pass(2 * day)
			c = h.connection(c.ID)
			change(&c, h.sim.Now())
			if _, err := h.st.UpdateConnection(t.Context(), c); err != nil {
				t.Fatal(err)
			}
			h.pass(0)
			h.pass(0)
			if got := h.connection(c.ID); got.RefreshedAt.IsZero() {
				t.Errorf("not refreshed: %+v", got)
			}
			h.healthy(c.ID)
		})
	}
}

// TestOneTryFindsTheTime holds that a clock in doubt costs one early try and not one of each
// connection.
func TestOneTryFindsTheTime(t *testing.T) {
	t.Parallel()
	h := setup(t)
	ahead := h.clockAhead()
	h.fleet(20)
	h.pass(time.Hour)
	before := h.sim.Calls(igsim.Refresh)
	ahead.Store(int64(90 * day))
	h.pass(0)
	if n := h.sim.Calls(igsim.Refresh) - before; n != 1 {
		t.Errorf("%d tries of tokens that are an hour old", n)
	}
}

// TestClockAlarm holds that the operator is told once when the clock begins to be off and once when it
// is right again, by how much, and that a scrape says so meanwhile.
func TestClockAlarm(t *testing.T) {
	t.Parallel()
	for jump, says := range map[time.Duration]string{90 * day: "90 days ahead", -6 * time.Hour: "6h0m behind"} {
		h := setup(t)
		ahead := h.clockAhead()
		h.connect("studio_north")
		h.pass(2 * day)
		ahead.Store(int64(jump))
		for range 3 {
			h.pass(0)
		}
		if strings.Contains(h.log.String(), "agrees with Instagram's again") {
			t.Errorf("%v: told that it is over:\n%s", jump, h.log)
		}
		if n := strings.Count(h.log.String(), "the clock of this server is wrong"); n != 1 || !strings.Contains(h.log.String(), says) {
			t.Errorf("%v: told %d times:\n%s", jump, n, h.log)
		}
		if got := scrape(t, h.Metrics.Handler()); !strings.Contains(got, `latchkey_alarm{kind="clock"} 1`) {
			t.Errorf("%v: a scrape has no alarm of the clock:\n%s", jump, got)
		}
		ahead.Store(0)
		for range 3 {
			h.pass(0)
		}
		if n := strings.Count(h.log.String(), "agrees with Instagram's again"); n != 1 {
			t.Errorf("%v: told %d times that it is over:\n%s", jump, n, h.log)
		}
		if got := scrape(t, h.Metrics.Handler()); !strings.Contains(got, `latchkey_alarm{kind="clock"} 0`) {
			t.Errorf("%v: the alarm lasts", jump)
		}
	}
}

func scrape(t *testing.T, h http.Handler) string {
	t.Helper()
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/metrics", nil))
	return w.Body.String()
}

// TestTheTimeIsAskedOfWhoIsWell holds that an owner whose token is dead keeps nobody from learning the
// time: her refusal shows nothing, so that another one is asked for, who is well first.
func TestTheTimeIsAskedOfWhoIsWell(t *testing.T) {
	t.Parallel()
	h := setup(t)
	ahead := h.clockAhead()
	fleet := h.three()
	for i, c := range fleet[:2] {
		if err := h.sim.ChangePassword(c.Username); err != nil {
			t.Fatal(err)
		}
		if i == 0 { // known to be ill, and the other not yet
			c.Status = store.StatusReconnect
			if _, err := h.st.UpdateConnection(t.Context(), c); err != nil {
				t.Fatal(err)
			}
		}
	}
	h.Clock.Heard(h.sim.Now(), false)
	ahead.Store(int64(90 * day))
	before := h.sim.Calls(igsim.Me)
	if h.Clock.Trusted(t.Context()) || h.Clock.Off().Round(time.Minute) != 90*day {
		t.Errorf("off by %v", h.Clock.Off())
	}
	if n := h.sim.Calls(igsim.Me) - before; n != 2 {
		t.Errorf("%d were asked for, want the one that is not known to be ill and the one that is well", n)
	}
}

// TestTheTimeIsAskedThreeTimes holds that where everybody is refused, three are asked and not all: a refusal
// does not show the time.
func TestTheTimeIsAskedThreeTimes(t *testing.T) {
	t.Parallel()
	h := setup(t)
	h.fleet(5)
	h.fail(igsim.Me, 5, igsim.Fault{Code: 190})
	before := h.sim.Calls(igsim.Me)
	h.AskTime(t.Context())
	if n := h.sim.Calls(igsim.Me) - before; n != 3 {
		t.Errorf("%d were asked, want 3", n)
	}
}

// TestAClockThatIsOffIsLookedAtAgain holds that sweeps go on asking for the time while our clock is off:
// what showed it may have been an answer from before both clocks were moved, and by that nothing is due.
func TestAClockThatIsOffIsLookedAtAgain(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		st := sqlitetest.Open(t)
		asked := 0
		k := &refresh.Keeper{
			Store: st, Vault: &vault.Vault{Store: st}, Spill: &refresh.Spill{}, Usage: &usage.Meter{},
			Clock: &clock.Reference{Ask: func(context.Context) { asked++ }}, Log: slog.New(slog.DiscardHandler),
		}
		k.Clock.Heard(time.Now().Add(-day), false)
		time.Sleep(time.Minute)
		if err := k.Sweep(t.Context()); err != nil {
			t.Fatal(err)
		}
		if asked != 1 {
			t.Errorf("asked %d times, want 1", asked)
		}
	})
}
