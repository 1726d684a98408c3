package igsim_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"latchkey/igsim"
)

// calls are one call of each endpoint that the API has, with a token that works.
func (r *rig) calls() map[string]func() reply {
	r.Helper()
	r.sim.Advance(-48 * hour)
	long := r.long("mara_makes")
	r.sim.Advance(48 * hour)
	short := r.short(igsim.Decision{Persona: "mara_makes"})
	code := r.code(igsim.Decision{Persona: "mara_makes"})
	post := fmt.Sprint(r.get("/me/media", "access_token", long, "limit", "1").at("data", 0, "id"))
	get := func(path string, pairs ...string) func() reply {
		return func() reply { return r.get(path, append(pairs, "access_token", long)...) }
	}
	return map[string]func() reply{
		"code exchange":  func() reply { return r.exchange(code) },
		"long exchange":  func() reply { return r.extend(short) },
		"refresh":        func() reply { return r.refresh(long) },
		"me":             get("/me"),
		"media":          get("/me/media"),
		"a post":         get("/" + post),
		"comments":       get("/" + post + "/comments"),
		"insights":       get("/me/insights", "metric", "reach", "period", "day"),
		"media insights": get("/"+post+"/insights", "metric", "reach"),
		"writing":        func() reply { return r.post("/"+post+"/comments", long, `{"message": "x"}`) },
	}
}

// callsUnder makes each of the calls while the switches are set.
func (r *rig) callsUnder(w igsim.Switches, check func(where string, got reply)) {
	r.Helper()
	calls := r.calls()
	r.set(w)
	for where, call := range calls {
		check(where, call())
	}
}

// refused holds what an error object says. A code or subcode of 0 is left out of it.
func (r *rig) refused(where string, got reply, status, code, subcode int, text string) {
	r.Helper()
	want := map[string]any{"code": json.Number(fmt.Sprint(code)), "error_subcode": json.Number(fmt.Sprint(subcode))}
	for name, n := range map[string]int{"code": code, "error_subcode": subcode} {
		if n == 0 {
			want[name] = nil
		}
	}
	if got.status != status || got.at("error", "message") != text || got.at("error", "type") != "OAuthException" ||
		got.at("error", "code") != want["code"] || got.at("error", "error_subcode") != want["error_subcode"] {
		r.Errorf("%s: %d %s", where, got.status, got.text)
	}
}

// TestTheAppIsRefused has every call meet each trouble of the app, with the words, codes and statuses that Instagram was
// seen to use, and go on as before when it is over: nothing was spent meanwhile.
func TestTheAppIsRefused(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		switches     igsim.Switches
		status, code int
		text         string
	}{
		"system error": {igsim.Switches{AppUnknown: "system_error"}, 400, 101, "Error validating application. Cannot get application info due to a system error."},
		"deleted":      {igsim.Switches{AppUnknown: "deleted"}, 400, 101, "Error validating application. Application has been deleted."},
		"invalid":      {igsim.Switches{AppUnknown: "invalid_id"}, 400, 101, "Error validating application. Invalid application ID."},
		"deactivated":  {igsim.Switches{AppDeactivated: true}, 200, 200, "API access deactivated. To reactivate, go to the app dashboard."},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := setup(t)
			calls := r.calls()
			r.set(tt.switches)
			for where, call := range calls {
				r.refused(where, call(), tt.status, tt.code, 0, tt.text)
			}
			r.set(igsim.Switches{})
			for where, call := range calls {
				if got := call(); got.status != http.StatusOK || got.at("error") != nil {
					t.Errorf("%s, after it was over: %d %s", where, got.status, got.text)
				}
			}
		})
	}
}

// TestAccountsHaveToWait has every call meet "wait a few minutes", which has no code, under each status that it was seen with.
func TestAccountsHaveToWait(t *testing.T) {
	t.Parallel()
	const text = "Please wait a few minutes before you try again."
	for name, status := range map[string]int{"400": 400, "401": 401, "429": 429} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := setup(t)
			r.callsUnder(igsim.Switches{Wait: name}, func(where string, got reply) {
				if where != "code exchange" {
					r.refused(where, got, status, 0, 0, text)
				} else if got.status != status || got.at("error_message") != text || got.at("error_type") != "OAuthException" {
					t.Errorf("%s: %d %s", where, got.status, got.text)
				}
			})
		})
	}
}

// TestTheSecretIsRefused has the two calls that carry the app secret meet a wrong one, as a secret that was reset at Meta;
// the others know nothing of it.
func TestTheSecretIsRefused(t *testing.T) {
	t.Parallel()
	const text = "Error validating client secret."
	for name, tt := range map[string]struct{ code, subcode int }{"1": {1, 33}, "100": {100, 0}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := setup(t)
			r.callsUnder(igsim.Switches{SecretRefused: name}, func(where string, got reply) {
				if where == "code exchange" || where == "long exchange" {
					r.refused(where, got, 400, tt.code, tt.subcode, text)
				} else if got.status != http.StatusOK {
					t.Errorf("%s: %d %s", where, got.status, got.text)
				}
			})
		})
	}
}

// TestErrorsWith200 gives every refusal the HTTP status 200, in whatever envelope it comes, and leaves what is none alone.
func TestErrorsWith200(t *testing.T) {
	t.Parallel()
	r := setup(t)
	calls := r.calls()
	r.set(igsim.Switches{Wait: "429", ErrorsWith200: true})
	for where, call := range calls {
		if got := call(); got.status != http.StatusOK || got.at("error") == nil && got.at("error_message") == nil {
			t.Errorf("%s: %d %s", where, got.status, got.text)
		}
	}
	if got := r.open(r.authorizeURL("client_id", "1")); got.status != http.StatusBadRequest {
		t.Errorf("the login page of an unknown app: %d", got.status)
	}
	r.failNext(igsim.Me, 1, igsim.Fault{Code: 2})
	if got := calls["me"](); got.status != http.StatusInternalServerError {
		t.Errorf("a fault has a status of its own: %d", got.status)
	}
}

// TestMetricThatAPostDoesNotHave is refused in one of the two texts that were seen.
func TestMetricThatAPostDoesNotHave(t *testing.T) {
	t.Parallel()
	r := setup(t)
	token := r.long("mara_makes")
	items, _ := r.all("/me/media", "access_token", token, "fields", "id,media_product_type")
	i := 0
	for items[i].(map[string]any)["media_product_type"] != "REELS" {
		i++
	}
	reel := fmt.Sprint(items[i].(map[string]any)["id"])
	ask := func() reply { return r.get("/"+reel+"/insights", "access_token", token, "metric", "reach,follows") }
	r.refused("as usual", ask(), 400, 100, 0, "(#100) The Media Insights API does not support the follows metric for this media product type.")
	r.set(igsim.Switches{MetricNotSupported: true})
	r.refused("by the switch", ask(), 400, 100, 0, "(#100) The metric follows is not supported for this media type")
	if got := r.get("/"+reel+"/insights", "access_token", token, "metric", "reach"); got.status != http.StatusOK {
		t.Errorf("without that metric: %d %s", got.status, got.text)
	}
}

// TestTroublesStandOnThePage holds that a person finds each switch by what it does, and that a value that is none is refused.
func TestTroublesStandOnThePage(t *testing.T) {
	t.Parallel()
	r := setup(t)
	page := r.open(r.server.URL).text
	for name, words := range map[string]string{
		"secret_refused": "The app secret is wrong", "app_unknown": "The app is unknown or deleted", "app_deactivated": "The app is deactivated",
		"wait": "Please wait a few minutes before you try again.", "errors_with_200": "Every error comes with HTTP status 200",
		"metric_not_supported": "not supported for this media type",
	} {
		if !strings.Contains(page, `name="`+name+`"`) || !strings.Contains(page, words) {
			t.Errorf("%s is not on the page", name)
		}
	}
	for _, w := range []igsim.Switches{{SecretRefused: "33"}, {AppUnknown: "yes"}, {Wait: "500"}} {
		if err := r.sim.SetSwitches(w); err == nil {
			t.Errorf("%+v is taken", w)
		}
	}
}
