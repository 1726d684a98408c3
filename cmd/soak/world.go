package main

import (
	"fmt"
	"slices"
	"sync"
	"time"

	"latchkey/igsim"
	"latchkey/internal/store"
)

// world is Instagram and the owners: what is so, whatever a server believes.
type world struct {
	sim  *igsim.Simulator
	plan plan

	// asking lets calls be answered one at a time: how a token is refreshed is a switch of the whole
	// simulator, and a fault is for the next call.
	asking sync.Mutex

	mu     sync.Mutex // guards all below
	owners []*owner
	known  map[string]*owner // by persona
	// modes are those of which each refresh has one.
	modes []mode
	// quiet says that no answer is wrong for now, refusing that all are, and alike.
	quiet, refusing bool
	// clockWrong says that the clock of a server is wrong: by that the leases of the others are over, so
	// that a connection may be worked on twice.
	clockWrong bool
	// astray says that the answer to the next refresh goes astray while the old token fades.
	astray bool
	// pending are the good answers to refreshes since everything was last idle.
	pending []pending
	// strayed are refreshes that were done and whose answers were bad, each with when.
	strayed []pending

	counts counts
}

// counts are what a world counted.
type counts struct {
	// calls are the refreshes and questions for /me, faults those that were answered wrongly.
	calls, faults int
	// refreshes were answered well, twice of them too soon after the one before.
	refreshes, twice int
	// astray are answers that went astray on purpose, while the old token faded.
	astray int
	// torn are answers that were in hand at a kill and are not in the store.
	torn int
}

// pending is an answer that a server has to write.
type pending struct {
	owner   *owner
	replica int
	// issued is when the token was issued, to the second, as the answer says.
	issued time.Time
	mode   mode
}

func newWorld(p plan, connections int, redirects []string) (*world, error) {
	w := &world{sim: igsim.New(), plan: p, known: map[string]*owner{}, modes: []mode{oldLives}, quiet: true}
	app := w.sim.App()
	app.RedirectURIs = redirects
	w.sim.SetApp(app)
	for i := range connections {
		o := &owner{persona: fmt.Sprintf("owner_%05d", i), asked: map[igsim.Endpoint]int{}}
		if err := w.sim.SetPersona(igsim.Persona{ID: o.persona, Followers: 100 + i, Posts: 5}); err != nil {
			return nil, err
		}
		w.owners = append(w.owners, o)
		w.known[o.persona] = o
	}
	return w, nil
}

// shift says what may happen to a token when it is refreshed from now on.
func (w *world) shift(among ...mode) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.modes = among
}

func (w *world) hush(quiet bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.quiet = quiet
}

// refuse lets Instagram refuse everybody, or ends that.
func (w *world) refuse(everybody bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.refusing = everybody
}

// goAstray lets the answer to the next refresh go astray while the old token fades.
func (w *world) goAstray() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.astray = true
}

// misset says whether the clock of a server is wrong from now on.
func (w *world) misset(wrong bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.clockWrong = wrong
}

// tooSoon is the age below which a second refresh is a waste.
const tooSoon = 24 * time.Hour

// renewed counts a refresh that is being answered well.
func (w *world) renewed(c call, replica int, issued time.Time) {
	w.mu.Lock()
	defer w.mu.Unlock()
	o, now := c.owner, w.sim.Now()
	w.counts.refreshes++
	again := w.justRefreshed(o)
	if again && !o.interrupted && !w.clockWrong {
		w.counts.twice++
		o.twice = true
	}
	o.note(now, "refresh for server %d: Instagram refreshed the token (%v) and says so; again too soon: %v, after a kill: %v",
		replica, c.mode, again, o.interrupted)
	o.refreshed, o.interrupted, o.lied, o.endangered, o.mode = now, false, false, false, c.mode
	w.pending = append(w.pending, pending{o, replica, issued, c.mode})
}

// justRefreshed says that another refresh would be a waste.
func (w *world) justRefreshed(o *owner) bool {
	return !o.refreshed.IsZero() && w.sim.Now().Sub(o.refreshed) < tooSoon
}

// unwritten takes the answers that were for one server, or for any when replica is negative.
func (w *world) unwritten(replica int) (those []pending) {
	w.mu.Lock()
	defer w.mu.Unlock()
	var rest []pending
	for _, p := range w.pending {
		if replica < 0 || p.replica == replica {
			those = append(those, p)
		} else {
			rest = append(rest, p)
		}
	}
	w.pending = rest
	return those
}

// strayedFrom takes the refreshes that were done while one server got no good answer.
func (w *world) strayedFrom(replica int) (those []pending) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.strayed = slices.DeleteFunc(w.strayed, func(p pending) bool {
		if p.replica == replica {
			those = append(those, p)
		}
		return p.replica == replica
	})
	return those
}

// interrupt marks the owner of an answer that was in hand at a kill and is not in the store. lasts
// says whether the token that is there works for longer than a lease.
func (w *world) interrupt(p pending, lasts bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	o := p.owner
	w.counts.torn++
	o.interrupted, o.endangered = true, true
	if p.mode.beforeLease() && !lasts {
		o.doomed = true
	}
	o.note(w.sim.Now(), "server %d was killed with the answer in hand (%v) and wrote nothing; the stored token outlasts a lease: %v", p.replica, p.mode, lasts)
}

// counted is what the world counted until now.
func (w *world) counted() counts {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.counts
}

// visits notes that an owner begins or ends a login.
func (w *world) visits(o *owner, now bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	o.visiting = now
}

// connected notes that an owner has logged in: whatever was, she has a new token.
func (w *world) connected(o *owner) {
	w.mu.Lock()
	defer w.mu.Unlock()
	now := w.sim.Now()
	o.refreshed, o.interrupted, o.lied, o.endangered = time.Time{}, false, false, false
	if o.absent() {
		o.absences[len(o.absences)-1].to = now
	}
	o.note(now, "she logged in")
}

// leaves lets an owner end the permission, unless it ended before.
func (w *world) leaves(o *owner, what string, how func(personaID string) error) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if o.doomed || o.absent() {
		return nil
	}
	now := w.sim.Now()
	o.absences = append(o.absences, absence{from: now})
	o.note(now, "%s", what)
	return how(o.persona)
}

// name tells which connection is whose.
func (w *world) name(personaID, connectionID string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if o := w.known[personaID]; o != nil {
		o.id = connectionID
	}
}

// dying are the owners whose stored tokens may stop working within minutes.
func (w *world) dying() (those []*owner) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, o := range w.owners {
		if o.dying() {
			those = append(those, o)
		}
	}
	return those
}

// heard are the good answers since everything was last idle.
func (w *world) heard() []pending {
	w.mu.Lock()
	defer w.mu.Unlock()
	return slices.Clone(w.pending)
}

// truth is what is so about every owner, to be compared with what is believed.
func (w *world) truth() []seen {
	w.mu.Lock()
	defer w.mu.Unlock()
	var all []seen
	for _, o := range w.owners {
		all = append(all, seen{
			persona: o.persona, absences: slices.Clone(o.absences), doomed: o.doomed, twice: o.twice,
			connection: store.Connection{ID: o.id},
		})
	}
	return all
}

// history is what was asked about an owner and what she did.
func (w *world) history(personaID string) []entry {
	w.mu.Lock()
	defer w.mu.Unlock()
	return slices.Clone(w.known[personaID].lines)
}
