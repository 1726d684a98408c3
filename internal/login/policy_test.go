package login_test

import (
	"slices"
	"testing"
	"time"

	"latchkey/instagram"
	"latchkey/internal/login"
)

// TestAdmits is the rule of who may connect, a boundary a row.
func TestAdmits(t *testing.T) {
	t.Parallel()
	ada := instagram.Account{ID: "17841400000000001", Username: "Ada.Makes", Type: "business"}
	personal := ada
	personal.Type = "personal"
	for _, tt := range []struct {
		name    string
		allowed []string
		account instagram.Account
		kind    login.Kind
		ok      bool
	}{
		{"nobody is listed", nil, ada, login.NotAllowed, true},
		{"by id", []string{"17841400000000001"}, ada, "", true},
		{"by user name in another case", []string{"ada.makes"}, ada, "", true},
		{"after somebody else", []string{"bob", "ada.makes"}, ada, "", true},
		{"by a part of the id", []string{"1784140000000000"}, ada, login.NotAllowed, false},
		{"by a part of the user name", []string{"ada"}, ada, login.NotAllowed, false},
		{"somebody else", []string{"bob"}, ada, login.NotAllowed, false},
		{"personal, and nobody is listed", nil, personal, login.PersonalAccount, false},
		{"personal, and listed", []string{"ada.makes"}, personal, login.PersonalAccount, false},
	} {
		if kind, ok := login.Admits(&login.Flow{Allowed: tt.allowed}, tt.account); ok != tt.ok || !ok && kind != tt.kind {
			t.Errorf("%s: %q, %v; want %q, %v", tt.name, kind, ok, tt.kind, tt.ok)
		}
	}
}

// TestBindingOutlivesItsRequest holds that the browser keeps its binding as long as the request is told from
// one that never was: ten minutes and an hour.
func TestBindingOutlivesItsRequest(t *testing.T) {
	t.Parallel()
	if login.RequestLife != 10*time.Minute || login.BindingLife != 70*time.Minute {
		t.Errorf("a request lives %v, and its binding %v", login.RequestLife, login.BindingLife)
	}
}

// TestFinal holds which refusals use a callback up.
func TestFinal(t *testing.T) {
	t.Parallel()
	again := map[login.Kind]bool{
		login.StateUnknown: true, login.StateExpired: true, login.StateUsed: true, login.InProgress: true, login.OtherBrowser: true,
	}
	for _, k := range login.Kinds() {
		if k.Final() == again[k] {
			t.Errorf("%q is final: %v", k, k.Final())
		}
	}
}

// TestEveryCauseHasAPage fails for a cause of which nobody has said which page a login has that ends by it, and
// for a page that only a cause has that is no longer there.
func TestEveryCauseHasAPage(t *testing.T) {
	t.Parallel()
	for _, cause := range instagram.Causes() {
		kind, ok := login.CauseKinds[cause]
		if !ok {
			t.Errorf("the cause %q has no page in a login: name its kind in cause.go, and give it words in refusal.go of web where it needs new ones", cause)
		} else if !slices.Contains(login.Kinds(), kind) || login.KindOf(cause) != kind {
			t.Errorf("the cause %q has the kind %q", cause, kind)
		}
	}
	for cause := range login.CauseKinds {
		if !slices.Contains(instagram.Causes(), cause) {
			t.Errorf("there is no cause %q any more", cause)
		}
	}
	for _, class := range []instagram.Class{
		instagram.ClassReconnect, instagram.ClassRetry, instagram.ClassHold, instagram.ClassOperator, instagram.ClassPermanent, instagram.ClassIgnore,
	} {
		if !slices.Contains(login.Kinds(), login.ClassKinds[class]) {
			t.Errorf("a cause of class %q has no page", class)
		}
	}
	if kind := login.KindOf("made_up"); kind != login.InstagramFails {
		t.Errorf("a cause that is not known here has the page of %q", kind)
	}
}

// TestRead is what an answer of Instagram means in a login, a boundary a row.
func TestRead(t *testing.T) {
	t.Parallel()
	basic := []string{instagram.ScopeBasic}
	for _, tt := range []struct {
		name    string
		class   instagram.Class
		cause   instagram.Cause
		granted []string
		kind    login.Kind
		advised instagram.Cause
	}{
		{"its cause decides", instagram.ClassReconnect, "checkpoint", basic, login.Checkpoint, "checkpoint"},
		{"passing, as Instagram says", instagram.ClassRetry, "checkpoint", basic, login.InstagramFails, "server"},
		{"passing by itself", instagram.ClassRetry, "rate_limit", basic, login.AccountLimit, "rate_limit"},
		{"not known", instagram.ClassRetry, "", basic, login.Unclear, ""},
		{"the scopes are not known", instagram.ClassOperator, "no_role", nil, login.NoRole, "no_role"},
		{"basic was granted", instagram.ClassOperator, "no_role", basic, login.NoRole, "no_role"},
		{"basic was not granted", instagram.ClassOperator, "no_role", []string{instagram.ScopeComments}, login.BasicMissing, "permission"},
		{"nothing was granted", instagram.ClassOperator, "permission", []string{}, login.BasicMissing, "permission"},
		{"nothing was granted, and a token is refused", instagram.ClassReconnect, "token_invalid", []string{}, login.BasicMissing, "permission"},
		{"nothing was granted, in an outage", instagram.ClassRetry, "outage", []string{}, login.InstagramAway, "outage"},
		{"nothing was granted, and the app is blocked", instagram.ClassHold, "blocked", []string{}, login.Blocked, "blocked"},
		{"nothing was granted, and Instagram says that it is passing", instagram.ClassRetry, "permission", []string{}, login.InstagramFails, "server"},
	} {
		kind, advised := login.Read(&instagram.Error{Class: tt.class, Cause: tt.cause}, tt.granted)
		if kind != tt.kind || advised != tt.advised {
			t.Errorf("%s: %q by %q, want %q by %q", tt.name, kind, advised, tt.kind, tt.advised)
		}
	}
}

// TestReadDenial is what a refusal in the callback itself means.
func TestReadDenial(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		kind, reason, description string
		want                      login.Kind
		advised                   instagram.Cause
	}{
		{"access_denied", "user_denied", "The user denied your request", login.Cancelled, ""},
		{"access_denied", "", "", login.Cancelled, ""},
		{"access_denied", "", "Insufficient developer role", login.NoRole, "no_role"},
		{"access_denied", "", "This app is in development mode", login.Misconfigured, "app_inactive"},
		{"server_error", "", "", login.InstagramFails, "server"},
		{"temporarily_unavailable", "", "", login.InstagramFails, "server"},
		{"server_error", "", "Insufficient developer role", login.NoRole, "no_role"},
		{"invalid_scope", "", "", login.Misconfigured, ""},
		{"", "", "", login.Misconfigured, ""},
	} {
		kind, advised := login.ReadDenial(instagram.Denial(tt.kind, tt.reason, tt.description))
		if kind != tt.want || advised != tt.advised {
			t.Errorf("%q, %q, %q: %q by %q, want %q by %q", tt.kind, tt.reason, tt.description, kind, advised, tt.want, tt.advised)
		}
	}
}
