package web

import (
	"strconv"
	"time"
)

// moment is a point in time as pages show it: in UTC, because without a script a server does not
// know where its reader is.
type moment struct {
	// ISO is for machines, Day and Minute are for people.
	ISO, Day, Minute string
}

func momentOf(t time.Time) moment {
	t = t.UTC()
	return moment{
		ISO:    t.Format(time.RFC3339),
		Day:    t.Format("2 January 2006"),
		Minute: t.Format("2 January 2006, 15:04 UTC"),
	}
}

// left says how long d is, in the largest unit that is not zero, never more than it is.
func left(d time.Duration) string {
	switch {
	case d >= 24*time.Hour:
		return count(int64(d/(24*time.Hour)), "day")
	case d >= time.Hour:
		return count(int64(d/time.Hour), "hour")
	case d >= 2*time.Minute:
		return count(int64(d/time.Minute), "minute")
	default:
		return "Less than two minutes"
	}
}

func count(n int64, unit string) string {
	if n == 1 {
		return "1 " + unit
	}
	return strconv.FormatInt(n, 10) + " " + unit + "s"
}
