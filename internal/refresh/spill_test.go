package refresh_test

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"latchkey/igsim"
	"latchkey/internal/refresh"
	"latchkey/internal/store"
	"latchkey/internal/vault"
)

// outage is a store that takes no write of a connection while it is away, or none of one connection.
type outage struct {
	refresh.Store
	away    bool
	refused string
}

var errAway = errors.New("the store is away")

func (o *outage) UpdateConnection(ctx context.Context, c store.Connection, e ...store.Event) (store.Connection, error) {
	if o.away || c.ID == o.refused {
		return store.Connection{}, errAway
	}
	return o.Store.UpdateConnection(ctx, c, e...)
}

// TestSpill holds that an answer outlives an outage of the store, and a restart in the middle of it,
// in the mode in which nothing else could save the connection.
func TestSpill(t *testing.T) {
	t.Parallel()
	for _, restart := range []bool{false, true} {
		h := setup(t)
		o := &outage{Store: h.Store, away: true}
		h.Store = o
		c := h.connect("studio_north")
		h.set(igsim.Switches{OldTokenDies: true})
		h.week()
		if h.works(c.ID) {
			t.Fatal("the token in the store should be dead by now")
		}
		files, err := os.ReadDir(h.Spill.Dir)
		if err != nil || len(files) != 1 {
			t.Fatalf("%v, %v in the folder", files, err)
		}
		info, _ := files[0].Info()
		body, _ := os.ReadFile(filepath.Join(h.Spill.Dir, files[0].Name()))
		if info.Mode().Perm() != 0o600 || bytes.Contains(body, []byte("IGAA")) {
			t.Errorf("mode %v, holds %q", info.Mode(), body)
		}

		if strings.Contains(h.log.String(), "broke off") {
			t.Errorf("what waits is told as lost, too:\n%s", h.log)
		}
		h.pass(20 * time.Minute) // still away, and the lease is over: the dead token is not tried
		if n := h.sim.Calls(igsim.Refresh); n != 1 {
			t.Errorf("%d refreshes during the outage", n)
		}
		if restart {
			h.Spill = &refresh.Spill{Dir: h.Spill.Dir, Log: h.Log}
		}
		o.away = false
		h.pass(0)
		if !h.works(c.ID) || h.connection(c.ID).Failure.Tries != 0 {
			t.Errorf("restart %v: the answer was lost: %+v", restart, h.connection(c.ID))
		}
		if files, _ := os.ReadDir(h.Spill.Dir); len(files) != 0 {
			t.Errorf("%v is left in the folder", files)
		}
		h.tells(0, "cannot be taken out of the spill folder")
		h.tells(1, "had to wait is written")
	}
}

// TestSpillGivesWay holds that what waited does not undo what happened since.
func TestSpillGivesWay(t *testing.T) {
	t.Parallel()
	for name, since := range map[string]func(h *rig, id string){
		"a login": func(h *rig, _ string) { h.connect("studio_north") },
		"the end": func(h *rig, id string) {
			if _, err := h.Vault.Disconnect(h.t.Context(), vault.CallerOwner, id); err != nil {
				h.t.Fatal(err)
			}
		},
		"an erase": func(h *rig, id string) {
			if err := h.Vault.Erase(h.t.Context(), vault.CallerOwner, id); err != nil {
				h.t.Fatal(err)
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := setup(t)
			o := &outage{Store: h.Store, away: true}
			h.Store = o
			c := h.connect("studio_north")
			h.week()
			h.sim.Advance(time.Minute)
			since(h, c.ID)
			before, errBefore := h.st.Connection(t.Context(), c.ID)
			o.away = false
			h.pass(0)
			after, errAfter := h.st.Connection(t.Context(), c.ID)
			if after.Version != before.Version || (errBefore == nil) != (errAfter == nil) {
				t.Errorf("%+v became %+v", before, after)
			}
			if files, _ := os.ReadDir(h.Spill.Dir); len(files) != 0 {
				t.Errorf("%v is left in the folder", files)
			}
		})
	}
}

// TestSpillOfAReconnect holds that an answer which comes late revives a connection that another
// process took for dead.
func TestSpillOfAReconnect(t *testing.T) {
	t.Parallel()
	h := setup(t)
	o := &outage{Store: h.Store, away: true}
	h.Store = o
	c := h.connect("studio_north")
	h.set(igsim.Switches{OldTokenDies: true})
	h.week()
	o.away = false
	other := h.another(0) // on another machine, so that it does not see the folder
	for range 3 {
		h.sim.Advance(11 * time.Minute)
		if err := other.Sweep(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	if got := h.connection(c.ID); got.Status != store.StatusReconnect {
		t.Fatalf("status %s", got.Status)
	}
	h.pass(0)
	if got := h.connection(c.ID); got.Status != store.StatusActive || !h.works(c.ID) {
		t.Errorf("became %+v", got)
	}
}

// TestSpillWithoutFolder holds that an answer which cannot be put on disk either waits in memory.
func TestSpillWithoutFolder(t *testing.T) {
	t.Parallel()
	h := setup(t)
	o := &outage{Store: h.Store, away: true}
	h.Store = o
	blocked := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(blocked, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	h.Spill.Dir = filepath.Join(blocked, "spill")
	c := h.connect("studio_north")
	h.set(igsim.Switches{OldTokenDies: true})
	h.week()
	if !strings.Contains(h.log.String(), "memory alone") {
		t.Error("the operator is not told")
	}
	o.away = false
	h.pass(0)
	if !h.works(c.ID) {
		t.Error("the answer was lost")
	}
}

// TestSpillFolderIsMended holds that an answer which is in memory alone comes to lie on disk as soon
// as the folder takes it, so that a stop does not lose it.
func TestSpillFolderIsMended(t *testing.T) {
	t.Parallel()
	h := setup(t)
	o := &outage{Store: h.Store, away: true}
	h.Store = o
	if err := os.WriteFile(h.Spill.Dir, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	c := h.connect("studio_north")
	h.set(igsim.Switches{OldTokenDies: true})
	h.week()
	const says = "that was in memory alone is in the spill folder"
	if h.pass(0); strings.Contains(h.log.String(), says) {
		t.Errorf("told too early:\n%s", h.log)
	}
	if err := os.Remove(h.Spill.Dir); err != nil {
		t.Fatal(err)
	}
	h.pass(0) // the store is still away
	h.pass(0)
	if n := strings.Count(h.log.String(), says); n != 1 {
		t.Errorf("told %d times:\n%s", n, h.log)
	}
	h.Spill = &refresh.Spill{Dir: h.Spill.Dir, Log: h.Log}
	o.away = false
	h.pass(0)
	if !h.works(c.ID) {
		t.Error("the answer was lost")
	}
}

// TestSpillOfMany holds that one answer that cannot be written keeps no other one waiting.
func TestSpillOfMany(t *testing.T) {
	t.Parallel()
	h := setup(t)
	o := &outage{Store: h.Store, away: true}
	h.Store = o
	fleet := h.fleet(12)
	h.set(igsim.Switches{OldTokenDies: true})
	h.week()
	o.away, o.refused = false, fleet[0].ID
	h.pass(0)
	for _, c := range fleet {
		if works := h.works(c.ID); works == (c.ID == o.refused) {
			t.Errorf("%s works: %v", c.ID, works)
		}
	}
	o.refused = ""
	h.pass(0)
	if !h.works(fleet[0].ID) {
		t.Error("the last one was lost")
	}
}

// TestSpillOfThePast holds that a file which no longer counts does not keep its connection from being
// refreshed.
func TestSpillOfThePast(t *testing.T) {
	t.Parallel()
	h := setup(t)
	o := &outage{Store: h.Store, away: true}
	h.Store = o
	h.connect("studio_north")
	h.week()
	o.away = false
	h.sim.Advance(time.Minute)
	c := h.connect("studio_north") // since then the answer is worthless
	h.Spill = &refresh.Spill{Dir: h.Spill.Dir, Log: h.Log}
	h.week()
	h.refreshed(c.ID)
}

// TestOnDemandWhileAnAnswerWaits holds that whoever asks for a refresh of a connection whose answer waits to
// be written hears so, and that the token in the store, which may be dead, is not tried.
func TestOnDemandWhileAnAnswerWaits(t *testing.T) {
	t.Parallel()
	h, o, c := spilledIn(t)
	h.sim.Advance(2 * day)
	asked := h.sim.Calls(igsim.AnyEndpoint)
	for range 2 { // the lease is given back
		if _, err := h.Refresh(t.Context(), vault.CallerCommandLine, c.ID); err == nil || !strings.Contains(err.Error(), "waits in the spill folder") {
			t.Errorf("%v", err)
		}
	}
	if n := h.sim.Calls(igsim.AnyEndpoint) - asked; n != 0 {
		t.Errorf("%d calls with a token that may be dead", n)
	}
	o.away = false
	if _, err := h.Refresh(t.Context(), vault.CallerCommandLine, c.ID); err != nil || !h.works(c.ID) {
		t.Errorf("%v", err)
	}
}

// TestOnDemandWithoutAToken holds that whoever asks for a refresh of a connection that was ended hears that
// it has no token, and of one that is not there that there is none.
func TestOnDemandWithoutAToken(t *testing.T) {
	t.Parallel()
	h := setup(t)
	c := h.connect("studio_north")
	h.sim.Advance(2 * day)
	if _, err := h.Vault.Disconnect(t.Context(), vault.CallerOwner, c.ID); err != nil {
		t.Fatal(err)
	}
	if _, err := h.Refresh(t.Context(), vault.CallerCommandLine, c.ID); !errors.Is(err, vault.ErrNoToken) {
		t.Errorf("ended: %v", err)
	}
	if got := h.connection(c.ID); !got.Failure.IsZero() || !got.NextRefreshAt.IsZero() {
		t.Errorf("became %+v", got)
	}
	if _, err := h.Refresh(t.Context(), vault.CallerCommandLine, "nobody"); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("not there: %v", err)
	}
}

// refusing is a store that counts the writes of connections which it refuses, all of them.
type refusing struct {
	refresh.Store
	refused int
}

func (r *refusing) UpdateConnection(context.Context, store.Connection, ...store.Event) (store.Connection, error) {
	r.refused++
	return store.Connection{}, errAway
}

// TestSpillOfAStoreThatIsAway holds that a store which takes none of many answers is asked for eight of
// them and not for each: it would take its time for every one.
func TestSpillOfAStoreThatIsAway(t *testing.T) {
	t.Parallel()
	h := setup(t)
	h.Store = &outage{Store: h.Store, away: true}
	fleet := h.fleet(12)
	h.week()
	if n := len(h.waiting()); n != len(fleet) {
		t.Fatalf("%d answers wait", n)
	}
	r := &refusing{Store: h.st}
	h.Store = r
	h.pass(0)
	if r.refused != 8 {
		t.Errorf("asked for %d, want 8", r.refused)
	}
	if n := strings.Count(h.log.String(), "still wait in the spill folder"); n != 1 {
		t.Errorf("told %d times", n)
	}
}

func TestForeignFileInTheFolder(t *testing.T) {
	t.Parallel()
	h := setup(t)
	if err := os.MkdirAll(h.Spill.Dir, 0o700); err != nil {
		t.Fatal(err)
	}
	foreign := filepath.Join(h.Spill.Dir, "17-1.spill")
	if err := os.WriteFile(foreign, []byte("not ours"), 0o600); err != nil {
		t.Fatal(err)
	}
	h.pass(0)
	h.pass(0)
	if _, err := os.Stat(foreign); err != nil || strings.Count(h.log.String(), "17-1.spill") != 1 {
		t.Errorf("%v; log %s", err, h.log.String())
	}
}

func FuzzSpilled(f *testing.F) {
	f.Add([]byte(`{"connection_id":"17","connected_at":"2026-11-23T12:00:00Z","token_issued_at":"2026-11-23T12:00:00Z","token_expires_at":"2027-01-22T12:00:00Z","expiry_assumed":false,"scopes":null,"caller":"refresh","sealed_token":"AAAA"}`))
	f.Add([]byte(`{}`))
	f.Fuzz(func(t *testing.T, body []byte) {
		e, err := refresh.ParseSpilled(body)
		if err == nil && (e.ConnectionID == "" || len(e.SealedToken) == 0 || e.TokenIssuedAt.IsZero()) {
			t.Errorf("took %+v", e)
		}
	})
}

// TestLeaseInDoubt holds that a holder who has waited too long asks for its lease again before it
// calls, and does not call when somebody else has it.
func TestLeaseInDoubt(t *testing.T) {
	t.Parallel()
	for _, lost := range []bool{false, true} {
		h := setup(t)
		c := h.connect("studio_north")
		h.sim.Advance(8 * day)
		l, err := h.st.Claim(t.Context(), c.ID, h.Holder, h.sim.Now(), 10*time.Minute)
		if err != nil {
			t.Fatal(err)
		}
		if lost {
			h.sim.Advance(11 * time.Minute)
			if _, err := h.st.Claim(t.Context(), c.ID, "b", h.sim.Now(), 10*time.Minute); err != nil {
				t.Fatal(err)
			}
		}
		h.AttendSince(t.Context(), l, time.Now().Add(-6*time.Minute-31*time.Second))
		if called := h.sim.Calls(igsim.Refresh) > 0; called == lost {
			t.Errorf("lease lost %v, called %v", lost, called)
		}
	}
}
