package web_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"latchkey/igsim"
	"latchkey/instagram"
	"latchkey/internal/login"
)

// agreements says, for each page that an answer of Instagram can lead to, what an owner reads there that she
// can do, what the operator's log then advises, one of several, and of which classes the causes may be.
var agreements = map[login.Kind]struct {
	page    string
	log     []string
	classes []instagram.Class
}{
	login.Checkpoint:     {"Open Instagram and answer what it asks", []string{"opens Instagram"}, []instagram.Class{instagram.ClassReconnect, instagram.ClassHold}},
	login.CodeRefused:    {"Start again from the beginning", []string{"logs in", "new login", "logging in"}, []instagram.Class{instagram.ClassReconnect}},
	login.NoRole:         {"invite your account as an Instagram tester", []string{"Tester", "a role on the app"}, []instagram.Class{instagram.ClassOperator, instagram.ClassReconnect}},
	login.AppLimit:       {"Wait an hour", []string{"wait"}, []instagram.Class{instagram.ClassHold}},
	login.AccountLimit:   {"Wait an hour", []string{"an hour"}, []instagram.Class{instagram.ClassRetry, instagram.ClassHold}},
	login.Blocked:        {"Wait some hours", []string{"wait"}, []instagram.Class{instagram.ClassHold}},
	login.InstagramAway:  {"Wait a few minutes", []string{"wait", "check the", "ask for fewer"}, []instagram.Class{instagram.ClassRetry}},
	login.InstagramFails: {"Wait a few minutes", []string{"wait", "try again", "ask for half"}, []instagram.Class{instagram.ClassRetry}},
	login.Misconfigured:  {"Whoever runs this server has to put it right", []string{""}, []instagram.Class{instagram.ClassOperator, instagram.ClassPermanent}},
	login.Unclear:        {"Try again in a few minutes", []string{"look up the literal text", "nothing to do"}, []instagram.Class{instagram.ClassRetry, instagram.ClassIgnore}},
}

// TestPageAndLogAgree holds for every cause that the page of a login that ends by it and the operator's log say
// the same is to be done.
func TestPageAndLogAgree(t *testing.T) {
	t.Parallel()
	h := newRig(t, origin)
	for _, cause := range instagram.Causes() {
		kind := login.KindOf(cause)
		want, ok := agreements[kind]
		if !ok {
			t.Errorf("the cause %q leads to the page of %q, of which nobody says what it advises", cause, kind)
			continue
		}
		page, cure := words(h.refused(kind).body), cause.Cure()
		if !strings.Contains(page, want.page) {
			t.Errorf("%q: the page of %q does not say %q:\n%s", cause, kind, want.page, page)
		}
		if cure == "" || cause.Meaning() == "" || !slices.ContainsFunc(want.log, func(s string) bool { return strings.Contains(cure, s) }) {
			t.Errorf("%q: the page says %q, and the log %q", cause, want.page, cure)
		}
		if !slices.Contains(want.classes, cause.Class()) {
			t.Errorf("%q is of class %q, and has the page of %q", cause, cause.Class(), kind)
		}
	}
}

// TestAdviceOnALogin has Instagram refuse a login at /me, and reads the page and the log.
func TestAdviceOnALogin(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name       string
		times      int
		fault      igsim.Fault
		status     int
		says       []string
		never      []string
		log        string
		retryAfter string
	}{
		{
			"checkpoint", 1,
			igsim.Fault{Code: 190, Subcode: 459},
			http.StatusForbidden,
			[]string{"Open Instagram and answer what it asks"},
			[]string{"took its word back", "Start again"},
			"answers what it asks", "",
		},
		{
			"the app's limit", 1,
			igsim.Fault{Code: 4},
			http.StatusServiceUnavailable,
			[]string{"nothing to do with you or your account", "Wait an hour"},
			[]string{"for your account", "confirm", "does not answer"},
			"all calls of the app wait", "3600",
		},
		{
			"the account's limit", 3,
			igsim.Fault{Code: 17},
			http.StatusServiceUnavailable,
			[]string{"Nothing is wrong with the account.", "Wait an hour"},
			[]string{"does not answer"},
			"else an hour", "3600",
		},
		{
			"trouble at Instagram", 3,
			igsim.Fault{Code: 2, Transient: true},
			http.StatusServiceUnavailable,
			[]string{"trouble of its own", "Wait a few minutes"},
			[]string{"does not answer"},
			"internal trouble", "60",
		},
		{
			"not known", 3,
			igsim.Fault{Code: 987},
			http.StatusBadGateway,
			[]string{"that this server does not know", "Try again in a few minutes"},
			[]string{"does not answer"},
			"not known here", "",
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			h := newRig(t, origin)
			if err := h.sim.FailNext(igsim.Me, tt.times, tt.fault); err != nil {
				t.Fatal(err)
			}
			a := h.browser().login(igsim.Decision{Persona: "studio_north"})
			shows(t, a, tt.status, append(tt.says, "in the log has Instagram’s own words")...)
			hides(t, a, tt.never...)
			if a.header.Get("Retry-After") != tt.retryAfter {
				t.Errorf("Retry-After is %q, want %q", a.header.Get("Retry-After"), tt.retryAfter)
			}
			if log := h.log.String(); !strings.Contains(log, tt.log) {
				t.Errorf("the log does not advise %q:\n%s", tt.log, log)
			}
		})
	}
}
