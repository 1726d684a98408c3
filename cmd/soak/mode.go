package main

import (
	"time"

	"latchkey/igsim"
)

// mode is what happens to the text of a token when it is refreshed (docs/instagram.md, Refresh).
type mode int

const (
	sameText   mode = iota // it stays
	oldLives               // there is a new one, and the old one works on
	oldLingers             // the old one works for longer than a lease lasts
	oldFades               // the old one works for a few minutes
	oldDies                // the old one stops at once
)

// modes are all of them, in the order in which the days have them.
var modes = []mode{sameText, oldLives, oldLingers, oldFades, oldDies}

// survivable are those in which a kill between answer and write costs nothing.
var survivable = []mode{sameText, oldLives, oldLingers}

const (
	// lingers is how long the old token works in oldLingers: for a lease of ten minutes from a clock that is
	// twelve ahead, and a retry after it.
	lingers = 30 * time.Minute
	// fades is how long it works in oldFades: for a retry within a minute, and not for a usual pause.
	fades = 3 * time.Minute
	// leaseEnds is when the lease of a server is over that was killed, by all clocks that are right.
	leaseEnds = 13 * time.Minute
)

func (m mode) String() string {
	return [...]string{"same text", "old lives", "old lingers", "old fades", "old dies"}[m]
}

func (m mode) switches() igsim.Switches {
	return igsim.Switches{
		SameToken:       m == sameText,
		OldTokenDies:    m.fatal(),
		OldTokenMinutes: map[mode]int{oldLingers: int(lingers / time.Minute), oldFades: int(fades / time.Minute)}[m],
	}
}

// fatal says that a refresh whose answer is lost takes the old token with it, at once or soon.
func (m mode) fatal() bool { return m == oldLingers || m.beforeLease() }

// beforeLease says that the old token is dead before the lease of a server is over that was killed.
func (m mode) beforeLease() bool { return m == oldFades || m == oldDies }
