package main

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// scraper asks for metrics. A scrape that has to wait for a store that is away takes three seconds.
var scraper = &http.Client{Timeout: 5 * time.Second}

// metric reads the series of a name, added up. A name without labels is that one series.
func (r *replica) metric(ctx context.Context, series string) (float64, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, r.metrics, nil)
	if err != nil {
		return 0, err
	}
	res, err := scraper.Do(req)
	if err != nil {
		return 0, err
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		return 0, err
	}
	return readMetric(string(body), series)
}

func readMetric(body, series string) (float64, error) {
	for text := range strings.Lines(body) {
		if value, ok := strings.CutPrefix(text, series+" "); ok {
			return strconv.ParseFloat(strings.TrimSpace(value), 64)
		}
	}
	return 0, errors.New("there is no " + series + " among the metrics")
}

// idle says whether the server has looked after everything that is due by its clock.
func (r *replica) idle(ctx context.Context) bool {
	if r.line.busy.Load() > 0 {
		return false
	}
	seconds, err := r.metric(ctx, "latchkey_sweep_last_timestamp_seconds")
	return err == nil && r.looked(time.UnixMilli(int64(seconds*1000)), time.Since(r.set))
}

// looked says that the last sweep ended since the clock was set, by Instagram's time or by the server's own:
// while that is wrong it may not know yet. One that is still to come by both is from a clock that was wrong
// before.
func (r *replica) looked(last time.Time, since time.Duration) bool {
	for _, from := range []time.Time{r.due, r.own} {
		if after := last.Sub(from); after >= 0 && after <= since+3*dateSlack {
			return true
		}
	}
	return false
}
