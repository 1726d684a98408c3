package metrics

import (
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"latchkey/internal/store"
)

const day = 24 * time.Hour

// runways are the bounds of the histogram. A healthy connection is between 52 and 60 days: it is
// refreshed at 53, half a day earlier or later.
func runways() []time.Duration {
	return []time.Duration{0, day, 7 * day, 14 * day, 30 * day, 45 * day, 50 * day, 53 * day, 60 * day}
}

// runwayEnds are the moments at which a token expires whose runway at now is a bound.
func runwayEnds(now time.Time) []time.Time {
	ends := make([]time.Time, 0, len(runways()))
	for _, runway := range runways() {
		ends = append(ends, now.Add(runway))
	}
	return ends
}

// runwayHistogram is how much runway the active connections have. The store counts below each
// bound and does not add up, so the sum is an estimate: every connection is taken to stand in the
// middle between its bounds, one past its expiry at 0, one above the last bound on it.
func runwayHistogram(desc *prometheus.Desc, c store.Counts) prometheus.Metric {
	bounds := runways()
	buckets := make(map[float64]uint64, len(bounds))
	var below int64
	var lower, sum float64
	for i, n := range c.Ending {
		upper := bounds[i].Seconds()
		buckets[upper] = uint64(n)
		sum += float64(n-below) * (lower + upper) / 2
		below, lower = n, upper
	}
	sum += float64(c.Dated-below) * lower
	return prometheus.MustNewConstHistogram(desc, uint64(c.Dated), sum, buckets)
}
