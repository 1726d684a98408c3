package instagram

import (
	"strconv"
	"time"
)

// Time is a moment as Instagram writes it, in UTC: "2026-09-26T22:36:43+0000", whose zone has no
// colon, RFC 3339, or seconds since 1970. The zero Time is anything else, so use IsZero.
type Time struct{ time.Time }

// graphTime is the layout of the Graph API (docs/instagram.md, Media).
const graphTime = "2006-01-02T15:04:05-0700"

// UnmarshalJSON never returns an error.
func (t *Time) UnmarshalJSON(b []byte) error {
	*t = Time{}
	s, ok := unquote(b)
	if !ok {
		s = string(b)
	}
	for _, layout := range []string{graphTime, time.RFC3339} {
		if at, err := time.Parse(layout, s); err == nil {
			t.set(at)
			return nil
		}
	}
	if seconds, err := strconv.ParseInt(s, 10, 64); err == nil {
		t.set(time.Unix(seconds, 0))
	}
	return nil
}

// set keeps a moment of our era that JSON can write again.
func (t *Time) set(at time.Time) {
	if at = at.UTC(); at.Unix() > 0 && at.Year() <= 9999 {
		t.Time = at
	}
}
