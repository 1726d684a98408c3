package igsim

import "time"

const day = 24 * time.Hour

var (
	pst = time.FixedZone("PST", -8*60*60)
	pdt = time.FixedZone("PDT", -7*60*60)
)

// pacific is t on the clocks of California, which Instagram's days and error texts go by. The
// rule is written out, so that no zone files are needed.
func pacific(t time.Time) time.Time {
	year := t.In(pst).Year()
	begin := sunday(year, time.March, 2).Add(10 * time.Hour)
	end := sunday(year, time.November, 1).Add(9 * time.Hour)
	if t.Before(begin) || !t.Before(end) {
		return t.In(pst)
	}
	return t.In(pdt)
}

// sunday is midnight UTC of the nth Sunday of a month.
func sunday(year int, month time.Month, n int) time.Time {
	first := time.Date(year, month, 1, 0, 0, 0, 0, time.UTC)
	return first.AddDate(0, 0, (7-int(first.Weekday()))%7+7*(n-1))
}

// pacificMidnight is the beginning of the Pacific day in which t is.
func pacificMidnight(t time.Time) time.Time {
	y, m, d := pacific(t).Date()
	midnight := time.Date(y, m, d, 8, 0, 0, 0, time.UTC)
	if pacific(midnight).Hour() != 0 { // summer
		midnight = midnight.Add(-time.Hour)
	}
	return midnight
}

// nextPacificMidnight is the end of the Pacific day in which t is.
func nextPacificMidnight(t time.Time) time.Time {
	return pacificMidnight(pacificMidnight(t).Add(30 * time.Hour)) // days have 23 to 25 hours
}
