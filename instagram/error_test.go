package instagram_test

import (
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"testing"

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

// TestMayHaveWorked holds that an answer which says no more than that something went wrong may hide that it
// did what was asked for, and that a refusal for a limit hides nothing.
func TestMayHaveWorked(t *testing.T) {
	t.Parallel()
	transient := func(code int, message string) string {
		return strings.Replace(graphError(code, 0, "OAuthException", message), `{"code"`, `{"is_transient":true,"code"`, 1)
	}
	for name, tt := range map[string]struct {
		status int
		body   string
		want   bool
	}{
		"an outage":                   {502, "", true},
		"the first status of one":     {500, graphError(190, 0, "OAuthException", "no"), true},
		"the last status of none":     {499, graphError(190, 0, "OAuthException", "no"), false},
		"an internal error":           {400, graphError(2, 0, "OAuthException", "An unexpected error has occurred."), true},
		"one called transient":        {400, transient(190, "no"), true},
		"a refusal":                   {400, graphError(190, 0, "OAuthException", "no"), false},
		"a page":                      {400, "<html>", true},
		"a page about too many calls": {429, "<html>", false},
		"the app's limit":             {400, transient(4, "(#4) Application request limit reached"), false},
		"that in an outage":           {503, graphError(4, 0, "OAuthException", "(#4) Application request limit reached"), false},
		"the account's limit":         {400, transient(80002, "There have been too many calls"), false},
		"a wait":                      {400, transient(1, "Please wait a few minutes before you try again."), false},
	} {
		client := setup(t, &conversation{status: tt.status, body: tt.body})
		_, err := client.Refresh(t.Context(), instagram.Token{Value: token()})
		e, ok := errors.AsType[*instagram.Error](err)
		if !ok || e.MayHaveWorked() != tt.want {
			t.Errorf("%s: %v may have worked: %t", name, err, !tt.want)
		}
	}
}
