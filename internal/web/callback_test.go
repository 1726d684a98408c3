package web_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"latchkey/igsim"
	"latchkey/internal/login"
)

func TestLoginEndsAtHome(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		origin, name string
		secure       bool
	}{
		{"http://localhost:3000", "latchkey_session", false},
		{"https://latchkey.example", "__Host-latchkey_session", true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			b := newRig(t, tt.origin).browser()
			a := b.login(igsim.Decision{Persona: "studio_north"})
			goesTo(t, a, "/")
			c := a.cookie(t, tt.name)
			ofThisHost(t, c, tt.secure)
			if life := time.Duration(c.MaxAge) * time.Second; life <= 30*day || life > 180*day {
				t.Errorf("the session's cookie lives %v", life)
			}
			if len(a.cookies) != 1 {
				t.Errorf("it also set %v", a.header["Set-Cookie"])
			}
			shows(t, b.get("/"), http.StatusOK, "Studio North", "@studio_north, business account")
		})
	}
}

func TestLoginRotatesTheSession(t *testing.T) {
	t.Parallel()
	h := newRig(t, origin)
	b := h.browser()
	old := b.login(igsim.Decision{Persona: "studio_north"}).cookie(t, "latchkey_session")
	again := b.login(igsim.Decision{Persona: "tiny_bakery"}).cookie(t, "latchkey_session")
	if old.Value == again.Value {
		t.Error("the second login has the first one's session")
	}
	shows(t, b.get("/"), http.StatusOK, "Tiny Bakery")
	shows(t, h.browser().do(http.MethodGet, "/", "Cookie", "latchkey_session="+old.Value), http.StatusOK, "Log in with Instagram")
}

func TestCallbackTwice(t *testing.T) {
	t.Parallel()
	h := newRig(t, origin)
	b := h.browser()
	back := b.decide(b.begin(), igsim.Decision{Persona: "studio_north"})
	goesTo(t, b.get(back), "/")
	goesTo(t, b.get(back), "/")
	goesTo(t, b.post("/logout"), "/")
	shows(t, b.get(back), http.StatusConflict, "This login was finished before.", "Log in again")
	if n := h.sim.Calls(igsim.CodeExchange); n != 1 {
		t.Errorf("the code was exchanged %d times", n)
	}
}

func TestCallbackTwiceAtOnce(t *testing.T) {
	t.Parallel()
	h := newRig(t, origin)
	h.exchange.shut(t)
	b := h.browser()
	back := b.decide(b.begin(), igsim.Decision{Persona: "studio_north"})
	first := make(chan answer)
	go func() { first <- b.get(back) }()
	<-h.exchange.arrived
	goesTo(t, b.get(back), "/")
	h.exchange.open()
	goesTo(t, <-first, "/")
	shows(t, b.get("/"), http.StatusOK, "Studio North")
	if n := h.sim.Calls(igsim.CodeExchange); n != 1 {
		t.Errorf("the code was exchanged %d times", n)
	}
}

func TestTwoLoginsInOneBrowser(t *testing.T) {
	t.Parallel()
	b := newRig(t, origin).browser()
	first, second := b.begin(), b.begin()
	goesTo(t, b.get(b.decide(second, igsim.Decision{Persona: "studio_north"})), "/")
	goesTo(t, b.get(b.decide(first, igsim.Decision{Persona: "studio_north"})), "/")
}

// TestRefusedCallbacks is every refusal that a browser alone can bring about; none leaves anything.
func TestRefusedCallbacks(t *testing.T) {
	t.Parallel()
	allow := igsim.Decision{Persona: "studio_north"}
	for _, tt := range []struct {
		name   string
		come   func(*browser) answer
		status int
		says   string
	}{
		{"another browser", func(b *browser) answer {
			return b.rig.browser().get(b.decide(b.begin(), allow))
		}, http.StatusForbidden, "another browser"},
		{"no state", func(b *browser) answer { return b.get("/auth?code=A") }, http.StatusBadRequest, "do not know this login"},
		{"a made-up state", func(b *browser) answer { return b.get("/auth?code=A&state=B") }, http.StatusBadRequest, "do not know this login"},
		{"nothing at all", func(b *browser) answer { return b.get("/auth") }, http.StatusBadRequest, "do not know this login"},
		{"two states", func(b *browser) answer { return b.get("/auth?state=A&state=B") }, http.StatusBadRequest, "incomplete or was changed"},
		{"no code", func(b *browser) answer {
			back := b.decide(b.begin(), allow)
			return b.get(strings.Replace(back, "code=", "cod=", 1))
		}, http.StatusBadRequest, "incomplete or was changed"},
		{"a minute late", func(b *browser) answer {
			back := b.decide(b.begin(), allow)
			b.signin.Login.Machine = func() time.Time { return time.Now().Add(login.RequestLife + time.Minute) }
			return b.get(back)
		}, http.StatusGone, "took a little too long"},
		{"cancelled", func(b *browser) answer { return b.login(igsim.Decision{Persona: "studio_north", Deny: true}) }, http.StatusForbidden, "did not allow it"},
		{"an error beside a code", func(b *browser) answer {
			return b.get(b.decide(b.begin(), allow) + "&error=access_denied&error_reason=user_denied")
		}, http.StatusForbidden, "did not allow it"},
		{"personal", func(b *browser) answer { return b.login(igsim.Decision{Persona: "private_pat"}) }, http.StatusForbidden, "Switch to professional account"},
		{"not on the list", func(b *browser) answer {
			b.signin.Login.Allowed = []string{"somebody_else"}
			return b.login(allow)
		}, http.StatusForbidden, "not on the list"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			b := newRig(t, origin).browser()
			a := tt.come(b)
			shows(t, a, tt.status, tt.says, operatorContact)
			hides(t, a, "Running this server?")
			if !strings.Contains(a.body, `href="/login"`) {
				t.Error("no way to log in again")
			}
			if list, err := b.st.ListConnections(t.Context(), "", 10); err != nil || len(list) != 0 {
				t.Errorf("%d connections are stored, %v", len(list), err)
			}
		})
	}
}

// TestWrongInput comes back with what Instagram does not send. None of it is repeated, none uses the login up
// but what ends it by itself, and what stands there twice alike counts once.
func TestWrongInput(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("CANARY", 10<<10/6)
	for name, tt := range map[string]struct {
		change func(back string) string
		status int
		ends   bool
	}{
		"a code of 10 KiB":         {func(back string) string { return back + "&code=" + long }, http.StatusBadRequest, false},
		"a state of 10 KiB":        {func(string) string { return "/auth?code=A&state=" + long }, http.StatusBadRequest, false},
		"an error of 10 KiB":       {func(back string) string { return back + "&error=" + long }, http.StatusBadRequest, false},
		"a page of 10 KiB":         {func(string) string { return "/auth?refused=" + long }, http.StatusNotFound, false},
		"a code of 6 KiB":          {func(back string) string { return strings.Replace(back, "code=", "code="+long[:6<<10], 1) }, http.StatusBadRequest, true},
		"two codes":                {func(back string) string { return back + "&code=CANARY" }, http.StatusBadRequest, false},
		"two states":               {func(back string) string { return back + "&state=CANARY" }, http.StatusBadRequest, false},
		"two errors":               {func(back string) string { return back + "&error=CANARY&error=B" }, http.StatusBadRequest, false},
		"a bad escape":             {func(back string) string { return back + "&x=%zzCANARY" }, http.StatusBadRequest, false},
		"a semicolon":              {func(back string) string { return back + ";CANARY" }, http.StatusBadRequest, false},
		"an error beside the code": {func(back string) string { return back + "&error=access_denied&error_description=CANARY" }, http.StatusForbidden, true},
		"a zero byte in the error": {func(back string) string { return back + "&error=CANARY%00%0a%E2%80%AE" }, http.StatusForbidden, true},
		"a page beside the code":   {func(back string) string { return back + "&refused=cancelled" }, http.StatusSeeOther, true},
		"everything twice alike":   {func(back string) string { return back + "&" + back[strings.Index(back, "?")+1:] }, http.StatusSeeOther, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newRig(t, origin).browser()
			back := b.decide(b.begin(), igsim.Decision{Persona: "studio_north"})
			a := b.get(tt.change(back))
			if a.status != tt.status {
				t.Errorf("status %d, want %d\n%s", a.status, tt.status, a.body)
			}
			hides(t, a, "CANARY")
			if good := b.get(back); (good.status == http.StatusSeeOther) != (!tt.ends || tt.status == http.StatusSeeOther) {
				t.Errorf("after it the right one answers %d", good.status)
			}
		})
	}
}

func TestOtherBrowserDoesNotUseTheLoginUp(t *testing.T) {
	t.Parallel()
	h := newRig(t, origin)
	b := h.browser()
	back := b.decide(b.begin(), igsim.Decision{Persona: "studio_north"})
	shows(t, h.browser().get(back), http.StatusForbidden, "another browser")
	goesTo(t, b.get(back), "/")
}

// TestRefusedByInstagram holds that the page sends the operator to the log, and that Instagram's
// words stand there and nowhere else.
func TestRefusedByInstagram(t *testing.T) {
	t.Parallel()
	h := newRig(t, origin)
	if err := h.sim.FailNext(igsim.CodeExchange, 1, igsim.Fault{Message: "Invalid platform app"}); err != nil {
		t.Fatal(err)
	}
	a := h.browser().login(igsim.Decision{Persona: "studio_north"})
	id := a.header.Get("X-Request-Id")
	shows(t, a, http.StatusForbidden, "This server is not set up right.", "Running this server? Request "+id+" in the log has Instagram’s own words")
	hides(t, a, "Invalid platform app")
	if !strings.Contains(h.log.String(), "Invalid platform app") {
		t.Errorf("the log does not have Instagram's words:\n%s", h.log)
	}
}

// TestPagesRepeatNothingFromTheQuery comes back with words that anybody may have written.
func TestPagesRepeatNothingFromTheQuery(t *testing.T) {
	t.Parallel()
	for _, query := range []string{
		"error=CANARYe&error_reason=CANARYr&error_description=CANARYd&state=CANARYs",
		"code=CANARYc&state=CANARYs&state=CANARYt", "code=CANARYc&state=CANARYs", "CANARYk=CANARYv",
	} {
		hides(t, newRig(t, origin).browser().get("/auth?"+query), "CANARY")
	}
	b := newRig(t, origin).browser()
	state := b.begin()
	_, state, _ = strings.Cut(state, "&state=")
	state, _, _ = strings.Cut(state, "&")
	a := b.get("/auth?error=access_denied&error_description=Insufficient+developer+role+CANARY&state=" + state)
	shows(t, a, http.StatusForbidden, "Instagram does not let this account in yet.")
	hides(t, a, "CANARY", state)
}

func TestInstagramAway(t *testing.T) {
	t.Parallel()
	h := newRig(t, origin)
	if err := h.sim.FailNext(igsim.CodeExchange, 1, igsim.Fault{Kind: igsim.Page, Status: 500}); err != nil {
		t.Fatal(err)
	}
	a := h.browser().login(igsim.Decision{Persona: "studio_north"})
	shows(t, a, http.StatusServiceUnavailable, "Instagram does not answer.")
	if a.header.Get("Retry-After") != "60" {
		t.Errorf("Retry-After is %q", a.header.Get("Retry-After"))
	}
}
