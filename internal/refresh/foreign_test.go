package refresh_test

import (
	"context"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"latchkey/igsim"
	"latchkey/internal/refresh"
	"latchkey/internal/store"
)

// spilledIn is a rig whose store took no answer of a refresh, which lies in its spill folder now and is
// the only token that works.
func spilledIn(t *testing.T) (h *rig, o *outage, c store.Connection) {
	t.Helper()
	h = setup(t)
	o = &outage{Store: h.Store, away: true}
	h.Store = o
	c = h.connect("studio_north")
	h.set(igsim.Switches{OldTokenDies: true})
	h.week()
	if len(h.waiting()) != 1 || h.works(c.ID) {
		t.Fatalf("%q waits", h.waiting())
	}
	return h, o, c
}

// waiting are the files in the spill folder, and aside those that were moved aside.
func (h *rig) waiting() []string { return spillFiles(h.t, h.Spill.Dir) }

func (h *rig) aside() []string {
	return spillFiles(h.t, filepath.Join(h.Spill.Dir, refresh.AsideFolder))
}

func spillFiles(t *testing.T, folder string) []string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(folder, "*.spill"))
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// restart forgets what is in memory alone.
func (h *rig) restart() { h.Spill = &refresh.Spill{Dir: h.Spill.Dir, Log: h.Log} }

// TestSpillOfTwoStores has two servers on two stores share a folder, by mistake. Each keeps its own
// answers, whoever sweeps first, and through restarts.
func TestSpillOfTwoStores(t *testing.T) {
	t.Parallel()
	h, o, c := spilledIn(t)
	stranger := setup(t)
	stranger.Spill = &refresh.Spill{Dir: h.Spill.Dir, Log: stranger.Log}
	for range 2 {
		stranger.pass(0)
	}
	if len(h.waiting()) != 0 || len(h.aside()) != 1 {
		t.Errorf("waiting %q, aside %q", h.waiting(), h.aside())
	}
	if n := strings.Count(stranger.log.String(), "is for another store"); n != 1 || !strings.Contains(stranger.log.String(), "LATCHKEY_SPILL_DIR") {
		t.Errorf("told %d times: %s", n, stranger.log)
	}
	h.restart()
	h.pass(20 * time.Minute) // still away: the dead token is not tried
	if n := h.sim.Calls(igsim.Refresh); n != 1 {
		t.Errorf("%d refreshes", n)
	}
	o.away = false
	h.pass(0)
	if !h.works(c.ID) || len(h.aside()) != 0 {
		t.Errorf("works %t, aside %q", h.works(c.ID), h.aside())
	}
}

// TestAnAnswerOfAnotherStoreBlocksNobody holds that a connection that both stores have is refreshed in the
// one while an answer for the other waits.
func TestAnAnswerOfAnotherStoreBlocksNobody(t *testing.T) {
	t.Parallel()
	h, _, c := spilledIn(t)
	stranger := setup(t)
	if own := stranger.connect("studio_north"); own.ID != c.ID {
		t.Fatalf("%s and %s are to be the same", own.ID, c.ID)
	}
	stranger.Spill = &refresh.Spill{Dir: h.Spill.Dir, Log: stranger.Log}
	stranger.week()
	stranger.refreshed(c.ID)
	if len(h.aside()) != 1 {
		t.Errorf("aside %q", h.aside())
	}
}

// TestSpillBeforeIdentities holds what becomes of a file that does not say for which store it is: this one
// writes it where it knows the connection, and moves it aside where not. Nobody removes it.
func TestSpillBeforeIdentities(t *testing.T) {
	t.Parallel()
	h, o, c := spilledIn(t)
	h.withoutStore()
	stranger := setup(t)
	stranger.Spill = &refresh.Spill{Dir: h.Spill.Dir, Log: stranger.Log}
	stranger.pass(0)
	aside := h.aside()
	if len(aside) != 1 || len(h.waiting()) != 0 {
		t.Fatalf("aside %q, waiting %q", aside, h.waiting())
	}
	// The operator does as the log says.
	if err := os.Rename(aside[0], filepath.Join(h.Spill.Dir, filepath.Base(aside[0]))); err != nil {
		t.Fatal(err)
	}
	h.restart()
	o.away = false
	h.pass(0)
	if !h.works(c.ID) || len(h.waiting())+len(h.aside()) != 0 {
		t.Errorf("works %t, waiting %q, aside %q", h.works(c.ID), h.waiting(), h.aside())
	}
}

// withoutStore makes the files in the spill folder what they were before stores had an identity.
func (h *rig) withoutStore() {
	h.t.Helper()
	for _, path := range h.waiting() {
		body, err := os.ReadFile(path)
		members := map[string]any{}
		if err := errors.Join(err, json.Unmarshal(body, &members)); err != nil {
			h.t.Fatal(err)
		}
		delete(members, "store")
		if body, err = json.Marshal(members); err != nil {
			h.t.Fatal(err)
		}
		if err := os.WriteFile(path, body, 0o600); err != nil {
			h.t.Fatal(err)
		}
	}
	h.restart()
}

// TestAnAnswerThatCannotBeMovedAside holds that it stays where it is, and that this is told once.
func TestAnAnswerThatCannotBeMovedAside(t *testing.T) {
	t.Parallel()
	h, _, _ := spilledIn(t)
	if err := os.WriteFile(filepath.Join(h.Spill.Dir, refresh.AsideFolder), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	stranger := setup(t)
	stranger.Spill = &refresh.Spill{Dir: h.Spill.Dir, Log: stranger.Log}
	stranger.pass(0)
	stranger.pass(0)
	if n := strings.Count(stranger.log.String(), "cannot be moved aside"); n != 1 || len(h.waiting()) != 1 {
		t.Errorf("told %d times, waiting %q", n, h.waiting())
	}
}

// nameless is a store that does not say which it is, since it is away.
type nameless struct {
	refresh.Store
	away bool
}

func (n *nameless) Identity(ctx context.Context) (string, error) {
	if n.away {
		return "", errAway
	}
	return n.Store.Identity(ctx)
}

// TestSpillWhileTheStoreIsUnknown holds that nothing is moved or removed before it is known for which store
// it is, and that the dead token in the store is not tried meanwhile.
func TestSpillWhileTheStoreIsUnknown(t *testing.T) {
	t.Parallel()
	h, o, c := spilledIn(t)
	o.away = false
	n := &nameless{Store: h.Store, away: true}
	h.Store = n
	h.restart()
	h.pass(20 * time.Minute)
	if len(h.waiting()) != 1 || h.sim.Calls(igsim.Refresh) != 1 {
		t.Errorf("waiting %q after %d refreshes", h.waiting(), h.sim.Calls(igsim.Refresh))
	}
	n.away = false
	h.pass(0)
	if !h.works(c.ID) {
		t.Error("the answer was lost")
	}
}

// TestWhereAnAnswerIsToldOnce holds that the log has one line about it, and a true one.
func TestWhereAnAnswerIsToldOnce(t *testing.T) {
	t.Parallel()
	h, _, _ := spilledIn(t)
	checkOneLine(t, h.log.String(), "waits in the spill folder")

	h = setup(t)
	h.Store = &outage{Store: h.Store, away: true}
	if err := os.WriteFile(h.Spill.Dir, nil, 0o600); err != nil { // no folder can be there
		t.Fatal(err)
	}
	h.connect("studio_north")
	h.week()
	checkOneLine(t, h.log.String(), "in memory alone")
}

func checkOneLine(t *testing.T, log, says string) {
	t.Helper()
	var told []string
	for line := range strings.Lines(log) {
		if strings.Contains(line, "refreshed token") && !strings.Contains(line, "still wait") {
			told = append(told, line)
		}
	}
	if len(told) != 1 || !strings.Contains(told[0], says) || strings.Contains(told[0], "IGAA") {
		t.Errorf("told %q, want one line with %q", told, says)
	}
}
