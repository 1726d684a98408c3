package login_test

import (
	"context"
	"crypto/rand"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"latchkey/igsim"
	"latchkey/internal/login"
	"latchkey/internal/metrics"
	"latchkey/internal/store"
)

// link stores a link of some purpose for a connection and returns its secret.
func (h *rig) link(purpose store.Purpose, connectionID string) string {
	h.t.Helper()
	secret := rand.Text()
	now := h.sim.Now()
	err := h.st.CreateLink(h.t.Context(), store.Link{
		Secret: store.HashOf(secret), Purpose: purpose, ConnectionID: connectionID,
		CreatedAt: now, ExpiresAt: now.Add(7 * 24 * time.Hour),
	})
	if err != nil {
		h.t.Fatal(err)
	}
	return secret
}

// through begins a login through a link.
func (h *rig) through(secret string) login.Started {
	h.t.Helper()
	s, err := h.BeginThrough(h.t.Context(), "", secret)
	if err != nil {
		h.t.Fatal(err)
	}
	return s
}

// lapsed is a rig with a connection that needs its owner, and a link for her.
func lapsed(t *testing.T) (h *rig, c store.Connection, secret string) {
	t.Helper()
	h = setup(t)
	c, secret = h.lapse()
	return h, c, secret
}

// lapse connects an account, makes its connection one that needs its owner, and a link for her.
func (h *rig) lapse() (c store.Connection, secret string) {
	h.t.Helper()
	h.Now = h.sim.Now
	c, err := h.login(igsim.Decision{Persona: "studio_north"})
	if err != nil {
		h.t.Fatal(err)
	}
	c.Status, c.StatusReason = store.StatusReconnect, "Instagram no longer accepts the permission."
	c, err = h.st.UpdateConnection(h.t.Context(), c, store.Event{ConnectionID: c.ID, At: h.sim.Now(), Kind: store.EventReconnectNeeded, Caller: "refresh"})
	if err != nil {
		h.t.Fatal(err)
	}
	return c, h.link(store.LinkReconnect, c.ID)
}

// kind holds that a login was refused for one reason.
func kind(t *testing.T, err error, want login.Kind) {
	t.Helper()
	if r, ok := errors.AsType[*login.Refusal](err); !ok || r.Kind != want {
		t.Errorf("got %v, want the refusal %q", err, want)
	}
}

// used says whether a link is used up.
func (h *rig) used(secret string) bool {
	h.t.Helper()
	l, err := h.st.Link(h.t.Context(), store.HashOf(secret))
	if err != nil {
		h.t.Fatal(err)
	}
	return !l.UsedAt.IsZero()
}

func TestThroughALink(t *testing.T) {
	t.Parallel()
	h, before, secret := lapsed(t)
	s := h.through(secret)
	if h.used(secret) {
		t.Error("to begin used the link up")
	}
	c, err := h.Finish(t.Context(), h.decide(s, igsim.Decision{Persona: "studio_north"}), s.Binding)
	if err != nil || c.ID != before.ID || c.Status != store.StatusActive || c.StatusReason != "" {
		t.Fatalf("connected %+v, %v", c, err)
	}
	events, err := h.st.Events(t.Context(), c.ID, 10)
	if err != nil || len(events) != 3 || events[0].Kind != store.EventConnected || events[1].Kind != store.EventReconnectNeeded || events[2].Kind != store.EventConnected {
		t.Errorf("the history is %+v, %v", events, err)
	}
	if !h.used(secret) {
		t.Error("the login did not use the link up")
	}
	_, err = h.BeginThrough(t.Context(), "", secret)
	kind(t, err, login.LinkUsed)
}

func TestThroughNoLink(t *testing.T) {
	t.Parallel()
	h, c, secret := lapsed(t)
	for _, none := range []string{"", "MADEUP", h.link(store.LinkConfirm, c.ID), h.link(store.LinkStop, c.ID)} {
		_, err := h.BeginThrough(t.Context(), "", none)
		kind(t, err, login.LinkUnknown)
	}
	l, err := h.st.Link(t.Context(), store.HashOf(secret))
	if err != nil {
		t.Fatal(err)
	}
	h.Now = func() time.Time { return l.ExpiresAt }
	_, err = h.BeginThrough(t.Context(), "", secret)
	kind(t, err, login.LinkExpired)
	h.Now = func() time.Time { return l.ExpiresAt.Add(-time.Millisecond) }
	if _, err := h.BeginThrough(t.Context(), "", secret); err != nil {
		t.Errorf("a millisecond before its end: %v", err)
	}
}

// TestAnotherAccountThroughALink holds that only the account of the link gets in, that the other one
// leaves no trace, and that the link is still good.
func TestAnotherAccountThroughALink(t *testing.T) {
	t.Parallel()
	personal := func(p igsim.Persona) bool { return p.AccountType == "PERSONAL" }
	for name, who := range map[string]func(*rig) string{
		"one that could connect": func(h *rig) string { return h.other("studio_north") },
		"a personal one":         func(h *rig) string { return h.who(personal) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h, before, secret := lapsed(t)
			s := h.through(secret)
			_, err := h.Finish(t.Context(), h.decide(s, igsim.Decision{Persona: who(h)}), s.Binding)
			kind(t, err, login.OtherAccount)
			if r, ok := errors.AsType[*login.Refusal](err); ok && r.Wanted != before.ID {
				t.Errorf("wanted is %q", r.Wanted)
			}
			all, err := h.st.ListConnections(t.Context(), "", 10)
			if err != nil || len(all) != 1 || all[0].Version != before.Version || all[0].Status != store.StatusReconnect {
				t.Errorf("stored %+v, %v", all, err)
			}
			if h.used(secret) {
				t.Error("the link is used up")
			}
			s = h.through(secret)
			if _, err := h.Finish(t.Context(), h.decide(s, igsim.Decision{Persona: "studio_north"}), s.Binding); err != nil {
				t.Error(err)
			}
		})
	}
}

// TestARefusedLoginLeavesTheLink is an owner who says no on Instagram's page.
func TestARefusedLoginLeavesTheLink(t *testing.T) {
	t.Parallel()
	h, _, secret := lapsed(t)
	s := h.through(secret)
	_, err := h.Finish(t.Context(), h.decide(s, igsim.Decision{Persona: "studio_north", Deny: true}), s.Binding)
	kind(t, err, login.Cancelled)
	if h.used(secret) {
		t.Error("the link is used up")
	}
}

// TestOneLoginThroughALink finishes logins of the right account that all began through one link, at once and
// one after another: one gets in, also when the link ended on the way, and the others change nothing.
func TestOneLoginThroughALink(t *testing.T) {
	t.Parallel()
	const many = 6
	for name, late := range map[string]bool{"in time": false, "after the end of the link": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			onBothStores(t, func(t *testing.T, h *rig) {
				before, secret := h.lapse()
				begun := make([]login.Started, many)
				for n := range begun {
					begun[n] = h.through(secret)
				}
				if late {
					h.Now = func() time.Time { return h.sim.Now().Add(8 * 24 * time.Hour) }
				}
				finish := func(s login.Started) error {
					_, err := h.Finish(h.t.Context(), h.decide(s, igsim.Decision{Persona: "studio_north"}), s.Binding)
					return err
				}
				errs := make([]error, many)
				var all sync.WaitGroup
				for n, s := range begun[1:] {
					all.Go(func() { errs[n+1] = finish(s) })
				}
				all.Wait()
				errs[0] = finish(begun[0])
				in := 0
				for _, err := range errs {
					if err == nil {
						in++
						continue
					}
					kind(t, err, login.LinkUsed)
				}
				c, err := h.st.Connection(t.Context(), before.ID)
				if err != nil || in != 1 || c.Version != before.Version+1 || c.Status != store.StatusActive {
					t.Errorf("%d got in, and stored is %+v, %v", in, c, err)
				}
				if !h.used(secret) || strings.Contains(h.log.String(), "level=WARN") {
					t.Errorf("the link is used: %v; the log says\n%s", h.used(secret), h.log)
				}
			})
		})
	}
}

// TestALinkThatEndsOnTheWay holds that an owner who began in time is let in, and that it is not said that she
// came later.
func TestALinkThatEndsOnTheWay(t *testing.T) {
	t.Parallel()
	h, _, secret := lapsed(t)
	s := h.through(secret)
	cb := h.decide(s, igsim.Decision{Persona: "studio_north"})
	l, err := h.st.Link(t.Context(), store.HashOf(secret))
	if err != nil {
		t.Fatal(err)
	}
	h.Now = func() time.Time { return l.ExpiresAt }
	if _, err := h.Finish(t.Context(), cb, s.Binding); err != nil {
		t.Error(err)
	}
	if l, err = h.st.Link(t.Context(), l.Secret); err != nil || !l.UsedAt.Equal(l.ExpiresAt.Add(-time.Millisecond)) {
		t.Errorf("the link is %+v, %v", l, err)
	}
}

// TestErasedOnTheWay holds that what was erased does not come back through a link.
func TestErasedOnTheWay(t *testing.T) {
	t.Parallel()
	h, c, secret := lapsed(t)
	s := h.through(secret)
	cb := h.decide(s, igsim.Decision{Persona: "studio_north"})
	if err := h.st.DeleteConnection(t.Context(), c.ID); err != nil {
		t.Fatal(err)
	}
	_, err := h.Finish(t.Context(), cb, s.Binding)
	h.refused(err, login.LinkUnknown)
}

// linkless is a store whose links cannot be written or, at first, read.
type linkless struct {
	store.Store
	reads bool
}

var errLinks = errors.New("no links today")

func (l *linkless) Link(ctx context.Context, secret store.Hash) (store.Link, error) {
	if l.reads {
		return l.Store.Link(ctx, secret)
	}
	return store.Link{}, errLinks
}

func (l *linkless) UseLink(context.Context, store.Hash, time.Time) (store.Link, error) {
	return store.Link{}, errLinks
}

// TestLinksThatAreAway holds that nothing is stored through a link of which nobody knows whose it is, or that
// cannot be used up.
func TestLinksThatAreAway(t *testing.T) {
	t.Parallel()
	h, before, secret := lapsed(t)
	s := h.through(secret)
	away := &linkless{Store: h.st}
	h.Store = away
	if _, err := h.BeginThrough(t.Context(), "", secret); !errors.Is(err, errLinks) {
		t.Errorf("begin: %v", err)
	}
	if _, err := h.Finish(t.Context(), h.decide(s, igsim.Decision{Persona: "studio_north"}), s.Binding); !errors.Is(err, errLinks) {
		t.Errorf("finish: %v", err)
	}
	away.reads = true
	s = h.through(secret)
	if _, err := h.Finish(t.Context(), h.decide(s, igsim.Decision{Persona: "studio_north"}), s.Binding); !errors.Is(err, errLinks) {
		t.Errorf("finish through a link that is not used up: %v", err)
	}
	if c, err := h.st.Connection(t.Context(), before.ID); err != nil || c.Version != before.Version {
		t.Errorf("version %d is stored, %v", c.Version, err)
	}
	if strings.Contains(h.log.String(), secret) {
		t.Errorf("the log says\n%s", h.log)
	}
}

// erasing is a store in which the connection of a link is erased just before the link is used.
type erasing struct {
	store.Store
	id string
}

func (e erasing) UseLink(ctx context.Context, secret store.Hash, now time.Time) (store.Link, error) {
	if err := e.DeleteConnection(ctx, e.id); err != nil {
		return store.Link{}, err
	}
	return e.Store.UseLink(ctx, secret, now)
}

// TestErasedAtTheLastMoment holds that what is erased while a login through a link is finished stays erased.
func TestErasedAtTheLastMoment(t *testing.T) {
	t.Parallel()
	onBothStores(t, func(t *testing.T, h *rig) {
		c, secret := h.lapse()
		s := h.through(secret)
		h.Store = erasing{h.st, c.ID}
		_, err := h.Finish(t.Context(), h.decide(s, igsim.Decision{Persona: "studio_north"}), s.Binding)
		h.refused(err, login.LinkUnknown)
	})
}

// TestLoginsAreCounted holds that each end of a login is counted under its name.
func TestLoginsAreCounted(t *testing.T) {
	t.Parallel()
	h, _, secret := lapsed(t)
	h.Metrics = metrics.New()
	for _, k := range login.Kinds() {
		h.Metrics.Declare(string(k))
	}
	finish := func(s login.Started, d igsim.Decision) error {
		_, err := h.Finish(t.Context(), h.decide(s, d), s.Binding)
		return err
	}
	for _, s := range []login.Started{h.through(secret), h.begin("")} {
		if err := finish(s, igsim.Decision{Persona: "studio_north"}); err != nil {
			t.Fatal(err)
		}
	}
	_, err := h.BeginThrough(t.Context(), "", secret)
	kind(t, err, login.LinkUsed)
	kind(t, finish(h.begin(""), igsim.Decision{Persona: "studio_north", Deny: true}), login.Cancelled)
	h.Instagram.HTTP = &http.Client{Transport: roundTrip(func(*http.Request) (*http.Response, error) { return nil, errLinks })}
	kind(t, finish(h.begin(""), igsim.Decision{Persona: "studio_north"}), login.InstagramAway)
	s := h.begin("")
	back := h.decide(s, igsim.Decision{Persona: "studio_north"})
	h.st.Close()
	if _, err := h.Finish(t.Context(), back, s.Binding); err == nil {
		t.Error("a login came back without a store")
	}
	page := httptest.NewRecorder()
	h.Metrics.Handler().ServeHTTP(page, httptest.NewRequest(http.MethodGet, "/metrics", nil))
	counted := page.Body.String()
	for outcome, want := range map[string]string{
		"connected": "2", "link used": "1", "cancelled": "1", "instagram away": "1", "failed": "1", "other account": "0",
	} {
		if line := `latchkey_login_total{outcome="` + outcome + `"} ` + want + "\n"; !strings.Contains(counted, line) {
			t.Errorf("no line %q in\n%s", line, counted)
		}
	}
}
