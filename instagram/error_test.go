package instagram_test

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"
	"time"

	"latchkey/instagram"
)

// wantError checks the class and the cause of an error and returns it.
func wantError(t *testing.T, err error, class instagram.Class, cause instagram.Cause) *instagram.Error {
	t.Helper()
	e, ok := errors.AsType[*instagram.Error](err)
	if !ok {
		t.Fatalf("error %v, want an *instagram.Error", err)
	}
	if e.Class != class || e.Cause != cause {
		t.Errorf("class %q, cause %q; want %q, %q (%v)", e.Class, e.Cause, class, cause, e)
	}
	if e.Advice() == "" {
		t.Errorf("no advice for %v", e)
	}
	return e
}

// graphError is a body of the Graph API's own form.
func graphError(code, subcode int, kind, message string) string {
	body, _ := json.Marshal(map[string]any{"error": map[string]any{
		"message": message, "type": kind, "code": code, "error_subcode": subcode, "fbtrace_id": "AbCdEf123",
	}})
	return string(body)
}

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
		{100, 0, "The parameter metric_type is required", "permanent", "metric"},
		{100, 0, "(#100) metric[0] must be one of the following values", "permanent", "metric"},
		{100, 0, "The parameter comment_enabled is required.", "permanent", "parameter"},
		{100, 0, "Invalid appsecret_proof provided in the API argument", "operator", "appsecret_proof"},
		{803, 0, "Some of the aliases you requested do not exist", "permanent", "not_found"},
		{2500, 0, "Unknown path components: /impressions/day", "permanent", "path"},
		{1, 0, "An unknown error occurred", "retry", "server"},
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

func TestAnAnswerThatIsNoneOfInstagrams(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name   string
		status int
		body   string
		cause  instagram.Cause
	}{
		{"HTML outage", 500, "<!DOCTYPE html><title>Sorry</title>", "outage"},
		{"HTML bad gateway", 502, "<html>", "outage"},
		{"HTML not found", 404, "<html>Sorry, this page isn't available</html>", "unreadable"},
		{"HTML success", 200, "<html>", "unreadable"},
		{"empty outage", 503, "", "outage"},
		{"empty refusal", 400, "", "unreadable"},
		{"empty success", 200, "", "unreadable"},
		{"no content", 204, "", "unreadable"},
		{"cut off", 200, `{"user_id":"17841400000000123","usern`, "unreadable"},
		{"followed by more", 200, `{"user_id":"17841400000000123"} {}`, "unreadable"},
		{"no object", 200, `[1,2]`, "unreadable"},
		{"a text", 200, `"user_id"`, "unreadable"},
		{"outage in JSON", 500, `{}`, "outage"},
		{"refusal in JSON", 400, `{}`, "unreadable"},
		{"redirect", 302, `{"user_id":"17841400000000123"}`, "unreadable"},
		{"error that is a text", 400, `{"error":"temporarily_unavailable"}`, ""},
		{"error that is a number", 200, `{"error":7,"user_id":"17841400000000123"}`, ""},
		{"error of odd members", 200, `{"error":{"code":"x","message":[],"is_transient":"yes"}}`, ""},
		{"too long", 200, `{"user_id":"17841400000000123","name":"` + repeat("x", 1<<20) + `"}`, "too_large"},
		{"a long outage", 500, repeat("x", 1<<21), "too_large"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			client := setup(t, &conversation{status: tt.status, body: tt.body})
			_, err := client.Me(t.Context(), token())
			e := wantError(t, err, instagram.ClassRetry, tt.cause)
			if e.Status != tt.status {
				t.Errorf("status %d, want %d", e.Status, tt.status)
			}
			_, err = client.Exchange(t.Context(), instagram.NewSecret(codeText))
			wantError(t, err, instagram.ClassRetry, tt.cause)
		})
	}
}

func TestTheLongestAnswerIsRead(t *testing.T) {
	t.Parallel()
	const start, end = `{"user_id":"17841400000000123","name":"`, `"}`
	ig := &conversation{body: start + repeat("x", 1<<20-len(start)-len(end)) + end}
	got, err := setup(t, ig).Me(t.Context(), token())
	if err != nil || len(got.Name) < 1<<19 {
		t.Errorf("%d bytes of name: %v", len(got.Name), err)
	}
}

func TestAConnectionThatBreaks(t *testing.T) {
	t.Parallel()
	breaks := map[string]http.HandlerFunc{
		"before the answer": func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) },
		"within the body": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "1000")
			_, _ = w.Write([]byte(`{"access_token":"IGAA`))
		},
	}
	for name, h := range breaks {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			client := clientOf(t, h)
			_, err := client.Exchange(t.Context(), instagram.NewSecret(codeText))
			wantError(t, err, instagram.ClassRetry, "unreachable")
		})
	}
}

// A code is sent once, also over a connection that was kept and then found dead.
func TestACodeIsSentOnce(t *testing.T) {
	t.Parallel()
	codes := make(chan struct{}, 10)
	client := clientOf(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodPost {
			_, _ = w.Write([]byte(`{"user_id":"1"}`))
			return
		}
		codes <- struct{}{}
		panic(http.ErrAbortHandler)
	}))
	if _, err := client.Me(t.Context(), token()); err != nil {
		t.Fatal(err)
	}
	_, err := client.Exchange(t.Context(), instagram.NewSecret(codeText))
	if e := wantError(t, err, instagram.ClassRetry, "unreachable"); e.Status != 0 {
		t.Errorf("status %d without an answer", e.Status)
	}
	if n := len(codes); n != 1 {
		t.Errorf("the code was sent %d times", n)
	}
}

func TestARedirectIsNotFollowed(t *testing.T) {
	t.Parallel()
	elsewhere := &conversation{body: `{"user_id":"666","access_token":"IGAA666"}`}
	other := httptest.NewServer(elsewhere)
	t.Cleanup(other.Close)
	for _, status := range []int{301, 302, 303, 307, 308} {
		client := setup(t, &conversation{status: status, header: http.Header{"Location": {other.URL}}})
		client.HTTP.CheckRedirect = nil
		_, err := client.Me(t.Context(), token())
		wantError(t, err, instagram.ClassRetry, "unreadable")
		_, err = client.Exchange(t.Context(), instagram.NewSecret(codeText))
		wantError(t, err, instagram.ClassRetry, "unreadable")
		client.HTTP = nil
		_, err = client.Refresh(t.Context(), shortToken())
		wantError(t, err, instagram.ClassRetry, "unreadable")
	}
	if n := len(elsewhere.asked); n != 0 {
		t.Errorf("%d calls followed a redirect", n)
	}
}

func TestTheEndOfAContext(t *testing.T) {
	t.Parallel()
	client := clientOf(t, http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }))
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := client.Refresh(ctx, shortToken())
	wantError(t, err, instagram.ClassRetry, "unreachable")
	if !errors.Is(err, context.Canceled) {
		t.Errorf("%v is not context.Canceled", err)
	}
	ctx, cancel = context.WithTimeout(t.Context(), time.Millisecond)
	defer cancel()
	_, err = client.Refresh(ctx, shortToken())
	if !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("%v is not context.DeadlineExceeded", err)
	}
}

func TestAnAddressThatIsNoURL(t *testing.T) {
	t.Parallel()
	client := &instagram.Client{Endpoints: instagram.Endpoints{Graph: "http://[::1", Token: ":"}}
	_, err := client.Refresh(t.Context(), shortToken())
	wantError(t, err, instagram.ClassOperator, "address")
	for _, address := range []string{":", "graph.instagram.com", "ftp://x", "https://", "/oauth"} {
		client.Endpoints.Token = address
		_, err = client.Exchange(t.Context(), instagram.NewSecret(codeText))
		wantError(t, err, instagram.ClassOperator, "address")
	}
}

func TestThePermissionsDecide(t *testing.T) {
	t.Parallel()
	ig := &conversation{status: 400, body: graphError(10, 0, "OAuthException", "(#10) Application does not have permission")}
	client := setup(t, ig)
	_, err := client.Insights(t.Context(), token(), "me", nil)
	e := wantError(t, err, instagram.ClassOperator, "permission")
	if e.Scope != instagram.ScopeInsights {
		t.Errorf("scope %q", e.Scope)
	}
	basic := []string{instagram.ScopeBasic}
	tests := []struct {
		granted []string
		want    instagram.Class
	}{
		{nil, instagram.ClassOperator},
		{[]string{}, instagram.ClassReconnect},
		{basic, instagram.ClassReconnect},
		{append(basic, instagram.ScopeInsights), instagram.ClassOperator},
	}
	for _, tt := range tests {
		if got := e.ClassFor(tt.granted); got != tt.want {
			t.Errorf("with %v: %q, want %q", tt.granted, got, tt.want)
		}
	}
	for _, body := range []string{
		graphError(190, 458, "OAuthException", ""), graphError(4, 0, "", ""),
		graphError(200, 0, "OAuthException", "API access blocked."), graphError(987, 0, "", ""),
		graphError(10, 0, "", "Not enough viewers"), graphError(210, 0, "", "no Advanced Access"),
	} {
		_, err := setup(t, &conversation{status: 400, body: body}).Insights(t.Context(), token(), "me", nil)
		e, ok := errors.AsType[*instagram.Error](err)
		if !ok || e.ClassFor(basic) != e.Class {
			t.Errorf("%v changes its class with the scopes", err)
		}
	}
	ig.status = 500
	_, err = client.Insights(t.Context(), token(), "me", nil)
	if e, ok := errors.AsType[*instagram.Error](err); !ok || e.ClassFor(basic) != instagram.ClassRetry {
		t.Errorf("with status 500: %v", err)
	}
}

func TestTheScopeThatACallNeeds(t *testing.T) {
	t.Parallel()
	client := setup(t, &conversation{status: 400, body: graphError(10, 0, "", "")})
	for path, want := range map[string]string{
		"me": instagram.ScopeBasic, "me/media": instagram.ScopeBasic, "123/comments": instagram.ScopeComments,
		"123/replies": instagram.ScopeComments, "123/insights": instagram.ScopeInsights,
	} {
		_, err := instagram.Get[struct{}](t.Context(), client, token(), path, nil)
		if e := wantError(t, err, instagram.ClassOperator, "permission"); e.Scope != want {
			t.Errorf("%s needs %q, want %q", path, e.Scope, want)
		}
	}
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

func TestTheTextOfAnError(t *testing.T) {
	t.Parallel()
	for body, want := range map[string]string{
		graphError(190, 460, "OAuthException", "The session"):  "instagram: me: status 400, code 190/460, password_changed",
		graphError(4, 0, "OAuthException", "(#4) Application"): "instagram: me: status 400, code 4, app_limit",
		graphError(99, 0, "OAuthException", "Something"):       "instagram: me: status 400, code 99, unknown cause",
		"<html>": "instagram: me: status 400, unreadable",
	} {
		_, err := setup(t, &conversation{status: 400, body: body}).Me(t.Context(), token())
		if err == nil || err.Error() != want {
			t.Errorf("%v, want %s", err, want)
		}
		if errors.Unwrap(err) != nil {
			t.Errorf("underneath is %v", errors.Unwrap(err))
		}
	}
	client := &instagram.Client{HTTP: &http.Client{Transport: unplugged{}}}
	_, err := client.Me(t.Context(), token())
	if want := "instagram: me: unreachable: the cable is out"; err.Error() != want || !errors.Is(err, errCable) {
		t.Errorf("%v, want %s", err, want)
	}
}

var errCable = errors.New("the cable is out")

// unplugged is a network that is not there.
type unplugged struct{}

func (unplugged) RoundTrip(*http.Request) (*http.Response, error) { return nil, errCable }

func TestDenial(t *testing.T) {
	t.Parallel()
	tests := []struct {
		kind, reason, description string
		cause                     instagram.Cause
		message                   string
	}{
		{"access_denied", "user_denied", "The user denied your request", "", "user_denied: The user denied your request"},
		{"access_denied", "", "Insufficient developer role", instagram.CauseNoRole, "Insufficient developer role"},
		{"access_denied", "The app is not active", "", "app_inactive", "The app is not active"},
		{"access_denied", "", "This app is in development\r\nmode", "", "This app is in development  mode"},
		{"access_denied", "", "This app is in development mode", "app_inactive", "This app is in development mode"},
		{"server_error\n", "", "", "", ""},
	}
	for _, tt := range tests {
		e := instagram.Denial(tt.kind, tt.reason, tt.description)
		if e.Cause != tt.cause || e.Message != tt.message || e.Class != tt.cause.Class() {
			t.Errorf("%q, %q: %+v", tt.reason, tt.description, e)
		}
		if e.Type != strings.TrimSpace(tt.kind) || e.Call != "authorization" || strings.ContainsAny(e.Message, "\r\n") {
			t.Errorf("%q: %#v", tt.kind, e)
		}
	}
}

func TestAMessageIsSafeToLog(t *testing.T) {
	t.Parallel()
	dirty := "A\x00B\r\nC\u2028D\u202e E\xff " + tokenText + " " + repeat("é", 600)
	ig := &conversation{status: 400, body: graphError(1, 0, "O\nA", dirty)}
	_, err := setup(t, ig).Me(t.Context(), token())
	e := wantError(t, err, instagram.ClassRetry, "server")
	if want := "A B  C D  E  [secret] é"; !strings.HasPrefix(e.Message, want) {
		t.Errorf("message %q, want it to begin with %q", e.Message, want)
	}
	if n := len(e.Message); n > 500 || n < 498 {
		t.Errorf("message of %d bytes", n)
	}
	if e.Type != "O A" {
		t.Errorf("type %q", e.Type)
	}
}
