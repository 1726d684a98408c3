package api

import (
	"fmt"
	"time"
)

// timeLayout is RFC 3339 in UTC with exactly three digits of a second.
const timeLayout = "2006-01-02T15:04:05.000Z"

// Time is a moment in JSON: RFC 3339 in UTC with Z and milliseconds, and null for the zero time,
// which means never.
type Time struct{ time.Time }

// MarshalJSON writes the moment.
func (t Time) MarshalJSON() ([]byte, error) {
	if t.IsZero() {
		return []byte("null"), nil
	}
	return []byte(t.UTC().Format(`"` + timeLayout + `"`)), nil
}

// UnmarshalJSON reads what MarshalJSON writes, and any other RFC 3339 time.
func (t *Time) UnmarshalJSON(b []byte) error {
	if string(b) == "null" {
		t.Time = time.Time{}
		return nil
	}
	parsed, err := time.Parse(`"`+time.RFC3339+`"`, string(b))
	if err != nil {
		return fmt.Errorf("a time is an RFC 3339 string or null: %w", err)
	}
	t.Time = parsed.UTC()
	return nil
}
