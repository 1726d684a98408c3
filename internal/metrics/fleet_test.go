package metrics_test

import (
	"fmt"
	"math"
	"testing"
	"time"

	"latchkey/internal/metrics"
	"latchkey/internal/store"
	"latchkey/internal/store/sqlite/sqlitetest"
)

// noUsage is a process that heard nothing of Instagram's limits.
func noUsage() (app, account float64) { return 0, 0 }

// TestFleet scrapes a real store.
func TestFleet(t *testing.T) {
	t.Parallel()
	s := sqlitetest.Open(t)
	put := func(id int, status store.Status, runway time.Duration) {
		t.Helper()
		c := store.Connection{ID: fmt.Sprint(id), Username: "canary_name", Status: status, ConnectedAt: noon}
		if runway != 0 {
			c.TokenIssuedAt, c.TokenExpiresAt = noon.Add(runway-60*day), noon.Add(runway)
		}
		if _, err := s.PutConnection(t.Context(), c, store.Event{ConnectionID: c.ID, At: noon, Kind: store.EventConnected}); err != nil {
			t.Fatal(err)
		}
	}
	for i, runway := range []time.Duration{-time.Hour, 6 * day, 51 * day, 59 * day, 70 * day} {
		put(i, store.StatusActive, runway)
	}
	put(10, store.StatusActive, 0) // its expiry is not known
	put(11, store.StatusReconnect, 3*day)
	put(12, store.StatusDisconnected, 0)
	for _, a := range []store.Alarm{
		{Kind: store.AlarmApp, RaisedAt: noon},
		{Kind: store.AlarmOperator, RaisedAt: noon.Add(-day), ClearedAt: noon},
	} {
		if _, err := s.PutAlarm(t.Context(), a); err != nil {
			t.Fatal(err)
		}
	}
	m := metrics.New()
	before := names(scrape(t, m))
	m.Watch(s, func() (app, account float64) { return 0.28, 1.1 }, func() time.Time { return noon })

	got := scrape(t, m)

	for name, want := range map[string]float64{
		"latchkey_connections{status=active}":                      6,
		"latchkey_connections{status=reconnect}":                   1,
		"latchkey_connections{status=disconnected}":                1,
		"latchkey_alarm{kind=app}":                                 1,
		"latchkey_alarm{kind=operator}":                            0,
		"latchkey_instagram_usage_ratio{scope=app}":                0.28,
		"latchkey_instagram_usage_ratio{scope=account}":            1.1,
		"latchkey_store_up{}":                                      1,
		"latchkey_token_runway_min_seconds{}":                      -time.Hour.Seconds(),
		"latchkey_token_runway_seconds_bucket{le=0}":               1,
		"latchkey_token_runway_seconds_bucket{le=86400}":           1,
		"latchkey_token_runway_seconds_bucket{" + le(7*day) + "}":  2,
		"latchkey_token_runway_seconds_bucket{" + le(50*day) + "}": 2,
		"latchkey_token_runway_seconds_bucket{" + le(53*day) + "}": 3,
		"latchkey_token_runway_seconds_bucket{" + le(60*day) + "}": 4,
		"latchkey_token_runway_seconds_bucket{le=+Inf}":            5,
		"latchkey_token_runway_seconds_count{}":                    5,
		// Between 1 and 7 days, 50 and 53, 53 and 60, and above.
		"latchkey_token_runway_seconds_sum{}": (4*day + 51*day + 12*time.Hour + 56*day + 12*time.Hour + 60*day).Seconds(),
	} {
		if got[name] != want {
			t.Errorf("%s is %v, want %v", name, got[name], want)
		}
	}
	if after := names(got); len(after) != len(before) {
		t.Errorf("%d series, %d before", len(after), len(before))
	}
}

func le(runway time.Duration) string { return fmt.Sprintf("le=%g", runway.Seconds()) }

// TestNoConnection holds that nothing is not the same as unknown.
func TestNoConnection(t *testing.T) {
	t.Parallel()
	m := metrics.New()
	m.Watch(sqlitetest.Open(t), noUsage, func() time.Time { return noon })
	got := scrape(t, m)
	if v := got["latchkey_connections{status=active}"]; v != 0 {
		t.Errorf("%v active connections", v)
	}
	if v := got["latchkey_token_runway_min_seconds{}"]; !math.IsInf(v, 1) {
		t.Errorf("the shortest runway of none is %v", v)
	}
}
