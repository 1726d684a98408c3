package login_test

import (
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"testing"

	"latchkey/igsim"
	"latchkey/instagram"
	"latchkey/internal/login"
	"latchkey/internal/logtest"
	"latchkey/internal/seal"
	"latchkey/internal/store"
	"latchkey/internal/store/mongo/mongotest"
	"latchkey/internal/store/sqlite/sqlitetest"
	"latchkey/internal/vault"
)

var allScopes = []string{instagram.ScopeBasic, instagram.ScopeInsights, instagram.ScopeComments}

// rig is a flow on a real store, beside a simulated Instagram.
type rig struct {
	*login.Flow
	t   *testing.T
	sim *igsim.Simulator
	st  store.Store
	log *logtest.Buffer
}

func setup(t *testing.T) *rig {
	t.Helper()
	return setupOn(t, sqlitetest.Open(t))
}

// setupOn makes a rig on a database.
func setupOn(t *testing.T, st store.Store) *rig {
	t.Helper()
	ring, err := seal.Generate()
	if err != nil {
		t.Fatal(err)
	}
	sim := igsim.New()
	server := httptest.NewServer(sim)
	t.Cleanup(server.Close)
	log := &logtest.Buffer{}
	return &rig{
		t: t, sim: sim, st: st, log: log,
		Flow: &login.Flow{
			Instagram: &instagram.Client{
				AppID: igsim.AppID, AppSecret: instagram.NewSecret(igsim.AppSecret),
				RedirectURL: sim.App().RedirectURIs[0],
				Endpoints: instagram.Endpoints{
					Authorize: server.URL + "/oauth/authorize", Token: server.URL + "/oauth/access_token",
					Graph: server.URL, Version: "v26.0",
				},
				Now: sim.Now,
			},
			Store: st, Vault: &vault.Vault{Keyring: ring, Store: st, Now: sim.Now},
			Log: slog.New(slog.NewTextHandler(log, nil)), Scopes: allScopes, Process: "this process",
		},
	}
}

// onBothStores runs a test in a rig on each database.
func onBothStores(t *testing.T, test func(*testing.T, *rig)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) {
		t.Parallel()
		test(t, setup(t))
	})
	t.Run("mongo", func(t *testing.T) {
		t.Parallel()
		test(t, setupOn(t, mongotest.Store(t)))
	})
}

// begin starts a login.
func (h *rig) begin(binding string) login.Started {
	h.t.Helper()
	s, err := h.Begin(binding)
	if err != nil {
		h.t.Fatal(err)
	}
	return s
}

// decide is the owner on Instagram's page, and the callback that her browser makes.
func (h *rig) decide(s login.Started, d igsim.Decision) login.Callback {
	h.t.Helper()
	to, err := h.sim.Approve(s.URL, d)
	if err != nil {
		h.t.Fatal(err)
	}
	u, err := url.Parse(to)
	if err != nil {
		h.t.Fatal(err)
	}
	cb, err := login.ParseCallback(u.RawQuery)
	if err != nil {
		h.t.Fatal(err)
	}
	return cb
}

// login is a whole login with one decision.
func (h *rig) login(d igsim.Decision) (store.Connection, error) {
	h.t.Helper()
	s := h.begin("")
	return h.Finish(h.t.Context(), h.decide(s, d), s.Binding)
}

// refused holds that a login was refused for one reason and left nothing behind.
func (h *rig) refused(err error, want login.Kind) *login.Refusal {
	h.t.Helper()
	r, ok := errors.AsType[*login.Refusal](err)
	if !ok || r.Kind != want {
		h.t.Fatalf("got %v, want the refusal %q", err, want)
	}
	if list, err := h.st.ListConnections(h.t.Context(), "", 10); err != nil || len(list) != 0 {
		h.t.Errorf("stored %d connections, %v; want none", len(list), err)
	}
	return r
}

// other is a persona who can connect and is not the one named.
func (h *rig) other(id string) string {
	for _, p := range h.sim.Personas() {
		if p.ID != id && !p.NoRole && p.AccountType != "PERSONAL" {
			return p.ID
		}
	}
	h.t.Fatal("no other persona")
	return ""
}

// who is the first persona of whom is is true.
func (h *rig) who(is func(igsim.Persona) bool) string {
	i := slices.IndexFunc(h.sim.Personas(), is)
	if i < 0 {
		h.t.Fatal("no such persona")
	}
	return h.sim.Personas()[i].ID
}

// roundTrip is a way to Instagram.
type roundTrip func(*http.Request) (*http.Response, error)

func (f roundTrip) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }
