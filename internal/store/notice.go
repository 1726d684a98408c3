package store

import "time"

const day = 24 * time.Hour

// noticeMarks are the runways at which an owner is told that her connection needs her.
var noticeMarks = [...]time.Duration{14 * day, 7 * day, day}

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
