package login_test

import (
	"encoding/base64"
	"errors"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"latchkey/igsim"
	"latchkey/instagram"
	"latchkey/internal/login"
	"latchkey/internal/store"
	"latchkey/internal/vault"
)

func TestFirstLogin(t *testing.T) {
	t.Parallel()
	h := setup(t)
	c, err := h.login(igsim.Decision{Persona: "studio_north"})
	if err != nil {
		t.Fatal(err)
	}
	if c.Username != "studio_north" || c.AccountType != "business" || c.Status != store.StatusActive || c.Version != 1 {
		t.Errorf("stored %+v", c)
	}
	if !slices.Equal(c.Scopes, allScopes) || !slices.Equal(c.ScopesAsked, allScopes) {
		t.Errorf("scopes %v of %v", c.Scopes, c.ScopesAsked)
	}
	if life := c.TokenExpiresAt.Sub(c.TokenIssuedAt); life < 59*24*time.Hour || life > 60*24*time.Hour {
		t.Errorf("the token lives %v", life)
	}
	token, err := h.Vault.Token(t.Context(), vault.CallerCommandLine, c.ID)
	if err != nil {
		t.Fatal(err)
	}
	if a, err := h.Instagram.Me(t.Context(), token); err != nil || a.ID != c.ID {
		t.Errorf("the stored token is of %q, %v; want %q", a.ID, err, c.ID)
	}
}

func TestSecondLoginReplacesTheToken(t *testing.T) {
	t.Parallel()
	h := setup(t)
	first, err := h.login(igsim.Decision{Persona: "studio_north"})
	if err != nil {
		t.Fatal(err)
	}
	h.sim.Advance(30 * 24 * time.Hour)
	second, err := h.login(igsim.Decision{Persona: "studio_north", Without: []string{instagram.ScopeComments}})
	if err != nil {
		t.Fatal(err)
	}
	if second.ID != first.ID || second.Version != first.Version+1 || !second.TokenIssuedAt.After(first.TokenIssuedAt) {
		t.Errorf("first %+v\nsecond %+v", first, second)
	}
	if want := allScopes[:2]; !slices.Equal(second.Scopes, want) || !slices.Equal(second.ScopesAsked, allScopes) {
		t.Errorf("scopes %v of %v, want %v", second.Scopes, second.ScopesAsked, want)
	}
}

func TestAnotherAccountLeavesTheFirstAlone(t *testing.T) {
	t.Parallel()
	h := setup(t)
	first, err := h.login(igsim.Decision{Persona: "studio_north"})
	if err != nil {
		t.Fatal(err)
	}
	s := h.begin("")
	if _, err := h.Finish(t.Context(), h.decide(s, igsim.Decision{Persona: h.other("studio_north")}), s.Binding); err != nil {
		t.Fatal(err)
	}
	again, err := h.st.Connection(t.Context(), first.ID)
	if err != nil || again.Version != first.Version {
		t.Errorf("the first connection has version %d, %v; want %d", again.Version, err, first.Version)
	}
}

func TestRefusedByInstagramOrTheOwner(t *testing.T) {
	t.Parallel()
	plain := igsim.Decision{Persona: "studio_north"}
	fail := func(e igsim.Endpoint, n int, f igsim.Fault) func(*rig) igsim.Decision {
		return func(h *rig) igsim.Decision {
			if err := h.sim.FailNext(e, n, f); err != nil {
				h.t.Fatal(err)
			}
			return plain
		}
	}
	decide := func(d igsim.Decision) func(*rig) igsim.Decision {
		return func(*rig) igsim.Decision { return d }
	}
	switched := func(w igsim.Switches) func(*rig) igsim.Decision {
		return func(h *rig) igsim.Decision {
			if err := h.sim.SetSwitches(w); err != nil {
				h.t.Fatal(err)
			}
			return plain
		}
	}
	for _, tt := range []struct {
		name    string
		arrange func(*rig) igsim.Decision
		want    login.Kind
		logged  string // what the operator's log must say; empty: no word of Instagram's
	}{
		{"cancelled", decide(igsim.Decision{Persona: "studio_north", Deny: true}), login.Cancelled, ""},
		{"insufficient developer role", decide(igsim.Decision{Persona: "studio_north", Refuse: "Insufficient developer role"}), login.NoRole, "Insufficient developer role"},
		{"app in development", decide(igsim.Decision{Persona: "studio_north", Refuse: "This app is in development mode"}), login.Misconfigured, "development mode"},
		{"app not active", decide(igsim.Decision{Persona: "studio_north", Refuse: "The app is not active"}), login.Misconfigured, "not active"},
		{"personal account", func(h *rig) igsim.Decision {
			return igsim.Decision{Persona: h.who(func(p igsim.Persona) bool { return p.AccountType == "PERSONAL" })}
		}, login.PersonalAccount, ""},
		{"no role", func(h *rig) igsim.Decision {
			return igsim.Decision{Persona: h.who(func(p igsim.Persona) bool { return p.NoRole })}
		}, login.NoRole, "Unsupported request"},
		{"basic unticked", decide(igsim.Decision{Persona: "studio_north", Without: []string{instagram.ScopeBasic}}), login.BasicMissing, "code"},
		{"everything unticked", decide(igsim.Decision{Persona: "studio_north", Without: allScopes}), login.BasicMissing, "code"},
		{"no identity, three times", switched(igsim.Switches{MeWithoutUserID: true}), login.NoIdentity, "user_id"},
		{"app secret wrong", switched(igsim.Switches{SecretRefused: "1"}), login.Misconfigured, "copy the Instagram app secret anew"},
		{"app secret wrong, by the other code", switched(igsim.Switches{SecretRefused: "100"}), login.Misconfigured, "copy the Instagram app secret anew"},
		{"app unknown", switched(igsim.Switches{AppUnknown: "system_error"}), login.Misconfigured, "compare the Instagram app ID"},
		{"app deleted", switched(igsim.Switches{AppUnknown: "deleted"}), login.Misconfigured, "Application has been deleted"},
		{"app id wrong", switched(igsim.Switches{AppUnknown: "invalid_id"}), login.Misconfigured, "Invalid application ID"},
		{"app deactivated, with status 200", switched(igsim.Switches{AppDeactivated: true}), login.Misconfigured, "reactivate it"},
		{"wait a few minutes", switched(igsim.Switches{Wait: "429"}), login.AccountLimit, "wait a few minutes"},
		{"wait a few minutes, with status 200", switched(igsim.Switches{Wait: "400", ErrorsWith200: true}), login.AccountLimit, "wait a few minutes"},
		{"an answer of 2020", switched(igsim.Switches{LegacyUser: true}), login.Misconfigured, "ended in 2020"},

		{"invalid platform app", fail(igsim.CodeExchange, 1, igsim.Fault{Message: "Invalid platform app"}), login.Misconfigured, "Invalid platform app"},
		{"redirect URI differs", fail(igsim.CodeExchange, 1, igsim.Fault{Message: "Error validating verification code. Please make sure your redirect_uri is identical to the one you used in the OAuth dialog request"}), login.Misconfigured, "redirect_uri"},
		{"invalid scope", fail(igsim.CodeExchange, 1, igsim.Fault{Message: "Invalid scope field(s): basic"}), login.Misconfigured, "Invalid scope"},
		{"code used", fail(igsim.CodeExchange, 1, igsim.Fault{Message: "This authorization code has been used"}), login.CodeRefused, "authorization code"},
		{"code unknown", fail(igsim.CodeExchange, 1, igsim.Fault{Message: "Matching code was not found or was already used"}), login.CodeRefused, "Matching code"},
		{"access blocked", fail(igsim.LongExchange, 1, igsim.Fault{Code: 200, Message: "API access blocked.", Type: "OAuthException"}), login.Blocked, "API access blocked"},
		{"app request limit", fail(igsim.Me, 1, igsim.Fault{Code: 4}), login.AppLimit, "limit"},
		{"account's limit", fail(igsim.Me, 3, igsim.Fault{Code: 17}), login.AccountLimit, "limit"},
		{"checkpoint", fail(igsim.Me, 1, igsim.Fault{Code: 190, Subcode: 459}), login.Checkpoint, "answers what it asks"},
		{"role lost", fail(igsim.Me, 1, igsim.Fault{Code: 190, Subcode: 492}), login.NoRole, "Tester"},
		{"passing, as Instagram says", fail(igsim.Me, 3, igsim.Fault{Code: 190, Subcode: 460, Transient: true}), login.InstagramFails, "internal trouble"},
		{"a code that is not known", fail(igsim.Me, 3, igsim.Fault{Code: 987}), login.Unclear, "not known here"},
		{"password changed on the way", fail(igsim.Me, 1, igsim.Fault{Code: 190, Subcode: 460}), login.CodeRefused, "460"},
		{"no advanced access", fail(igsim.Me, 1, igsim.Fault{Code: 200, Message: "App does not have Advanced Access to instagram_business_basic"}), login.Misconfigured, "Advanced Access"},
		{"outage at the code exchange", fail(igsim.CodeExchange, 1, igsim.Fault{Kind: igsim.Page, Status: 500}), login.InstagramAway, "500"},
		{"blank token", switched(igsim.Switches{BlankToken: true}), login.InstagramFails, "token"},
		{"outage at the long exchange, to the third try", fail(igsim.LongExchange, 3, igsim.Fault{Kind: igsim.Page, Status: 502}), login.InstagramAway, "502"},
		// net/http itself repeats a GET on a connection that was cut.
		{"connection cut at /me, to the end", fail(igsim.Me, 20, igsim.Fault{Kind: igsim.Cut}), login.InstagramAway, "me"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			h := setup(t)
			_, err := h.login(tt.arrange(h))
			r := h.refused(err, tt.want)
			if r.Logged != (tt.logged != "") {
				t.Errorf("the page says that the log has Instagram's words: %v", r.Logged)
			}
			if tt.logged != "" && (!strings.Contains(h.log.String(), tt.logged) || !strings.Contains(h.log.String(), "advice=")) {
				t.Errorf("the log does not have %q and what to do:\n%s", tt.logged, h.log)
			}
		})
	}
}

func TestCallbackThatIsNotOurs(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name    string
		arrange func(*rig, login.Started, login.Callback) (login.Callback, string)
		want    login.Kind
	}{
		{"no state", func(_ *rig, s login.Started, cb login.Callback) (login.Callback, string) {
			cb.State = instagram.Secret{}
			return cb, s.Binding
		}, login.StateUnknown},
		{"unknown state", func(_ *rig, s login.Started, cb login.Callback) (login.Callback, string) {
			cb.State = instagram.NewSecret("MADEUP")
			return cb, s.Binding
		}, login.StateUnknown},
		{"a state that was changed", func(_ *rig, s login.Started, cb login.Callback) (login.Callback, string) {
			changed := []byte(cb.State.Reveal())
			changed[len(changed)/2] ^= 1
			cb.State = instagram.NewSecret(string(changed))
			return cb, s.Binding
		}, login.StateUnknown},
		{"a state of another installation", func(h *rig, s login.Started, cb login.Callback) (login.Callback, string) {
			u, err := url.Parse(setup(h.t).begin(s.Binding).URL)
			if err != nil {
				h.t.Fatal(err)
			}
			cb.State = instagram.NewSecret(u.Query().Get("state"))
			return cb, s.Binding
		}, login.StateUnknown},
		{"a token in place of a state", func(h *rig, s login.Started, cb login.Callback) (login.Callback, string) {
			sealed, err := h.Vault.Seal("17", instagram.NewSecret("IGAA"))
			if err != nil {
				h.t.Fatal(err)
			}
			cb.State = instagram.NewSecret(base64.RawURLEncoding.EncodeToString(sealed))
			return cb, s.Binding
		}, login.StateUnknown},
		{"no binding", func(_ *rig, _ login.Started, cb login.Callback) (login.Callback, string) { return cb, "" }, login.OtherBrowser},
		{"another browser", func(h *rig, _ login.Started, cb login.Callback) (login.Callback, string) {
			return cb, h.begin("").Binding
		}, login.OtherBrowser},
		{"neither code nor error", func(_ *rig, s login.Started, cb login.Callback) (login.Callback, string) {
			cb.Code = instagram.Secret{}
			return cb, s.Binding
		}, login.BadCallback},
		{"error beside a code", func(_ *rig, s login.Started, cb login.Callback) (login.Callback, string) {
			cb.Error, cb.Reason = "access_denied", "user_denied"
			return cb, s.Binding
		}, login.Cancelled},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			h := setup(t)
			s := h.begin("")
			cb, binding := tt.arrange(h, s, h.decide(s, igsim.Decision{Persona: "studio_north"}))
			_, err := h.Finish(t.Context(), cb, binding)
			h.refused(err, tt.want)
			if got := h.sim.Calls(igsim.CodeExchange); got != 0 {
				t.Errorf("the code was sent %d times", got)
			}
			if strings.Contains(h.log.String(), "WARN") {
				t.Errorf("anybody can fill the log:\n%s", h.log)
			}
		})
	}
}

func TestWrongBrowserDoesNotUseTheLoginUp(t *testing.T) {
	t.Parallel()
	h := setup(t)
	s := h.begin("")
	cb := h.decide(s, igsim.Decision{Persona: "studio_north"})
	_, err := h.Finish(t.Context(), cb, h.begin("").Binding)
	h.refused(err, login.OtherBrowser)
	if _, err := h.Finish(t.Context(), cb, s.Binding); err != nil {
		t.Errorf("the right browser was refused: %v", err)
	}
}

// TestExpiredState is a login that comes back too late, by the moment; one that came back in time before is told
// as used.
func TestExpiredState(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name string
		late time.Duration
		used bool
		want login.Kind
	}{
		{"at its end", 0, false, login.StateExpired},
		{"long after it", 1000 * time.Hour, false, login.StateExpired},
		{"at its end, and used", 0, true, login.StateUsed},
		{"a millisecond before its end, and used", -time.Millisecond, true, login.StateUsed},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			h := setup(t)
			now := time.Now().Truncate(time.Millisecond)
			h.Machine = func() time.Time { return now }
			s := h.begin("")
			cb := h.decide(s, igsim.Decision{Persona: "studio_north", Deny: tt.used})
			if tt.used {
				_, err := h.Finish(t.Context(), cb, s.Binding)
				h.refused(err, login.Cancelled)
			}
			now = now.Add(login.RequestLife + tt.late)
			_, err := h.Finish(t.Context(), cb, s.Binding)
			h.refused(err, tt.want)
			if got := h.sim.Calls(igsim.CodeExchange); got != 0 {
				t.Errorf("the code was sent %d times", got)
			}
		})
	}
}

func TestAllowedAccounts(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name    string
		allowed func(store.Connection) []string
		want    bool
	}{
		{"by user name", func(store.Connection) []string { return []string{"somebody_else", "studio_north"} }, true},
		{"by id", func(c store.Connection) []string { return []string{c.ID} }, true},
		{"not listed", func(store.Connection) []string { return []string{"somebody_else"} }, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			h := setup(t)
			c, err := h.login(igsim.Decision{Persona: "studio_north"})
			if err != nil {
				t.Fatal(err)
			}
			if err := h.st.DeleteConnection(t.Context(), c.ID); err != nil {
				t.Fatal(err)
			}
			h.Allowed = tt.allowed(c)
			_, err = h.login(igsim.Decision{Persona: "studio_north"})
			if tt.want && err != nil {
				t.Error(err)
			}
			if !tt.want {
				h.refused(err, login.NotAllowed)
			}
		})
	}
}

func TestStoreAwayIsNoRefusal(t *testing.T) {
	t.Parallel()
	h := setup(t)
	s := h.begin("")
	cb := h.decide(s, igsim.Decision{Persona: "studio_north"})
	h.st.Close()
	_, err := h.Finish(t.Context(), cb, s.Binding)
	if _, ok := errors.AsType[*login.Refusal](err); ok || err == nil {
		t.Errorf("got %v, want the store's own error", err)
	}
}
