package login_test

import (
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
