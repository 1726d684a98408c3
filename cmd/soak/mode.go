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
	oldDies                // the old one stops at once
)

// modes are all of them, in the order in which the days have them.
var modes = []mode{sameText, oldLives, oldLingers, oldDies}

// survivable are those in which a kill between answer and write costs nothing.
var survivable = []mode{sameText, oldLives, oldLingers}

const (
	// lingers is how long the old token works in oldLingers: a lease of ten minutes, and time for
	// a retry after a mishap.
	lingers = 30 * time.Minute
	// slowStep is how time moves while such a token is the one that is stored: longer than a
	// lease, by more than the clocks are apart.
	slowStep = 13 * time.Minute
)

func (m mode) String() string {
	return [...]string{"same text", "old lives", "old lingers", "old dies"}[m]
}

func (m mode) switches() igsim.Switches {
	return igsim.Switches{
		SameToken:       m == sameText,
		OldTokenDies:    m == oldLingers || m == oldDies,
		OldTokenMinutes: map[mode]int{oldLingers: int(lingers / time.Minute)}[m],
	}
}

// fatal says that a refresh whose answer is lost takes the old token with it, at once or soon.
func (m mode) fatal() bool { return m == oldLingers || m == oldDies }
