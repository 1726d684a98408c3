package explain_test

import (
	"slices"
	"strings"
	"testing"

	"latchkey/instagram"
	"latchkey/internal/explain"
)

// rows are what the tables of docs/instagram.md say is seen, with what it means first.
var rows = []struct {
	pasted string
	class  instagram.Class
	cause  instagram.Cause
}{
	// Code exchange.
	{"Matching code was not found or was already used", "reconnect", instagram.CauseCodeSpent},
	{"This authorization code has been used", "reconnect", instagram.CauseCodeSpent},
	{"Invalid authorization code", "reconnect", instagram.CauseCodeSpent},
	{"Error validating verification code. Please make sure your redirect_uri is identical to the one you used in the OAuth dialog request", "operator", "redirect_uri"},
	{"100/36008", "operator", "redirect_uri"},
	{"Invalid platform app", "operator", "app_id"},
	{"Invalid scope field(s): b,a,s,i,c", "operator", "scope_name"},
	{"Redirect URI does not match registered redirect URI", "operator", "redirect_uri"},
	{`{"error_type":"OAuthException","code":400,"error_message":"Unsupported request - method type: get"}`, "operator", "method"},
	{"500 Internal Server Error", "retry", "outage"},

	// Errors, Table.
	{"Error validating access token: Session has expired on Monday, 01-Dec-25 11:00:00 PST. The current time is Tuesday", "reconnect", "token_expired"},
	{"190", "reconnect", "token_expired"},
	{"190/463", "reconnect", "token_expired"},
	{"190/460", "reconnect", "password_changed"},
	{"The session has been invalidated because the user changed their password or Facebook has changed the session for security reasons.", "reconnect", "password_changed"},
	{"190/458", "reconnect", instagram.CauseAppRemoved},
	{"190/459", "reconnect", "checkpoint"},
	{"190/464", "reconnect", "checkpoint"},
	{"190/467", "reconnect", "token_invalid"},
	{"190/492", "reconnect", "role_lost"},
	{"The user must log in again.", "reconnect", "token_invalid"},
	{"Invalid OAuth 2.0 Access Token", "reconnect", "token_invalid"},
	{"Invalid OAuth access token - Cannot parse access token", "reconnect", "token_unreadable"},
	{"102", "reconnect", "token_invalid"},
	{"104", "permanent", "token_missing"},
	{"(#10) Application does not have permission for this action", "operator", "permission"},
	{"(#10) Not enough viewers for the media to show insights", "ignore", "few_viewers"},
	{`call=debug_token code=10`, "permanent", "debug_token"},
	{"(#200) Permissions error", "operator", "permission"},
	{"code 230", "operator", "permission"},
	{"200 App does not have Advanced Access to instagram_business_manage_comments", "operator", "advanced_access"},
	{"API access blocked.", "hold", "blocked"},
	{"3/2228054", "operator", "capability"},
	{"Unsupported request - method type: get", "operator", instagram.CauseNoRole},
	{"Unsupported request - method type: post", "operator", "method_post"},
	{"100/33", "permanent", "not_found"},
	{"Unsupported get request. Object with ID '17841400000000000' does not exist, cannot be loaded due to missing permissions, or does not support this operation", "permanent", "not_found"},
	{"The parameter metric_type is required", "permanent", "parameter"},
	{"(#100) metric[0] must be one of the following values: reach, views", "permanent", "metric"},
	{"(#100) invalid metric impressions", "permanent", "metric"},
	{"Invalid appsecret_proof provided in the API argument", "operator", "appsecret_proof"},
	{"API calls from the server require an appsecret_proof argument", "operator", "appsecret_proof"},
	{"(#803) Some of the aliases you requested do not exist: nobody", "permanent", "not_found"},
	{"Unknown path components: /impressions/day", "permanent", "path"},
	{"An unknown error occurred", "retry", "server"},
	{"Please reduce the amount of data you're asking for, then retry your request", "retry", "too_much_data"},
	{"An unexpected error has occurred. Please retry your request later.", "retry", "server"},
	{"(#4) Application request limit reached", "hold", "app_limit"},
	{"17", "retry", "rate_limit"},
	{"(#32) Page request limit reached", "retry", "rate_limit"},
	{"341", "retry", "rate_limit"},
	{"613", "retry", "rate_limit"},
	{"80002", "retry", "rate_limit"},
	{"368", "hold", "policy"},
	{"24/2207006", "permanent", "not_found"},
	{"24/2207008", "permanent", "not_found"},
	{"25/2207050", "hold", "restricted"},
	{"9/2207042", "hold", "publish_limit"},
	{"4/2207051", "hold", "spam"},
	{"-1/2207001", "retry", "server"},
	{"-2/2207003", "retry", "server"},
	{"36000", "permanent", "media_refused"},
	{"36002", "permanent", "media_refused"},
	{"36004", "permanent", "media_refused"},
	{"352", "permanent", "media_refused"},
	{"9004", "permanent", "media_refused"},
	{"9007/2207027", "retry", "media_not_ready"},
	{"551/1545041", "permanent", "unavailable_person"},
	{"506", "permanent", "duplicate"},
	{"1609005", "permanent", "bad_link"},
	{"error_subcode: 2108006", "ignore", "before_professional"},
	{"100/2108006", "ignore", "before_professional"},

	// Error catalogue.
	{"Invalid Request: Request parameters are invalid: Invalid platform app", "operator", "app_id"},
	{"Invalid Request: Request parameters are invalid: Invalid redirect_uri", "operator", "redirect_uri"},
	{"Sorry, this page isn’t available.", "operator", "page_unavailable"},
	{"Sorry, this content isn't available right now", "operator", "page_unavailable"},
	{"Insufficient Developer Role", "operator", instagram.CauseNoRole},
	{"Session key invalid or no longer valid", "reconnect", "token_invalid"},
	{"Invalid scope", "operator", "scope_name"},
	{"only one scope honoured", "operator", "separator"},
	{"consent page refuses", "operator", "separator"},
	{"400 Session Invalid", "operator", "popup"},
	{"token dies after one hour", "operator", "short_token"},
	{"access_token missing", "permanent", "token_missing"},
	{"TypeError: Cannot read properties of undefined (reading 'id')", "operator", "unread_error"},
	{"events never match an account", "operator", "ids_mixed"},
	{"webhook signature never matches", "operator", "hook_signature"},
	{"no webhooks although subscribed", "operator", "no_hooks"},
	{"comments list is empty", "operator", "empty_comments"},
	{"URL Blocked: This redirect failed because the redirect URI is not whitelisted in the app's Client OAuth Settings", "operator", "wrong_product"},
	{"pictures turn 403 after some days", "ignore", "picture_expired"},
	{"everything of every account fails at once", "operator", "app_restricted"},
	{"wrong account is connected", "reconnect", "wrong_account"},
	{"This app is in development mode", "operator", "app_inactive"},
	{"The user denied your request", "ignore", "denied"},
}

func TestLookupKnowsEveryRow(t *testing.T) {
	t.Parallel()
	for _, tt := range rows {
		found, known := explain.Lookup(tt.pasted)
		if !known || len(found) == 0 {
			t.Errorf("%q is not known; the nearest is %+v", tt.pasted, found)
			continue
		}
		if first := found[0]; first.Cause != tt.cause || explain.Class(first.Cause) != tt.class {
			t.Errorf("%q is %s (%s), want %s (%s); all: %+v", tt.pasted, first.Cause, explain.Class(first.Cause), tt.cause, tt.class, found)
		}
	}
}

// TestLookupReadsWhatIsPasted has the same case in every dress that it comes in.
func TestLookupReadsWhatIsPasted(t *testing.T) {
	t.Parallel()
	for _, pasted := range []string{
		"190/460", "#190/460", "(190/460)", "code 190/460", "190 460", "error 190, subcode 460", "Code: 190 subcode: 460",
		"code=190 subcode=460", `"code":190,"error_subcode":460`, "code 190 and subcode 460",
		`{"error":{"message":"odd","type":"OAuthException","code":190,"error_subcode":460,"fbtrace_id":"A"}}`,
		`HTTP/1.1 400 Bad Request {"error":{"code":"190","error_subcode":"460"}}`,
		"Request failed with status code 400: code 190, error_subcode 460",
		`time=2026-11-23T10:00:00Z level=WARN msg="refresh failed" instagram.call=refresh instagram.class=reconnect instagram.code=190 instagram.subcode=460`,
		`{"level":"WARN","msg":"login refused","instagram":{"call":"me","class":"reconnect","cause":"password_changed","status":400,"code":190,"subcode":460}}`,
		"instagram: refresh: status 400, code 190/460, password_changed",
		"password_changed", "cause=password_changed",
		`"The session has been invalidated because the user changed their password..."`,
		`{"message":"the session has been invalidated because the user changed their pass\u0077ord or Facebook has changed the session for security reasons."}`,
		"…the user changed   their\npassword or Facebook has changed the session",
	} {
		found, known := explain.Lookup(pasted)
		if !known || found[0].Cause != "password_changed" || found[0].Code != 190 || found[0].Subcode != 460 {
			t.Errorf("%q: %t, %+v", pasted, known, found)
		}
	}
	for pasted, want := range map[string]instagram.Cause{
		"https://latchkey.example.com/auth?error=access_denied&error_reason=user_denied&error_description=The+user+denied+your+request&state=x": "denied",
		"/auth?error=access_denied&error_description=Insufficient%20developer%20role":                                                           instagram.CauseNoRole,
		`call="code exchange" code=400 message="Unsupported request - method type: get"`:                                                        "method",
		`{"call":"refresh","code":100,"message":"no"}`:                                                                                          "too_young",
		"instagram: me: status 502, outage":                                                                                                     "outage",
		"instagram: me: unreachable: connection refused":                                                                                        "unreachable",
		"190/999":            "token_invalid",
		"code 191, nothing":  "",
		"API ACCESS BLOCKED": "blocked",
		"instagram: me: status 400, code 191, unknown cause": "",
	} {
		found, known := explain.Lookup(pasted)
		if known != (want != "") || known && found[0].Cause != want {
			t.Errorf("%q: %t, %+v, want %q", pasted, known, found, want)
		}
	}
}

func TestLookupGivesEveryMeaning(t *testing.T) {
	t.Parallel()
	for pasted, want := range map[string][]instagram.Cause{
		"Unsupported request - method type: get":                                                              {instagram.CauseNoRole, "app_restricted", "legacy_token", "method"},
		`{"error":{"message":"Unsupported request - method type: get","type":"IGApiException","code":100}}`:   {instagram.CauseNoRole, "app_restricted", "legacy_token", "method"},
		`{"error_type":"OAuthException","code":400,"error_message":"Unsupported request - method type: get"}`: {"method"},
		"Please make sure your redirect_uri is identical":                                                     {"redirect_uri", "app_secret"},
		"190": {
			"token_expired", "password_changed", instagram.CauseAppRemoved, "checkpoint", "token_invalid",
			"role_lost", "token_unreadable", "too_young",
		},
		"10": {"permission", "few_viewers", "debug_token"},
	} {
		found, _ := explain.Lookup(pasted)
		var got []instagram.Cause
		for _, f := range found {
			got = append(got, f.Cause)
		}
		if !slices.Equal(got, want) {
			t.Errorf("%q is %q, want %q", pasted, got, want)
		}
	}
}

func TestLookupSaysThatItDoesNotKnow(t *testing.T) {
	t.Parallel()
	for _, pasted := range []string{
		"", " ", "request", "what?", "191", "0", "code 0", "4711/1", "\x00\xff", strings.Repeat("x", 1<<20), `{"a":1}`, "a metric that nobody asked for", "%zz",
	} {
		if found, known := explain.Lookup(pasted); known {
			t.Errorf("%.40q is known: %+v", pasted, found)
		}
	}
	for pasted, want := range map[string]instagram.Cause{
		"Unsuported reqest, methd type get":                             instagram.CauseNoRole,
		"the session was invalidatd, the user has changed his password": "password_changed",
		"Signature of the webhook does never match":                     "hook_signature",
	} {
		found, known := explain.Lookup(pasted)
		if known || len(found) == 0 || len(found) > 2 || found[0].Cause != want {
			t.Errorf("%q: %t, %+v, want %q as the nearest", pasted, known, found, want)
		}
	}
}

// TestEveryFindingSaysWhatToDo holds that the catalogue knows what it says about each of its own texts.
func TestEveryFindingSaysWhatToDo(t *testing.T) {
	t.Parallel()
	for _, tt := range rows {
		found, _ := explain.Lookup(tt.pasted)
		for _, f := range found {
			meaning, cure := explain.Cause(string(f.Cause))
			if f.Cause == "" || meaning == "" || cure == "" || meaning == instagram.Cause("").Meaning() {
				t.Errorf("%q: %+v says nothing", tt.pasted, f)
			}
			if again, known := explain.Lookup(f.Text); f.Text != "" && !known {
				t.Errorf("%q is not known by itself: %+v", f.Text, again)
			}
		}
	}
}

func FuzzLookup(f *testing.F) {
	for _, tt := range rows {
		f.Add(tt.pasted)
	}
	f.Add(`{"error":{"message":"Session has expired on Monday","code":190,"access_token":"IGAAinventedlongtoken0001"}}`)
	f.Add(`time=x level=WARN instagram.cause=no_role instagram.code=100`)
	for _, tt := range pastes {
		f.Add(tt.pasted)
	}
	for _, tt := range guesses {
		f.Add(tt.pasted)
	}
	f.Fuzz(func(t *testing.T, pasted string) {
		const canary = "IGAAinventedlongtoken0001"
		for _, text := range []string{pasted + " " + canary, canary + pasted, pasted} {
			found, known := explain.Lookup(text)
			if known && len(found) == 0 || !known && len(found) > 2 {
				t.Errorf("known: %t, %d findings", known, len(found))
			}
			for _, one := range found {
				// What a finding shows is a text of the catalogue, so that it holds nothing of what was pasted.
				again, named := explain.Lookup(string(one.Cause))
				if explain.Advice(string(one.Cause)) == "" || strings.Contains(one.Text, canary) || !named || again[0].Cause != one.Cause {
					t.Errorf("finding %+v", one)
				}
				if one.Text == "" && one.Code == 0 {
					t.Errorf("finding %+v looks like nothing", one)
				}
			}
		}
	})
}
