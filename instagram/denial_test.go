package instagram_test

import (
	"strings"
	"testing"

	"latchkey/instagram"
)

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
