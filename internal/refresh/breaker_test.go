package refresh_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"latchkey/igsim"
	"latchkey/internal/store"
	"latchkey/internal/vault"
)

// TestRestrictedApp is the fleet rule from the first refusal to the day on which all works again.
func TestRestrictedApp(t *testing.T) {
	t.Parallel()
	for name, switches := range map[string]igsim.Switches{
		"restricted": {AppRestricted: true}, "blocked": {AppBlocked: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := setup(t)
			fleet := h.fleet(30)
			h.set(switches)
			h.week()
			a := h.alarm(store.AlarmApp)
			if !a.Lasts() || a.Message == "" || !a.ToldAt.IsZero() {
				t.Fatalf("alarm %+v", a)
			}
			if n := h.sim.Calls(igsim.Refresh); n > 5+16 {
				t.Errorf("%d calls until it stopped", n)
			}
			events, err := h.st.Events(t.Context(), "", 10)
			if err != nil || len(events) == 0 || events[0].Kind != store.EventAlarmRaised {
				t.Errorf("events %v, %v", events, err)
			}
			if !strings.Contains(h.log.String(), a.Message) {
				t.Error("the log does not have Instagram's text")
			}
			h.tells(1, "Instagram refuses the app, not single owners")

			asked := h.sim.Calls(igsim.AnyEndpoint)
			for range 8 {
				h.pass(6 * time.Hour)
			}
			if n := h.sim.Calls(igsim.AnyEndpoint) - asked; n == 0 || n > 16 {
				t.Errorf("%d probes in two days", n)
			}
			for _, c := range fleet {
				if got := h.connection(c.ID); got.Status != store.StatusActive || got.SealedToken == nil {
					t.Fatalf("an owner paid for it: %+v", got)
				}
			}

			h.tells(0, "the alarm is over")
			h.set(igsim.Switches{})
			h.pass(2 * time.Hour)
			if a := h.alarm(store.AlarmApp); a.Lasts() {
				t.Fatalf("it lasts: %+v", a)
			}
			h.tells(1, "the alarm is over")
			h.pass(30 * time.Hour)
			for _, c := range fleet {
				if got := h.connection(c.ID); !got.Failure.IsZero() || got.TokenExpiresAt.Sub(h.sim.Now()) < 50*day {
					t.Errorf("left behind: %+v", got)
				}
			}
			if events, _ := h.st.Events(t.Context(), "", 10); events[0].Kind != store.EventAlarmCleared {
				t.Errorf("events %v", events)
			}
		})
	}
}

// TestSmallFleetRefused holds that where every account is told to log in again, nobody is marked: the
// others' /me says that it is the app.
func TestSmallFleetRefused(t *testing.T) {
	t.Parallel()
	h := setup(t)
	fleet := h.fleet(3)
	if err := h.sim.FailShare(igsim.AnyEndpoint, 1, 1, igsim.Fault{Code: 190, Message: "Invalid OAuth access token - Cannot parse access token"}); err != nil {
		t.Fatal(err)
	}
	h.week()
	h.pass(settled)
	if !h.alarm(store.AlarmApp).Lasts() {
		t.Error("no alarm")
	}
	for range 20 {
		h.pass(6 * time.Hour)
	}
	for _, c := range fleet {
		if got := h.connection(c.ID); got.Status != store.StatusActive {
			t.Errorf("%s: %s", c.ID, got.Status)
		}
	}
	h.sim.Heal()
	for range 10 {
		h.pass(6 * time.Hour)
	}
	for _, c := range fleet {
		if got := h.connection(c.ID); !got.Failure.IsZero() || h.alarm(store.AlarmApp).Lasts() {
			t.Errorf("%s: %+v, %+v", c.ID, got.Failure, h.alarm(store.AlarmApp))
		}
	}
}

// TestSpreadRefusals holds that the count survives due times that lie days apart, a restart and
// another process: it is in the store.
func TestSpreadRefusals(t *testing.T) {
	t.Parallel()
	h := setup(t)
	fleet := h.fleet(10)
	for i, c := range fleet { // one due every two hours
		c.NextRefreshAt = h.sim.Now().Add(8*day + time.Duration(i)*2*time.Hour)
		if _, err := h.st.UpdateConnection(t.Context(), c); err != nil {
			t.Fatal(err)
		}
	}
	if err := h.sim.FailShare(igsim.Refresh, 1, 1, igsim.Fault{Code: 3, Subcode: 2228054}); err != nil {
		t.Fatal(err)
	}
	h.sim.Advance(8 * day)
	for i := range 5 {
		if h.alarm(store.AlarmApp).Lasts() {
			t.Fatalf("the alarm came after %d", i)
		}
		if err := h.another(0).Sweep(t.Context()); err != nil { // a process that knows nothing of the others
			t.Fatal(err)
		}
		h.sim.Advance(2*time.Hour + time.Minute)
	}
	if !h.alarm(store.AlarmApp).Lasts() {
		t.Error("no alarm after five of five")
	}
}

// TestFewRefusals holds that some owners who leave in one day are no alarm.
func TestFewRefusals(t *testing.T) {
	t.Parallel()
	h := setup(t)
	h.fleet(30)
	h.sim.Advance(3 * day)
	for _, gone := range []string{"fleet_3", "fleet_9", "fleet_12", "fleet_21"} {
		if err := h.sim.ChangePassword(gone); err != nil {
			t.Fatal(err)
		}
	}
	h.pass(5 * day)
	h.pass(settled)
	if h.alarm(store.AlarmApp).Lasts() {
		t.Error("four of thirty raised the alarm")
	}
	marked := 0
	for c, err := range all(t, h.st) {
		if err == nil && c.Status == store.StatusReconnect {
			marked++
		}
	}
	if marked != 4 {
		t.Errorf("%d are marked, want 4", marked)
	}
}

// TestLessThanAFifth holds that more than a handful is no alarm either, where it is a small part of
// those that were tried.
func TestLessThanAFifth(t *testing.T) {
	t.Parallel()
	h := setup(t)
	fleet := h.fleet(40)
	gone := fleet[:6]
	for i, c := range gone {
		c.NextRefreshAt = h.sim.Now().Add(8 * day) // after all others
		if _, err := h.st.UpdateConnection(t.Context(), c); err != nil {
			t.Fatal(err)
		}
		if err := h.sim.ChangePassword(fmt.Sprintf("fleet_%d", i)); err != nil {
			t.Fatal(err)
		}
	}
	h.week()
	h.pass(12 * time.Hour)
	h.pass(settled)
	if a := h.alarm(store.AlarmApp); a.Version != 0 {
		t.Errorf("six of forty raised %+v", a)
	}
	for _, c := range gone {
		if got := h.connection(c.ID); got.Status != store.StatusReconnect {
			t.Errorf("%s: %s", c.ID, got.Status)
		}
	}
}

func all(t *testing.T, s store.Connections) func(func(store.Connection, error) bool) {
	page, err := s.ListConnections(t.Context(), "", 1000)
	return func(yield func(store.Connection, error) bool) {
		if err != nil {
			yield(store.Connection{}, err)
		}
		for _, c := range page {
			if !yield(c, nil) {
				return
			}
		}
	}
}

// TestOperatorAlarm holds that what only the operator can mend is told once, and that it is over when
// it is mended.
func TestOperatorAlarm(t *testing.T) {
	t.Parallel()
	h := setup(t)
	c := h.fleet(20)[0]
	h.sim.Advance(8 * day)
	if err := h.sim.SetRole("fleet_0", false); err != nil {
		t.Fatal(err)
	}
	h.pass(0)
	if a := h.alarm(store.AlarmOperator); a.Lasts() {
		t.Errorf("one answer raised %+v", a)
	}
	h.pass(2 * time.Hour)
	a := h.alarm(store.AlarmOperator)
	if !a.Lasts() || h.alarm(store.AlarmApp).Lasts() {
		t.Fatalf("alarm %+v", a)
	}
	h.tells(1, "something that only the operator can mend")
	asked := h.sim.Calls(igsim.Refresh)
	for range 24 * 6 {
		h.pass(10 * time.Minute)
	}
	if n := h.sim.Calls(igsim.Refresh) - asked; n < 15 || n > 24 {
		t.Errorf("tried %d times in a day, want about hourly", n)
	}
	if got := h.alarm(store.AlarmOperator); got.Version != a.Version {
		t.Errorf("told again: %+v", got)
	}
	if failures := slices.Index(h.history(c.ID), store.EventRefreshFailed); failures < 0 || len(h.history(c.ID)) > 4 {
		t.Errorf("history %v", h.history(c.ID))
	}
	if err := h.sim.SetRole("fleet_0", true); err != nil {
		t.Fatal(err)
	}
	h.pass(2 * time.Hour)
	if got := h.alarm(store.AlarmOperator); got.Lasts() || !h.connection(c.ID).Failure.IsZero() {
		t.Errorf("it lasts: %+v", got)
	}
}

// tells checks how often the log says something.
func (h *rig) tells(times int, says string) {
	h.t.Helper()
	if n := strings.Count(h.log.String(), says); n != times {
		h.t.Errorf("told %d times, want %d: %s", n, times, says)
	}
}

// TestManyOutages holds that what says nothing about owners says nothing about the app either, however many
// it is said to.
func TestManyOutages(t *testing.T) {
	t.Parallel()
	for name, fault := range map[string]igsim.Fault{
		"an outage": {Code: 2}, "a limit of each account": {Code: 80002, RegainMinutes: 5}, "broken lines": {Kind: igsim.Cut},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := setup(t)
			h.fleet(8)
			if err := h.sim.FailShare(igsim.AnyEndpoint, 1, 1, fault); err != nil {
				t.Fatal(err)
			}
			h.week()
			h.pass(time.Hour)
			if a := h.alarm(store.AlarmApp); a.Version != 0 {
				t.Errorf("raised %+v", a)
			}
		})
	}
}

// TestAfterAnAlarm holds that what turned bad before the last alarm was over is not held against the app
// again, and what turned bad since is.
func TestAfterAnAlarm(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		over  time.Duration // ago
		again bool
	}{
		"it was over since":  {time.Hour, false},
		"it was over before": {3 * time.Hour, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := setup(t)
			fleet := h.fleet(6)
			h.sim.Advance(8 * day)
			now := h.sim.Now()
			for _, c := range fleet[:5] {
				c.Failure = store.RefreshFailure{Since: now.Add(-2 * time.Hour), Tries: 1, Class: "hold", Cause: "policy"}
				c.TriedAt, c.NextRefreshAt = now.Add(-2*time.Hour), now.Add(time.Hour)
				if _, err := h.st.UpdateConnection(t.Context(), c); err != nil {
					t.Fatal(err)
				}
			}
			before := store.Alarm{Kind: store.AlarmApp, RaisedAt: now.Add(-4 * time.Hour), ClearedAt: now.Add(-tt.over)}
			if _, err := h.st.PutAlarm(t.Context(), before); err != nil {
				t.Fatal(err)
			}
			h.fail(igsim.Refresh, 1, igsim.Fault{Code: 368})
			h.pass(0)
			if a := h.alarm(store.AlarmApp); a.Lasts() != tt.again {
				t.Errorf("became %+v", a)
			}
		})
	}
}

// TestAppLimit holds that one answer about the limit of the app makes everybody wait.
func TestAppLimit(t *testing.T) {
	t.Parallel()
	h := setup(t)
	h.fleet(60)
	if err := h.sim.FailShare(igsim.Refresh, 1, 1, igsim.Fault{Code: 4}); err != nil {
		t.Fatal(err)
	}
	h.week()
	if n := h.sim.Calls(igsim.Refresh); n > 16 {
		t.Errorf("%d calls against the limit", n)
	}
	h.pass(50 * time.Minute)
	if n := h.sim.Calls(igsim.Refresh); n > 16 {
		t.Errorf("%d calls within the hour", n)
	}
	h.sim.Heal()
	h.pass(12 * time.Hour)
	h.pass(12 * time.Hour)
	for c := range all(t, h.st) {
		if !c.Failure.IsZero() || c.RefreshedAt.IsZero() {
			t.Errorf("left behind: %+v", c)
		}
	}
}

func TestOnDemand(t *testing.T) {
	t.Parallel()
	h := setup(t)
	c := h.connect("studio_north")
	ctx := t.Context()
	if _, err := h.Refresh(ctx, vault.CallerCommandLine, c.ID); err == nil || !strings.Contains(err.Error(), "24 hours") {
		t.Errorf("too young: %v", err)
	}
	h.sim.Advance(2 * day)
	got, err := h.Refresh(ctx, vault.CallerCommandLine, c.ID)
	if err != nil || got.TokenExpiresAt.Sub(h.sim.Now()) < 59*day {
		t.Fatalf("%+v, %v", got, err)
	}
	if events, _ := h.st.Events(ctx, c.ID, 1); events[0].Kind != store.EventRefreshed || events[0].Caller != string(vault.CallerCommandLine) {
		t.Errorf("events %v", events)
	}
	h.sim.Advance(2 * day)
	h.fail(igsim.Refresh, 1, igsim.Fault{Code: 190, Subcode: 460})
	if got, err = h.Refresh(ctx, vault.CallerCommandLine, c.ID); err == nil || !strings.Contains(err.Error(), "password") || got.Status != store.StatusActive {
		t.Errorf("a refusal: %s, %v", got.Status, err)
	}
	if _, err = h.Refresh(ctx, vault.CallerCommandLine, c.ID); err != nil {
		t.Errorf("the lease is still held: %v", err)
	}
}

// TestManyOwnersGone holds that an alarm over many owners who really left does not last: what is
// probed beside them is an account that was well lately.
func TestManyOwnersGone(t *testing.T) {
	t.Parallel()
	h := setup(t)
	fleet := h.fleet(24)
	h.week() // the last of them are refreshed last, whatever their ids
	for i := range 10 {
		if err := h.sim.ChangePassword("fleet_" + string(rune('0'+i))); err != nil {
			t.Fatal(err)
		}
	}
	lasted := time.Duration(0)
	for range 9 * 8 {
		h.pass(3 * time.Hour)
		if h.alarm(store.AlarmApp).Lasts() {
			lasted += 3 * time.Hour
		}
	}
	if lasted > day {
		t.Errorf("the alarm lasted %v of nine days", lasted)
	}
	if raised := h.history(""); len(raised) > 4 {
		t.Errorf("it was raised and cleared again and again: %v", raised)
	}
	for i, c := range fleet {
		if got := h.connection(c.ID); i >= 10 && (got.Status != store.StatusActive || got.TokenExpiresAt.Sub(h.sim.Now()) < 50*day) {
			t.Errorf("a healthy one became %+v", got)
		}
	}
}
