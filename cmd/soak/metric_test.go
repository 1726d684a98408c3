package main

import (
	"testing"
	"time"
)

// TestLooked holds that time does not go on before a server has looked by the clock that it has now, and that
// it does go on when it has: a look by a clock that was wrong before lies in the past or in the future.
func TestLooked(t *testing.T) {
	t.Parallel()
	const since, hour = 10 * time.Second, time.Hour
	right := time.Date(2026, 11, 27, 12, 0, 0, 0, time.UTC)
	for _, tt := range []struct {
		name  string
		ahead time.Duration
		last  time.Duration
		want  bool
	}{
		{"just before", 0, -time.Millisecond, false},
		{"at once", 0, 0, true},
		{"just now", 0, since, true},
		{"by a clock that was ahead", 0, hour, false},
		{"hardly in time", 0, since + 3*dateSlack, true},
		{"a little too late", 0, since + 3*dateSlack + time.Millisecond, false},
		{"ahead, and it knows", hour, since, true},
		{"ahead, and it does not know", hour, hour, true},
		{"ahead, and it did not look since", hour, hour - time.Millisecond, false},
		{"behind, and it knows", -hour, 0, true},
		{"behind, and it does not know", -hour, -hour + since, true},
		{"behind, and it did not look since", -hour, -hour - time.Millisecond, false},
	} {
		r := &replica{due: right, own: right.Add(tt.ahead)}
		if got := r.looked(right.Add(tt.last), since); got != tt.want {
			t.Errorf("%s: looked %v", tt.name, got)
		}
	}
}
