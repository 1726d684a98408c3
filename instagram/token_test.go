package instagram_test

import (
	"mime"
	"mime/multipart"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"latchkey/instagram"
)

func TestExchangeSendsTheCodeAsAForm(t *testing.T) {
	t.Parallel()
	ig := &conversation{body: `{"access_token":"` + tokenText + `","user_id":1}`}
	pasted := instagram.NewSecret(codeText + "#_")
	if _, err := setup(t, ig).Exchange(t.Context(), pasted); err != nil {
		t.Fatal(err)
	}
	got := ig.only(t)
	if got.method != http.MethodPost || got.path != "/oauth/access_token" || got.query != "" {
		t.Errorf("asked %s %s?%s", got.method, got.path, got.query)
	}
	kind, params, err := mime.ParseMediaType(got.header.Get("Content-Type"))
	if err != nil || kind != "multipart/form-data" {
		t.Fatalf("Content-Type %q: %v", got.header.Get("Content-Type"), err)
	}
	form, err := multipart.NewReader(strings.NewReader(got.body), params["boundary"]).ReadForm(1 << 16)
	if err != nil {
		t.Fatal(err)
	}
	want := map[string][]string{
		"client_id":     {"990011223344"},
		"client_secret": {appSecret},
		"grant_type":    {"authorization_code"},
		"redirect_uri":  {"https://latchkey.example/auth"},
		"code":          {codeText},
	}
	if diff := cmp.Diff(want, form.Value); diff != "" {
		t.Errorf("form (-want +got):\n%s", diff)
	}
}

func TestExchangeReadsEveryShape(t *testing.T) {
	t.Parallel()
	both := []string{instagram.ScopeBasic, instagram.ScopeComments}
	tests := []struct {
		name, body string
		scopes     []string
		life       time.Duration
	}{
		{"flat, array", `{"access_token":"IGAA1","user_id":28547559528000001,"permissions":["instagram_business_basic","instagram_business_manage_comments"]}`, both, time.Hour},
		{"wrapped, comma", `{"data":[{"access_token":"IGAA1","user_id":"28547559528000001","permissions":"instagram_business_basic,instagram_business_manage_comments"}]}`, both, time.Hour},
		{"wrapped in an object", `{"data":{"access_token":"IGAA1","permissions":"instagram_business_basic,instagram_business_manage_comments"}}`, both, time.Hour},
		{"space", `{"access_token":"IGAA1","permissions":"instagram_business_basic instagram_business_manage_comments"}`, both, time.Hour},
		{"percent", `{"access_token":"IGAA1","permissions":"instagram_business_basic%2Cinstagram_business_manage_comments"}`, both, time.Hour},
		{"comma in an array, doubled", `{"access_token":"IGAA1","permissions":["instagram_business_basic, instagram_business_manage_comments",7,"instagram_business_basic"]}`, both, time.Hour},
		{"missing", `{"access_token":"IGAA1"}`, nil, time.Hour},
		{"null", `{"access_token":"IGAA1","permissions":null}`, nil, time.Hour},
		{"empty", `{"access_token":"IGAA1","permissions":""}`, []string{}, time.Hour},
		{"empty array", `{"access_token":"IGAA1","permissions":[]}`, []string{}, time.Hour},
		{"object", `{"access_token":"IGAA1","permissions":{"a":1}}`, nil, time.Hour},
		{"says how long", `{"access_token":"IGAA1","expires_in":1800}`, nil, 30 * time.Minute},
		{"says nonsense", `{"access_token":"IGAA1","expires_in":-1}`, nil, time.Hour},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got, err := setup(t, &conversation{body: tt.body}).Exchange(t.Context(), instagram.NewSecret(codeText))
			if err != nil {
				t.Fatal(err)
			}
			want := instagram.Token{
				Value: instagram.NewSecret("IGAA1"), IssuedAt: answered,
				ExpiresAt: answered.Add(tt.life), Scopes: tt.scopes,
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("token (-want +got):\n%s", diff)
			}
		})
	}
}

func TestATokenMustBeThere(t *testing.T) {
	t.Parallel()
	for _, body := range []string{
		`{}`, `null`, `{"data":[]}`, `{"data":[{"user_id":"1"}]}`, `{"data":7}`, `{"access_token":""}`,
		`{"access_token":"  "}`, `{"access_token":null}`, `{"access_token":7}`,
		`{"access_token":"IG\nAA"}`, `{"access_token":"IGÄÄ"}`,
	} {
		t.Run(body, func(t *testing.T) {
			t.Parallel()
			client := setup(t, &conversation{body: body})
			_, err := client.Exchange(t.Context(), instagram.NewSecret(codeText))
			wantError(t, err, instagram.ClassRetry, "no_token")
			_, err = client.Refresh(t.Context(), shortToken())
			wantError(t, err, instagram.ClassRetry, "no_token")
		})
	}
}

func TestExtendAndRefreshSendTheirQuery(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, path string
		call       func(*instagram.Client) (instagram.Token, error)
		query      url.Values
	}{
		{
			"extend", "/access_token",
			func(c *instagram.Client) (instagram.Token, error) { return c.Extend(t.Context(), shortToken()) },
			url.Values{"grant_type": {"ig_exchange_token"}, "client_secret": {appSecret}, "access_token": {tokenText}},
		},
		{
			"refresh", "/refresh_access_token",
			func(c *instagram.Client) (instagram.Token, error) { return c.Refresh(t.Context(), shortToken()) },
			url.Values{"grant_type": {"ig_refresh_token"}, "access_token": {tokenText}},
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			ig := &conversation{body: `{"access_token":"IGAA2","token_type":"bearer","expires_in":5183944}`}
			got, err := tt.call(setup(t, ig))
			if err != nil {
				t.Fatal(err)
			}
			want := instagram.Token{
				Value: instagram.NewSecret("IGAA2"), IssuedAt: answered,
				ExpiresAt: answered.Add(5183944 * time.Second), Scopes: shortToken().Scopes,
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("token (-want +got):\n%s", diff)
			}
			q := ig.only(t)
			if q.method != http.MethodGet || q.path != tt.path {
				t.Errorf("asked %s %s", q.method, q.path)
			}
			query, err := url.ParseQuery(q.query)
			if diff := cmp.Diff(tt.query, query); diff != "" || err != nil {
				t.Errorf("query: %v (-want +got):\n%s", err, diff)
			}
			if a := q.header.Get("Authorization"); a != "" {
				t.Errorf("Authorization %q on a token endpoint", a)
			}
		})
	}
}

func TestTheLifeOfALongToken(t *testing.T) {
	t.Parallel()
	const day = 24 * time.Hour
	tests := []struct {
		expiresIn string
		life      time.Duration
		assumed   bool
	}{
		{`5184000`, 60 * day, false},
		{`"5184000"`, 60 * day, false},
		{`1`, time.Second, false},
		{`0`, 50 * day, true},
		{`-5`, 50 * day, true},
		{`null`, 50 * day, true},
		{`"soon"`, 50 * day, true},
		{`[]`, 50 * day, true},
		{`9223372036854775807`, 50 * day, true},
		{`92233720368547758070`, 50 * day, true},
		{`1e400`, 50 * day, true},
	}
	for _, tt := range tests {
		t.Run(tt.expiresIn, func(t *testing.T) {
			t.Parallel()
			ig := &conversation{body: `{"access_token":"IGAA2","expires_in":` + tt.expiresIn + `}`}
			got, err := setup(t, ig).Refresh(t.Context(), shortToken())
			if err != nil {
				t.Fatal(err)
			}
			if life := got.ExpiresAt.Sub(got.IssuedAt); life != tt.life || got.ExpiryAssumed != tt.assumed {
				t.Errorf("life %v, assumed %v; want %v, %v", life, got.ExpiryAssumed, tt.life, tt.assumed)
			}
		})
	}
}

func TestTheScopesOfAnAnswerReplaceThose(t *testing.T) {
	t.Parallel()
	ig := &conversation{body: `{"access_token":"IGAA2","expires_in":1,"permissions":"instagram_business_basic"}`}
	got, err := setup(t, ig).Extend(t.Context(), shortToken())
	if diff := cmp.Diff([]string{instagram.ScopeBasic}, got.Scopes); diff != "" || err != nil {
		t.Errorf("scopes: %v (-want +got):\n%s", err, diff)
	}
}

func TestWithoutADateTheClientsClockCounts(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 23, 1, 2, 3, 0, time.FixedZone("", 3600))
	for _, date := range [][]string{nil, {"yesterday"}} {
		client := setup(t, &conversation{
			header: http.Header{"Date": date}, body: `{"access_token":"IGAA2","expires_in":60}`,
		})
		client.Now = func() time.Time { return now }
		got, err := client.Refresh(t.Context(), shortToken())
		if err != nil || !got.IssuedAt.Equal(now) || got.IssuedAt.Location() != time.UTC {
			t.Errorf("issued at %v: %v; want %v in UTC", got.IssuedAt, err, now)
		}
		client.Now = nil
		if got, err = client.Refresh(t.Context(), shortToken()); err != nil || time.Since(got.IssuedAt) > time.Hour {
			t.Errorf("issued at %v: %v; want now", got.IssuedAt, err)
		}
	}
}
