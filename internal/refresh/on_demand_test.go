package refresh_test

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"latchkey/igsim"
	"latchkey/internal/store"
	"latchkey/internal/vault"
)

// TestEachTryOnDemandIsTold holds that the history has a line for each refresh that somebody asked for, who is
// named there, though the keeper's own would have one a day for failures that are alike.
func TestEachTryOnDemandIsTold(t *testing.T) {
	t.Parallel()
	h := setup(t)
	c := h.connect("studio_north")
	h.sim.Advance(2 * day)
	h.fail(igsim.AnyEndpoint, 3, igsim.Fault{Code: 2, Status: 500})
	for range 3 {
		if _, err := h.Refresh(t.Context(), anna, c.ID); err == nil {
			t.Fatal("refreshed")
		}
		h.sim.Advance(time.Minute)
	}
	events, err := h.st.Events(t.Context(), c.ID, 10)
	if err != nil {
		t.Fatal(err)
	}
	told := slices.DeleteFunc(events, func(e store.Event) bool {
		return e.Kind != store.EventRefreshFailed || e.Caller != string(anna)
	})
	if len(told) != 3 {
		t.Errorf("the history tells of %d tries, want 3: %v", len(told), events)
	}
}

// anna is who asks.
var anna = vault.CommandLineOf("anna")

// lastEvent is the newest line of the history of a connection.
func (h *rig) lastEvent(id string) store.Event {
	h.t.Helper()
	events, err := h.st.Events(h.t.Context(), id, 1)
	if err != nil || len(events) != 1 {
		h.t.Fatalf("%d events, %v", len(events), err)
	}
	return events[0]
}

// TestRefreshThatIsNotTriedIsTold holds that the history tells who asked for a refresh, and why Instagram was
// not asked for it.
func TestRefreshThatIsNotTriedIsTold(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		hinder func(h *rig, c store.Connection)
		want   string
	}{
		"a moment too young": {func(h *rig, c store.Connection) {
			h.sim.Advance(c.TokenIssuedAt.Add(day - time.Second).Sub(h.sim.Now()))
		}, "the token is younger than 24 hours, which Instagram refuses; try again after "},
		"without a token": {func(h *rig, c store.Connection) {
			if _, err := h.Vault.Disconnect(h.t.Context(), vault.CallerOwner, c.ID); err != nil {
				h.t.Fatal(err)
			}
		}, "there is no token; the owner has to log in again"},
		"another at work": {func(h *rig, c store.Connection) {
			h.sim.Advance(2 * day)
			if _, err := h.st.Claim(h.t.Context(), c.ID, "somebody", h.sim.Now(), 10*time.Minute); err != nil {
				h.t.Fatal(err)
			}
		}, "another process refreshes it just now; try again in a few minutes"},
		"an answer waits": {func(h *rig, c store.Connection) {
			o := &outage{Store: h.Store, away: true}
			h.Store = o
			h.sim.Advance(2 * day)
			if _, err := h.Refresh(h.t.Context(), anna, c.ID); err == nil {
				h.t.Fatal("written")
			}
			if e := h.lastEvent(c.ID); e.Kind != store.EventConnected {
				h.t.Errorf("what waits is told as lost: %+v", e)
			}
			h.sim.Advance(11 * time.Minute) // its lease is over
		}, "an answer of Instagram still waits in the spill folder to be written; try again when the store answers"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := setup(t)
			c := h.connect("studio_north")
			tt.hinder(h, c)
			asked := h.sim.Calls(igsim.AnyEndpoint)
			_, err := h.Refresh(t.Context(), anna, c.ID)
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("%v, want %q", err, tt.want)
			}
			e := h.lastEvent(c.ID)
			if e.Kind != store.EventRefreshSkipped || e.Caller != string(anna) || !strings.HasPrefix(e.Message, tt.want) || h.Now().Sub(e.At).Abs() > time.Minute {
				t.Errorf("the history says %+v, want %q", e, tt.want)
			}
			if n := h.sim.Calls(igsim.AnyEndpoint) - asked; n != 0 {
				t.Errorf("Instagram was asked %d times", n)
			}
		})
	}
}

// TestTryThatChangedNothingIsTold holds that the history tells who asked for a refresh that was tried, and of which
// somebody else's write left nothing.
func TestTryThatChangedNothingIsTold(t *testing.T) {
	t.Parallel()
	const late = "an answer came too late to count, because somebody else wrote first"
	for name, tt := range map[string]struct {
		fault     *igsim.Fault
		meanwhile func(h *rig, c store.Connection)
		want      string
		// error is part of what whoever asked hears; empty for none.
		error string
	}{
		"a login": {nil, func(h *rig, _ store.Connection) { h.sim.Advance(time.Minute); h.connect("studio_north") }, late, ""},
		"the end": {nil, func(h *rig, c store.Connection) {
			if _, err := h.Vault.Disconnect(h.t.Context(), vault.CallerOwner, c.ID); err != nil {
				h.t.Error(err)
			}
		}, late, vault.ErrNoToken.Error()},
		"a login, and a refusal": {
			&igsim.Fault{Code: 2, Status: 500}, func(h *rig, _ store.Connection) { h.sim.Advance(time.Minute); h.connect("studio_north") },
			"class retry, status 500, code 2/0, server", "code 2",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := setup(t)
			c := h.connect("studio_north")
			h.sim.Advance(2 * day)
			if tt.fault != nil {
				h.fail(igsim.Refresh, 1, *tt.fault)
			}
			h.beforeRefresh(func(context.Context) { tt.meanwhile(h, c) })
			_, err := h.Refresh(t.Context(), anna, c.ID)
			if (err == nil) != (tt.error == "") || err != nil && !strings.Contains(err.Error(), tt.error) {
				t.Errorf("%v, want %q", err, tt.error)
			}
			e := h.lastEvent(c.ID)
			if e.Kind != store.EventRefreshFailed || e.Caller != string(anna) || !strings.HasPrefix(e.Message, tt.want) || !strings.HasSuffix(e.Message, late) {
				t.Errorf("the history says %+v, want %q", e, tt.want)
			}
		})
	}
}

// TestTryByAWrongClockIsNoSuccess holds that whoever asked for a refresh which Instagram refused, because the token
// is younger than our clock says, hears so, and that the history tells of it.
func TestTryByAWrongClockIsNoSuccess(t *testing.T) {
	t.Parallel()
	h := setup(t)
	ahead := h.clockAhead()
	c := h.connect("studio_north")
	h.sim.Advance(time.Hour)
	ahead.Store(int64(2 * day))
	got, err := h.Refresh(t.Context(), anna, c.ID)
	const want = "the token is younger than 24 hours"
	if err == nil || !strings.Contains(err.Error(), want) || !got.RefreshedAt.IsZero() {
		t.Errorf("%v, %+v", err, got)
	}
	if e := h.lastEvent(c.ID); e.Kind != store.EventRefreshFailed || !strings.HasPrefix(e.Message, want) || e.Caller != string(anna) {
		t.Errorf("the history says %+v", e)
	}
}

// TestTryThatBrokeOffIsTold holds that the history tells of a try that came to no end, once.
func TestTryThatBrokeOffIsTold(t *testing.T) {
	t.Parallel()
	h := setup(t)
	c := h.connect("studio_north")
	h.sim.Advance(2 * day)
	h.Store = &outage{Store: h.Store, away: true}
	h.fail(igsim.Refresh, 1, igsim.Fault{Code: 2})
	if _, err := h.Refresh(t.Context(), anna, c.ID); err == nil {
		t.Fatal("refreshed")
	}
	e := h.lastEvent(c.ID)
	if e.Kind != store.EventRefreshFailed || e.Caller != string(anna) || e.Message != "it broke off: "+errAway.Error() {
		t.Errorf("the history says %+v", e)
	}
}

// TestRefreshThatEndsAConnectionIsTold holds that the history tells who asked for the refresh at which it turned out
// that only the owner can go on, or that she removed the app herself: one line for each try, and one of the end.
func TestRefreshThatEndsAConnectionIsTold(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		end  func(sim *igsim.Simulator, persona string) error
		want []store.EventKind
		by   []vault.Caller
	}{
		"a changed password": {
			(*igsim.Simulator).ChangePassword,
			[]store.EventKind{store.EventConnected, store.EventRefreshFailed, store.EventReconnectNeeded},
			[]vault.Caller{vault.CallerLogin, anna, anna},
		},
		"the app removed": {
			(*igsim.Simulator).RemoveApp,
			[]store.EventKind{store.EventConnected, store.EventRefreshFailed, store.EventRefreshFailed, store.EventDisconnected},
			[]vault.Caller{vault.CallerLogin, anna, anna, vault.CallerRefresh},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := setup(t)
			c := h.fleet(3)[0]
			h.sim.Advance(3 * day)
			if err := tt.end(h.sim, "fleet_0"); err != nil {
				t.Fatal(err)
			}
			for range 2 {
				if _, err := h.Refresh(t.Context(), anna, c.ID); err == nil {
					t.Fatal("refreshed")
				}
				h.sim.Advance(settled)
			}
			events, err := h.st.Events(t.Context(), c.ID, 10)
			if err != nil {
				t.Fatal(err)
			}
			var by []vault.Caller
			for _, e := range slices.Backward(events) {
				by = append(by, vault.Caller(e.Caller))
			}
			if got := h.history(c.ID); !slices.Equal(got, tt.want) || !slices.Equal(by, tt.by) {
				t.Errorf("%v by %v, want %v by %v", got, by, tt.want, tt.by)
			}
		})
	}
}
