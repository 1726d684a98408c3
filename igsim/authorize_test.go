package igsim_test

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"latchkey/igsim"
)

// press sends the form of the consent page as a browser does.
func (r *rig) press(authorizeURL string, form url.Values, header ...string) reply {
	r.Helper()
	req, err := http.NewRequestWithContext(r.Context(), http.MethodPost, authorizeURL, strings.NewReader(form.Encode()))
	if err != nil {
		r.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.Header.Set("Sec-Fetch-Site", "same-origin")
	for i := 0; i < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
	}
	return r.do(req)
}

func (r *rig) open(address string) reply {
	r.Helper()
	req, err := http.NewRequestWithContext(r.Context(), http.MethodGet, address, nil)
	if err != nil {
		r.Fatal(err)
	}
	return r.do(req)
}

func TestConsentPage(t *testing.T) {
	t.Parallel()
	r := setup(t)
	app := r.sim.App()
	app.Name = "The <Shop>"
	r.sim.SetApp(app)

	got := r.open(r.authorizeURL("force_reauth", "true", "unheard_of", "1"))
	if got.status != http.StatusOK {
		t.Fatalf("status %d", got.status)
	}
	for _, want := range []string{
		"The &lt;Shop&gt; would like", "@studio_north, business", "@mara_makes, creator", "@private_pat, personal",
		"instagram_business_manage_insights", "+1 month", "asked for a new login", "localhost:3000",
	} {
		if !strings.Contains(got.text, want) {
			t.Errorf("the page does not have %q", want)
		}
	}
	policy := got.header.Get("Content-Security-Policy")
	for _, want := range []string{"default-src 'none'", "style-src 'self';", "form-action 'self' http://localhost:3000;"} {
		if !strings.Contains(policy, want) {
			t.Errorf("policy %q does not have %q", policy, want)
		}
	}
	if strings.Contains(got.text, "<script") || strings.Contains(got.text, "style=") {
		t.Error("the page has a script or an inline style")
	}
}

func TestConsentButtons(t *testing.T) {
	t.Parallel()
	r := setup(t)
	form := url.Values{
		"persona": {"mara_makes"}, "decision": {"allow"},
		"scope": {"instagram_business_basic", "instagram_business_manage_comments", "made_up"},
	}

	got := r.press(r.authorizeURL(), form)
	to := got.header.Get("Location")
	if got.status != http.StatusFound || !strings.HasPrefix(to, "http://localhost:3000/auth?code=") || !strings.HasSuffix(to, "&state=st4te#_") {
		t.Fatalf("allow: %d to %s", got.status, to)
	}
	u, _ := url.Parse(to)
	granted := r.exchange(u.Query().Get("code")).at("permissions")
	if list, _ := granted.([]any); len(list) != 2 || list[1] != "instagram_business_manage_comments" {
		t.Errorf("granted %v", granted)
	}

	for button, want := range map[string]string{
		"cancel":  "http://localhost:3000/auth?error=access_denied&error_reason=user_denied&error_description=The+user+denied+your+request&state=st4te",
		"no_role": "http://localhost:3000/auth?error=access_denied&error_description=Insufficient+developer+role&state=st4te",
	} {
		form.Set("decision", button)
		if to := r.press(r.authorizeURL(), form).header.Get("Location"); to != want {
			t.Errorf("%s leads to %s", button, to)
		}
	}
	form.Set("decision", "leave")
	if got := r.press(r.authorizeURL(), form); got.status != http.StatusOK || got.header.Get("Location") != "" {
		t.Errorf("leave: %d to %q", got.status, got.header.Get("Location"))
	}
	form.Set("decision", "other")
	if got := r.press(r.authorizeURL(), form); got.status != http.StatusBadRequest {
		t.Errorf("an unknown button: %d", got.status)
	}
	form.Set("decision", "allow")
	form.Set("persona", "nobody")
	if got := r.press(r.authorizeURL(), form); got.status != http.StatusBadRequest {
		t.Errorf("an unknown persona: %d", got.status)
	}
}

func TestConsentRefusesOtherSites(t *testing.T) {
	t.Parallel()
	r := setup(t)
	form := url.Values{"persona": {"studio_north"}, "decision": {"allow"}, "scope": {"instagram_business_basic"}}
	if got := r.press(r.authorizeURL(), form, "Sec-Fetch-Site", "cross-site"); got.status != http.StatusForbidden {
		t.Errorf("a form of another site: %d", got.status)
	}
	if got := r.press(r.server.URL+"/_sim/clock", url.Values{"advance_seconds": {"60"}}, "Sec-Fetch-Site", "cross-site"); got.status != http.StatusForbidden {
		t.Errorf("the clock moved by another site: %d", got.status)
	}
}

func TestAuthorizeErrorPages(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		param, value string
		status       int
		text         string
	}{
		"no client_id":       {"client_id", "", 404, "Sorry, this page isn&#39;t available."},
		"undefined":          {"client_id", "undefined", 404, "Sorry, this page isn&#39;t available."},
		"quoted":             {"client_id", `"1180000000000042"`, 404, "Sorry, this page isn&#39;t available."},
		"Meta's app id":      {"client_id", "4242", 400, "Invalid Request: Request parameters are invalid: Invalid platform app"},
		"a slash too much":   {"redirect_uri", "http://localhost:3000/auth/", 400, "Invalid redirect_uri"},
		"another site":       {"redirect_uri", "https://evil.example/", 400, "Invalid redirect_uri"},
		"no redirect_uri":    {"redirect_uri", "", 400, "Invalid redirect_uri"},
		"a token, please":    {"response_type", "token", 400, "Invalid response_type"},
		"a scope of old":     {"scope", "basic,instagram_business_basic", 400, "Invalid scope: [basic]"},
		"no scope":           {"scope", "", 400, "Invalid scope: []"},
		"spaces are as good": {"scope", "instagram_business_basic instagram_business_manage_messages", 200, "manage your messages"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := setup(t)
			address := r.authorizeURL(c.param, c.value)
			got := r.open(address)
			if got.status != c.status || !strings.Contains(got.text, c.text) || got.header.Get("Location") != "" {
				t.Errorf("%d %s", got.status, got.text)
			}
			if c.status == 200 {
				return
			}
			if got := r.press(address, url.Values{"decision": {"cancel"}}); got.status != c.status || got.header.Get("Location") != "" {
				t.Errorf("the form: %d to %q", got.status, got.header.Get("Location"))
			}
			if _, err := r.sim.Approve(address, igsim.Decision{Persona: "studio_north"}); err == nil {
				t.Error("Approve gave no error")
			}
		})
	}
}

func TestApprove(t *testing.T) {
	t.Parallel()
	r := setup(t)
	app := r.sim.App()
	app.RedirectURIs = append(app.RedirectURIs, "https://app.example/cb?tenant=1")
	r.sim.SetApp(app)

	to, err := r.sim.Approve(r.authorizeURL("redirect_uri", "https://app.example/cb?tenant=1", "state", ""), igsim.Decision{Deny: true})
	if want := "https://app.example/cb?tenant=1&error=access_denied&error_reason=user_denied&error_description=The+user+denied+your+request"; err != nil || to != want {
		t.Errorf("%s, %v", to, err)
	}
	if err := r.sim.SetSwitches(igsim.Switches{NoFragment: true}); err != nil {
		t.Fatal(err)
	}
	to, err = r.sim.Approve(r.authorizeURL(), igsim.Decision{Persona: "studio_north"})
	if err != nil || strings.Contains(to, "#") {
		t.Errorf("%s, %v", to, err)
	}
	for _, address := range []string{"http://sim/other?client_id=1", "://", "/oauth/access_token"} {
		if _, err := r.sim.Approve(address, igsim.Decision{Persona: "studio_north"}); err == nil {
			t.Errorf("Approve(%q) gave no error", address)
		}
	}
	if _, err := r.sim.Approve(r.authorizeURL(), igsim.Decision{Persona: "nobody"}); err == nil {
		t.Error("an unknown persona was let in")
	}
}

func TestRoles(t *testing.T) {
	t.Parallel()
	r := setup(t)
	query := r.authorizeURL()[strings.Index(r.authorizeURL(), "?"):]
	for address, want := range map[string]int{
		"/www/oauth/authorize" + query:   200,
		"/api/oauth/authorize" + query:   404,
		"/graph/oauth/authorize" + query: 404,
		"/www/me":                        404,
		"/api/me":                        404,
		"/graph/me":                      400,
		"/graph/v25.0/me":                400,
		"/www/oauth/access_token":        404,
		"/api/oauth/access_token":        400,
		"/_sim/state":                    200,
	} {
		if got := r.open(r.server.URL + address); got.status != want {
			t.Errorf("%s: %d, want %d", strings.TrimSuffix(address, query), got.status, want)
		}
	}
	for host, want := range map[string]int{"www.sim.test": 200, "api.sim.test": 404, "graph.sim.test": 404} {
		req := r.request(http.MethodGet, "/oauth/authorize"+query, nil)
		req.Host = host
		got := r.do(req)
		if got.status != want {
			t.Errorf("authorize on %s: %d, want %d", host, got.status, want)
		}
		if want == 404 && !strings.Contains(got.header.Get("Content-Type"), "text/html") {
			t.Errorf("authorize on %s is no page", host)
		}
	}
	if got := r.press(r.server.URL+"/api/oauth/authorize"+query, url.Values{"decision": {"allow"}}); got.status != 404 {
		t.Errorf("the form on api: %d", got.status)
	}
}

func TestPersonas(t *testing.T) {
	t.Parallel()
	r := setup(t)
	token := r.long("studio_north")
	before := r.get("/me", "fields", "id,user_id,username", "access_token", token)
	for _, p := range r.sim.Personas() {
		if p.ID == "studio_north" {
			p.Username = "studio_south"
			if err := r.sim.SetPersona(p); err != nil {
				t.Fatal(err)
			}
		}
	}
	after := r.get("/me", "fields", "id,user_id,username", "access_token", token)
	if after.json["username"] != "studio_south" || after.json["user_id"] != before.json["user_id"] || after.json["id"] != before.json["id"] {
		t.Errorf("after a rename: %s", after.text)
	}

	app := r.sim.App()
	app.ID = "2290000000000007"
	r.sim.SetApp(app)
	other := r.get("/me", "fields", "id,user_id", "access_token", token)
	if other.json["id"] == before.json["id"] || other.json["user_id"] != before.json["user_id"] {
		t.Errorf("for another app: %s", other.text)
	}

	for _, p := range []igsim.Persona{{ID: ""}, {ID: "A b"}, {ID: "x", Posts: -1}, {ID: "x", Posts: 60_000}, {ID: strings.Repeat("x", 61)}} {
		if r.sim.SetPersona(p) == nil {
			t.Errorf("SetPersona took %+v", p)
		}
	}
	if err := r.sim.SetPersona(igsim.Persona{ID: "newcomer"}); err != nil {
		t.Fatal(err)
	}
	last := r.sim.Personas()[len(r.sim.Personas())-1]
	if last.Username != "newcomer" || last.AccountType != "BUSINESS" {
		t.Errorf("newcomer is %+v", last)
	}
	for name, err := range map[string]error{
		"password": r.sim.ChangePassword("nobody"), "remove": r.sim.RemoveApp("nobody"), "role": r.sim.SetRole("nobody", true),
	} {
		if err == nil {
			t.Errorf("%s of nobody gave no error", name)
		}
	}
}

func TestIdsSurviveNoFloat(t *testing.T) {
	t.Parallel()
	r := setup(t)
	var seen []string
	for _, p := range r.sim.Personas() {
		if p.NoRole {
			continue
		}
		me := r.get("/me", "fields", "id,user_id", "access_token", r.long(p.ID))
		for _, member := range []string{"id", "user_id"} {
			id := me.json[member].(string)
			if slices.Contains(seen, id) {
				t.Errorf("%s of %s is somebody else's", member, p.ID)
			}
			seen = append(seen, id)
			if throughFloat(t, id) == id {
				t.Errorf("%s %s of %s stays itself through a float64", member, id, p.ID)
			}
		}
		if !strings.HasPrefix(me.json["user_id"].(string), "17841") || !strings.HasPrefix(me.json["id"].(string), "2") {
			t.Errorf("ids of %s: %s", p.ID, me.text)
		}
	}
}
