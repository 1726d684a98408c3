package igsim_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"latchkey/igsim"
)

func TestControlClock(t *testing.T) {
	t.Parallel()
	r := setup(t)
	before := r.sim.Now()
	got := r.post("/_sim/clock", "", `{"advance_seconds": 86400}`)
	now, err := time.Parse(time.RFC3339Nano, got.at("now").(string))
	if err != nil || now.Sub(before) < 24*hour || now.Sub(before) > 25*hour || !strings.HasSuffix(got.at("now").(string), "Z") {
		t.Errorf("%s, %v", got.text, err)
	}
	got = r.post("/_sim/clock", "", `{"set": "2030-01-02T03:04:05Z"}`)
	if text, _ := got.at("now").(string); !strings.HasPrefix(text, "2030-01-02T03:04:") {
		t.Error(got.text)
	}
	for _, body := range []string{
		`{"advance_seconds": -1}`, `{"advance_seconds": 99999999999}`, `{"advance": 1}`, `{`, `[]`,
		`{"advance_seconds": 1, "set": "2030-01-02T03:04:05Z"}`, `{"advance_seconds": "1"}`,
	} {
		if got := r.post("/_sim/clock", "", body); got.status != 400 || got.at("error") == nil {
			t.Errorf("%s: %d %s", body, got.status, got.text)
		}
	}
	if got := r.get("/_sim/clock"); got.status != http.StatusMethodNotAllowed {
		t.Errorf("GET: %d", got.status)
	}
}

// TestClockGoesOnlySoFar jumps until the clock refuses, and holds that it did not run over.
func TestClockGoesOnlySoFar(t *testing.T) {
	t.Parallel()
	r := setup(t)
	const fiftyYears = 50 * 365 * 24 * 3600
	for jump := range 10 {
		got := r.post("/_sim/clock", "", fmt.Sprintf(`{"advance_seconds": %d}`, fiftyYears))
		if got.status == http.StatusOK {
			continue
		}
		if jump < 1 || !strings.Contains(got.text, "a hundred years") {
			t.Errorf("jump %d: %d %s", jump+1, got.status, got.text)
		}
		if year := r.sim.Now().Year(); year < 2070 {
			t.Errorf("the clock stands in the year %d", year)
		}
		return
	}
	t.Error("the clock never refused")
}

func TestControlForms(t *testing.T) {
	t.Parallel()
	r := setup(t)
	for back, want := range map[string]string{
		"/oauth/authorize?client_id=1&state=x": "/oauth/authorize?client_id=1&state=x",
		"":                                     "/", "https://evil.example/": "/", "//evil.example/": "/", `/\evil.example`: "/",
	} {
		before := r.sim.Now()
		got := r.press(r.server.URL+"/_sim/clock", url.Values{"advance_seconds": {"604800"}, "back": {back}})
		if got.status != http.StatusSeeOther || got.header.Get("Location") != want {
			t.Errorf("back to %q: %d to %q", back, got.status, got.header.Get("Location"))
		}
		if r.sim.Now().Sub(before) < 7*24*hour {
			t.Error("the clock did not move")
		}
	}

	token := r.long("studio_north")
	got := r.press(r.server.URL+"/_sim/faults", url.Values{"endpoint": {"me"}, "preset": {"business_limit"}, "persona": {""}, "next": {"2"}})
	if got.status != http.StatusSeeOther {
		t.Fatalf("%d %s", got.status, got.text)
	}
	page := r.open(r.server.URL + "/")
	for _, want := range []string{"the next 2", "the account (/me)", "too many calls; again in 30 minutes"} {
		if !strings.Contains(page.text, want) {
			t.Errorf("the page does not have %q", want)
		}
	}
	r.refusal(r.get("/me", "access_token", token), 400, 80002, "too many calls")
	r.press(r.server.URL+"/_sim/faults/heal", nil)
	if got := r.get("/me", "access_token", token); got.status != 200 {
		t.Errorf("not healed: %s", got.text)
	}
	for _, form := range []url.Values{
		{"endpoint": {"me"}, "preset": {"odd"}, "next": {"1"}},
		{"endpoint": {"me"}, "preset": {"outage"}, "next": {"many"}},
		{"endpoint": {"me"}, "preset": {"outage"}},
	} {
		if got := r.press(r.server.URL+"/_sim/faults", form); got.status != 400 || !strings.Contains(got.text, "Nothing was changed.") {
			t.Errorf("%v: %d %s", form, got.status, got.text)
		}
	}

	r.press(r.server.URL+"/_sim/switches", url.Values{"same_token": {"on"}, "usage": {"both"}, "usage_percent": {"80"}})
	if got, want := r.sim.Switches(), (igsim.Switches{SameToken: true, Usage: "both", UsagePercent: 80}); got != want {
		t.Errorf("switches %+v", got)
	}
	r.press(r.server.URL+"/_sim/switches", url.Values{"usage": {""}, "usage_percent": {"0"}})
	if got := r.sim.Switches(); got != (igsim.Switches{}) {
		t.Errorf("switches %+v", got)
	}
}

func TestControlPage(t *testing.T) {
	t.Parallel()
	r := setup(t)
	token := r.long("studio_north")
	r.get("/me", "access_token", token, "fields", "username")
	r.failNext(igsim.Me, 1, igsim.Fault{Kind: igsim.Cut})
	r.failNext(igsim.Me, 1, igsim.Fault{Code: 4711, Subcode: 3, Status: 418, Message: "odd", Wait: time.Second, Persona: "studio_north"})
	if err := r.sim.FailShare(igsim.Refresh, 0.125, 1, igsim.Fault{Kind: igsim.Page, Status: 504}); err != nil {
		t.Fatal(err)
	}
	got := r.open(r.server.URL + "/")
	for _, want := range []string{
		"<title>Instagram (simulator)</title>", "Studio North", "Connected</span>: a token works until ", "No token of hers works", "Gets a role",
		"the connection is cut", "status 418, code 4711/3, “odd”, after 1s, for studio_north", "12.5 % of all, 0 so far", "page, status 504",
		"short token into long", "access_token, fields",
	} {
		if !strings.Contains(got.text, want) {
			t.Errorf("the page does not have %q", want)
		}
	}
	for _, secret := range []string{token, igsim.AppSecret, "IGAA"} {
		if strings.Contains(got.text, secret) {
			t.Errorf("the page has %.8s…", secret)
		}
	}
	if strings.Contains(got.header.Get("Content-Security-Policy"), "unsafe") {
		t.Error(got.header.Get("Content-Security-Policy"))
	}
	if css := r.open(r.server.URL + "/_sim/style.css"); css.header.Get("Content-Type") != "text/css; charset=utf-8" {
		t.Errorf("style sheet: %v", css.header)
	}
	for i := range 30 {
		if err := r.sim.SetPersona(igsim.Persona{ID: fmt.Sprintf("owner_%d", i)}); err != nil {
			t.Fatal(err)
		}
	}
	if got := r.open(r.server.URL + "/"); !strings.Contains(got.text, "And 12 more.</p>") {
		t.Error("the page lists everybody")
	}
}

func TestControlState(t *testing.T) {
	t.Parallel()
	r := setup(t)
	token := r.long("studio_north")
	r.failNext(igsim.Media, 3, igsim.Fault{Kind: igsim.Empty, Wait: 1500 * time.Millisecond})
	for range 30 {
		r.get("/me", "access_token", token)
	}
	got := r.open(r.server.URL + "/_sim/state")
	for path, want := range map[string]any{
		"app name":   got.at("app", "name") == "Latchkey",
		"persona":    got.at("personas", 0, "id") == "studio_north",
		"long token": got.at("personas", 0, "tokens", 0, "long") == true,
		"fault":      got.at("faults", 0, "fault", "wait_ms") == json.Number("1500"),
		"next":       got.at("faults", 0, "next") == json.Number("3"),
		"calls":      got.at("calls", "me") == json.Number("30"),
		"status":     got.at("requests", 0, "status") == json.Number("200"),
		"parameter":  got.at("requests", 0, "parameters", 0) == "access_token",
	} {
		if want != true {
			t.Errorf("%s is not as it should be: %s", path, got.text)
		}
	}
	if list := got.at("requests").([]any); len(list) != 20 {
		t.Errorf("%d last requests", len(list))
	}
	if strings.Contains(got.text, token) || strings.Contains(got.text, igsim.AppSecret) {
		t.Error("the state has a secret")
	}
}

func TestControlAPI(t *testing.T) {
	t.Parallel()
	r := setup(t)
	got := r.post("/_sim/approve", "", `{"authorize_url": `+quote(r.authorizeURL())+`, "persona": "mara_makes", "without": ["instagram_business_manage_comments"]}`)
	u, err := url.Parse(got.at("callback_url").(string))
	if err != nil || u.Query().Get("state") != "st4te" {
		t.Fatal(got.text)
	}
	short := r.exchange(u.Query().Get("code")).json["access_token"].(string)

	if got := r.post("/_sim/switches", "", `{"missing_expires_in": true}`); got.at("missing_expires_in") != true {
		t.Error(got.text)
	}
	if got := r.post("/_sim/switches", "", `{"usage": "app"}`); got.at("missing_expires_in") != true || got.at("usage") != "app" {
		t.Errorf("a second switch ended the first: %s", got.text)
	}
	if got := r.get("/_sim/switches"); got.at("usage") != "app" {
		t.Error(got.text)
	}
	if got := r.post("/_sim/switches", "", `{"usage": "odd"}`); got.status != 400 {
		t.Error(got.text)
	}

	if got := r.post("/_sim/faults", "", `{"endpoint": "long_exchange", "next": 1, "fault": {"kind": "page", "status": 502, "wait_ms": 1}}`); got.status != 200 {
		t.Fatal(got.text)
	}
	if got := r.extend(short); got.status != 502 {
		t.Errorf("%d %s", got.status, got.text)
	}
	if got := r.post("/_sim/faults", "", `{"endpoint": "any", "share": 1, "seed": 3, "fault": {"code": 4}}`); got.status != 200 {
		t.Fatal(got.text)
	}
	r.refusal(r.extend(short), 400, 4, "(#4)")
	if got := r.do(r.request(http.MethodDelete, "/_sim/faults", nil)); got.status != 200 {
		t.Error(got.text)
	}
	long := r.extend(short).json["access_token"].(string)

	for path, text := range map[string]string{"password": "changed their password", "remove": "not authorized application"} {
		if got := r.post("/_sim/personas/mara_makes/"+path, "", ""); got.status != 200 || got.at("ok") != true {
			t.Errorf("%s: %s", path, got.text)
		}
		r.refusal(r.get("/me", "access_token", long), 400, 190, text)
		long = r.long("mara_makes")
	}
	r.post("/_sim/personas/mara_makes/role", "", `{"has_role": false}`)
	r.refusal(r.get("/me", "access_token", long), 400, 100, "Unsupported request")
	r.post("/_sim/personas/mara_makes/role", "", ``)
	if got := r.get("/me", "access_token", long); got.status != 200 {
		t.Error(got.text)
	}
	if got := r.post("/_sim/personas/nobody/role", "", ``); got.status != 400 {
		t.Error(got.text)
	}
	if got := r.post("/_sim/personas", "", `{"id": "owner_7", "followers": 5}`); got.status != 200 || got.at("username") != "owner_7" {
		t.Error(got.text)
	}
	if got := r.post("/_sim/app", "", `{"id": "7", "secret": "s", "name": "Seven", "redirect_uris": ["https://a.example/auth"]}`); got.status != 200 || strings.Contains(got.text, "secret") {
		t.Error(got.text)
	}
	if a := r.sim.App(); a.ID != "7" || a.Secret != "s" || a.Name != "Seven" || a.RedirectURIs[0] != "https://a.example/auth" {
		t.Errorf("app %+v", a)
	}
	if got := r.post("/_sim/nothing", "", ``); got.status != 404 {
		t.Errorf("%d", got.status)
	}
}

func quote(s string) string {
	b, _ := json.Marshal(s)
	return string(b)
}
