package igsim_test

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"latchkey/igsim"
)

func throughFloat(t *testing.T, id string) string {
	t.Helper()
	f, err := strconv.ParseFloat(id, 64)
	if err != nil {
		t.Fatal(err)
	}
	return strconv.FormatFloat(f, 'f', 0, 64)
}

const hour = time.Hour

var north = igsim.Decision{Persona: "studio_north"}

func TestCodeExchangeRefusals(t *testing.T) {
	t.Parallel()
	const redirect = "Error validating verification code. Please make sure your redirect_uri is identical to the one you used in the OAuth dialog request"
	for name, c := range map[string]struct{ field, value, message string }{
		"wrong app":      {"client_id", "4242", "Invalid platform app"},
		"wrong secret":   {"client_secret", "nope", redirect},
		"wrong redirect": {"redirect_uri", "http://localhost:3000/auth/", redirect},
		"garbage":        {"code", "abc", "Invalid authorization code"},
		"unknown code":   {"code", "AQ" + strings.Repeat("x", 128), "Matching code was not found or was already used"},
		"pasted with #_": {"code", "AQ" + strings.Repeat("x", 126) + "#_", "Invalid authorization code"},
		"wrong grant":    {"grant_type", "password", "Invalid grant_type: password"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := setup(t)
			got := r.exchange(r.code(north), c.field, c.value)
			if got.status != 400 || got.json["error_message"] != c.message || got.json["error_type"] != "OAuthException" || got.json["code"] != json.Number("400") {
				t.Errorf("%d %s", got.status, got.text)
			}
		})
	}
}

func TestCodeIsForOnceAndAnHour(t *testing.T) {
	t.Parallel()
	r := setup(t)
	const gone = "Matching code was not found or was already used"

	code := r.code(north)
	if got := r.exchange(code); got.status != 200 {
		t.Fatal(got.text)
	}
	if got := r.exchange(code); got.status != 400 || got.json["error_message"] != gone {
		t.Errorf("twice: %s", got.text)
	}

	code = r.code(north)
	r.exchange(code, "redirect_uri", "http://elsewhere")
	if got := r.exchange(code); got.json["error_message"] != gone {
		t.Errorf("after a refused exchange: %s", got.text)
	}

	code = r.code(north)
	r.sim.Advance(hour)
	if got := r.exchange(code); got.json["error_message"] != gone {
		t.Errorf("after an hour: %s", got.text)
	}

	got := r.get("/oauth/access_token", "code", r.code(north))
	if got.status != 400 || got.json["error_message"] != "Unsupported request - method type: get" {
		t.Errorf("GET: %s", got.text)
	}
}

// urlencoded exchanges a code the way that some clients do.
func (r *rig) urlencoded(code string) reply {
	r.Helper()
	form := values("client_id", igsim.AppID, "client_secret", igsim.AppSecret, "grant_type", "authorization_code",
		"redirect_uri", r.sim.App().RedirectURIs[0], "code", code)
	req := r.request(http.MethodPost, "/oauth/access_token", nil)
	req.Body = http.NoBody
	return r.press(req.URL.String(), form)
}

func TestCodeExchangeEncodings(t *testing.T) {
	t.Parallel()
	r := setup(t)
	if got := r.urlencoded(r.code(north)); got.status != 200 {
		t.Errorf("urlencoded: %s", got.text)
	}
	r.set(igsim.Switches{StrictMultipart: true})
	got := r.urlencoded(r.code(north))
	if message, _ := got.json["error_message"].(string); got.status != 400 || !strings.Contains(message, "redirect_uri") {
		t.Errorf("urlencoded, strict: %s", got.text)
	}
	if got := r.exchange(r.code(north)); got.status != 200 {
		t.Errorf("multipart, strict: %s", got.text)
	}
}

func (r *rig) set(w igsim.Switches) {
	r.Helper()
	if err := r.sim.SetSwitches(w); err != nil {
		r.Fatal(err)
	}
}

func TestCodeExchangeShapes(t *testing.T) {
	t.Parallel()
	comma := "instagram_business_basic,instagram_business_manage_insights,instagram_business_manage_comments"
	for name, c := range map[string]struct {
		switches igsim.Switches
		want     func(reply) bool
	}{
		"usual": {igsim.Switches{}, func(g reply) bool {
			_, isNumber := g.at("user_id").(json.Number)
			return isNumber && g.at("permissions", 2) == "instagram_business_manage_comments"
		}},
		"text id": {igsim.Switches{TokenUserIDString: true}, func(g reply) bool {
			_, isText := g.at("user_id").(string)
			return isText
		}},
		"wrapped": {igsim.Switches{WrappedToken: true, TokenUserIDString: true}, func(g reply) bool {
			return g.at("data", 0, "permissions") == comma && g.at("access_token") == nil && g.at("data", 0, "access_token") != nil
		}},
		"array when wrapped": {igsim.Switches{WrappedToken: true, Permissions: "array"}, func(g reply) bool {
			return g.at("data", 0, "permissions", 0) == "instagram_business_basic"
		}},
		"comma":   {igsim.Switches{Permissions: "comma"}, func(g reply) bool { return g.at("permissions") == comma }},
		"space":   {igsim.Switches{Permissions: "space"}, func(g reply) bool { return g.at("permissions") == strings.ReplaceAll(comma, ",", " ") }},
		"encoded": {igsim.Switches{Permissions: "encoded"}, func(g reply) bool { return g.at("permissions") == url.QueryEscape(comma) }},
		"missing": {igsim.Switches{Permissions: "missing"}, func(g reply) bool { _, has := g.json["permissions"]; return !has }},
		"blank":   {igsim.Switches{BlankToken: true}, func(g reply) bool { _, has := g.json["access_token"]; return !has && g.status == 200 }},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := setup(t)
			r.set(c.switches)
			if got := r.exchange(r.code(north)); !c.want(got) {
				t.Error(got.text)
			}
		})
	}
}

func TestUnticked(t *testing.T) {
	t.Parallel()
	r := setup(t)
	got := r.exchange(r.code(igsim.Decision{Persona: "studio_north", Without: strings.Split(allScopes, ",")}))
	if list, ok := got.json["permissions"].([]any); !ok || len(list) != 0 {
		t.Errorf("nothing granted: %s", got.text)
	}
	token := r.long("studio_north", "instagram_business_manage_insights")
	r.refusal(r.get("/me/insights", "access_token", token, "metric", "reach", "period", "day"), 403, 10, "(#10) Application does not have permission")
}

func TestLongExchangeRefusals(t *testing.T) {
	t.Parallel()
	r := setup(t)
	short := r.short(north)
	r.refusal(r.extend(short, "client_secret", "nope"), 400, 100, "client secret")
	r.refusal(r.extend(short, "grant_type", "x"), 400, 100, "grant_type")
	r.refusal(r.extend("IGAAgarbage"), 400, 190, "Cannot parse access token")
	r.refusal(r.get("/access_token", "grant_type", "ig_exchange_token", "client_secret", igsim.AppSecret), 400, 104, "access token is required")

	req := r.request(http.MethodGet, "/access_token", values("grant_type", "ig_exchange_token", "client_secret", igsim.AppSecret))
	req.Header.Set("Authorization", "Bearer "+short)
	r.refusal(r.do(req), 400, 100, "The parameter access_token is required")

	r.refusal(r.extend(r.long("studio_north")), 400, 100, "long-lived already")
	r.refusal(r.refresh(short), 400, 100, "Only long-lived")
	r.refusal(r.do(r.request(http.MethodPost, "/access_token", values("access_token", short))), 400, 100, "method type: post")

	r.sim.Advance(hour)
	got := r.extend(short)
	r.refusal(got, 400, 190, "Session has expired on ")
	if got.at("error", "error_subcode") != json.Number("0") || got.at("error", "type") != "OAuthException" {
		t.Error(got.text)
	}
	if trace, _ := got.at("error", "fbtrace_id").(string); !strings.HasPrefix(trace, "A") {
		t.Error("no fbtrace_id")
	}
}

func TestLongExchangeOddities(t *testing.T) {
	t.Parallel()
	r := setup(t)
	r.set(igsim.Switches{MissingExpiresIn: true, LongPermissions: true})
	got := r.extend(r.short(north))
	if _, has := got.json["expires_in"]; has || got.json["permissions"] != allScopes {
		t.Error(got.text)
	}
	short := r.short(north)
	r.set(igsim.Switches{BlankToken: true})
	if got := r.extend(short); got.status != 200 || got.json["access_token"] != "" {
		t.Error(got.text)
	}
	r.set(igsim.Switches{})
	if got := r.get("/v23.0/access_token", "grant_type", "ig_exchange_token", "client_secret", igsim.AppSecret, "access_token", short); got.status != 200 {
		t.Errorf("with a version: %s", got.text)
	}
}

func TestRefreshRules(t *testing.T) {
	t.Parallel()
	r := setup(t)
	token := r.long("studio_north")
	r.refusal(r.refresh(token), 400, 100, "24 hours old")
	r.sim.Advance(24*hour - time.Minute)
	r.refusal(r.refresh(token), 400, 100, "24 hours old")
	r.sim.Advance(2 * time.Minute)
	next, _ := r.refresh(token).json["access_token"].(string)
	if next == "" || next == token {
		t.Fatal("no new token")
	}
	if got := r.get("/me", "access_token", token); got.status != 200 {
		t.Errorf("the old token died: %s", got.text)
	}
	r.refusal(r.refresh(next), 400, 100, "24 hours old")
	r.refusal(r.get("/refresh_access_token", "grant_type", "x", "access_token", token), 400, 100, "grant_type")

	r.sim.Advance(61 * 24 * hour)
	r.refusal(r.refresh(next), 400, 190, "Session has expired on ")

	basicless := r.long("mara_makes", "instagram_business_basic")
	r.sim.Advance(25 * hour)
	r.refusal(r.refresh(basicless), 403, 10, "permission")
}

func TestRefreshKeepsTheText(t *testing.T) {
	t.Parallel()
	r := setup(t)
	r.set(igsim.Switches{SameToken: true})
	token := r.long("studio_north")
	r.sim.Advance(30 * 24 * hour)
	if got := r.refresh(token); got.json["access_token"] != token || got.json["expires_in"] != json.Number("5183944") {
		t.Fatal(got.text)
	}
	r.sim.Advance(45 * 24 * hour)
	if got := r.get("/me", "access_token", token); got.status != 200 {
		t.Errorf("not prolonged: %s", got.text)
	}
}

func TestRefreshEndsTheOldToken(t *testing.T) {
	t.Parallel()
	r := setup(t)
	r.set(igsim.Switches{OldTokenDies: true, OldTokenMinutes: 10})
	token := r.long("studio_north")
	r.sim.Advance(25 * hour)
	r.refresh(token)
	r.sim.Advance(9 * time.Minute)
	if got := r.get("/me", "access_token", token); got.status != 200 {
		t.Errorf("died too early: %s", got.text)
	}
	r.sim.Advance(time.Minute)
	r.refusal(r.get("/me", "access_token", token), 400, 190, "Invalid OAuth 2.0 Access Token")

	r.set(igsim.Switches{OldTokenDies: true})
	token = r.long("studio_north")
	r.sim.Advance(25 * hour)
	r.refresh(token)
	r.refusal(r.get("/me", "access_token", token), 400, 190, "Invalid OAuth 2.0 Access Token")
}

func TestWhatEndsTokens(t *testing.T) {
	t.Parallel()
	r := setup(t)
	subcode := func(got reply) any { return got.at("error", "error_subcode") }

	token := r.long("studio_north")
	if err := r.sim.ChangePassword("studio_north"); err != nil {
		t.Fatal(err)
	}
	if err := r.sim.RemoveApp("studio_north"); err != nil {
		t.Fatal(err)
	}
	got := r.get("/me", "access_token", token)
	r.refusal(got, 400, 190, "changed their password")
	if subcode(got) != json.Number("460") {
		t.Errorf("the first end does not count: %s", got.text)
	}
	token = r.long("studio_north")
	if got := r.get("/me", "access_token", token); got.status != 200 {
		t.Errorf("a new login does not help: %s", got.text)
	}
	if err := r.sim.RemoveApp("studio_north"); err != nil {
		t.Fatal(err)
	}
	if got := r.get("/me", "access_token", token); subcode(got) != json.Number("458") {
		t.Error(got.text)
	}

	fern := r.long("forgetful_fern")
	r.sim.Advance(29 * 24 * hour)
	again, _ := r.refresh(fern).json["access_token"].(string)
	r.sim.Advance(24 * hour)
	if got := r.get("/me", "access_token", again); subcode(got) != json.Number("460") {
		t.Errorf("her password is thirty days old: %s", got.text)
	}
}

func TestNoRole(t *testing.T) {
	t.Parallel()
	r := setup(t)
	short := r.short(igsim.Decision{Persona: "harbor_books"})
	got := r.extend(short)
	r.refusal(got, 400, 100, "Unsupported request - method type: get")
	if got.at("error", "type") != "IGApiException" {
		t.Error(got.text)
	}
	if err := r.sim.SetRole("harbor_books", true); err != nil {
		t.Fatal(err)
	}
	if got := r.extend(short); got.status != 200 {
		t.Errorf("with a role: %s", got.text)
	}
}

func TestConcurrentLogins(t *testing.T) {
	t.Parallel()
	r := setup(t)
	done := make(chan string)
	const browsers = 16
	for range browsers {
		go func() {
			to, err := r.sim.Approve(r.authorizeURL(), north)
			if err != nil {
				t.Error(err)
			}
			r.sim.Advance(time.Second)
			_ = r.sim.Calls(igsim.AnyEndpoint)
			done <- to
		}()
	}
	codes := make(map[string]bool)
	for range browsers {
		codes[<-done] = true
	}
	if len(codes) != browsers {
		t.Errorf("%d different codes of %d", len(codes), browsers)
	}
}
