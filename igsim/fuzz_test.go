package igsim_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"latchkey/igsim"
)

// FuzzGraph sends any path and query with a good token: the answer is always JSON of a kind that
// Instagram sends.
func FuzzGraph(f *testing.F) {
	for _, seed := range [][3]string{
		{"GET", "/v25.0/me", "fields=id,user_id"},
		{"GET", "/me/media", "limit=3&after=c2ltOjM"},
		{"GET", "/me/insights", "metric=reach&period=day&since=1790000000&until=1790100000"},
		{"GET", "/17900000000000001/comments", "fields=id,from{id}"},
		{"POST", "/18000000000000001/replies", "message=x"},
		{"DELETE", "/18000000000000001", ""},
		{"GET", "/v25.0/v25.0/me", ""},
		{"GET", "/refresh_access_token", "grant_type=ig_refresh_token"},
	} {
		f.Add(seed[0], seed[1], seed[2])
	}
	sim := igsim.New()
	sim.Set(noon)
	r := &rig{sim: sim}
	token := r.handlerToken(f)
	f.Fuzz(func(t *testing.T, method, path, query string) {
		if strings.HasPrefix(path, "/_sim") || path == "/" || strings.HasPrefix(path, "/oauth") || strings.HasPrefix(path, "/www/") || strings.HasPrefix(path, "/api/") {
			return
		}
		if method != http.MethodPost && method != http.MethodDelete {
			method = http.MethodGet
		}
		q, err := url.ParseQuery(query)
		if err != nil {
			return
		}
		q.Set("access_token", token)
		req := httptest.NewRequestWithContext(t.Context(), method, "/", nil)
		req.URL = &url.URL{Path: path, RawQuery: q.Encode()}
		w := httptest.NewRecorder()
		sim.ServeHTTP(w, req)
		var body map[string]any
		if err := json.Unmarshal(w.Body.Bytes(), &body); err != nil {
			t.Fatalf("%s %s: %d, %v", method, path, w.Code, err)
		}
		if (body["error"] != nil) != (w.Code != http.StatusOK) {
			t.Errorf("%s %s: %d %s", method, path, w.Code, w.Body)
		}
	})
}

// handlerToken is a long-lived token had without a server.
func (r *rig) handlerToken(tb testing.TB) string {
	tb.Helper()
	q := values("client_id", igsim.AppID, "redirect_uri", r.sim.App().RedirectURIs[0], "response_type", "code", "scope", allScopes)
	to, err := r.sim.Approve("/oauth/authorize?"+q.Encode(), north)
	if err != nil {
		tb.Fatal(err)
	}
	u, _ := url.Parse(to)
	form := values("client_id", igsim.AppID, "client_secret", igsim.AppSecret, "grant_type", "authorization_code",
		"redirect_uri", r.sim.App().RedirectURIs[0], "code", u.Query().Get("code"))
	short := serve(tb, r.sim, http.MethodPost, "/oauth/access_token", form.Encode())
	long := serve(tb, r.sim, http.MethodGet, "/access_token?"+values("grant_type", "ig_exchange_token",
		"client_secret", igsim.AppSecret, "access_token", short).Encode(), "")
	return long
}

// serve is one call without a server; it gives the access_token of the answer.
func serve(tb testing.TB, sim *igsim.Simulator, method, target, form string) string {
	tb.Helper()
	req := httptest.NewRequestWithContext(tb.Context(), method, target, strings.NewReader(form))
	if form != "" {
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	w := httptest.NewRecorder()
	sim.ServeHTTP(w, req)
	var body struct {
		Token string `json:"access_token"`
	}
	if err := json.Unmarshal(w.Body.Bytes(), &body); err != nil || body.Token == "" {
		tb.Fatalf("%s: %d, no token", method, w.Code)
	}
	return body.Token
}

// FuzzControl sends any body to the actions of the control API: a change or an error, never a
// crash.
func FuzzControl(f *testing.F) {
	f.Add("clock", false, `{"advance_seconds": 1}`)
	f.Add("clock", true, `advance_seconds=86400&back=//evil`)
	f.Add("faults", false, `{"endpoint":"me","next":1,"fault":{"code":4,"wait_ms":5}}`)
	f.Add("faults", true, `endpoint=any&preset=slow&next=1`)
	f.Add("switches", true, `usage=app&usage_percent=-5`)
	f.Add("approve", false, `{"authorize_url":"/oauth/authorize?client_id=1","persona":"x"}`)
	f.Add("personas", false, `{"id":"x","followers":-1}`)
	f.Fuzz(func(t *testing.T, action string, isForm bool, body string) {
		sim := igsim.New()
		req := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/_sim/x", strings.NewReader(body))
		req.URL.Path = "/_sim/" + action
		req.Header.Set("Content-Type", "application/json")
		if isForm {
			req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		}
		w := httptest.NewRecorder()
		sim.ServeHTTP(w, req)
		if w.Code >= 500 {
			t.Errorf("%s: %d", action, w.Code)
		}
		if to := w.Header().Get("Location"); w.Code == http.StatusSeeOther && (!strings.HasPrefix(to, "/") || strings.HasPrefix(to, "//")) {
			t.Errorf("%s leads to %q", action, to)
		}
	})
}

// FuzzAuthorize opens the login page with any query: a page, never a redirect.
func FuzzAuthorize(f *testing.F) {
	f.Add("client_id=" + igsim.AppID + "&redirect_uri=http%3A%2F%2Flocalhost%3A3000%2Fauth&response_type=code&scope=instagram_business_basic")
	f.Add("client_id=&scope=,,%20")
	f.Add("redirect_uri=javascript:alert(1)")
	sim := igsim.New()
	f.Fuzz(func(t *testing.T, query string) {
		req := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/oauth/authorize", nil)
		req.URL.RawQuery = query
		w := httptest.NewRecorder()
		sim.ServeHTTP(w, req)
		if w.Code != 200 && w.Code != 400 && w.Code != 404 || w.Header().Get("Location") != "" {
			t.Errorf("%d to %q", w.Code, w.Header().Get("Location"))
		}
		if _, err := sim.Approve("/oauth/authorize?"+query, north); (err == nil) != (w.Code == 200) {
			t.Errorf("the page says %d, Approve %v", w.Code, err)
		}
	})
}
