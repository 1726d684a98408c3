package main

import (
	"fmt"
	"slices"

	"latchkey/igsim"
)

// call is one call of a server for an owner.
type call struct {
	owner    *owner
	endpoint igsim.Endpoint
	// mode is how the token is refreshed, if it is.
	mode mode
	// fault is what the call meets, if it strikes.
	fault   fault
	strikes bool
}

// begin counts a call for the owner of a token and decides what it meets; false when the token is
// nobody's.
func (w *world) begin(e igsim.Endpoint, token string) (call, bool) {
	t, ok := w.sim.Token(token)
	w.mu.Lock()
	defer w.mu.Unlock()
	o := w.known[t.Persona]
	if !ok || o == nil {
		return call{}, false
	}
	o.asked[e]++
	c := call{owner: o, endpoint: e, mode: w.plan.mode(o.persona, o.asked[e], w.modes)}
	if o.endangered || w.justRefreshed(o) {
		c.mode = o.mode // another one could only prolong the text that is about to die
	}
	if w.quiet {
		return c, true
	}
	w.counts.calls++
	if !o.visiting && !o.dying() {
		w.strike(&c)
	}
	return c, true
}

// strike decides whether a call meets a fault, and which. The caller holds the lock.
func (w *world) strike(c *call) {
	o := c.owner
	switch {
	case w.refusing:
		c.fault, c.strikes = toAll, true
	case w.astray && c.endpoint == igsim.Refresh && !w.justRefreshed(o):
		w.astray = false
		w.counts.astray++
		c.mode, c.fault, c.strikes = oldFades, astray, true
	default:
		c.fault, c.strikes = w.plan.fault(o.persona, c.endpoint, o.asked[c.endpoint], func(f fault) bool { return w.may(*c, f) })
		o.lied = o.lied || c.strikes && c.fault.lies()
	}
	if c.strikes {
		w.counts.faults++
		c.fault.Persona = o.persona
	}
}

// may keeps out what would have to end badly whatever a server does. The caller holds the lock.
func (w *world) may(c call, f fault) bool {
	switch {
	case f.spends():
		return c.mode != oldDies
	case f.lies():
		return !c.owner.lied
	case f.stops():
		return !slices.ContainsFunc(w.owners, (*owner).dying)
	}
	return true
}

// told notes an answer that brings no new token, and what it was in truth.
func (w *world) told(c call, replica int, well bool, saw string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	o := c.owner
	o.lied = o.lied && !well
	did := "did what was asked"
	switch {
	case c.strikes && c.endpoint == igsim.Refresh && c.fault.spends():
		o.endangered, o.mode = true, c.mode
		w.strayed = append(w.strayed, pending{o, replica, w.sim.Now(), c.mode})
		did = fmt.Sprintf("refreshed the token, if it was old enough (%v)", c.mode)
	case !well:
		did = "did nothing"
	}
	o.note(w.sim.Now(), "%s for server %d: Instagram %s; the server saw %s", c.endpoint, replica, did, saw)
}
