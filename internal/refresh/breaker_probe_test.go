package refresh_test

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"latchkey/igsim"
	"latchkey/internal/refresh"
	"latchkey/internal/store"
	"latchkey/internal/vault"
)

// raised puts the app's alarm into the store, to be probed now.
func (h *rig) raised() {
	h.t.Helper()
	now := h.sim.Now()
	if _, err := h.st.PutAlarm(h.t.Context(), store.Alarm{Kind: store.AlarmApp, RaisedAt: now, ProbeAt: now}); err != nil {
		h.t.Fatal(err)
	}
}

// spoil makes the token of a connection one that the keyring does not open.
func (h *rig) spoil(c store.Connection) {
	h.t.Helper()
	c.SealedToken = []byte("not sealed by anybody")
	if _, err := h.st.UpdateConnection(h.t.Context(), c); err != nil {
		h.t.Fatal(err)
	}
}

// three is three personas, connected, in the order in which others are looked for.
func (h *rig) three() []store.Connection {
	fleet := h.fleet(3)
	slices.SortFunc(fleet, func(a, b store.Connection) int { return strings.Compare(a.ID, b.ID) })
	return fleet
}

// TestUnreadableNeighbour holds that a neighbour whose token does not open keeps no owner from being
// asked.
func TestUnreadableNeighbour(t *testing.T) {
	t.Parallel()
	h := setup(t)
	fleet := h.three()
	h.week()
	h.spoil(h.connection(fleet[1].ID))
	h.sim.Advance(3 * day)
	if err := h.sim.ChangePassword(fleet[0].Username); err != nil {
		t.Fatal(err)
	}
	h.sim.Advance(3 * day)
	for range 4 { // the others are not due yet
		c := h.connection(fleet[0].ID)
		h.sim.Advance(max(0, c.NextRefreshAt.Sub(h.sim.Now())))
		h.pass(0)
	}
	if got := h.connection(fleet[0].ID); got.Status != store.StatusReconnect {
		t.Errorf("%s, %+v", got.Status, got.Failure)
	}
}

// TestProbeBesideAnUnreadableToken holds that a token which does not open is no word of Instagram's
// about the app.
func TestProbeBesideAnUnreadableToken(t *testing.T) {
	t.Parallel()
	for name, due := range map[string]bool{"that is due": true, "that is a neighbour": false} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := setup(t)
			spoiled := h.three()[0]
			if h.sim.Advance(2 * day); due {
				spoiled.NextRefreshAt = h.sim.Now()
			}
			h.spoil(spoiled)
			h.raised()
			h.pass(0)
			if a := h.alarm(store.AlarmApp); a.Lasts() {
				t.Errorf("it lasts: %+v", a)
			}
		})
	}
}

// TestProbeOfNothing holds that a probe for which Instagram was not asked proves nothing.
func TestProbeOfNothing(t *testing.T) {
	t.Parallel()
	h := setup(t)
	fleet := h.fleet(3)
	h.sim.Advance(20 * time.Hour)
	for _, c := range fleet {
		c.NextRefreshAt = h.sim.Now() // due by another clock, and too young for Instagram
		if _, err := h.st.UpdateConnection(t.Context(), c); err != nil {
			t.Fatal(err)
		}
	}
	if err := h.sim.FailShare(igsim.AnyEndpoint, 1, 1, igsim.Fault{Code: 2}); err != nil {
		t.Fatal(err)
	}
	h.raised()
	for range 3 {
		h.pass(10 * time.Minute)
	}
	if !h.alarm(store.AlarmApp).Lasts() {
		t.Error("it is over, and nothing worked")
	}
}

// TestOneProbeIsNoProof holds that an alarm is over only when two probes in a row worked.
func TestOneProbeIsNoProof(t *testing.T) {
	t.Parallel()
	h := setup(t)
	h.clones(h.connect("studio_north"), 10)
	h.sim.Advance(8 * day)
	h.raised()
	for range 2 {
		first := true
		h.beforeRefresh(func(context.Context) {
			if !first {
				h.fail(igsim.Refresh, 1, igsim.Fault{Code: 2})
			}
			first = false
		})
		h.pass(10 * time.Minute)
		if a := h.alarm(store.AlarmApp); !a.Lasts() || a.Worked != 0 {
			t.Errorf("one of two worked: %+v", a)
		}
	}
	h.handler = h.sim
	h.pass(10 * time.Minute)
	if a := h.alarm(store.AlarmApp); a.Lasts() {
		t.Errorf("both worked: %+v", a)
	}
	for c := range all(t, h.st) { // in the same sweep
		h.refreshed(c.ID)
	}
}

// TestTwoProbesAreProof holds that an alarm is over when two probes in a row worked, and that no third one is
// made.
func TestTwoProbesAreProof(t *testing.T) {
	t.Parallel()
	h := setup(t)
	h.fleet(2)
	h.sim.Advance(8 * day)
	h.raised()
	asked := h.sim.Calls(igsim.AnyEndpoint)
	h.pass(0)
	if n := h.sim.Calls(igsim.AnyEndpoint) - asked; n != 2 || h.alarm(store.AlarmApp).Lasts() {
		t.Errorf("%d calls, %+v", n, h.alarm(store.AlarmApp))
	}
}

// TestProbeRaisesNoDoubt holds that what is refused while the alarm lasts is nothing against the owner.
func TestProbeRaisesNoDoubt(t *testing.T) {
	t.Parallel()
	h := setup(t)
	c := h.connect("studio_north")
	h.sim.Advance(8 * day)
	h.fail(igsim.AnyEndpoint, 3, igsim.Fault{Code: 190, Subcode: 460})
	h.raised()
	h.pass(0)
	if got := h.connection(c.ID); got.Failure.Tries != 1 || !got.Failure.SuspectedAt.IsZero() {
		t.Errorf("trouble %+v", got.Failure)
	}
}

// TestOnDemandRaisesNoDoubt holds that this is so for a refresh that somebody asked for, too.
func TestOnDemandRaisesNoDoubt(t *testing.T) {
	t.Parallel()
	h := setup(t)
	c := h.connect("studio_north")
	h.sim.Advance(2 * day)
	h.fail(igsim.AnyEndpoint, 3, igsim.Fault{Code: 190, Subcode: 460})
	h.raised()
	if got, err := h.Refresh(t.Context(), vault.CallerCommandLine, c.ID); err == nil || got.Failure.Tries != 1 || !got.Failure.SuspectedAt.IsZero() {
		t.Errorf("trouble %+v, %v", got.Failure, err)
	}
}

// TestProbeMarksNobody holds that a doubt of before does not become a mark while the alarm lasts.
func TestProbeMarksNobody(t *testing.T) {
	t.Parallel()
	h := setup(t)
	c := h.fleet(3)[0]
	h.sim.Advance(2 * day)
	c.NextRefreshAt, c.Failure.SuspectedAt = h.sim.Now(), h.sim.Now().Add(-time.Hour)
	if _, err := h.st.UpdateConnection(t.Context(), c); err != nil {
		t.Fatal(err)
	}
	if err := h.sim.ChangePassword("fleet_0"); err != nil {
		t.Fatal(err)
	}
	h.raised()
	h.pass(0)
	if got := h.connection(c.ID); got.Status != store.StatusActive || got.Failure.Tries != 1 {
		t.Errorf("%s, %+v", got.Status, got.Failure)
	}
}

// TestProbeBesideAWaitingAnswer holds that no probe is made with a token that may be dead.
func TestProbeBesideAWaitingAnswer(t *testing.T) {
	t.Parallel()
	h := setup(t)
	h.Store = &outage{Store: h.Store, away: true}
	h.connect("studio_north")
	h.set(igsim.Switches{OldTokenDies: true})
	h.week() // its answer waits
	asked := h.sim.Calls(igsim.Refresh)
	h.sim.Advance(time.Hour)
	h.raised()
	h.pass(0)
	if n := h.sim.Calls(igsim.Refresh); n != asked {
		t.Errorf("asked %d times more", n-asked)
	}
}

// TestProbeRaisesNoAlarm holds that what is refused while the app's alarm lasts raises no other one.
func TestProbeRaisesNoAlarm(t *testing.T) {
	t.Parallel()
	h := setup(t)
	h.fleet(3)
	h.sim.Advance(8 * day)
	h.set(igsim.Switches{AppRestricted: true})
	h.raised()
	for range 10 {
		h.pass(90 * time.Minute)
	}
	if a := h.alarm(store.AlarmOperator); a.Version != 0 {
		t.Errorf("raised %+v", a)
	}
}

// TestProbeOfAnOwnerWhoIsGone holds that a token which /me refuses too says nothing about the app: others are
// asked, and the alarm is over when they are well. One that /me knows and that is not refreshed does.
func TestProbeOfAnOwnerWhoIsGone(t *testing.T) {
	t.Parallel()
	for mes, over := range map[int]bool{10: true, 0: false} {
		h := setup(t)
		gone := h.three()[0]
		h.sim.Advance(2 * day)
		gone.NextRefreshAt = h.sim.Now()
		if _, err := h.st.UpdateConnection(t.Context(), gone); err != nil {
			t.Fatal(err)
		}
		fault := igsim.Fault{Code: 190, Persona: gone.Username}
		h.fail(igsim.Refresh, 10, fault)
		if mes > 0 {
			h.fail(igsim.Me, mes, fault)
		}
		h.raised()
		h.pass(0)
		if a := h.alarm(store.AlarmApp); a.Lasts() == over {
			t.Errorf("/me refuses %d times: %+v", mes, a)
		}
	}
}

// TestProbeOfTheIll holds that nobody is asked on behalf of the app who was in trouble before: a refusal
// would say nothing.
func TestProbeOfTheIll(t *testing.T) {
	t.Parallel()
	h := setup(t)
	for _, c := range h.fleet(3) {
		c.Failure = store.RefreshFailure{Since: h.sim.Now(), Tries: 1, Class: "hold"}
		if _, err := h.st.UpdateConnection(t.Context(), c); err != nil {
			t.Fatal(err)
		}
	}
	h.raised()
	asked := h.sim.Calls(igsim.AnyEndpoint)
	h.pass(0)
	if n := h.sim.Calls(igsim.AnyEndpoint) - asked; n != 0 || !h.alarm(store.AlarmApp).Lasts() {
		t.Errorf("%d calls, %+v", n, h.alarm(store.AlarmApp))
	}
}

// TestProbeAtTheLimit holds that the app's limit ends a probe: the second of two others is not asked.
func TestProbeAtTheLimit(t *testing.T) {
	t.Parallel()
	for code, want := range map[int]int{4: 1, 2: 2} { // an outage says nothing
		h := setup(t)
		h.fleet(3)
		h.raised()
		h.fail(igsim.Me, 2, igsim.Fault{Code: code})
		asked := h.sim.Calls(igsim.Me)
		h.pass(0)
		if n := h.sim.Calls(igsim.Me) - asked; n != want || !h.alarm(store.AlarmApp).Lasts() {
			t.Errorf("code %d: %d asked, want %d; %+v", code, n, want, h.alarm(store.AlarmApp))
		}
	}
}

// TestNothingIsClaimedWhenItStops holds that a sweep in which the app's alarm is raised claims no more: others
// would find what it gives back in no order.
func TestNothingIsClaimedWhenItStops(t *testing.T) {
	t.Parallel()
	h := setup(t)
	h.clones(h.connect("studio_north"), 300)
	h.sim.Advance(8 * day)
	h.set(igsim.Switches{AppBlocked: true})
	claimed := 0
	h.Store = &meddler{h.Store, func(store.Lease) { claimed++ }}
	h.pass(0)
	if !h.alarm(store.AlarmApp).Lasts() {
		t.Fatal("no alarm")
	}
	if claimed > 1+64+64 {
		t.Errorf("%d were claimed", claimed)
	}
}

// TestProbeOfTheFuture holds that a probe which was put off by a clock that ran ahead is made now.
func TestProbeOfTheFuture(t *testing.T) {
	t.Parallel()
	h := setup(t)
	h.fleet(3)
	now := h.sim.Now()
	if _, err := h.st.PutAlarm(t.Context(), store.Alarm{Kind: store.AlarmApp, RaisedAt: now.Add(day), ProbeAt: now.Add(day)}); err != nil {
		t.Fatal(err)
	}
	h.pass(0)
	if a := h.alarm(store.AlarmApp); a.Lasts() {
		t.Errorf("it lasts: %+v", a)
	}
}

// meddler is a store in which something happens right after a claim.
type meddler struct {
	refresh.Store
	claimed func(store.Lease)
}

func (m *meddler) ClaimDue(ctx context.Context, holder string, now time.Time, term time.Duration, limit int) ([]store.Lease, error) {
	leases, err := m.Store.ClaimDue(ctx, holder, now, term, limit)
	for _, l := range leases {
		m.claimed(l)
	}
	return leases, err
}

// TestEndedBeforeItsTurn holds that a connection which is ended between the claim and the look at it
// is left alone, in a sweep and in a probe.
func TestEndedBeforeItsTurn(t *testing.T) {
	t.Parallel()
	for name, probe := range map[string]bool{"in a sweep": false, "in a probe": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := setup(t)
			c := h.connect("studio_north")
			h.Store = &meddler{h.Store, func(l store.Lease) {
				if _, err := h.Vault.Disconnect(t.Context(), vault.CallerOwner, l.ConnectionID); err != nil {
					t.Error(err)
				}
			}}
			if probe {
				h.raised()
			}
			h.week()
			if got := h.connection(c.ID); !got.NextRefreshAt.IsZero() || !got.Failure.IsZero() {
				t.Errorf("became %+v", got)
			}
		})
	}
}

// TestRefreshesRefused holds that an alarm lasts for as long as refreshes are refused, though /me works.
func TestRefreshesRefused(t *testing.T) {
	t.Parallel()
	h := setup(t)
	h.clones(h.connect("studio_north"), 100)
	for _, c := range h.fleet(3) { // these are well all the time
		c.NextRefreshAt = h.sim.Now().Add(30 * day)
		if _, err := h.st.UpdateConnection(t.Context(), c); err != nil {
			t.Fatal(err)
		}
	}
	if err := h.sim.FailShare(igsim.Refresh, 1, 1, igsim.Fault{Code: 190, Message: "Invalid OAuth 2.0 Access Token"}); err != nil {
		t.Fatal(err)
	}
	h.week()
	if !h.alarm(store.AlarmApp).Lasts() {
		t.Fatal("no alarm")
	}
	for range 24 {
		h.pass(10 * time.Minute)
	}
	events, err := h.st.Events(t.Context(), "", 100)
	if err != nil || len(events) != 1 {
		t.Errorf("%d alarms and ends of alarms, want one alarm, %v", len(events), err)
	}
	h.sim.Heal()
	h.pass(2 * time.Hour)
	if h.alarm(store.AlarmApp).Lasts() {
		t.Error("it lasts")
	}
}

// TestUnreadableTokens holds that many tokens that do not open are the operator's trouble, and not
// Instagram's: the others are refreshed.
func TestUnreadableTokens(t *testing.T) {
	t.Parallel()
	h := setup(t)
	fleet := h.fleet(40)
	for _, c := range fleet[:20] {
		c.NextRefreshAt = h.sim.Now().Add(day) // the first of all
		h.spoil(c)
	}
	h.week()
	h.pass(2 * time.Hour)
	if h.alarm(store.AlarmApp).Version != 0 || !h.alarm(store.AlarmOperator).Lasts() {
		t.Errorf("app %+v, operator %+v", h.alarm(store.AlarmApp), h.alarm(store.AlarmOperator))
	}
	for _, c := range fleet[20:] {
		h.refreshed(c.ID)
	}
}

// TestOperatorAlarmLasts holds that an outage in between does not end the operator's alarm: only a
// success shows that something was mended.
func TestOperatorAlarmLasts(t *testing.T) {
	t.Parallel()
	h := setup(t)
	h.fleet(20)
	h.sim.Advance(8 * day)
	if err := h.sim.SetRole("fleet_0", false); err != nil {
		t.Fatal(err)
	}
	h.pass(0)
	h.pass(2 * time.Hour)
	a := h.alarm(store.AlarmOperator)
	for range 6 {
		h.fail(igsim.Refresh, 1, igsim.Fault{Code: 2})
		h.pass(2 * time.Hour)
		h.pass(2 * time.Hour)
	}
	if got := h.alarm(store.AlarmOperator); !a.Lasts() || got.Version != a.Version {
		t.Errorf("%+v became %+v", a, got)
	}
}

// TestAlarmClearedInTheFuture holds that an alarm which ended by a clock that ran ahead does not hide
// the next one.
func TestAlarmClearedInTheFuture(t *testing.T) {
	t.Parallel()
	h := setup(t)
	h.fleet(10)
	h.sim.Advance(8 * day)
	ahead := h.sim.Now().Add(day)
	if _, err := h.st.PutAlarm(t.Context(), store.Alarm{Kind: store.AlarmApp, RaisedAt: ahead, ClearedAt: ahead}); err != nil {
		t.Fatal(err)
	}
	h.set(igsim.Switches{AppBlocked: true})
	h.pass(0)
	if !h.alarm(store.AlarmApp).Lasts() {
		t.Error("no alarm")
	}
}

// TestEndedOnDemand holds that whoever asked for a refresh hears that the connection was ended or
// erased meanwhile.
func TestEndedOnDemand(t *testing.T) {
	t.Parallel()
	for name, end := range map[string]func(h *rig, id string) error{
		"disconnected": func(h *rig, id string) error {
			_, err := h.Vault.Disconnect(h.t.Context(), vault.CallerOwner, id)
			return err
		},
		"erased": func(h *rig, id string) error { return h.Vault.Erase(h.t.Context(), vault.CallerOwner, id) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := setup(t)
			c := h.connect("studio_north")
			h.sim.Advance(2 * day)
			h.beforeRefresh(func(context.Context) {
				if err := end(h, c.ID); err != nil {
					t.Error(err)
				}
			})
			if got, err := h.Refresh(t.Context(), vault.CallerCommandLine, c.ID); err == nil {
				t.Errorf("no error, and %+v", got)
			}
		})
	}
}
