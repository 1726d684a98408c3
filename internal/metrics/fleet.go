package metrics

import (
	"context"
	"math"
	"slices"
	"sync/atomic"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"latchkey/internal/store"
)

// fleet tells of all connections together, as the store knows them when it is scraped. It is asked
// by every process that shares the store, so a query takes the maximum and not the sum.
type fleet struct {
	connections, runway, soonest, alarm, usage, up *prometheus.Desc

	watched atomic.Pointer[watched]
	// clockOff is the alarm of this process alone.
	clockOff atomic.Bool
	// storeBroken is the alarm of a store that takes no writes, which cannot keep it.
	storeBroken atomic.Bool
	writes      atomic.Pointer[func(context.Context) error]
}

// clockAlarm is the kind of the alarm of a clock that is wrong. Each process has its own, so that it is
// none of the store's.
const clockAlarm = "clock"

// ClockOff says whether the clock of this process is known to be wrong.
func (m *Metrics) ClockOff(off bool) {
	if m != nil {
		m.fleet.clockOff.Store(off)
	}
}

// storeAlarm is the kind of the alarm of a store that takes no writes until somebody mends it.
const storeAlarm = "store"

// StoreBroken says whether the store takes no writes until somebody mends it.
func (m *Metrics) StoreBroken(broken bool) {
	if m != nil {
		m.fleet.storeBroken.Store(broken)
	}
}

// WatchWrites lets each scrape ask whether the store takes writes (health.Monitor.Check).
func (m *Metrics) WatchWrites(check func(context.Context) error) {
	if m != nil {
		m.fleet.writes.Store(&check)
	}
}

// writable asks whether the store takes writes, beside what else a scrape asks.
func (f *fleet) writable() <-chan bool {
	answer := make(chan bool, 1)
	check := f.writes.Load()
	if check == nil {
		answer <- true
		return answer
	}
	go func() {
		ctx, cancel := context.WithTimeout(context.Background(), patience)
		defer cancel()
		answer <- (*check)(ctx) == nil
	}()
	return answer
}

// watched is where a fleet gets what it tells.
type watched struct {
	asker *cachedStats
	usage func() (app, account float64)
	now   func() time.Time
}

const untilFirst = " NaN until the store first answered; while latchkey_store_up is 0, what it answered last."

func newFleet() *fleet {
	return &fleet{
		connections: desc("connections", "Connections, by status."+untilFirst, "status"),
		runway: desc("token_runway_seconds", "The life left in the tokens of active connections at the scrape, "+
			"which may also shrink: not for rate(). The sum is an estimate from the buckets."),
		soonest: desc("token_runway_min_seconds", "The life left in the token of the active connection whose token "+
			"expires first, negative when it has; +Inf when none is active."+untilFirst),
		alarm: desc("alarm", "Whether an alarm is on, 1 or 0: app and operator are of the whole installation, clock and store are those of this process."+untilFirst, "kind"),
		usage: desc("instagram_usage_ratio", "How much of Instagram's call limits is used, as this process heard in "+
			"the last hour, of the app and the highest of an account: 1 is all; 0 also when it is not known.", "scope"),
		up: desc("store_up", "Whether the store answered this scrape within 3 seconds and takes writes, 1 or 0."),
	}
}

func desc(name, help string, labels ...string) *prometheus.Desc {
	return prometheus.NewDesc(prometheus.BuildFQName(namespace, "", name), help, labels, nil)
}

// Watch lets each scrape ask the store for the connections and the alarms, and usage for how
// much of Instagram's limits is used (usage.Meter.Highest); now is the domain's clock. A large store
// is not asked at every scrape, and a scrape waits at most three seconds for it.
func (m *Metrics) Watch(s FleetStore, usage func() (app, account float64), now func() time.Time) {
	if m != nil {
		m.fleet.watched.Store(&watched{asker: &cachedStats{store: s, now: now}, usage: usage, now: now})
	}
}

// Describe is for the registry.
func (f *fleet) Describe(to chan<- *prometheus.Desc) {
	for _, d := range []*prometheus.Desc{f.connections, f.runway, f.soonest, f.alarm, f.usage, f.up} {
		to <- d
	}
}

// Collect is for the registry.
func (f *fleet) Collect(to chan<- prometheus.Metric) {
	gauge := func(d *prometheus.Desc, value float64, labels ...string) {
		to <- prometheus.MustNewConstMetric(d, prometheus.GaugeValue, value, labels...)
	}
	writable := f.writable()
	var last answer
	var up bool
	var app, account float64
	soonest := math.NaN()
	if w := f.watched.Load(); w != nil {
		last, up = w.asker.ask()
		app, account = w.usage()
		switch {
		case !last.counts.Soonest.IsZero():
			soonest = last.counts.Soonest.Sub(w.now()).Seconds()
		case last.known():
			soonest = math.Inf(1) // no token runs out, and rules compare with a number
		}
	}
	for _, status := range []store.Status{store.StatusActive, store.StatusReconnect, store.StatusDisconnected} {
		gauge(f.connections, last.count(status), string(status))
	}
	for _, kind := range store.AlarmKinds() {
		gauge(f.alarm, last.alarm(kind), string(kind))
	}
	gauge(f.alarm, number(f.clockOff.Load()), clockAlarm)
	gauge(f.alarm, number(f.storeBroken.Load()), storeAlarm)
	to <- runwayHistogram(f.runway, last.counts)
	gauge(f.soonest, soonest)
	gauge(f.usage, app, "app")
	gauge(f.usage, account, "account")
	gauge(f.up, number(<-writable && up))
}

// count is how many connections have the status, NaN when that is not known.
func (a answer) count(s store.Status) float64 {
	if !a.known() {
		return math.NaN()
	}
	return float64(a.counts.Status[s])
}

// alarm is 1 while an alarm of the kind lasts, NaN when that is not known.
func (a answer) alarm(kind store.AlarmKind) float64 {
	if !a.known() {
		return math.NaN()
	}
	return number(slices.ContainsFunc(a.alarms, func(one store.Alarm) bool { return one.Kind == kind && one.Lasts() }))
}

func number(yes bool) float64 {
	if yes {
		return 1
	}
	return 0
}
