package store

import "time"

const (
	// refreshAge is the age at which a token is refreshed, and with it the weekly rhythm.
	refreshAge = 7 * 24 * time.Hour
	// refreshSpread is how far around refreshAge the due times of a fleet are spread.
	refreshSpread = 12 * time.Hour
	// youngestRefresh is the age below which Instagram refuses a refresh (docs/instagram.md, Refresh).
	youngestRefresh = 24 * time.Hour
)

const (
	// LongestWait is the longest time for which a refresh is put off: the weekly rhythm with its spread
	// fits in. A next refresh that is farther away was written by a clock that ran ahead.
	LongestWait = 8 * 24 * time.Hour
	// ClockTolerance is how far apart the clocks of processes that share a store may be. A moment in the
	// past of whoever wrote it is not farther ahead of anybody else, unless a clock was wrong.
	ClockTolerance = 5 * time.Minute
)

// NextRefresh says when a token is due for a refresh: seven days after its issue, half a day
// earlier or later by jitter, which runs from 0 to 1. A token that lives shorter than two weeks is
// due at half its life, but no token before it is 24 hours old.
func NextRefresh(issued, expires time.Time, jitter float64) time.Time {
	age := refreshAge - refreshSpread + time.Duration(jitter*float64(2*refreshSpread))
	age = max(min(age, expires.Sub(issued)/2), youngestRefresh)
	return issued.Add(age)
}
