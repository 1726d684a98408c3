package web

import (
	"strconv"
	"time"
)

// plainYear is how far from now a date may lie and still be understood without its year.
const plainYear = 180 * 24 * time.Hour

// moment is a point in time as pages show it: in UTC, because without a script a server does not
// know where its reader is.
type moment struct {
	// ISO is for machines, Day and Minute are for people. All are empty for what never comes.
	ISO, Day, Minute string
}

// momentOf writes a time with its year.
func momentOf(t time.Time) moment { return momentAs(t, "2 January 2006") }

// momentNear writes a time without its year where nobody doubts which one is meant.
func momentNear(t, now time.Time) moment {
	if t.Sub(now).Abs() < plainYear {
		return momentAs(t, "2 January")
	}
	return momentOf(t)
}

func momentAs(t time.Time, day string) moment {
	if t.IsZero() {
		return moment{}
	}
	t = t.UTC()
	return moment{
		ISO:    t.Format(time.RFC3339),
		Day:    t.Format(day),
		Minute: t.Format(day + ", 15:04 UTC"),
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
