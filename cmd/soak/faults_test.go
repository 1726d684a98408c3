package main

import (
	"errors"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"testing"
	"time"

	"latchkey/igsim"
	"latchkey/instagram"
)

// visitor is a client of a world with one owner, who has a token that can be refreshed.
type visitor struct {
	t      *testing.T
	world  *world
	line   *instagramProxy
	client *instagram.Client
	token  instagram.Token
}

func newVisitor(t *testing.T, p plan) *visitor {
	t.Helper()
	const redirect = "http://localhost:3000/auth"
	w, err := newWorld(p, 1, []string{redirect})
	must(t, err)
	l := &instagramProxy{world: w, answering: func(_ int, _ *owner, deliver func()) bool { deliver(); return true }}
	server := httptest.NewServer(l)
	t.Cleanup(server.Close)
	v := &visitor{t: t, world: w, line: l, client: &instagram.Client{
		AppID: igsim.AppID, AppSecret: instagram.NewSecret(igsim.AppSecret), RedirectURL: redirect,
		Endpoints: instagram.Endpoints{
			Authorize: server.URL + "/oauth/authorize", Token: server.URL + "/oauth/access_token", Graph: server.URL,
		},
	}}
	v.login()
	return v
}

// login gives the visitor a new token, a day and more old.
func (v *visitor) login() {
	v.t.Helper()
	back, err := v.world.sim.Approve(v.client.AuthorizeURL("s", instagram.ScopeBasic), igsim.Decision{Persona: "owner_00000"})
	must(v.t, err)
	r := httptest.NewRequestWithContext(v.t.Context(), http.MethodGet, back, nil)
	short, err := v.client.Exchange(v.t.Context(), instagram.NewSecret(r.URL.Query().Get("code")))
	must(v.t, err)
	v.token, err = v.client.Extend(v.t.Context(), short)
	must(v.t, err)
	v.world.connected(v.owner())
	v.world.sim.Advance(25 * time.Hour)
}

func (v *visitor) owner() *owner { return v.world.owners[0] }

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// TestFaultsAreWhatTheySay holds that a client takes each fault for the class under which it stands,
// so that the run meets the classes that it claims to meet.
func TestFaultsAreWhatTheySay(t *testing.T) {
	t.Parallel()
	v := newVisitor(t, plan{})
	server := httptest.NewServer(nil)
	defer server.Close()
	for _, f := range faults {
		f.Persona = v.owner().persona
		server.Config.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			a := &answer{w: w, header: http.Header{}}
			v.line.spoil(a, r, igsim.Refresh, f)
			a.deliver()
		})
		client := *v.client
		client.Endpoints.Graph = server.URL
		next, err := client.Refresh(t.Context(), v.token)
		e, failed := errors.AsType[*instagram.Error](err)
		switch {
		case f.class == "" && (err != nil || !next.ExpiryAssumed):
			t.Errorf("%+v: expiry assumed: %v, %v", f, next.ExpiryAssumed, err)
		case f.class != "" && (!failed || e.ClassFor(v.token.Scopes) != f.class):
			t.Errorf("%+v: %v", f, err)
		}
		if f.spends() || f.lifeless {
			v.login() // the token was just refreshed
		}
	}
}

func TestFaultsAreOfEveryClassAndForm(t *testing.T) {
	t.Parallel()
	classes, kinds := map[instagram.Class]bool{}, map[igsim.Kind]bool{}
	for _, f := range faults {
		classes[f.class], kinds[f.Kind] = true, true
	}
	for _, want := range []instagram.Class{
		instagram.ClassReconnect, instagram.ClassRetry, instagram.ClassHold, instagram.ClassOperator,
		instagram.ClassPermanent, instagram.ClassIgnore,
	} {
		if !classes[want] {
			t.Errorf("none of class %q", want)
		}
	}
	if len(kinds) != 5 {
		t.Errorf("forms %v", slices.Collect(maps.Keys(kinds)))
	}
}

func TestPlan(t *testing.T) {
	t.Parallel()
	const calls = 20_000
	count := func(p plan) (struck int, drawn []string) {
		for i := range calls {
			f, strikes := p.fault("owner_00001", igsim.Refresh, i, func(fault) bool { return true })
			if strikes {
				struck++
				drawn = append(drawn, string(f.class))
			}
		}
		return struck, drawn
	}
	struck, drawn := count(plan{seed: 7, share: 0.2})
	if struck < calls*19/100 || struck > calls*21/100 {
		t.Errorf("%d of %d calls are struck", struck, calls)
	}
	if _, again := count(plan{seed: 7, share: 0.2}); !slices.Equal(drawn, again) {
		t.Error("the same seed gives other faults")
	}
	if _, other := count(plan{seed: 8, share: 0.2}); slices.Equal(drawn, other) {
		t.Error("another seed gives the same faults")
	}
	if struck, _ := count(plan{seed: 7}); struck != 0 {
		t.Error("a share of nothing strikes")
	}
}

func TestAnswersToMeAreNoTokens(t *testing.T) {
	t.Parallel()
	p := plan{seed: 1, share: 1}
	for i := range 1000 {
		if f, _ := p.fault("owner_00001", igsim.Me, i, func(fault) bool { return true }); f.blank || f.lifeless {
			t.Fatalf("call %d: %+v", i, f)
		}
	}
	if _, strikes := p.fault("owner_00001", igsim.Me, 1, func(fault) bool { return false }); strikes {
		t.Error("a fault that may not be")
	}
}

func TestWhatOwnersDo(t *testing.T) {
	t.Parallel()
	const owners, days = 2000, 60
	p := plan{seed: 1}
	left, back := 0, 0
	for i := range owners {
		gone := -1
		for day := range days {
			switch p.does(string(rune('a'+i)), day, days) {
			case stays:
			case changesPassword, removesApp:
				left++
				gone = day
			case returns:
				back++
				if gone < 0 || day-gone != returnsAfter {
					t.Errorf("back on day %d after day %d", day, gone)
				}
			}
		}
	}
	if left < owners/leavers/2 || left > owners/leavers*2 || back == 0 || back > left {
		t.Errorf("of %d owners %d leave and %d of them return", owners, left, back)
	}
	if p.does("a", 0, 1) != stays {
		t.Error("somebody leaves on the only day")
	}
}
