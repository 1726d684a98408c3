package main

import (
	"fmt"
	"time"

	"latchkey/igsim"
)

// owner is one made-up owner: what she does, and what Instagram answered about her.
type owner struct {
	persona string
	// id is her connection; empty until her first login.
	id string

	// asked counts the calls for her at each endpoint.
	asked map[igsim.Endpoint]int
	// lied says that Instagram asked for her without need and has not answered rightly since.
	lied bool
	// endangered says that a refresh was done whose answer is not in the store, and mode how the last
	// one was done: where the old token does not last, the stored one is dying.
	endangered bool
	mode       mode
	// visiting says that she is logging in now.
	visiting bool

	// refreshed is the last refresh since her last login that was answered well, by the
	// simulator's clock.
	refreshed time.Time
	// interrupted says that the answer to it was in hand at a kill.
	interrupted bool

	// twice says that a refresh came too soon after the one before it, and nothing called for it.
	twice bool

	// absences are the times during which she has ended the permission herself.
	absences []absence
	// doomed says that a kill took her only token: it was between the answer and the write of a
	// refresh that ended the old one.
	doomed bool

	// lines is her history, for the report on what went wrong.
	lines []entry
}

// dying says that the stored token stops working within minutes, unless a refresh comes first.
func (o *owner) dying() bool { return o.endangered && !o.doomed && o.mode.fatal() }

// absence is from the end of a permission to the next login; a zero end is not over.
type absence struct{ from, to time.Time }

// absent says whether she has ended the permission and not come back.
func (o *owner) absent() bool {
	return len(o.absences) > 0 && o.absences[len(o.absences)-1].to.IsZero()
}

// note adds a line to her history.
func (o *owner) note(at time.Time, format string, args ...any) {
	o.lines = append(o.lines, entry{at, fmt.Sprintf(format, args...)})
}

// visit is what an owner does on a day of the run.
type visit int

const (
	stays visit = iota
	changesPassword
	removesApp
	returns
)

// returnsAfter is how long an owner who comes back was away: longer than it takes to notice, with
// everything that goes wrong.
const returnsAfter = 14

// leavers is one in so many owners.
const leavers = 25

// does says what the owner does on a day. One in leavers ends the permission on some day, and half
// of those come back.
func (p plan) does(personaID string, day, days int) visit {
	random := p.random(personaID, "leaves")
	if random.IntN(leavers) != 0 || days < 2 {
		return stays
	}
	leaves := 1 + random.IntN(days-1)
	how := []visit{changesPassword, removesApp}[random.IntN(2)]
	comesBack := random.IntN(2) == 0
	switch {
	case day == leaves:
		return how
	case comesBack && day == leaves+returnsAfter:
		return returns
	}
	return stays
}

// turn is every one of the owners whose place leaves n when it is divided by of.
func turn(owners []*owner, n, of int) []*owner {
	var those []*owner
	for i := n; i < len(owners); i += of {
		those = append(those, owners[i])
	}
	return those
}
