package igsim_test

import (
	"bytes"
	"encoding/json"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"latchkey/igsim"
)

const allScopes = "instagram_business_basic,instagram_business_manage_insights,instagram_business_manage_comments"

// rig is a simulator behind a server, with a program in front of it.
type rig struct {
	*testing.T
	sim    *igsim.Simulator
	server *httptest.Server
	client *http.Client
}

func setup(t *testing.T) *rig {
	t.Helper()
	sim := igsim.New()
	server := httptest.NewServer(sim)
	t.Cleanup(server.Close)
	client := server.Client()
	client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return &rig{t, sim, server, client}
}

// reply is what came back.
type reply struct {
	status int
	header http.Header
	text   string
	json   map[string]any
}

// at walks into the JSON by member names and list indexes.
func (r reply) at(path ...any) any {
	var v any = r.json
	for _, p := range path {
		switch p := p.(type) {
		case string:
			m, _ := v.(map[string]any)
			v = m[p]
		case int:
			l, _ := v.([]any)
			if p >= len(l) {
				return nil
			}
			v = l[p]
		}
	}
	return v
}

func (r *rig) do(req *http.Request) reply {
	r.Helper()
	res, err := r.client.Do(req)
	if err != nil {
		r.Fatal(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		r.Fatal(err)
	}
	got := reply{status: res.StatusCode, header: res.Header, text: string(body)}
	d := json.NewDecoder(bytes.NewReader(body))
	d.UseNumber()
	_ = d.Decode(&got.json) // pages have no JSON
	return got
}

func (r *rig) request(method, path string, q url.Values) *http.Request {
	r.Helper()
	target := r.server.URL + path
	if len(q) > 0 {
		target += "?" + q.Encode()
	}
	req, err := http.NewRequestWithContext(r.Context(), method, target, nil)
	if err != nil {
		r.Fatal(err)
	}
	return req
}

// get asks with names and values of query parameters.
func (r *rig) get(path string, pairs ...string) reply {
	r.Helper()
	return r.do(r.request(http.MethodGet, path, values(pairs...)))
}

func values(pairs ...string) url.Values {
	q := url.Values{}
	for i := 0; i < len(pairs); i += 2 {
		q.Set(pairs[i], pairs[i+1])
	}
	return q
}

func (r *rig) authorizeURL(pairs ...string) string {
	q := values(
		"client_id", igsim.AppID, "redirect_uri", r.sim.App().RedirectURIs[0],
		"response_type", "code", "scope", allScopes, "state", "st4te",
	)
	for i := 0; i < len(pairs); i += 2 {
		q.Set(pairs[i], pairs[i+1])
	}
	return r.server.URL + "/oauth/authorize?" + q.Encode()
}

// code logs a persona in.
func (r *rig) code(d igsim.Decision) string {
	r.Helper()
	to, err := r.sim.Approve(r.authorizeURL(), d)
	if err != nil {
		r.Fatal(err)
	}
	u, err := url.Parse(to)
	if err != nil {
		r.Fatal(err)
	}
	return u.Query().Get("code")
}

// exchange posts the code as Instagram's guide does, with fields changed by pairs.
func (r *rig) exchange(code string, pairs ...string) reply {
	r.Helper()
	fields := values(
		"client_id", igsim.AppID, "client_secret", igsim.AppSecret, "grant_type", "authorization_code",
		"redirect_uri", r.sim.App().RedirectURIs[0], "code", code,
	)
	for i := 0; i < len(pairs); i += 2 {
		fields.Set(pairs[i], pairs[i+1])
	}
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	for name := range fields {
		if err := form.WriteField(name, fields.Get(name)); err != nil {
			r.Fatal(err)
		}
	}
	form.Close()
	req := r.request(http.MethodPost, "/oauth/access_token", nil)
	req.Body = io.NopCloser(&body)
	req.Header.Set("Content-Type", form.FormDataContentType())
	return r.do(req)
}

func (r *rig) short(d igsim.Decision) string {
	r.Helper()
	token, _ := r.exchange(r.code(d)).json["access_token"].(string)
	if token == "" {
		r.Fatal("no short-lived token")
	}
	return token
}

func (r *rig) extend(token string, pairs ...string) reply {
	r.Helper()
	return r.get("/access_token", append([]string{
		"grant_type", "ig_exchange_token", "client_secret", igsim.AppSecret, "access_token", token,
	}, pairs...)...)
}

func (r *rig) long(persona string, without ...string) string {
	r.Helper()
	token, _ := r.extend(r.short(igsim.Decision{Persona: persona, Without: without})).json["access_token"].(string)
	if token == "" {
		r.Fatal("no long-lived token")
	}
	return token
}

func (r *rig) refresh(token string) reply {
	r.Helper()
	return r.get("/refresh_access_token", "grant_type", "ig_refresh_token", "access_token", token)
}

// refusal holds that an answer is a Graph error with this code and text.
func (r *rig) refusal(got reply, status, code int, text string) {
	r.Helper()
	if got.status != status {
		r.Errorf("status %d, want %d: %s", got.status, status, got.text)
	}
	n, _ := got.at("error", "code").(json.Number)
	if have, _ := n.Int64(); have != int64(code) {
		r.Errorf("code %q, want %d: %s", n, code, got.text)
	}
	message, _ := got.at("error", "message").(string)
	if !strings.Contains(message, text) {
		r.Errorf("message %q does not have %q", message, text)
	}
}

func TestWholeWay(t *testing.T) {
	t.Parallel()
	r := setup(t)

	short := r.exchange(r.code(igsim.Decision{Persona: "studio_north"}))
	if short.status != http.StatusOK {
		t.Fatalf("code exchange: %d %s", short.status, short.text)
	}
	if _, there := short.json["expires_in"]; there {
		t.Error("the code exchange has an expires_in; Instagram's has none")
	}
	token := short.json["access_token"].(string)
	if !strings.HasPrefix(token, "IGAA") || len(token) != 180 {
		t.Errorf("token of %d characters begins %q", len(token), token[:4])
	}
	long := r.extend(token)
	if got := long.json["expires_in"]; got != json.Number("5183944") {
		t.Errorf("expires_in %v", got)
	}
	if got := long.json["token_type"]; got != "bearer" {
		t.Errorf("token_type %v", got)
	}
	me := r.get("/v25.0/me", "fields", "id,user_id,username,account_type,followers_count",
		"access_token", long.json["access_token"].(string))
	if me.json["username"] != "studio_north" || me.json["account_type"] != "BUSINESS" {
		t.Errorf("me: %s", me.text)
	}
	if short.json["user_id"].(json.Number).String() != me.json["id"] {
		t.Errorf("user_id of the code exchange %v is not id of /me %v", short.json["user_id"], me.json["id"])
	}
	if me.json["id"] == me.json["user_id"] {
		t.Error("the two ids are the same")
	}

	r.sim.Advance(24 * time.Hour)
	again := r.refresh(long.json["access_token"].(string))
	if again.status != http.StatusOK || again.json["access_token"] == long.json["access_token"] {
		t.Errorf("refresh: %d %s", again.status, again.text)
	}
	r.sim.Advance(59 * 24 * time.Hour)
	if got := r.get("/me", "access_token", again.json["access_token"].(string)); got.status != http.StatusOK {
		t.Errorf("the refreshed token died early: %s", got.text)
	}
	r.sim.Advance(24 * time.Hour)
	r.refusal(r.refresh(again.json["access_token"].(string)), 400, 190, "Session has expired on ")
}
