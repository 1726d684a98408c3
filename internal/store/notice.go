package store

import "time"

const day = 24 * time.Hour

// FirstNotice is the runway at which an owner is told for the first time that her connection needs her.
const FirstNotice = 14 * day

// noticeMarks are the runways at which an owner is told that her connection needs her.
var noticeMarks = [...]time.Duration{FirstNotice, 7 * day, day}

// NextNotice says when the owner of a token that expires then is next told that it runs out: at 14
// days, 7 days and 1 day before, the first of them that comes after now. Zero means that none is
// left, or that the expiry is not known.
func NextNotice(expires, now time.Time) time.Time {
	if expires.IsZero() {
		return time.Time{}
	}
	for _, before := range noticeMarks {
		if at := expires.Add(-before); at.After(now) {
			return at
		}
	}
	return time.Time{}
}

// Overdue says that the token should have been refreshed by now, or that it will not be before its
// end. A connection without a token is not overdue.
func (c Connection) Overdue(now time.Time) bool {
	if c.TokenExpiresAt.IsZero() {
		return false
	}
	return !c.NextRefreshAt.After(now) || !c.NextRefreshAt.Before(c.TokenExpiresAt)
}

// RunsOut says that the connection is to be told to its owner as one that ends, or that has ended,
// because nobody extends it: at 14 days before its end, the first mark of [NextNotice], or less.
// A token of a short life may be well with little left.
func (c Connection) RunsOut(now time.Time) bool {
	if c.Status != StatusActive || c.TokenExpiresAt.IsZero() {
		return false
	}
	return c.TokenExpiresAt.Sub(now) <= FirstNotice && (!c.Failure.IsZero() || c.Overdue(now))
}

// DaysLeft is how many days the token still lives, of which the last counts whole; 0 past its end.
func (c Connection) DaysLeft(now time.Time) int {
	return max(0, int((c.TokenExpiresAt.Sub(now)+day-1)/day))
}
