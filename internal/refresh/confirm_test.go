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

// settled is how long two answers that ask for the owner must lie apart, and some.
const settled = 7 * time.Minute

func TestOwnerIsNeeded(t *testing.T) {
	t.Parallel()
	h := setup(t)
	fleet := h.fleet(4)
	c := fleet[0]
	h.sim.Advance(3 * day)
	if err := h.sim.ChangePassword("fleet_0"); err != nil {
		t.Fatal(err)
	}
	h.pass(4*day + 13*time.Hour)
	if got := h.connection(c.ID); got.Status != store.StatusActive || got.Failure.SuspectedAt.IsZero() {
		t.Fatalf("after one answer: %s, %+v", got.Status, got.Failure)
	}
	h.pass(4 * time.Minute)
	if got := h.connection(c.ID); got.Status != store.StatusActive {
		t.Fatalf("after four minutes: %s", got.Status)
	}
	h.pass(settled)
	got := h.connection(c.ID)
	if got.Status != store.StatusReconnect || !strings.Contains(got.StatusReason, "password") || got.SealedToken == nil {
		t.Fatalf("after two answers: %s, %q", got.Status, got.StatusReason)
	}
	if got.NoticeAt.IsZero() || got.NoticeAt.After(h.sim.Now()) {
		t.Errorf("the owner is to be told at %v", got.NoticeAt)
	}
	if h.alarm(store.AlarmApp).Lasts() {
		t.Error("one owner raised the alarm")
	}
	if n := strings.Count(h.log.String(), "a connection needs its owner"); n != 1 {
		t.Errorf("told %d times", n)
	}
	want := []store.EventKind{store.EventConnected, store.EventRefreshFailed, store.EventReconnectNeeded}
	if !slices.Equal(h.history(c.ID), want) {
		t.Errorf("history %v", h.history(c.ID))
	}
	for _, other := range fleet[1:] {
		if got := h.connection(other.ID); got.Status != store.StatusActive || got.RefreshedAt.IsZero() {
			t.Errorf("another connection became %+v", got)
		}
	}
	if !slices.ContainsFunc(fleet[1:], func(c store.Connection) bool {
		return slices.Contains(h.history(c.ID), store.EventTokenOpened)
	}) {
		t.Error("a token was opened for somebody else's case, and no history says so")
	}
}

// TestNoHaste holds that however often it is asked for, the second answer counts only five minutes
// after the first.
func TestNoHaste(t *testing.T) {
	t.Parallel()
	h := setup(t)
	c := h.fleet(3)[0]
	h.sim.Advance(3 * day)
	if err := h.sim.ChangePassword("fleet_0"); err != nil {
		t.Fatal(err)
	}
	for range 3 { // at once, then just before the five minutes are over, and then again
		if got, err := h.Refresh(t.Context(), vault.CallerCommandLine, c.ID); err == nil || got.Status != store.StatusActive {
			t.Errorf("%s, %v", got.Status, err)
		}
		h.sim.Advance(149 * time.Second)
	}
	if got, err := h.Refresh(t.Context(), vault.CallerCommandLine, c.ID); err == nil || got.Status != store.StatusReconnect {
		t.Errorf("after seven minutes: %s, %v", got.Status, err)
	}
}

// TestDoubtOfTheFuture holds that a doubt by a clock that ran ahead delays nothing.
func TestDoubtOfTheFuture(t *testing.T) {
	t.Parallel()
	h := setup(t)
	c := h.fleet(3)[0]
	h.sim.Advance(8 * day)
	c.Failure.SuspectedAt = h.sim.Now().Add(day)
	if _, err := h.st.UpdateConnection(t.Context(), c); err != nil {
		t.Fatal(err)
	}
	if err := h.sim.ChangePassword("fleet_0"); err != nil {
		t.Fatal(err)
	}
	h.pass(0)
	h.pass(settled)
	if got := h.connection(c.ID); got.Status != store.StatusReconnect {
		t.Errorf("%s, %+v", got.Status, got.Failure)
	}
}

// TestReconnectRecovers holds that a connection which needs its owner is tried all the same, and comes back.
func TestReconnectRecovers(t *testing.T) {
	t.Parallel()
	h := setup(t)
	fleet := h.fleet(3)
	c := fleet[0]
	fault := igsim.Fault{Code: 190, Subcode: 460, Persona: "fleet_0"}
	h.fail(igsim.Refresh, 2, fault)
	h.fail(igsim.Me, 2, fault)
	h.week()
	h.pass(settled)
	if got := h.connection(c.ID); got.Status != store.StatusReconnect {
		t.Fatalf("status %s", got.Status)
	}
	h.pass(30 * time.Hour)
	got := h.connection(c.ID)
	if got.Status != store.StatusActive || got.StatusReason != "" || !got.Failure.IsZero() || !got.NoticeAt.After(h.sim.Now()) {
		t.Errorf("became %+v", got)
	}
	if history := h.history(c.ID); history[len(history)-1] != store.EventRecovered {
		t.Errorf("history %v", history)
	}
}

// TestNoAgreement holds that it takes both: another answer, and one of them from /me.
func TestNoAgreement(t *testing.T) {
	t.Parallel()
	fault := igsim.Fault{Code: 190, Subcode: 460, Persona: "fleet_0"}
	for name, tt := range map[string]struct{ refreshes, mes int }{
		"the second answer is good":         {1, 0},
		"only refreshes are refused":        {1000, 0},
		"/me is refused, the refresh works": {1, 1},
		"a last look finds the token well":  {2, 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := setup(t)
			c := h.fleet(3)[0]
			h.fail(igsim.Refresh, tt.refreshes, fault)
			if tt.mes > 0 {
				h.fail(igsim.Me, tt.mes, fault)
			}
			h.week()
			for range 40 {
				h.pass(settled)
			}
			if got := h.connection(c.ID); got.Status != store.StatusActive || tt.refreshes < 10 && !got.Failure.IsZero() {
				t.Errorf("%s, %+v", got.Status, got.Failure)
			}
			if slices.Contains(h.history(c.ID), store.EventReconnectNeeded) {
				t.Errorf("history %v", h.history(c.ID))
			}
			if n := h.sim.Calls(igsim.Refresh); n > 20 {
				t.Errorf("asked %d times in five hours", n)
			}
		})
	}
}

// TestPastExpiry holds that Instagram's answer marks a token that ran out, not our clock.
func TestPastExpiry(t *testing.T) {
	t.Parallel()
	h := setup(t)
	fleet := h.fleet(3)
	c := fleet[0]
	h.fail(igsim.Refresh, 1, igsim.Fault{Code: 2, Persona: "fleet_0"})
	h.week() // the others are well
	h.fail(igsim.Refresh, 200, igsim.Fault{Code: 2, Persona: "fleet_0"})
	for range 110 {
		h.pass(12 * time.Hour)
	}
	if got := h.connection(c.ID); got.Status != store.StatusActive || got.TokenExpiresAt.After(h.sim.Now()) {
		t.Fatalf("%s until %v at %v", got.Status, got.TokenExpiresAt, h.sim.Now())
	}
	h.sim.Heal()
	h.pass(30 * time.Hour) // a day and the fifth by which it is stretched
	h.pass(settled)
	if got := h.connection(c.ID); got.Status != store.StatusReconnect || !strings.Contains(got.StatusReason, "ran out") {
		t.Errorf("%s, %q", got.Status, got.StatusReason)
	}
	asked := h.sim.Calls(igsim.Refresh)
	for range 28 {
		h.pass(day)
	}
	// Each of the two others is due about weekly, and so is the dead one.
	if tries := h.sim.Calls(igsim.Refresh) - asked; tries > 3*5 {
		t.Errorf("%d tries in four weeks", tries)
	}
}

// TestRemovedTheApp holds that an owner who removed the app has disconnected, once that was said twice.
func TestRemovedTheApp(t *testing.T) {
	t.Parallel()
	h := setup(t)
	c := h.fleet(3)[0]
	h.sim.Advance(3 * day)
	if err := h.sim.RemoveApp("fleet_0"); err != nil {
		t.Fatal(err)
	}
	h.pass(5 * day)
	h.pass(settled)
	got := h.connection(c.ID)
	if got.Status != store.StatusDisconnected || got.SealedToken != nil || !got.NextRefreshAt.IsZero() {
		t.Errorf("became %+v", got)
	}
	if history := h.history(c.ID); history[len(history)-1] != store.EventDisconnected {
		t.Errorf("history %v", history)
	}
}

// TestRemovedOrNot holds that where Instagram names another cause in between, the token is kept.
func TestRemovedOrNot(t *testing.T) {
	t.Parallel()
	removed := igsim.Fault{Code: 190, Subcode: 458, Persona: "fleet_0"}
	other := igsim.Fault{Code: 190, Subcode: 460, Persona: "fleet_0"}
	for name, said := range map[string][3]igsim.Fault{
		"at first":     {other, removed, removed},
		"then":         {removed, other, removed},
		"at the end":   {removed, removed, other},
		"from then on": {removed, other, other},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := setup(t)
			c := h.fleet(3)[0]
			h.fail(igsim.Refresh, 1, said[0])
			h.week()
			h.fail(igsim.Me, 1, removed)
			h.fail(igsim.Refresh, 1, said[1])
			h.fail(igsim.Me, 1, said[2])
			h.pass(settled)
			if got := h.connection(c.ID); got.Status != store.StatusReconnect || got.SealedToken == nil {
				t.Errorf("%s, %q", got.Status, got.StatusReason)
			}
		})
	}
}

// TestFewOthers holds that an owner is believed where there are not two others to ask.
func TestFewOthers(t *testing.T) {
	t.Parallel()
	h := setup(t)
	c := h.fleet(2)[0]
	h.sim.Advance(3 * day)
	if err := h.sim.ChangePassword("fleet_0"); err != nil {
		t.Fatal(err)
	}
	h.pass(5 * day)
	h.pass(settled)
	if got := h.connection(c.ID); got.Status != store.StatusReconnect {
		t.Errorf("status %s", got.Status)
	}
}

// TestNeverTheOwner holds that nothing but a clear word about the token marks a connection, however
// long and however often it is said.
func TestNeverTheOwner(t *testing.T) {
	t.Parallel()
	for name, fault := range map[string]igsim.Fault{
		"unknown code":             {Code: 98765, Status: 401, Type: "OAuthException", Message: "something new"},
		"rate limit":               {Code: 4, Type: "OAuthException", Message: "(#4) Application request limit reached"},
		"access blocked":           {Code: 200, Type: "OAuthException", Message: "API access blocked."},
		"no viewers":               {Code: 10, Message: "(#10) Not enough viewers for the media to show insights"},
		"a missing permission":     {Code: 10, Message: "(#10) Application does not have permission for this action"},
		"unsupported request":      {Code: 100, Type: "IGApiException", Message: "Unsupported request - method type: get"},
		"a transient 190":          {Code: 190, Transient: true, Message: "Error validating access token"},
		"a 190 of a broken server": {Code: 190, Status: 503, Message: "Error validating access token"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := setup(t)
			fleet := h.fleet(3)
			fault.Persona = "fleet_0" // the others are well, so that they do not speak for her
			if err := h.sim.FailShare(igsim.AnyEndpoint, 1, 1, fault); err != nil {
				t.Fatal(err)
			}
			h.week()
			for range 60 {
				h.pass(6 * time.Hour)
			}
			for _, c := range fleet {
				refused := c.ID == fleet[0].ID
				if got := h.connection(c.ID); got.Status != store.StatusActive || refused && string(got.SealedToken) != string(c.SealedToken) {
					t.Errorf("%s, %q", got.Status, got.StatusReason)
				}
			}
			h.sim.Heal()
			for range 9 {
				h.pass(6 * time.Hour)
			}
			for _, c := range fleet {
				if got := h.connection(c.ID); !got.Failure.IsZero() || got.TokenExpiresAt.Sub(h.sim.Now()) < 50*day {
					t.Errorf("did not recover: %+v", got)
				}
			}
		})
	}
}

// TestHealthyOtherIsRemembered holds that of several who are to be parted with one after the other, only the first has
// another account asked: that it is healthy counts for the next.
func TestHealthyOtherIsRemembered(t *testing.T) {
	t.Parallel()
	h := setup(t)
	gone := h.fleet(30)[:4]
	h.sim.Advance(3 * day)
	for i := range gone {
		if err := h.sim.ChangePassword(fmt.Sprintf("fleet_%d", i)); err != nil {
			t.Fatal(err)
		}
	}
	h.pass(5 * day)
	h.sim.Advance(settled)
	asked := h.sim.Calls(igsim.Me)
	for _, c := range gone {
		got, err := h.Refresh(t.Context(), vault.CallerCommandLine, c.ID)
		if err == nil || got.Status != store.StatusReconnect {
			t.Errorf("%s, %v", got.Status, err)
		}
	}
	own := 2 * len(gone) // each is asked for herself before and after
	if others := h.sim.Calls(igsim.Me) - asked - own; others != 1 {
		t.Errorf("others were asked %d times, want once", others)
	}
}

// suspected is a rig with an owner whom Instagram has asked for once, ready for the second answer.
func suspected(t *testing.T) (*rig, store.Connection) {
	t.Helper()
	h := setup(t)
	c := h.fleet(3)[0]
	h.fail(igsim.Refresh, 1, refusedOwner)
	h.week()
	h.sim.Advance(settled)
	return h, c
}

var refusedOwner = igsim.Fault{Code: 190, Subcode: 460, Persona: "fleet_0"}

// TestRefusedAtMe holds that an owner whose token /me refuses is not parted with for whatever else the
// refresh fails: nobody else is asked about her, and the doubt stays.
func TestRefusedAtMe(t *testing.T) {
	t.Parallel()
	for name, fault := range map[string]igsim.Fault{
		"an outage":         {Code: 2},
		"the app's limit":   {Code: 4},
		"a hold":            {Code: 368},
		"the operator's":    {Code: 101},
		"a client bug":      {Code: 2500},
		"an unknown code":   {Code: 98765, Status: 400, Message: "something new"},
		"a broken line":     {Kind: igsim.Cut},
		"half of an answer": {Kind: igsim.Truncated},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h, c := suspected(t)
			before, asked := h.connection(c.ID), h.sim.Calls(igsim.Me)
			h.fail(igsim.Me, 1, refusedOwner)
			fault.Persona = "fleet_0"
			h.fail(igsim.Refresh, 1, fault)
			h.pass(0)
			got := h.connection(c.ID)
			if got.Status != store.StatusActive || got.Failure.Tries != 2 || !got.Failure.SuspectedAt.Equal(before.Failure.SuspectedAt) {
				t.Errorf("%s, %+v", got.Status, got.Failure)
			}
			if n := h.sim.Calls(igsim.Me) - asked; n != 1 {
				t.Errorf("/me was asked %d times, want once for herself", n)
			}
		})
	}
}

// TestLastLook holds that nothing but a third refusal, at the last look, ends the work on a connection:
// anything else that is said then counts as the failure that it is, and a good answer begins the doubt
// anew, at the usual pause.
func TestLastLook(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		said  igsim.Fault // zero is a good answer
		class string
		cause string
		wait  time.Duration // at least, and at most a fifth longer
	}{
		"a good answer":       {igsim.Fault{}, "reconnect", "password_changed", 10 * time.Minute},
		"an outage":           {igsim.Fault{Code: 2}, "reconnect", "password_changed", 10 * time.Minute},
		"a broken connection": {igsim.Fault{Kind: igsim.Cut}, "reconnect", "password_changed", 10 * time.Minute},
		"a hold":              {igsim.Fault{Code: 368}, "hold", "policy", 6 * time.Hour},
		"a wait":              {igsim.Fault{Code: 1, Status: 400, Message: "Please wait a few minutes before you try again."}, "hold", "wait", 30 * time.Minute},
		"the app's limit":     {igsim.Fault{Code: 4}, "hold", "app_limit", 6 * time.Hour},
		"the operator's":      {igsim.Fault{Code: 101}, "operator", "app_unknown", time.Hour},
		"a client bug":        {igsim.Fault{Code: 2500}, "permanent", "path", day},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h, c := suspected(t)
			before := h.connection(c.ID)
			h.fail(igsim.Refresh, 1, refusedOwner)
			h.fail(igsim.Me, 1, refusedOwner)
			good := tt.said == igsim.Fault{}
			if !good {
				tt.said.Persona = "fleet_0"
				h.fail(igsim.Me, 1, tt.said)
			}
			asked := h.sim.Calls(igsim.Me)
			h.pass(0)
			got := h.connection(c.ID)
			if n := h.sim.Calls(igsim.Me) - asked; n != 3 {
				t.Fatalf("/me was asked %d times, want two for herself and one for another", n)
			}
			if got.Status != store.StatusActive || got.Failure.Class != tt.class || got.Failure.Cause != tt.cause || got.Failure.Tries != 2 {
				t.Errorf("%s, %+v", got.Status, got.Failure)
			}
			if wait := got.NextRefreshAt.Sub(h.sim.Now()); wait < tt.wait || wait > tt.wait*6/5 {
				t.Errorf("tried again in %v", wait)
			}
			if want := before.Failure.SuspectedAt; !good && !got.Failure.SuspectedAt.Equal(want) {
				t.Errorf("doubted at %v, want %v as before", got.Failure.SuspectedAt, want)
			}
			if good && h.sim.Now().Sub(got.Failure.SuspectedAt) > time.Second {
				t.Errorf("doubted at %v, want anew", got.Failure.SuspectedAt)
			}
		})
	}
}

// TestTheLimitWhileOthersAreAsked holds that the app's limit ends all questions of the case at once: neither
// the second of the others nor the owner herself is asked any more, and nobody for an hour.
func TestTheLimitWhileOthersAreAsked(t *testing.T) {
	t.Parallel()
	h, c := suspected(t)
	h.fail(igsim.Refresh, 1, refusedOwner)
	h.fail(igsim.Me, 1, refusedOwner)
	h.fail(igsim.Me, 1, igsim.Fault{Code: 4})
	asked := h.sim.Calls(igsim.Me)
	h.pass(0)
	if n := h.sim.Calls(igsim.Me) - asked; n != 2 {
		t.Errorf("/me was asked %d times, want once for herself and once for another", n)
	}
	if got := h.connection(c.ID); got.Status != store.StatusActive || got.Failure.Tries != 2 {
		t.Errorf("%s, %+v", got.Status, got.Failure)
	}
	all := h.sim.Calls(igsim.AnyEndpoint)
	h.pass(50 * time.Minute)
	if n := h.sim.Calls(igsim.AnyEndpoint) - all; n != 0 {
		t.Errorf("%d calls within the hour", n)
	}
	h.pass(11 * time.Minute)
	if h.sim.Calls(igsim.AnyEndpoint) == all {
		t.Error("nobody is asked after the hour")
	}
}

// TestOneOtherIsNotEnough holds that where there is one other account alone, its failing alike does not
// speak against the app: the owner is believed, as where there is none.
func TestOneOtherIsNotEnough(t *testing.T) {
	t.Parallel()
	h := setup(t)
	fleet := h.fleet(2)
	if err := h.sim.FailShare(igsim.AnyEndpoint, 1, 1, igsim.Fault{Code: 190, Message: "Invalid OAuth access token"}); err != nil {
		t.Fatal(err)
	}
	h.week()
	h.pass(settled)
	for _, c := range fleet {
		if got := h.connection(c.ID); got.Status != store.StatusReconnect {
			t.Errorf("%s: %s, %+v", c.ID, got.Status, got.Failure)
		}
	}
	if a := h.alarm(store.AlarmApp); a.Version != 0 {
		t.Errorf("raised %+v", a)
	}
}

// TestWhoTheOthersAre holds that one of two others that fails alike says nothing about the app, nor does it
// about the owner: she is asked again later.
func TestWhoTheOthersAre(t *testing.T) {
	t.Parallel()
	h, c := suspected(t)
	h.fail(igsim.Refresh, 1, refusedOwner)
	h.fail(igsim.Me, 1, refusedOwner)
	h.fail(igsim.Me, 1, igsim.Fault{Code: 190}) // one of the others
	h.fail(igsim.Me, 1, igsim.Fault{Code: 2})   // the other one
	h.pass(0)
	if got := h.connection(c.ID); got.Status != store.StatusActive || got.Failure.Tries != 2 {
		t.Errorf("%s, %+v", got.Status, got.Failure)
	}
	if a := h.alarm(store.AlarmApp); a.Version != 0 {
		t.Errorf("raised %+v", a)
	}
}
