package explain_test

import (
	"strings"
	"testing"

	"latchkey/instagram"
	"latchkey/internal/explain"
)

const (
	unsupportedGet = "Unsupported request - method type: get"
	expired        = "The access token has expired"
	sessionExpired = "Error validating access token: Session has expired on …"
	invalidApp     = "Invalid Request: Request parameters are invalid: Invalid platform app"
	mustLogIn      = "The user must log in again."
	noPermission   = "(#10) Application does not have permission for this action"
	badSecret      = "Error validating client secret."
	deniedText     = "The user denied your request"
	appLimit       = "(#4) Application request limit reached"
	noRoleText     = "Insufficient Developer Role"
	outageText     = "an error page or an empty answer, with a status from 500"
	changed        = "The session has been invalidated because the user changed their password or Facebook has changed the session for security reasons."
)

// pastes are texts as people paste them, with the first finding: its cause, what it looks like and its
// numbers. An empty cause is no finding at all.
var pastes = []struct {
	pasted        string
	cause         instagram.Cause
	heading       string
	code, subcode int
}{
	// What Instagram was seen to say of late.
	{badSecret, "app_secret", badSecret, 100, 0},
	{`{"error":{"message":"Error validating client secret.","type":"OAuthException","code":1,"error_subcode":33}}`, "app_secret", badSecret, 1, 33},
	{`{"error_type":"OAuthException","code":400,"error_message":"Error validating client secret."}`, "app_secret", badSecret, 400, 0},
	{"(#101) Error validating application. Invalid application ID.", "app_unknown", "Error validating application. Invalid application ID.", 101, 0},
	{"Error validating application. Cannot get application info due to a system error.", "app_unknown", "Error validating application. Cannot get application info due to a system error.", 101, 0},
	{`{"error":{"message":"Error validating application. Application has been deleted.","code":101}}`, "app_unknown", "Error validating application. Application has been deleted.", 101, 0},
	{"You are not a sandbox user of this client", "old_api", "You are not a sandbox user of this client", 400, 0},
	{`{"meta":{"error_type":"OAuthAccessTokenException","code":400,"error_message":"The access_token provided is invalid."}}`, "old_api", "OAuthAccessTokenException", 0, 0},
	{"PLEASE WAIT A FEW MINUTES BEFORE YOU TRY AGAIN.", "wait", "Please wait a few minutes before you try again.", 0, 0},
	{`{"message":"Please wait a few minutes before you try again.","require_login":true,"status":"fail"}`, "wait", "Please wait a few minutes before you try again.", 0, 0},
	{`HTTP 200 {"error":{"message":"API access deactivated. To reactivate, go to the app dashboard.","code":200}}`, "app_deactivated", "API access deactivated. To reactivate, go to the app dashboard.", 200, 0},
	{"20/1772107", "response_format", "This API call does not support the requested response format", 20, 1772107},
	{"This API call does not support the requested response format", "response_format", "This API call does not support the requested response format", 20, 1772107},
	{"(#100) The metric saved is not supported for this media type", "metric_not_for_media", "(#100) The metric … is not supported for this media type", 100, 0},
	{"The Media Insights API does not support the follows, profile_visits metric for this media product type.", "metric_not_for_media", "(#100) The Media Insights API does not support the … metric for this media product type.", 100, 0},
	{"Feature Unavailable: Facebook Login is currently unavailable for this app", "app_not_reviewed", "Feature Unavailable: Facebook Login is currently unavailable for this app, since we are updating additional details for this app", 0, 0},
	{"This authorization code has expired", "code_spent", "This authorization code has expired", 400, 0},
	{"(#100) (follower_count) metric only supports querying data for the last 30 days excluding the current day", "period", "(#100) (…) metric only supports querying data for the last 30 days excluding the current day", 100, 0},
	{"(#100) There cannot be more than 30 days (2592000 s) between since and until.", "period", "(#100) There cannot be more than 30 days (2592000 s) between since and until.", 100, 0},
	{"(#100) since param is not valid. Metrics data is available for the last 2 years", "period", "(#100) since param is not valid. Metrics data is available for the last 2 years", 100, 0},
	{"(#100) The following metrics (views,likes) should be specified with parameter metric_type=total_value", "parameter", "(#100) The following metrics (…) should be specified with parameter metric_type=total_value", 100, 0},
	{"(#100) breakdown must be one of the following values: follow_type", "breakdown", "(#100) breakdown must be one of the following values: …", 100, 0},
	{`IGApiException 100 "Incompatible breakdowns (follow_type) for metric (reach)"`, "breakdown", "Incompatible breakdowns (…) for metric (…)", 100, 0},
	{"Error code 100, error_subcode 2207086", "metric_not_for_media", "facebook_views of media that were never shared to Facebook", 100, 2207086},
	{"The access token could not be decrypted", "token_unreadable", "The access token could not be decrypted", 190, 0},
	{"it answers: duplicate post, once more", "duplicate", "duplicate post", 506, 0}, // as short as a text within another can be
	{"could not be decrypted", "token_unreadable", "The access token could not be decrypted", 190, 0},

	// Numbers, alone and among words.
	{"463", "token_expired", expired, 190, 463},
	{"33", "not_found", "Unsupported get request. Object with ID … does not exist, cannot be loaded due to missing permissions, or does not support this operation", 100, 33},
	{"2108006", "before_professional", "media posted before the account was a professional one", 0, 2108006},
	{"subcode: 463", "token_expired", expired, 190, 463},
	{"error_subcode=460", "password_changed", changed, 190, 460},
	{"sub-code 460", "password_changed", changed, 190, 460},
	{"190, 463", "token_expired", expired, 190, 463},
	{"190 und 463", "token_expired", expired, 190, 463},
	{"media not found 24/2207006", "not_found", "the media was not found", 24, 2207006},
	{"what is 4/2207051 or 9/2207042?", "spam", "the action was blocked as spam", 4, 2207051},
	{"sub-code 4 of code 190", "token_invalid", "", 190, 4},
	{"OAuthException 4", "app_limit", appLimit, 4, 0},
	{"OAuthException: (#190) something new", "token_invalid", mustLogIn, 190, 0},
	{"(OAuthException - #190) something new", "token_invalid", mustLogIn, 190, 0},
	{"IGApiException (#100)", instagram.CauseNoRole, unsupportedGet, 100, 0},
	{"(#4)", "app_limit", appLimit, 4, 0},
	{"#4", "app_limit", appLimit, 4, 0},
	{"1", "server", "An unknown error occurred", 1, 0},
	{"100", instagram.CauseNoRole, unsupportedGet, 100, 0},
	{"200", "permission", "(#200) Permissions error", 200, 0},
	{"230", "permission", "", 230, 0},
	{"error code 190", "token_expired", sessionExpired, 190, 0},
	{"Error #190/460", "password_changed", changed, 190, 460},
	{"Error 190: something new", "token_invalid", mustLogIn, 190, 0},
	{"#190 something new", "token_invalid", mustLogIn, 190, 0},
	{"[190] something new", "token_invalid", mustLogIn, 190, 0},
	{"190: something new", "token_invalid", mustLogIn, 190, 0},
	{"Fehlercode 190, Untercode 463", "token_expired", expired, 190, 463},
	{"code=190&error_subcode=463", "token_expired", expired, 190, 463},
	{"403 (#10) something new", "permission", noPermission, 10, 0},
	{`{"code":400,"error":{"code":190,"error_subcode":460}}`, "password_changed", changed, 190, 460},
	{"debug_token says code 10", "debug_token", "debug_token refused (IGApiException)", 10, 0},
	{"the URI https://x.example/auth is not whitelisted", "wrong_product", "URL Blocked: This redirect failed because the redirect URI is not whitelisted", 0, 0},
	{"Data Use Checkup is overdue", "app_restricted", "Data Use Checkup", 0, 0},
	{`{"code":400,"error":{"code":190}}`, "token_invalid", mustLogIn, 190, 0},
	{`{"error_type":"OAuthException","code":400,"error_message":"Invalid platform app"}`, "app_id", "Invalid platform app", 400, 0},
	{`{"error_type":"OAuthException","code":400,"error_message":"development mode only"}`, "app_inactive", "This app is in development mode", 0, 0},
	{`{"statusCode":400,"body":{"error":{"code":10}}}`, "permission", noPermission, 10, 0},
	{"code 400: Invalid platform app", "app_id", "Invalid platform app", 400, 0},

	// In the dress of the place where it was copied.
	{"{&quot;error&quot;:{&quot;message&quot;:&quot;new&quot;,&quot;code&quot;:190,&quot;error_subcode&quot;:463}}", "token_expired", expired, 190, 463},
	{"&amp;quot;code&amp;quot;:190,&amp;quot;error_subcode&amp;quot;:463", "token_expired", expired, 190, 463},
	{`body="{\"error\":{\"message\":\"new\",\"code\":190,\"error_subcode\":463}}"`, "token_expired", expired, 190, 463},
	{`body="{\\\"error\\\":{\\\"code\\\":190,\\\"error_subcode\\\":463}}"`, "token_expired", expired, 190, 463},
	{`{"error":{"message":"Error validating access token: Sess`, "token_expired", sessionExpired, 190, 0},
	{`{"error":{"code":190,"error_subcode":463,"mess`, "token_expired", expired, 190, 463},
	{"<p>Invalid <b>platform app</b></p>", "app_id", invalidApp, 0, 0},
	{"Invalid\nplatform\r\n  app", "app_id", invalidApp, 0, 0},
	{`Invalid\nplatform\tapp`, "app_id", invalidApp, 0, 0},
	{"„Invalid platform app“", "app_id", invalidApp, 0, 0},
	{"»INVALID PLATFORM APP«", "app_id", invalidApp, 0, 0},
	{"\ufeffInvalid\u00a0platform\u200b app", "app_id", invalidApp, 0, 0},
	{"100% sure: Invalid%20platform%20app", "app_id", "Invalid platform app", 400, 0},
	{"Invalid%252520platform%252520app", "app_id", invalidApp, 0, 0},
	{"Sorry, this page isn´t available", "page_unavailable", "Sorry, this page isn't available", 0, 0},
	{`I\u006evalid platform app`, "app_id", invalidApp, 0, 0},

	// Callbacks, and Latchkey's own log and history.
	{"https://latchkey.example.com/auth?error=access_denied&error_reason=user_denied&error_description=The+user+denied+your+request", "denied", deniedText, 0, 0},
	{"https://latchkey.example.com/auth?error=access_denied&error_reason=user_denied", "denied", "error=access_denied&error_reason=user_denied", 0, 0},
	{"error%3Daccess_denied%26error_reason%3Duser_denied", "denied", "error=access_denied&error_reason=user_denied", 0, 0},
	{"https://latchkey.example.com/auth?error=access_denied", "denied", deniedText, 0, 0},
	{"https://latchkey.example.com/auth?error=access_denied&error_reason=user_denied&error_description=Nobody+has+ever+seen+this", "denied", "error=access_denied&error_reason=user_denied", 0, 0},
	{"/auth?error_reason=user_denied&error=access_denied&error_description=Odd", "denied", deniedText, 0, 0},
	{"https://latchkey.example.com/auth?error=server_error", "server", "An unknown error occurred", 1, 0},
	{"https://latchkey.example.com/auth?error=temporarily_unavailable&error_description=Odd", "server", "An unknown error occurred", 1, 0},
	{"https://l.example/?u=https%253A%252F%252Fx.example%252Fauth%253Ferror%253Daccess_denied%2526error_description%253DInsufficient%252Bdeveloper%252Brole", instagram.CauseNoRole, noRoleText, 0, 0},
	{"class reconnect, status 400, code 190/0, token_expired, trace Abc", "token_expired", sessionExpired, 190, 0},
	{"class hold, status 400, code 4/0, app_limit", "app_limit", appLimit, 4, 0},
	{"INSTAGRAM.CAUSE=PASSWORD_CHANGED INSTAGRAM.CODE=190", "password_changed", changed, 190, 460},

	// A status of HTTP alone.
	{"500", "outage", "500 Internal Server Error", 0, 0},
	{"status 502", "outage", "502 Bad Gateway", 0, 0},
	{"HTTP/1.1 503 Service Unavailable", "outage", "503 Service Unavailable", 0, 0},
	{"508 Loop Detected", "outage", outageText, 0, 0},
	{"599", "outage", outageText, 0, 0},
	{"520", "outage", outageText, 0, 0},
	{"HTTP status code: 599.", "outage", outageText, 0, 0},
	{"HTTP 429", "rate_limit", "429 Too Many Requests", 0, 0},

	// The number decides where the words say something else.
	{"code 190: API access blocked.", "token_invalid", mustLogIn, 190, 0},
	{"code 200: Session has expired on Monday", "permission", "(#200) Permissions error", 200, 0},
	{"code 4: the access token could not be parsed", "app_limit", appLimit, 4, 0},
	{"(#10) The access token has expired", "permission", noPermission, 10, 0},
	{"190/999 permission", "token_invalid", "", 190, 999},
	{"190/33", "token_invalid", "", 190, 33},
}

// TestLookupExplainsWhatIsPasted holds for each text which case comes first, and how it looks.
func TestLookupExplainsWhatIsPasted(t *testing.T) {
	t.Parallel()
	for _, tt := range pastes {
		found, known := explain.Lookup(tt.pasted)
		want := explain.Finding{Cause: tt.cause, Text: tt.heading, Code: tt.code, Subcode: tt.subcode}
		if !known || len(found) == 0 || found[0] != want {
			t.Errorf("%q: known: %t, %+v, want %+v first", tt.pasted, known, found, want)
		}
	}
}

// guesses are texts that are not known, with all that is guessed about them.
var guesses = []struct {
	pasted string
	causes []instagram.Cause
}{
	{"token expired", []instagram.Cause{"token_expired"}},
	{"consent page refuse", []instagram.Cause{"separator"}}, // too short to be known by a part
	{"token expire", []instagram.Cause{"token_expired"}},    // as short as a guess can be
	{"session expired", []instagram.Cause{"token_expired"}},
	{"invalid session", []instagram.Cause{"popup", instagram.CauseRoleLost}}, // token_invalid would be the third
	{"access token required", []instagram.Cause{"token_missing", "token_expired"}},
	{"the media was not there", []instagram.Cause{"not_found", "media_not_ready"}},
	{"developer role is missing", []instagram.Cause{instagram.CauseNoRole}},     // its likeness is 0.51
	{"sorry, this page zoom up my buds", []instagram.Cause{"page_unavailable"}}, // its likeness is 0.5
	{"events match no app-scoped account", []instagram.Cause{"ids_mixed"}},      // whose advice alone speaks of a scope
	{"WRONG CLIENT SECRET", []instagram.Cause{"app_secret"}},
	{"my client secret is wrong", nil}, // its likeness is 0.496
	{"no webhooks ever, but subscribed", []instagram.Cause{"no_hooks"}},
	{"redirect uri mismatch", []instagram.Cause{"redirect_uri"}},
	{"App is in developer mode", []instagram.Cause{"app_inactive"}},
	{"rate limit exceeded", []instagram.Cause{"rate_limit"}},
	{"api was deactivated, go to the dashboard", []instagram.Cause{"app_deactivated"}},
	{"the authorization code was already used", []instagram.Cause{"code_spent"}},
	{"wait some minutes before trying again", []instagram.Cause{"wait"}},
	{"user has not authorised the app", []instagram.Cause{instagram.CauseAppRemoved}},
	{`{"error":{"message":"wait some minutes before trying again","type":"IGApiException","fbtrace_id":"A9s8d7f6g5h4j3k2l1"}}`, []instagram.Cause{"wait"}},

	// What is about a permission has no advice about a token.
	{"The access token does not have permission to read this", []instagram.Cause{"permission"}},
	{"Error validating access token: a permission is missing", nil},
	{"this app has no permissions for such actions", []instagram.Cause{"permission"}},
	{"you have reached the limit of requests for your application", []instagram.Cause{"app_limit"}},

	// A code that is not known: nothing that has another one.
	{"code 191: Insufficient Developer Role", []instagram.Cause{instagram.CauseNoRole}},
	{"code 191: API access blocked.", nil},
	{"error code 191: access token expired", nil},
	{"code 191, subcode 460", nil},

	// A status among other words may be one of anything.
	{`{"level":"INFO","msg":"request","path":"/readyz","status":503}`, []instagram.Cause{"outage"}},
	{`{"level":"INFO","msg":"request","path":"/readyz","status":429}`, []instagram.Cause{"rate_limit"}},
	{`{"level":"INFO","msg":"request","path":"/readyz","status":499}`, nil},

	// Nothing at all.
	{"", nil},
	{" \t\r\n", nil},
	{"hello", nil},
	{"please help me", nil},
	{"Instagram does not work", nil},
	{"!!! ??? ... ---", nil},
	{"\x00\x01\xff\xfe\x80", nil},
	{"the token", nil},
	{"its request", nil},
	{"400", nil},
	{"400 Bad Request", nil},
	{"404", nil},
	{"499", nil},
	{"600", nil},
	{"status 200", nil},
	{"exit code 1", nil},
	{"country code: 49", nil},
	{"You can try again in 24 hours", nil},
	{"this is a bad link to our page", nil},
	{"10:30:00 nothing of interest", nil},
	{"1) begin here", nil},
	{"since 4/10 nothing works here", nil},
	{"page 7/460 of the list", nil},
	{"2026-10-02", nil},
	{"Your login code is 123456", nil},
	{"https://latchkey.example.com/auth?error=access_denied&error_description=Nobody+has+ever+seen+this", nil},
}

// TestLookupGuessesLittle holds what is guessed about texts that are not known: the nearest two at most, and
// nothing about what has nothing to do with it.
func TestLookupGuessesLittle(t *testing.T) {
	t.Parallel()
	for _, tt := range guesses {
		found, known := explain.Lookup(tt.pasted)
		same := len(found) == len(tt.causes)
		for i := range min(len(found), len(tt.causes)) {
			same = same && found[i].Cause == tt.causes[i]
		}
		if known || !same {
			t.Errorf("%q: known: %t, %+v, want guesses %q", tt.pasted, known, found, tt.causes)
		}
	}
}

// TestLookupReadsAsMuchAsCanBeTyped holds that a long text is read to the end of what one argument can
// have, and no further.
func TestLookupReadsAsMuchAsCanBeTyped(t *testing.T) {
	t.Parallel()
	const limit, text = 128 << 10, " API access blocked."
	if found, known := explain.Lookup(strings.Repeat("x", limit-len(text)) + text); !known || found[0].Cause != "blocked" {
		t.Errorf("within the limit: %t, %+v", known, found)
	}
	if found, known := explain.Lookup(strings.Repeat("x", limit-len(text)+2) + text + text); known || found != nil {
		t.Errorf("behind the limit: %t, %+v", known, found)
	}
}
