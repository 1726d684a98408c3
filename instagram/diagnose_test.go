package instagram_test

import (
	"encoding/json"
	"errors"
	"strconv"
	"strings"
	"testing"

	"latchkey/instagram"
)

func TestTheClassOfAGraphError(t *testing.T) {
	t.Parallel()
	tests := []struct {
		code, subcode int
		message       string
		class         instagram.Class
		cause         instagram.Cause
	}{
		{190, 0, "Error validating access token: Session has expired on Monday, 01-Dec-25 11:00:00 PST.", "reconnect", "token_expired"},
		{190, 463, "expired", "reconnect", "token_expired"},
		{190, 460, "The session has been invalidated because the user changed their password", "reconnect", "password_changed"},
		{190, 0, "The session has been invalidated because the user changed their password", "reconnect", "password_changed"},
		{190, 458, "", "reconnect", "app_removed"},
		{190, 459, "", "reconnect", "checkpoint"},
		{190, 464, "", "reconnect", "checkpoint"},
		{190, 467, "", "reconnect", "token_invalid"},
		{190, 492, "", "reconnect", "role_lost"},
		{190, 0, "The user must log in again.", "reconnect", "token_invalid"},
		{190, 0, "Invalid OAuth 2.0 Access Token", "reconnect", "token_invalid"},
		{190, 0, "Invalid OAuth access token - Cannot parse access token", "reconnect", "token_unreadable"},
		{102, 0, "Session key invalid or no longer valid", "reconnect", "token_invalid"},
		{104, 0, "An access token is required", "permanent", "token_missing"},
		{10, 0, "(#10) Application does not have permission for this action", "operator", "permission"},
		{10, 0, "(#10) Not enough viewers for the media to show insights", "ignore", "few_viewers"},
		{200, 0, "(#200) Permissions error", "operator", "permission"},
		{299, 0, "", "operator", "permission"},
		{230, 0, "App does not have Advanced Access to instagram_business_manage_comments", "operator", "advanced_access"},
		{10, 0, "App does not have Advanced Access", "operator", "advanced_access"},
		{200, 0, "API access blocked.", "hold", "blocked"},
		{3, 2228054, "", "operator", "capability"},
		{100, 0, "Unsupported request - method type: get", "operator", "no_role"},
		{100, 0, "Unsupported request - method type: post", "operator", "method_post"},
		{100, 33, "Unsupported get request. Object with ID '1' does not exist", "permanent", "not_found"},
		{100, 0, "The parameter metric_type is required", "permanent", "parameter"},
		{100, 0, "(#100) The following metrics (views) should be specified with parameter metric_type=total_value", "permanent", "parameter"},
		{100, 0, "(#100) (follower_count) metric only supports querying data for the last 30 days excluding the current day", "permanent", "period"},
		{100, 0, "(#100) There cannot be more than 30 days (2592000 s) between since and until.", "permanent", "period"},
		{100, 0, "(#100) since param is not valid. Metrics data is available for the last 2 years", "permanent", "period"},
		{100, 0, "(#100) breakdown must be one of the following values: follow_type", "permanent", "breakdown"},
		{100, 0, "Incompatible breakdowns (follow_type) for metric (reach)", "permanent", "breakdown"},
		{100, 2207086, "anything", "permanent", "metric_not_for_media"},
		{190, 0, "The access token could not be decrypted", "reconnect", "token_unreadable"},
		{100, 0, "(#100) metric[0] must be one of the following values", "permanent", "metric"},
		{100, 0, "The parameter comment_enabled is required.", "permanent", "parameter"},
		{100, 0, "Invalid appsecret_proof provided in the API argument", "operator", "appsecret_proof"},
		{803, 0, "Some of the aliases you requested do not exist", "permanent", "not_found"},
		{2500, 0, "Unknown path components: /impressions/day", "permanent", "path"},
		{1, 0, "An unknown error occurred", "retry", "server"},
		{1, 33, "Error validating client secret.", "operator", "app_secret"},
		{100, 0, "Error validating client secret.", "operator", "app_secret"},
		{101, 0, "Error validating application. Application has been deleted.", "operator", "app_unknown"},
		{101, 0, "", "operator", "app_unknown"},
		{200, 0, "API access deactivated. To reactivate, go to the app dashboard.", "operator", "app_deactivated"},
		{0, 0, "Please wait a few minutes before you try again.", "hold", "wait"},
		{17, 0, "Please wait a few minutes before you try again.", "hold", "wait"},
		{20, 1772107, "This API call does not support the requested response format", "permanent", "response_format"},
		{100, 0, "(#100) The metric follows is not supported for this media type", "permanent", "metric_not_for_media"},
		{100, 0, "(#100) The Media Insights API does not support the follows metric for this media product type.", "permanent", "metric_not_for_media"},
		{100, 33, "Unsupported get request. Object with ID '1' does not exist, cannot be loaded, or does not support this operation", "permanent", "not_found"},
		{100, 0, "(#100) Tried accessing nonexisting field (biography) on node type (IGUser)", "permanent", "field"},
		{400, 0, "You are not a sandbox user of this client", "operator", "old_api"},
		{1, 0, "Please reduce the amount of data you're asking for, then retry your request", "retry", "too_much_data"},
		{2, 0, "An unexpected error has occurred.", "retry", "server"},
		{4, 0, "(#4) Application request limit reached", "hold", "app_limit"},
		{4, 2207051, "", "hold", "spam"},
		{17, 0, "User request limit reached", "retry", "rate_limit"},
		{32, 0, "(#32) Page request limit reached", "retry", "rate_limit"},
		{341, 0, "", "retry", "rate_limit"},
		{613, 0, "Calls to this api have exceeded the rate limit.", "retry", "rate_limit"},
		{80002, 0, "", "retry", "rate_limit"},
		{368, 0, "", "hold", "policy"},
		{24, 2207006, "", "permanent", "not_found"},
		{24, 2207008, "", "permanent", "not_found"},
		{25, 2207050, "", "hold", "restricted"},
		{9, 2207042, "", "hold", "publish_limit"},
		{-1, 2207001, "", "retry", "server"},
		{-2, 2207003, "", "retry", "server"},
		{36000, 0, "", "permanent", "media_refused"},
		{36004, 0, "", "permanent", "media_refused"},
		{352, 0, "", "permanent", "media_refused"},
		{9004, 0, "", "permanent", "media_refused"},
		{9007, 2207027, "", "retry", "media_not_ready"},
		{551, 1545041, "", "permanent", "unavailable_person"},
		{506, 0, "", "permanent", "duplicate"},
		{1609005, 0, "", "permanent", "bad_link"},
		{100, 2108006, "", "ignore", "before_professional"},
		{10, 2108006, "", "ignore", "before_professional"},

		{0, 0, "", "retry", ""},
		{-3, 0, "", "retry", ""},
		{191, 0, "Session has expired", "retry", ""},
		{300, 0, "", "retry", ""},
		{36005, 0, "", "retry", ""},
		{987654, 0, "OAuthException: log in again", "retry", ""},
	}
	for _, tt := range tests {
		t.Run(strconv.Itoa(tt.code)+" "+tt.message, func(t *testing.T) {
			t.Parallel()
			for _, status := range []int{200, 400, 401, 403, 429} {
				ig := &conversation{status: status, body: graphError(tt.code, tt.subcode, "OAuthException", tt.message)}
				_, err := setup(t, ig).Me(t.Context(), token())
				e := wantError(t, err, tt.class, tt.cause)
				if e.Status != status || e.Code != tt.code || e.Subcode != tt.subcode || e.Message != tt.message ||
					e.Type != "OAuthException" || e.TraceID != "AbCdEf123" || e.Call != "me" {
					t.Errorf("kept %#v", e)
				}
			}
			// An outage and a trouble that passes come before the code.
			ig := &conversation{status: 500, body: graphError(tt.code, tt.subcode, "OAuthException", tt.message)}
			_, err := setup(t, ig).Me(t.Context(), token())
			if e, ok := errors.AsType[*instagram.Error](err); !ok || e.Class != instagram.ClassRetry {
				t.Errorf("with status 500: %v", err)
			}
			passing := strings.Replace(ig.body, `"code"`, `"is_transient":true,"code"`, 1)
			_, err = setup(t, &conversation{status: 400, body: passing}).Me(t.Context(), token())
			if e, ok := errors.AsType[*instagram.Error](err); !ok || e.Class != instagram.ClassRetry {
				t.Errorf("transient: %v", err)
			}
		})
	}
}

func TestTheClassOfARefusedExchange(t *testing.T) {
	t.Parallel()
	tests := []struct {
		message string
		class   instagram.Class
		cause   instagram.Cause
	}{
		{"Matching code was not found or was already used", "reconnect", instagram.CauseCodeSpent},
		{"This authorization code has been used", "reconnect", instagram.CauseCodeSpent},
		{"Invalid authorization code", "reconnect", instagram.CauseCodeSpent},
		{"Error validating verification code. Please make sure your redirect_uri is identical to the one you used in the OAuth dialog request", "operator", "redirect_uri"},
		{"Redirect URI does not match registered redirect URI", "operator", "redirect_uri"},
		{"Invalid platform app", "operator", "app_id"},
		{"Invalid scope field(s): b,a,s,i,c", "operator", "scope_name"},
		{"Unsupported request - method type: get", "operator", "method"},
		{"Something that nobody has seen", "retry", ""},
		{"", "retry", ""},
	}
	for _, tt := range tests {
		t.Run(tt.message, func(t *testing.T) {
			t.Parallel()
			own, _ := json.Marshal(map[string]any{"error_type": "OAuthException", "code": 400, "error_message": tt.message})
			_, err := setup(t, &conversation{status: 400, body: string(own)}).Exchange(t.Context(), instagram.NewSecret(codeText))
			e := wantError(t, err, tt.class, tt.cause)
			if e.Code != 400 || e.Type != "OAuthException" || e.Message != tt.message || e.Call != "code exchange" {
				t.Errorf("kept %#v", e)
			}
		})
	}
	ig := &conversation{status: 400, body: graphError(100, 36008, "OAuthException", "no text to go by")}
	_, err := setup(t, ig).Exchange(t.Context(), instagram.NewSecret(codeText))
	wantError(t, err, instagram.ClassOperator, "redirect_uri")
}

func TestTheCallDecidesWhereTheCodeDoesNot(t *testing.T) {
	t.Parallel()
	refused := &conversation{status: 400, body: graphError(100, 0, "IGApiException", "Unsupported request - method type: get")}
	_, err := setup(t, refused).Extend(t.Context(), shortToken())
	wantError(t, err, instagram.ClassOperator, instagram.CauseNoRole)

	young := &conversation{status: 400, body: graphError(100, 0, "IGApiException", "The token is too young")}
	_, err = setup(t, young).Refresh(t.Context(), shortToken())
	wantError(t, err, instagram.ClassRetry, "too_young")

	young = &conversation{status: 400, body: graphError(190, 0, "OAuthException", "must be at least 24 hours old")}
	_, err = setup(t, young).Refresh(t.Context(), shortToken())
	wantError(t, err, instagram.ClassRetry, "too_young")

	curious := &conversation{status: 403, body: graphError(10, 0, "IGApiException", "(#10) no")}
	_, err = instagram.Get[struct{}](t.Context(), setup(t, curious), token(), "debug_token", nil)
	wantError(t, err, instagram.ClassPermanent, "debug_token")
}

func TestRecognize(t *testing.T) {
	t.Parallel()
	tests := map[string]instagram.Cause{
		"Invalid Request: Request parameters are invalid: Invalid platform app":         "app_id",
		"Invalid Request: Request parameters are invalid: Invalid redirect_uri":         "redirect_uri",
		"Invalid Request: Request parameters are invalid: Invalid scope: [a]":           "scope_name",
		"Sorry, this page isn't available.":                                             "page_unavailable",
		"Sorry, this page isn’t available.":                                             "page_unavailable",
		"Sorry, this content isn't available right now":                                 "page_unavailable",
		"Insufficient Developer Role":                                                   instagram.CauseNoRole,
		"Insufficient developer role":                                                   instagram.CauseNoRole,
		"This app is in development mode":                                               "app_inactive",
		"The app is not active":                                                         "app_inactive",
		"400 Session Invalid":                                                           "popup",
		"URL Blocked: This redirect failed because the redirect URI is not whitelisted": "wrong_product",
		"Matching code was not found or was already used":                               instagram.CauseCodeSpent,
		"Unsupported request - method type: get":                                        instagram.CauseNoRole,
		"Unsupported request - method type: post":                                       "method_post",
		"Error validating access token: Session has expired on Monday":                  "token_expired",
		"API access blocked.":                                                           "blocked",
		"(#10) Not enough viewers":                                                      "few_viewers",
		"The user denied your request":                                                  "",
		"":                                                                              "",
		"a metric that nobody asked for":                                                "",
	}
	for shown, want := range tests {
		if got := instagram.Recognize(shown); got != want {
			t.Errorf("%q is %q, want %q", shown, got, want)
		}
	}
	if got := instagram.Cause("nothing known").Class(); got != instagram.ClassRetry {
		t.Errorf("an unknown cause is %q", got)
	}
}
