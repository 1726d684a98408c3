package main

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"testing"

	"latchkey/igsim"
	"latchkey/instagram"
)

// TestAnswersGoAstray holds that an answer which its server will not hear is counted as done and
// never delivered.
func TestAnswersGoAstray(t *testing.T) {
	t.Parallel()
	v := newVisitor(t, plan{})
	v.line.answering = func(int, *owner, func()) bool { return false }
	_, err := v.client.Refresh(t.Context(), v.token)
	if e, ok := errors.AsType[*instagram.Error](err); !ok || e.Status != 0 {
		t.Errorf("the answer that was withheld: %v", err)
	}
	waiting := v.world.heard() // more than one when net/http asked again, unseen, over a fresh connection
	if len(waiting) == 0 || waiting[0].owner != v.owner() || waiting[0].issued.IsZero() {
		t.Errorf("answers to be written: %+v", waiting)
	}
	if got := v.world.unwritten(1); len(got) != 0 {
		t.Errorf("another server has %+v", got)
	}
	if got := v.world.unwritten(0); len(got) != len(waiting) {
		t.Errorf("its server has %+v, want %+v", got, waiting)
	}
	if got := v.world.unwritten(-1); len(got) != 0 {
		t.Errorf("taken already, and still there: %+v", got)
	}
}

// TestAfterWork holds that a wrong answer after the work leaves an owner who is looked after while
// the old token may die of it.
func TestAfterWork(t *testing.T) {
	t.Parallel()
	v := newVisitor(t, plan{})
	must(t, v.world.sim.SetSwitches(oldLingers.switches()))
	w := httptest.NewRecorder()
	r := httptest.NewRequestWithContext(t.Context(), http.MethodGet,
		"/refresh_access_token?grant_type=ig_refresh_token&access_token="+v.token.Value.Reveal(), nil)
	a := &answer{w: w, header: http.Header{}}
	c := call{
		owner: v.owner(), endpoint: igsim.Refresh, mode: oldLingers, strikes: true,
		fault: fault{Fault: igsim.Fault{AfterWork: true}, blank: true},
	}
	v.line.spoil(a, r, igsim.Refresh, c.fault)
	v.line.finish(a, c)
	if w.Code != http.StatusOK || w.Header().Get("Date") == "" {
		t.Errorf("status %d, header %v", w.Code, w.Header())
	}
	if got := v.world.dying(); len(got) != 1 || got[0] != v.owner() {
		t.Errorf("dying: %d", len(got))
	}
	if token, _ := v.world.sim.Token(v.token.Value.Reveal()); token.Replaced.IsZero() {
		t.Error("the work was not done")
	}
	if _, err := v.client.Refresh(t.Context(), v.token); err != nil || len(v.world.dying()) != 0 {
		t.Errorf("after a good answer %d are in danger: %v", len(v.world.dying()), err)
	}
}

// TestPortIsOpenedAgain holds that a port which something else holds for a moment is waited for.
func TestPortIsOpenedAgain(t *testing.T) {
	t.Parallel()
	held, address, err := reserve()
	must(t, err)
	came := make(chan error, 1)
	go func() {
		l, err := listenAgain(t.Context(), address)
		if err == nil {
			l.Close()
		}
		came <- err
	}()
	must(t, pause(t.Context(), 5*glance))
	select {
	case err := <-came:
		t.Fatalf("it did not wait: %v", err)
	default:
	}
	held.Close()
	must(t, <-came)
}

func TestErrorsStayAsTheyAre(t *testing.T) {
	t.Parallel()
	a := &answer{header: http.Header{}, status: http.StatusBadRequest}
	const body = `{"error":{"code":190,"error_subcode":460}}`
	a.body.WriteString(body)
	a.change("access_token", "")
	if a.body.String() != body || a.status != http.StatusBadRequest {
		t.Errorf("%d %s", a.status, a.body.String())
	}
	if got := a.String(); got != "status 400, code 190/460" {
		t.Errorf("the server saw %q", got)
	}
}

func TestKiller(t *testing.T) {
	t.Parallel()
	var k killer
	if _, strikes := k.strikes("a"); strikes {
		t.Error("it strikes unarmed")
	}
	is := func(persona string) func(string) bool { return func(p string) bool { return p == persona } }
	k.arm(is("b"), kept)
	for i, tt := range []struct {
		persona string
		strikes bool
	}{{"a", false}, {"b", true}, {"b", false}} {
		if how, strikes := k.strikes(tt.persona); strikes != tt.strikes || strikes && how != kept {
			t.Errorf("answer %d, about %s: %v %v", i, tt.persona, strikes, how)
		}
	}
	k.arm(is("b"), withheld)
	k.anybody()
	if how, strikes := k.strikes("a"); !strikes || how != withheld {
		t.Errorf("anybody: %v %v", strikes, how)
	}
	k.arm(nil, delivered)
	k.disarm()
	if _, strikes := k.strikes("a"); strikes {
		t.Error("it strikes disarmed")
	}
	if k.count() != 2 {
		t.Errorf("%d kills", k.count())
	}
}
