package igsim_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"testing"

	"latchkey/igsim"
)

// BenchmarkLogin is the simulator's own part of a login: the click, both exchanges and /me. What a
// server under test costs can only be told while this stays small beside it.
func BenchmarkLogin(b *testing.B) {
	sim := igsim.New()
	authorize := "/oauth/authorize?" + values("client_id", igsim.AppID, "redirect_uri", sim.App().RedirectURIs[0],
		"response_type", "code", "scope", allScopes, "state", "s").Encode()
	b.ReportAllocs()
	for b.Loop() {
		to, err := sim.Approve(authorize, north)
		if err != nil {
			b.Fatal(err)
		}
		u, _ := url.Parse(to)
		short := serve(b, sim, http.MethodPost, "/oauth/access_token", values("client_id", igsim.AppID,
			"client_secret", igsim.AppSecret, "grant_type", "authorization_code",
			"redirect_uri", sim.App().RedirectURIs[0], "code", u.Query().Get("code")).Encode())
		long := serve(b, sim, http.MethodGet, "/access_token?"+values("grant_type", "ig_exchange_token",
			"client_secret", igsim.AppSecret, "access_token", short).Encode(), "")
		me(b, sim, long)
	}
}

func me(b *testing.B, sim *igsim.Simulator, token string) {
	b.Helper()
	req := httptest.NewRequestWithContext(b.Context(), http.MethodGet, "/v25.0/me?fields="+accountFields, nil)
	req.Header.Set("Authorization", "Bearer "+token)
	w := httptest.NewRecorder()
	sim.ServeHTTP(w, req)
	if w.Code != http.StatusOK {
		b.Fatal(w.Code)
	}
}

// BenchmarkMediaPage is a hundred posts with all that a reader of an audience asks for.
func BenchmarkMediaPage(b *testing.B) {
	sim := igsim.New()
	sim.Set(noon)
	r := &rig{sim: sim}
	target := "/me/media?limit=100&fields=id,caption,timestamp,like_count,comments_count,media_type,permalink&access_token=" + r.handlerToken(b)
	b.ReportAllocs()
	for b.Loop() {
		w := httptest.NewRecorder()
		sim.ServeHTTP(w, httptest.NewRequestWithContext(b.Context(), http.MethodGet, target, nil))
		if w.Code != http.StatusOK {
			b.Fatal(w.Code)
		}
	}
}
