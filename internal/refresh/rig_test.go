package refresh_test

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"latchkey/igsim"
	"latchkey/instagram"
	"latchkey/internal/clock"
	"latchkey/internal/logtest"
	"latchkey/internal/metrics"
	"latchkey/internal/refresh"
	"latchkey/internal/seal"
	"latchkey/internal/store"
	"latchkey/internal/store/sqlite"
	"latchkey/internal/store/sqlite/sqlitetest"
	"latchkey/internal/usage"
	"latchkey/internal/vault"
)

const day = 24 * time.Hour

// rig is a keeper on a real store beside a simulated Instagram, all on the simulator's clock.
type rig struct {
	*refresh.Keeper
	t   *testing.T
	sim *igsim.Simulator
	st  *sqlite.Store
	log *logtest.Buffer
	// handler stands before the simulator; a test may put another one in its place.
	handler http.Handler
}

func setup(t *testing.T) *rig {
	t.Helper()
	st := sqlitetest.Open(t)
	ring, err := seal.Generate()
	if err != nil {
		t.Fatal(err)
	}
	h := &rig{t: t, sim: igsim.New(), st: st, log: &logtest.Buffer{}}
	h.handler = h.sim
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { h.handler.ServeHTTP(w, r) }))
	t.Cleanup(server.Close)
	reference := &clock.Reference{Now: h.sim.Now}
	h.Keeper = &refresh.Keeper{
		Instagram: &instagram.Client{
			AppID: igsim.AppID, AppSecret: instagram.NewSecret(igsim.AppSecret),
			RedirectURL: h.sim.App().RedirectURIs[0],
			Endpoints: instagram.Endpoints{
				Authorize: server.URL + "/oauth/authorize", Token: server.URL + "/oauth/access_token",
				Graph: server.URL, Version: "v26.0",
			},
			Now: h.sim.Now, OnDate: reference.Heard,
		},
		Store: st, Vault: &vault.Vault{Keyring: ring, Store: st, Now: h.sim.Now},
		Spill: &refresh.Spill{Dir: filepath.Join(t.TempDir(), "spill"), Log: slog.New(slog.NewTextHandler(h.log, nil))},
		Usage: &usage.Meter{Now: h.sim.Now}, Metrics: metrics.New(), Holder: "a",
		Clock: reference, Log: slog.New(slog.NewTextHandler(h.log, nil)),
	}
	reference.Ask = h.AskTime
	return h
}

// another is a second process on the same store, with a clock that is off by so much.
func (h *rig) another(off time.Duration) *refresh.Keeper {
	return &refresh.Keeper{
		Instagram: h.Instagram, Store: h.Store, Vault: h.Vault, Spill: &refresh.Spill{Log: h.Log},
		Usage: &usage.Meter{Now: h.sim.Now}, Metrics: metrics.New(), Holder: "b",
		Clock: &clock.Reference{Now: func() time.Time { return h.sim.Now().Add(off) }}, Log: h.Log,
	}
}

// connect logs a persona in, and makes her when she is new. It returns her connection.
func (h *rig) connect(persona string) store.Connection {
	h.t.Helper()
	if !slices.ContainsFunc(h.sim.Personas(), func(p igsim.Persona) bool { return p.ID == persona }) {
		if err := h.sim.SetPersona(igsim.Persona{ID: persona, Followers: 500}); err != nil {
			h.t.Fatal(err)
		}
	}
	ctx := h.t.Context()
	scopes := []string{instagram.ScopeBasic, instagram.ScopeInsights}
	callback, err := h.sim.Approve(h.Instagram.AuthorizeURL("state", scopes...), igsim.Decision{Persona: persona})
	if err != nil {
		h.t.Fatal(err)
	}
	u, err := url.Parse(callback)
	if err != nil {
		h.t.Fatal(err)
	}
	short, err := h.Instagram.Exchange(ctx, instagram.NewSecret(u.Query().Get("code")))
	if err != nil {
		h.t.Fatal(err)
	}
	token, err := h.Instagram.Extend(ctx, short)
	if err != nil {
		h.t.Fatal(err)
	}
	account, err := h.Instagram.Me(ctx, token.Value)
	if err != nil {
		h.t.Fatal(err)
	}
	token.Scopes = short.Scopes
	c, err := h.Vault.Connect(ctx, account, token, scopes)
	if err != nil {
		h.t.Fatal(err)
	}
	return c
}

// fleet connects so many personas.
func (h *rig) fleet(n int) []store.Connection {
	h.t.Helper()
	fleet := make([]store.Connection, n)
	for i := range fleet {
		fleet[i] = h.connect(fmt.Sprintf("fleet_%d", i))
	}
	return fleet
}

// pass lets time pass and sweeps.
func (h *rig) pass(d time.Duration) {
	h.t.Helper()
	h.sim.Advance(d)
	if err := h.Sweep(h.t.Context()); err != nil {
		h.t.Fatalf("sweep: %v", err)
	}
}

// week passes a week and the half day by which due times are spread.
func (h *rig) week() {
	h.t.Helper()
	h.pass(7*day + 13*time.Hour)
}

func (h *rig) connection(id string) store.Connection {
	h.t.Helper()
	c, err := h.st.Connection(h.t.Context(), id)
	if err != nil {
		h.t.Fatal(err)
	}
	return c
}

// refreshed checks that a connection was refreshed since its login.
func (h *rig) refreshed(id string) {
	h.t.Helper()
	if h.connection(id).RefreshedAt.IsZero() {
		h.t.Errorf("%s was not refreshed", id)
	}
}

// works says whether Instagram takes the token that is stored.
func (h *rig) works(id string) bool {
	h.t.Helper()
	token, err := h.Vault.OpenForRefresh(h.connection(id))
	if err != nil {
		h.t.Fatal(err)
	}
	_, err = h.Instagram.Me(h.t.Context(), token)
	return err == nil
}

// history returns the kinds of the events of a connection, the oldest first.
func (h *rig) history(id string) []store.EventKind {
	h.t.Helper()
	events, err := h.st.Events(h.t.Context(), id, 1000)
	if err != nil {
		h.t.Fatal(err)
	}
	var kinds []store.EventKind
	for _, e := range slices.Backward(events) {
		kinds = append(kinds, e.Kind)
	}
	return kinds
}

func (h *rig) alarm(kind store.AlarmKind) store.Alarm {
	h.t.Helper()
	all, err := h.st.Alarms(h.t.Context())
	if err != nil {
		h.t.Fatal(err)
	}
	for _, a := range all {
		if a.Kind == kind {
			return a
		}
	}
	return store.Alarm{}
}

// fail makes the next n calls of an endpoint fail.
func (h *rig) fail(e igsim.Endpoint, n int, f igsim.Fault) {
	h.t.Helper()
	if err := h.sim.FailNext(e, n, f); err != nil {
		h.t.Fatal(err)
	}
}

func (h *rig) set(w igsim.Switches) {
	h.t.Helper()
	if err := h.sim.SetSwitches(w); err != nil {
		h.t.Fatal(err)
	}
}

// beforeRefresh does something between the keeper's question and the simulator's answer.
func (h *rig) beforeRefresh(do func(ctx context.Context)) {
	h.handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/refresh_access_token" {
			do(r.Context())
		}
		h.sim.ServeHTTP(w, r)
	})
}
