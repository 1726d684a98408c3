package main

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"latchkey/igsim"
	"latchkey/internal/store"
)

// allOf asks until every kind of fault had its chance, and returns those that came.
func (v *visitor) allOf(mode mode, before func(*owner)) (came []fault) {
	v.t.Helper()
	v.world.shift(mode)
	v.world.hush(false)
	for range 3000 {
		v.owner().lied = false
		before(v.owner())
		if c, _ := v.world.begin(igsim.Refresh, v.token.Value.Reveal()); c.strikes {
			came = append(came, c.fault)
		}
	}
	return came
}

func has(faults []fault, is func(fault) bool) bool {
	for _, f := range faults {
		if is(f) {
			return true
		}
	}
	return false
}

// TestNothingHopeless holds the rules of what does not go wrong: what nobody could tell from the
// truth, and what nobody could save.
func TestNothingHopeless(t *testing.T) {
	t.Parallel()
	nothing := func(*owner) {}
	for _, tt := range []struct {
		name   string
		mode   mode
		before func(*owner)
		lies   bool
		spends bool
		stops  bool
		any    bool
	}{
		{"an ordinary day", sameText, nothing, true, true, true, true},
		{"the old token lingers", oldLingers, nothing, true, true, true, true},
		{"the old token fades", oldFades, nothing, true, true, true, true},
		{"the old token dies", oldDies, nothing, true, false, true, true},
		{"Instagram asked for her already", oldLives, func(o *owner) { o.lied = true }, false, true, true, true},
		{"an answer went astray and the token lives", oldLingers, func(o *owner) { o.endangered, o.mode = true, oldLives }, true, true, true, true},
		{"an answer went astray and the token dies", oldLives, func(o *owner) { o.endangered, o.mode = true, oldLingers }, false, false, false, false},
		{"she is logging in", sameText, func(o *owner) { o.visiting = true }, false, false, false, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			v := newVisitor(t, plan{seed: 3, share: 0.5})
			came := v.allOf(tt.mode, tt.before)
			for what, want := range map[string]bool{"lies": tt.lies, "spends": tt.spends, "stops": tt.stops, "any": tt.any} {
				is := map[string]func(fault) bool{
					"lies": fault.lies, "spends": fault.spends, "stops": fault.stops, "any": func(fault) bool { return true },
				}[what]
				if has(came, is) != want {
					t.Errorf("%s: %v, want %v", what, !want, want)
				}
			}
		})
	}
}

func TestALieIsFollowedByTheTruth(t *testing.T) {
	t.Parallel()
	v := newVisitor(t, plan{seed: 3, share: 1})
	v.world.hush(false)
	lied := false
	for range 200 {
		c, _ := v.world.begin(igsim.Me, v.token.Value.Reveal())
		if lied && c.fault.lies() {
			t.Fatal("twice in a row")
		}
		lied = lied || c.fault.lies()
	}
	if !lied {
		t.Fatal("nobody lied")
	}
	v.world.told(call{owner: v.owner()}, 0, true, "")
	if v.owner().lied {
		t.Error("the truth was told and does not count")
	}
}

// TestAnswersFade holds that one answer goes astray for each time that it is asked for, to a refresh, and leaves
// an owner whose token has minutes left.
func TestAnswersFade(t *testing.T) {
	t.Parallel()
	v := newVisitor(t, plan{})
	v.world.hush(false)
	v.world.goAstray()
	if c, _ := v.world.begin(igsim.Me, v.token.Value.Reveal()); c.strikes {
		t.Error("/me went astray")
	}
	v.owner().refreshed = v.world.sim.Now()
	if c, _ := v.world.begin(igsim.Refresh, v.token.Value.Reveal()); c.strikes {
		t.Error("an answer went astray that only a kill had called for")
	}
	v.world.sim.Advance(tooSoon)
	for i, want := range []bool{true, false} {
		c, _ := v.world.begin(igsim.Refresh, v.token.Value.Reveal())
		if c.strikes != want || want && (c.mode != oldFades || !c.fault.spends()) {
			t.Errorf("refresh %d: %+v", i, c)
		}
	}
	if got := v.world.counted(); got.astray != 1 || got.faults != 1 {
		t.Errorf("counted %+v", got)
	}
}

func TestQuietAndForeignCallsAreNotCounted(t *testing.T) {
	t.Parallel()
	v := newVisitor(t, plan{seed: 3, share: 1})
	v.world.begin(igsim.Refresh, v.token.Value.Reveal())
	v.world.hush(false)
	if c, known := v.world.begin(igsim.Refresh, "IGAAnobody"); known {
		t.Errorf("the owner of no token is %s", c.owner.persona)
	}
	if got := v.world.counted(); got != (counts{}) {
		t.Errorf("counted %+v", got)
	}
}

func TestTooSoon(t *testing.T) {
	t.Parallel()
	v := newVisitor(t, plan{})
	refresh := func() {
		t.Helper()
		next, err := v.client.Refresh(t.Context(), v.token)
		must(t, err)
		_ = next // the old token lives on, and is used again as if this answer had been forgotten
	}
	want := func(refreshes, twice int) {
		t.Helper()
		if got := v.world.counted(); got.refreshes != refreshes || got.twice != twice {
			t.Errorf("%d refreshes, %d too soon, want %d and %d", got.refreshes, got.twice, refreshes, twice)
		}
	}
	refresh()
	want(1, 0)
	v.world.sim.Advance(23 * time.Hour)
	refresh()
	want(2, 1)
	v.world.interrupt(pending{owner: v.owner(), mode: oldLives}, true)
	refresh()
	want(3, 1)
	v.world.sim.Advance(24 * time.Hour)
	refresh()
	want(4, 1)
	v.world.connected(v.owner())
	refresh()
	want(5, 1)
}

func TestWhoIsDoomed(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		mode   mode
		lasts  bool
		doomed bool
	}{
		{oldDies, false, true},
		{oldDies, true, false}, // the answer was in the store after all, or there was another login
		{oldFades, false, true},
		{oldFades, true, false},
		{oldLingers, false, false},
		{oldLives, true, false},
	} {
		v := newVisitor(t, plan{})
		v.world.interrupt(pending{owner: v.owner(), mode: tt.mode}, tt.lasts)
		if got := v.owner().doomed; got != tt.doomed {
			t.Errorf("%v, the stored token lasts: %v: doomed %v", tt.mode, tt.lasts, got)
		}
	}
}

func TestOwnersLeaveAndReturn(t *testing.T) {
	t.Parallel()
	v := newVisitor(t, plan{})
	o := v.owner()
	must(t, v.world.leaves(o, "she removed the app", v.world.sim.RemoveApp))
	if _, err := v.client.Me(t.Context(), v.token.Value); err == nil || !o.absent() {
		t.Errorf("she left: absent %v, /me gave %v", o.absent(), err)
	}
	must(t, v.world.leaves(o, "she changed her password", v.world.sim.ChangePassword))
	if len(o.absences) != 1 {
		t.Errorf("%d absences of one who was not there", len(o.absences))
	}
	v.login()
	if o.absent() {
		t.Error("she is back")
	}
	o.doomed = true
	must(t, v.world.leaves(o, "she removed the app", v.world.sim.RemoveApp))
	if o.absent() {
		t.Error("her token was gone before")
	}
}

// TestModes holds that the modes do at Instagram what they are named for.
func TestModes(t *testing.T) {
	t.Parallel()
	for _, m := range modes {
		v := newVisitor(t, plan{})
		v.world.shift(m)
		next, err := v.client.Refresh(t.Context(), v.token)
		must(t, err)
		old := v.token.Value.Reveal()
		works := func() bool {
			token, _ := v.world.sim.Token(old)
			return token.Works
		}
		if same := next.Value.Reveal() == old; same != (m == sameText) {
			t.Errorf("%v: the same text: %v", m, same)
		}
		if works() != (m != oldDies) {
			t.Errorf("%v: at once, the old one works: %v", m, works())
		}
		v.world.sim.Advance(fades - time.Minute)
		if works() != (m != oldDies) {
			t.Errorf("%v: within minutes, the old one works: %v", m, works())
		}
		v.world.sim.Advance(2 * time.Minute)
		if works() == m.beforeLease() {
			t.Errorf("%v: before a lease ends, the old one works: %v", m, works())
		}
		v.world.sim.Advance(lingers)
		if works() != (m == sameText || m == oldLives) {
			t.Errorf("%v: later, the old one works: %v", m, works())
		}
		if _, err := v.client.Me(t.Context(), next.Value); err != nil {
			t.Errorf("%v: the new one: %v", m, err)
		}
	}
}

// TestSlowly holds that while a token dies time goes so finely that a server has its turn: a retry within a
// minute fits into what fades, the usual pause of five minutes does not, and the lease of a clock that is
// twelve minutes ahead fits into what lingers.
func TestSlowly(t *testing.T) {
	t.Parallel()
	after := func(life, wait time.Duration, looks int) (left time.Duration) {
		left = life
		for left > 0 && (life-left < wait || looks > 0) {
			if life-left >= wait {
				looks--
			}
			left -= slowly(left)
		}
		return left
	}
	if left := after(fades, 24*time.Second, 1); left <= time.Minute {
		t.Errorf("%v are left of %v after a retry", left, fades)
	}
	if left := after(lingers, 22*time.Minute+2*time.Minute, 2); left <= time.Minute {
		t.Errorf("%v are left of %v after a lease", left, lingers)
	}
	if fades >= 5*time.Minute || leaseEnds <= 12*time.Minute {
		t.Error("a usual pause has to outlast what fades, and a lease and clocks two minutes apart have to fit in")
	}
}

// TestNobodyStopsWhileSomebodyDies holds that no server is made to wait while a token needs it.
func TestNobodyStopsWhileSomebodyDies(t *testing.T) {
	t.Parallel()
	w, err := newWorld(plan{}, 2, nil)
	must(t, err)
	c := call{owner: w.owners[0]}
	stop := fault{Fault: igsim.Fault{Code: 4}}
	if !stop.stops() || !w.may(c, stop) {
		t.Error("nobody is dying, and no server may be made to wait")
	}
	w.owners[1].endangered, w.owners[1].mode = true, oldLingers
	if w.may(c, stop) {
		t.Error("somebody is dying, and a server may be made to wait")
	}
}

// TestTimeline holds that the report tells call by call what was asked, done, seen and written.
func TestTimeline(t *testing.T) {
	t.Parallel()
	v := newVisitor(t, plan{})
	v.world.shift(oldLingers)
	w := httptest.NewRecorder()
	r := httptest.NewRequestWithContext(t.Context(), http.MethodGet,
		"/refresh_access_token?grant_type=ig_refresh_token&access_token="+v.token.Value.Reveal(), nil)
	a := &answer{w: w, header: http.Header{}}
	c := call{owner: v.owner(), endpoint: igsim.Refresh, mode: oldLingers, strikes: true, fault: fault{Fault: igsim.Fault{Code: 2, AfterWork: true}}}
	v.line.spoil(a, r, igsim.Refresh, c.fault)
	v.line.finish(a, c)
	v.world.sim.Advance(time.Minute)
	at := v.world.sim.Now().Add(-30 * time.Second)
	_, err := v.client.Refresh(t.Context(), v.token)
	must(t, err)
	got := timeline(v.world.history(v.owner().persona), []store.Event{{At: at, Kind: store.EventRefreshFailed, Caller: "refresh", Message: "class retry"}})
	rest := got
	for _, want := range []string{
		"she logged in",
		"refresh for server 0: Instagram refreshed the token, if it was old enough (old lingers); the server saw status 500, code 2/0",
		"    written: refresh_failed by refresh: class retry",
		"refresh for server 0: Instagram refreshed the token (old lingers) and says so; again too soon: false",
	} {
		_, after, found := strings.Cut(rest, want)
		if !found {
			t.Errorf("%q is not next in %s", want, got)
			continue
		}
		rest = after
	}
	if strings.Contains(got, v.token.Value.Reveal()) {
		t.Error("the report holds a token")
	}
}
