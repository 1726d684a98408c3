package usage

// Pace is how fast Instagram may be called.
type Pace int

// The paces, from the fastest.
const (
	// Free is room enough, or nothing known.
	Free Pace = iota
	// Slow is three quarters of a limit used: what can wait is spread.
	Slow
	// Stop is nine tenths used: only what has to be done is called.
	Stop
)

// The percentages from which on a pace holds.
const (
	slowFrom = 75
	stopFrom = 90
)

func paceAt(percent float64) Pace {
	switch {
	case percent >= stopFrom:
		return Stop
	case percent >= slowFrom:
		return Slow
	}
	return Free
}

// String is the word for a log.
func (p Pace) String() string {
	return [...]string{Free: "free", Slow: "slow", Stop: "stop"}[p]
}
