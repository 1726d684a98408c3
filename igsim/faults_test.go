package igsim_test

import (
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"latchkey/igsim"
)

func (r *rig) failNext(e igsim.Endpoint, n int, f igsim.Fault) {
	r.Helper()
	if err := r.sim.FailNext(e, n, f); err != nil {
		r.Fatal(err)
	}
}

func TestFaultsOfCodes(t *testing.T) {
	t.Parallel()
	r := setup(t)
	token := r.long("studio_north")
	for _, c := range []struct {
		fault  igsim.Fault
		status int
		text   string
		header string
	}{
		{igsim.Fault{Code: 190}, 400, "must log in again", ""},
		{igsim.Fault{Code: 190, Subcode: 459}, 400, "log in to www.instagram.com", ""},
		{igsim.Fault{Code: 190, Subcode: 999}, 400, "must log in again", ""},
		{igsim.Fault{Code: 2}, 500, "Please retry your request later", ""},
		{igsim.Fault{Code: 2, Status: 200}, 200, "Please retry your request later", ""},
		{igsim.Fault{Code: 4}, 400, "(#4) Application request limit reached", "X-App-Usage"},
		{igsim.Fault{Code: 17}, 400, "(#17)", "X-Business-Use-Case-Usage"},
		{igsim.Fault{Code: 613, RegainMinutes: 9}, 400, "rate limit", "X-Business-Use-Case-Usage"},
		{igsim.Fault{Code: 80002, RegainMinutes: 30}, 400, "too many calls", "Estimated_time_to_regain_access"},
		{igsim.Fault{Code: 4711, Message: "What?", Type: "OddException", Status: 418, Transient: true}, 418, "What?", ""},
		{igsim.Fault{Code: 4712}, 400, "An unknown error has occurred.", ""},
		{igsim.Fault{Message: "No code at all"}, 400, "No code at all", ""},
	} {
		r.failNext(igsim.Me, 1, c.fault)
		got := r.get("/me", "access_token", token)
		r.refusal(got, c.status, c.fault.Code, c.text)
		if c.header != "" && got.header.Get(c.header) == "" {
			t.Errorf("code %d has no header %s", c.fault.Code, c.header)
		}
		transient := c.fault.Transient || c.fault.Code == 2
		if (got.at("error", "is_transient") == true) != transient {
			t.Errorf("code %d: %s", c.fault.Code, got.text)
		}
		if got := r.get("/me", "access_token", token); got.status != 200 {
			t.Fatalf("after the fault: %s", got.text)
		}
	}
	if wait := r.failRegain(token); wait != "30" {
		t.Errorf("regain in %q minutes", wait)
	}
}

func (r *rig) failRegain(token string) string {
	r.failNext(igsim.AnyEndpoint, 1, igsim.Fault{Code: 80002, RegainMinutes: 30})
	return r.get("/me", "access_token", token).header.Get("estimated_time_to_regain_access")
}

func TestFaultsOfTheCodeExchange(t *testing.T) {
	t.Parallel()
	r := setup(t)
	code := r.code(north)
	r.failNext(igsim.CodeExchange, 1, igsim.Fault{Message: "Invalid platform app"})
	if got := r.exchange(code); got.status != 400 || got.json["error_message"] != "Invalid platform app" {
		t.Error(got.text)
	}
	r.failNext(igsim.CodeExchange, 1, igsim.Fault{Code: 100, Subcode: 36008, Message: "redirect"})
	r.refusal(r.exchange(code), 400, 100, "redirect")
	r.failNext(igsim.CodeExchange, 1, igsim.Fault{Kind: igsim.Page})
	if got := r.exchange(code); got.status != 503 || !strings.Contains(got.text, "<!doctype html>") {
		t.Error(got.text)
	}
	r.failNext(igsim.CodeExchange, 1, igsim.Fault{Kind: igsim.Empty, Status: 502, AfterWork: true})
	if got := r.exchange(code); got.status != 502 || got.text != "" {
		t.Errorf("%d %q", got.status, got.text)
	}
	if got := r.exchange(code); got.status != 400 {
		t.Errorf("the code was not spent: %s", got.text)
	}
}

func TestTruncatedAndCut(t *testing.T) {
	t.Parallel()
	r := setup(t)
	token := r.long("studio_north")
	r.failNext(igsim.Me, 1, igsim.Fault{Kind: igsim.Truncated})
	if got := r.get("/me", "access_token", token); got.status != 200 || got.json != nil || !strings.HasPrefix(got.text, `{"id":`) {
		t.Errorf("%d %q", got.status, got.text)
	}
	r.failNext(igsim.Refresh, 1, igsim.Fault{Kind: igsim.Cut, AfterWork: true})
	r.sim.Advance(25 * hour)
	before := r.tokens("studio_north")
	req := r.request(http.MethodGet, "/refresh_access_token", values("grant_type", "ig_refresh_token", "access_token", token))
	if res, err := r.client.Do(req); !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("cut: %v, %v", res, err)
	}
	if got := r.tokens("studio_north"); got != before+1 {
		t.Errorf("%d tokens, were %d: the refresh did not happen once", got, before)
	}

	defer func() {
		if err, _ := recover().(error); !errors.Is(err, http.ErrAbortHandler) {
			t.Errorf("without a connection: %v", err)
		}
	}()
	r.failNext(igsim.Me, 1, igsim.Fault{Kind: igsim.Cut})
	r.sim.ServeHTTP(httptest.NewRecorder(), httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/me", nil))
}

func (r *rig) tokens(persona string) int {
	r.Helper()
	for _, p := range r.open(r.server.URL + "/_sim/state").at("personas").([]any) {
		if p := p.(map[string]any); p["id"] == persona {
			tokens, _ := p["tokens"].([]any)
			return len(tokens)
		}
	}
	return 0
}

func TestSlow(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		sim := igsim.New()
		if err := sim.FailNext(igsim.Me, 2, igsim.Fault{Wait: time.Minute}); err != nil {
			t.Fatal(err)
		}
		begin := time.Now()
		w := httptest.NewRecorder()
		sim.ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/me", nil))
		if took := time.Since(begin); took != time.Minute || w.Code != 400 {
			t.Errorf("%d after %v", w.Code, took)
		}
	})
}

func TestFaultsInTheLoginPage(t *testing.T) {
	t.Parallel()
	r := setup(t)
	r.failNext(igsim.Authorize, 2, igsim.Fault{Code: 2, Message: "Sorry, this content isn't available right now"})
	for range 2 {
		if got := r.open(r.authorizeURL()); got.status != 503 || !strings.Contains(got.text, "content isn&#39;t available") {
			t.Errorf("%d %s", got.status, got.text)
		}
	}
	if got := r.open(r.authorizeURL()); got.status != 200 {
		t.Errorf("a third time: %d", got.status)
	}
}

func TestFailShare(t *testing.T) {
	t.Parallel()
	count := func(seed uint64) (failed string) {
		r := setup(t)
		token := r.long("studio_north")
		if err := r.sim.FailShare(igsim.Me, 0.25, seed, igsim.Fault{Code: 2}); err != nil {
			t.Fatal(err)
		}
		for range 80 {
			failed += r.get("/me", "access_token", token).text[2:4]
		}
		r.sim.Heal()
		if got := r.get("/me", "access_token", token); got.status != 200 {
			t.Errorf("not healed: %s", got.text)
		}
		return failed
	}
	first := count(7)
	if n := strings.Count(first, "er"); n < 8 || n > 36 {
		t.Errorf("%d of 80 failed, wanted about 20", n)
	}
	if count(7) != first {
		t.Error("the same seed picked other calls")
	}
	if count(8) == first {
		t.Error("another seed picked the same calls")
	}
}

func TestFaultsForOne(t *testing.T) {
	t.Parallel()
	r := setup(t)
	north, mara := r.long("studio_north"), r.long("mara_makes")
	r.failNext(igsim.AnyEndpoint, 1, igsim.Fault{Code: 190, Persona: "mara_makes"})
	r.failNext(igsim.Me, 1, igsim.Fault{Code: 2})
	r.refusal(r.get("/me", "access_token", north), 500, 2, "retry")
	if got := r.get("/me", "access_token", north); got.status != 200 {
		t.Errorf("of the other: %s", got.text)
	}
	r.refusal(r.get("/me", "access_token", mara), 400, 190, "log in again")
	r.failNext(igsim.CodeExchange, 1, igsim.Fault{Kind: igsim.Page, Persona: "mara_makes"})
	if got := r.exchange(r.code(igsim.Decision{Persona: "studio_north"})); got.status != 200 {
		t.Errorf("the code of the other: %s", got.text)
	}
	if got := r.exchange(r.code(igsim.Decision{Persona: "mara_makes"})); got.status != 503 {
		t.Errorf("her code: %s", got.text)
	}
}

func TestBadFaults(t *testing.T) {
	t.Parallel()
	sim := igsim.New()
	good := igsim.Fault{Code: 2}
	for name, err := range map[string]error{
		"endpoint":    sim.FailNext("nowhere", 1, good),
		"none":        sim.FailNext(igsim.Me, 0, good),
		"kind":        sim.FailNext(igsim.Me, 1, igsim.Fault{Kind: "odd"}),
		"status":      sim.FailNext(igsim.Me, 1, igsim.Fault{Kind: igsim.Page, Status: 99}),
		"nothing":     sim.FailNext(igsim.Me, 1, igsim.Fault{}),
		"negative":    sim.FailNext(igsim.Me, 1, igsim.Fault{Wait: -1}),
		"persona":     sim.FailNext(igsim.Me, 1, igsim.Fault{Code: 2, Persona: "nobody"}),
		"share":       sim.FailShare(igsim.Me, 1.5, 1, good),
		"no share":    sim.FailShare(igsim.Me, 0, 1, good),
		"permissions": sim.SetSwitches(igsim.Switches{Permissions: "odd"}),
		"usage":       sim.SetSwitches(igsim.Switches{Usage: "odd"}),
		"proof":       sim.SetSwitches(igsim.Switches{AppSecretProof: "odd"}),
		"minutes":     sim.SetSwitches(igsim.Switches{OldTokenMinutes: -1}),
	} {
		if err == nil {
			t.Errorf("%s: no error", name)
		}
	}
	if sim.Switches() != (igsim.Switches{}) {
		t.Error("a refused switch changed something")
	}
}

func TestCalls(t *testing.T) {
	t.Parallel()
	r := setup(t)
	token := r.long("studio_north")
	r.failNext(igsim.Me, 1, igsim.Fault{Code: 2})
	for range 3 {
		r.get("/me", "access_token", token)
	}
	for e, want := range map[igsim.Endpoint]int{
		igsim.CodeExchange: 1, igsim.LongExchange: 1, igsim.Me: 3, igsim.Refresh: 0, igsim.AnyEndpoint: 5,
	} {
		if got := r.sim.Calls(e); got != want {
			t.Errorf("%d calls of %s, want %d", got, e, want)
		}
	}
}
