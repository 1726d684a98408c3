package instagram_test

import (
	"fmt"
	"net/http/httptest"
	"net/url"
	"strconv"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"latchkey/igsim"
	"latchkey/instagram"
)

// The simulator shares no code with the client, so what both agree on was understood twice.

func simulated(t *testing.T) (*igsim.Simulator, *instagram.Client) {
	t.Helper()
	sim := igsim.New()
	server := httptest.NewServer(sim)
	t.Cleanup(server.Close)
	client := &instagram.Client{
		AppID: igsim.AppID, AppSecret: instagram.NewSecret(igsim.AppSecret), RedirectURL: sim.App().RedirectURIs[0],
		Endpoints: instagram.Endpoints{
			Authorize: server.URL + "/www/oauth/authorize", Token: server.URL + "/api/oauth/access_token",
			Graph: server.URL + "/graph", Version: instagram.Production.Version,
		},
		HTTP: server.Client(),
	}
	return sim, client
}

var allScopes = []string{instagram.ScopeBasic, instagram.ScopeInsights, instagram.ScopeComments}

// allow is what the owner does, and gives the code.
func allow(t *testing.T, sim *igsim.Simulator, c *instagram.Client, d igsim.Decision) instagram.Secret {
	t.Helper()
	callback, err := sim.Approve(c.AuthorizeURL("the state", allScopes...), d)
	if err != nil {
		t.Fatal(err)
	}
	u, err := url.Parse(callback)
	if err != nil || u.Query().Get("state") != "the state" {
		t.Fatalf("callback %s: %v", callback, err)
	}
	return instagram.NewSecret(u.Query().Get("code"))
}

// logIn makes the calls of a login.
func logIn(t *testing.T, sim *igsim.Simulator, c *instagram.Client, d igsim.Decision) (instagram.Token, instagram.Account) {
	t.Helper()
	short, err := c.Exchange(t.Context(), allow(t, sim, c, d))
	if err != nil {
		t.Fatal(err)
	}
	long, err := c.Extend(t.Context(), short)
	if err != nil {
		t.Fatal(err)
	}
	account, err := c.Me(t.Context(), long.Value)
	if err != nil {
		t.Fatal(err)
	}
	return long, account
}

func TestALoginInEveryShape(t *testing.T) {
	t.Parallel()
	for name, shape := range map[string]igsim.Switches{
		"as usual": {},
		"strict":   {StrictMultipart: true, Permissions: "comma", TokenUserIDString: true},
		"wrapped":  {WrappedToken: true, WrappedMe: true, MeUserIDNumber: true, Permissions: "space"},
		"odd":      {Permissions: "encoded", DocumentedTypes: true, Usage: "malformed"},
		"sparse":   {MeWithoutCounts: true, LongPermissions: true, Usage: "both", UsagePercent: 80},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			sim, client := simulated(t)
			if err := sim.SetSwitches(shape); err != nil {
				t.Fatal(err)
			}
			got, account := logIn(t, sim, client, igsim.Decision{Persona: "mara_makes", Without: allScopes[2:]})
			if diff := cmp.Diff(allScopes[:2], got.Scopes); diff != "" {
				t.Errorf("scopes (-want +got):\n%s", diff)
			}
			if life := got.ExpiresAt.Sub(sim.Now()).Round(24 * time.Hour); life != 60*24*time.Hour || got.ExpiryAssumed {
				t.Errorf("life %v, assumed %v", life, got.ExpiryAssumed)
			}
			if account.ID != "17841400000010125" || account.AppScopedID == "" || account.Username != "mara_makes" || account.Type != "creator" {
				t.Errorf("account %+v", account)
			}
			if (account.Followers == nil) != shape.MeWithoutCounts {
				t.Errorf("followers %v", account.Followers)
			}
		})
	}
}

func TestTheLifeOfAToken(t *testing.T) {
	t.Parallel()
	const day = 24 * time.Hour
	sim, client := simulated(t)
	first, _ := logIn(t, sim, client, igsim.Decision{Persona: "studio_north"})

	_, err := client.Refresh(t.Context(), first)
	wantError(t, err, instagram.ClassRetry, "too_young")

	sim.Advance(50 * day)
	second, err := client.Refresh(t.Context(), first)
	if err != nil {
		t.Fatal(err)
	}
	if gained := second.ExpiresAt.Sub(first.ExpiresAt).Round(time.Minute); gained != 50*day {
		t.Errorf("a refresh on day 50 gained %v", gained)
	}
	if diff := cmp.Diff(first.Scopes, second.Scopes); diff != "" {
		t.Errorf("scopes (-want +got):\n%s", diff)
	}

	sim.Advance(61 * day)
	_, err = client.Refresh(t.Context(), second)
	wantError(t, err, instagram.ClassReconnect, "token_expired")
	_, err = client.Me(t.Context(), second.Value)
	wantError(t, err, instagram.ClassReconnect, "token_expired")
}

func TestWhatEndsAToken(t *testing.T) {
	t.Parallel()
	sim, client := simulated(t)
	for cause, end := range map[instagram.Cause]func(string) error{
		"password_changed":        sim.ChangePassword,
		instagram.CauseAppRemoved: sim.RemoveApp,
	} {
		got, _ := logIn(t, sim, client, igsim.Decision{Persona: "studio_north"})
		if err := end("studio_north"); err != nil {
			t.Fatal(err)
		}
		_, err := client.Me(t.Context(), got.Value)
		wantError(t, err, instagram.ClassReconnect, cause)
	}
}

func TestRefusedLogins(t *testing.T) {
	t.Parallel()
	sim, client := simulated(t)

	code := allow(t, sim, client, igsim.Decision{Persona: "studio_north"})
	if _, err := client.Exchange(t.Context(), code); err != nil {
		t.Fatal(err)
	}
	_, err := client.Exchange(t.Context(), code)
	wantError(t, err, instagram.ClassReconnect, instagram.CauseCodeSpent)

	elsewhere := *client
	elsewhere.RedirectURL += "/"
	_, err = elsewhere.Exchange(t.Context(), allow(t, sim, client, igsim.Decision{Persona: "studio_north"}))
	wantError(t, err, instagram.ClassOperator, "redirect_uri")

	short, err := client.Exchange(t.Context(), allow(t, sim, client, igsim.Decision{Persona: "harbor_books"}))
	if err != nil {
		t.Fatal(err)
	}
	_, err = client.Extend(t.Context(), short)
	wantError(t, err, instagram.ClassOperator, instagram.CauseNoRole)
}

func TestAMissingScope(t *testing.T) {
	t.Parallel()
	sim, client := simulated(t)
	got, _ := logIn(t, sim, client, igsim.Decision{Persona: "studio_north", Without: []string{instagram.ScopeInsights}})
	query := url.Values{"metric": {"reach"}, "period": {"day"}}
	_, err := client.Insights(t.Context(), got.Value, "me", query)
	e := wantError(t, err, instagram.ClassOperator, "permission")
	if class := e.ClassFor(got.Scopes); class != instagram.ClassReconnect {
		t.Errorf("class %q", class)
	}
}

func TestReadingTheSimulator(t *testing.T) {
	t.Parallel()
	sim, client := simulated(t)
	var highest float64
	client.OnUsage = func(u instagram.Usage) { highest = max(highest, u.Percent()) }
	if err := sim.SetSwitches(igsim.Switches{Usage: "both", UsagePercent: 80}); err != nil {
		t.Fatal(err)
	}
	got, account := logIn(t, sim, client, igsim.Decision{Persona: "mara_makes"})

	media := map[instagram.ID]bool{}
	var commented instagram.Media
	for m, err := range client.Media(t.Context(), got.Value) {
		if err != nil {
			t.Fatal(err)
		}
		media[m.ID] = true
		if m.Timestamp.IsZero() || m.Type == "" {
			t.Errorf("media %+v", m)
		}
		if commented.ID == "" && m.Comments != nil && *m.Comments > 0 {
			commented = m
		}
	}
	if int64(len(media)) != *account.Media {
		t.Errorf("%d media, want %d", len(media), *account.Media)
	}
	comments := 0
	for c, err := range client.Comments(t.Context(), got.Value, commented.ID) {
		if err != nil {
			t.Fatal(err)
		}
		if c.Text == "" || c.Timestamp.IsZero() {
			t.Errorf("comment %+v", c)
		}
		comments++
	}
	if comments == 0 {
		t.Error("no comments")
	}
	query := url.Values{
		"metric": {"reach"}, "period": {"day"}, "metric_type": {"time_series"},
		"since": {strconv.FormatInt(sim.Now().AddDate(0, 0, -10).Unix(), 10)},
		"until": {strconv.FormatInt(sim.Now().AddDate(0, 0, -3).Unix(), 10)},
	}
	insights, err := client.Insights(t.Context(), got.Value, instagram.ID(account.ID), query)
	if err != nil || len(insights) != 1 || insights[0].Name != "reach" || len(insights[0].Values) < 5 {
		t.Errorf("insights %+v: %v", insights, err)
	}
	if highest < 80 {
		t.Errorf("usage of %v %%", highest)
	}
}

func TestEveryFaultOfTheSimulator(t *testing.T) {
	t.Parallel()
	sim, client := simulated(t)
	got, _ := logIn(t, sim, client, igsim.Decision{Persona: "studio_north"})
	for _, tt := range []struct {
		fault igsim.Fault
		class instagram.Class
		cause instagram.Cause
	}{
		{igsim.Fault{Kind: igsim.Page}, "retry", "outage"},
		{igsim.Fault{Kind: igsim.Page, Status: 404}, "retry", "unreadable"},
		{igsim.Fault{Kind: igsim.Empty}, "retry", "outage"},
		{igsim.Fault{Kind: igsim.Truncated}, "retry", "unreadable"},
		{igsim.Fault{Kind: igsim.Cut}, "retry", "unreachable"},
		{igsim.Fault{Code: 2}, "retry", "server"},
		{igsim.Fault{Code: 2, Status: 200}, "retry", "server"},
		{igsim.Fault{Code: 4}, "hold", "app_limit"},
		{igsim.Fault{Code: 17}, "retry", "rate_limit"},
		{igsim.Fault{Code: 80002, RegainMinutes: 30}, "retry", "rate_limit"},
		{igsim.Fault{Code: 200}, "hold", "blocked"},
		{igsim.Fault{Code: 100}, "operator", instagram.CauseNoRole},
		{igsim.Fault{Code: 10}, "operator", "permission"},
		{igsim.Fault{Code: 190, Subcode: 459}, "reconnect", "checkpoint"},
		{igsim.Fault{Code: 4242, Message: "new"}, "retry", ""},
	} {
		if err := sim.FailNext(igsim.Me, 1, tt.fault); err != nil {
			t.Fatal(err)
		}
		// A cut connection is asked again by net/http when it was kept from before.
		client.HTTP.CloseIdleConnections()
		_, err := client.Me(t.Context(), got.Value)
		e := wantError(t, err, tt.class, tt.cause)
		if tt.fault.RegainMinutes != 0 && e.RetryAfter != 30*time.Minute {
			t.Errorf("wait %v", e.RetryAfter)
		}
	}
}

// TestLessData holds that a list whose pages are too large is asked for in smaller ones, from where it
// stands, and that nothing is left out or comes twice; below one item a page there is nothing to ask for.
func TestLessData(t *testing.T) {
	t.Parallel()
	sim, c := simulated(t)
	token, _ := logIn(t, sim, c, igsim.Decision{Persona: "mara_makes"})
	ids := func() (all []instagram.ID) {
		t.Helper()
		for m, err := range c.Media(t.Context(), token.Value) {
			if err != nil {
				t.Fatal(err)
			}
			all = append(all, m.ID)
		}
		return all
	}
	want := ids()
	for _, largest := range []int{49, 13, 1} {
		if err := sim.SetSwitches(igsim.Switches{LargestPage: largest}); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, ids()); diff != "" {
			t.Errorf("pages of %d (-want +got):\n%s", largest, diff)
		}
	}
	// From two there is one way to less.
	n := 0
	for _, err := range instagram.Items[instagram.Media](t.Context(), c, token.Value, "me/media", url.Values{"limit": {"2"}}) {
		if err != nil {
			t.Fatal(err)
		}
		n++
	}
	if n != len(want) {
		t.Errorf("%d media from pages of two, want %d", n, len(want))
	}
	if err := sim.SetSwitches(igsim.Switches{}); err != nil {
		t.Fatal(err)
	}
	if err := sim.FailNext(igsim.Media, 20, igsim.Fault{Code: 1, Message: "Please reduce the amount of data you're asking for, then retry your request"}); err != nil {
		t.Fatal(err)
	}
	before, failed := sim.Calls(igsim.Media), 0
	for _, err := range c.Media(t.Context(), token.Value) {
		wantError(t, err, instagram.ClassRetry, "too_much_data")
		failed++
	}
	if n := sim.Calls(igsim.Media) - before; n != 6 || failed != 1 { // 50, 25, 12, 6, 3, 1
		t.Errorf("%d calls and %d errors", n, failed)
	}
}

// TestAnAnswerOf2020 holds that a token of the API that ended is none.
func TestAnAnswerOf2020(t *testing.T) {
	t.Parallel()
	sim, c := simulated(t)
	if err := sim.SetSwitches(igsim.Switches{LegacyUser: true}); err != nil {
		t.Fatal(err)
	}
	_, err := c.Exchange(t.Context(), allow(t, sim, c, igsim.Decision{Persona: "studio_north"}))
	wantError(t, err, instagram.ClassOperator, "old_api")
}

// TestTroubleOfTheApp has every kind of call meet what ends all calls: the class and the cause are the same
// wherever it is met, and also when the error comes with status 200.
func TestTroubleOfTheApp(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name     string
		switches igsim.Switches
		class    instagram.Class
		cause    instagram.Cause
		status   int
	}{
		{"app unknown", igsim.Switches{AppUnknown: "system_error"}, "operator", "app_unknown", 400},
		{"app deleted", igsim.Switches{AppUnknown: "deleted"}, "operator", "app_unknown", 400},
		{"app id wrong", igsim.Switches{AppUnknown: "invalid_id"}, "operator", "app_unknown", 400},
		{"app deactivated", igsim.Switches{AppDeactivated: true}, "operator", instagram.CauseAppDeactivated, 200},
		{"wait, 400", igsim.Switches{Wait: "400"}, "hold", instagram.CauseWait, 400},
		{"wait, 401", igsim.Switches{Wait: "401"}, "hold", instagram.CauseWait, 401},
		{"wait, 429", igsim.Switches{Wait: "429"}, "hold", instagram.CauseWait, 429},
	} {
		for _, with200 := range []bool{false, true} {
			t.Run(fmt.Sprintf("%s, with status 200 %t", tt.name, with200), func(t *testing.T) {
				t.Parallel()
				sim, c := simulated(t)
				token, _ := logIn(t, sim, c, igsim.Decision{Persona: "studio_north"})
				short, err := c.Exchange(t.Context(), allow(t, sim, c, igsim.Decision{Persona: "studio_north"}))
				if err != nil {
					t.Fatal(err)
				}
				code := allow(t, sim, c, igsim.Decision{Persona: "studio_north"})
				switches, status := tt.switches, tt.status
				if switches.ErrorsWith200 = with200; with200 {
					status = 200
				}
				if err := sim.SetSwitches(switches); err != nil {
					t.Fatal(err)
				}
				for where, err := range everyCall(t, c, code, short, token) {
					if e := wantError(t, err, tt.class, tt.cause); e.Status != status {
						t.Errorf("%s: status %d, want %d", where, e.Status, status)
					}
				}
			})
		}
	}
}

// everyCall makes one call of each kind, and gives the errors.
func everyCall(t *testing.T, c *instagram.Client, code instagram.Secret, short, token instagram.Token) map[string]error {
	t.Helper()
	errs := map[string]error{}
	_, errs["exchange"] = c.Exchange(t.Context(), code)
	_, errs["extend"] = c.Extend(t.Context(), short)
	_, errs["refresh"] = c.Refresh(t.Context(), token)
	_, errs["me"] = c.Me(t.Context(), token.Value)
	_, errs["insights"] = c.Insights(t.Context(), token.Value, "me", url.Values{"metric": {"reach"}, "period": {"day"}})
	for _, err := range c.Media(t.Context(), token.Value) {
		if errs["media"] != nil {
			t.Error("a list that failed goes on")
		}
		errs["media"] = err
	}
	for _, err := range c.Comments(t.Context(), token.Value, "17900000000000001") {
		errs["comments"] = err
	}
	return errs
}

// TestAWrongSecret is the operator's at both calls that carry it, in the texts of both codes. A refresh does without.
func TestAWrongSecret(t *testing.T) {
	t.Parallel()
	sim, c := simulated(t)
	token, _ := logIn(t, sim, c, igsim.Decision{Persona: "studio_north"})
	short, err := c.Exchange(t.Context(), allow(t, sim, c, igsim.Decision{Persona: "studio_north"}))
	if err != nil {
		t.Fatal(err)
	}
	sim.Advance(48 * time.Hour)
	for _, w := range []igsim.Switches{{SecretRefused: "1"}, {SecretRefused: "100"}, {SecretRefused: "1", ErrorsWith200: true}} {
		if err := sim.SetSwitches(w); err != nil {
			t.Fatal(err)
		}
		_, err := c.Exchange(t.Context(), allow(t, sim, c, igsim.Decision{Persona: "studio_north"}))
		wantError(t, err, instagram.ClassOperator, "app_secret")
		if _, err := c.Refresh(t.Context(), token); err != nil {
			t.Error(err)
		}
	}
	sim.Advance(-48 * time.Hour)
	_, err = c.Extend(t.Context(), short)
	wantError(t, err, instagram.ClassOperator, "app_secret")
}

// TestAMetricThatAKindOfPostLacks is the metric's fault and not the post's, in both texts that were seen: asked for
// without it, the post has its others.
func TestAMetricThatAKindOfPostLacks(t *testing.T) {
	t.Parallel()
	sim, c := simulated(t)
	token, _ := logIn(t, sim, c, igsim.Decision{Persona: "mara_makes"})
	var reel instagram.ID
	for m, err := range c.Media(t.Context(), token.Value) {
		if err != nil {
			t.Fatal(err)
		}
		if m.ProductType == "REELS" {
			reel = m.ID
			break
		}
	}
	for _, other := range []bool{false, true} {
		if err := sim.SetSwitches(igsim.Switches{MetricNotSupported: other, ErrorsWith200: other}); err != nil {
			t.Fatal(err)
		}
		_, err := c.Insights(t.Context(), token.Value, reel, url.Values{"metric": {"reach,follows"}})
		wantError(t, err, instagram.ClassPermanent, instagram.CauseMetricNotForMedia)
		if got, err := c.Insights(t.Context(), token.Value, reel, url.Values{"metric": {"reach"}}); err != nil || len(got) != 1 {
			t.Errorf("without it: %+v, %v", got, err)
		}
	}
}
