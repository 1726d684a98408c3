package metrics

import (
	"net/http"
	"runtime"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// Metrics is everything that is counted by one process.
type Metrics struct {
	registry *prometheus.Registry
	build    *prometheus.GaugeVec
	fleet    *fleet
	disks    *disks

	refreshed  *prometheus.CounterVec
	loggedIn   *prometheus.CounterVec
	mailed     *prometheus.CounterVec
	sweptAt    prometheus.Gauge
	sweepTook  prometheus.Histogram
	conflicts  prometheus.Counter
	leasesLost prometheus.Counter
	calls      *prometheus.HistogramVec
	operations *prometheus.HistogramVec
	failures   *prometheus.CounterVec
}

// New returns metrics of which nothing was counted yet, with a registry of their own that also has
// the process and the Go runtime in it.
func New() *Metrics {
	m := &Metrics{
		registry: prometheus.NewRegistry(),
		build: prometheus.NewGaugeVec(prometheus.GaugeOpts(opts("build_info",
			"Always 1; the labels are the version of the program and that of Go.")), []string{"version", "goversion"}),
		fleet:     newFleet(),
		disks:     newDisks(),
		refreshed: counters("refresh_total", "Tries at a refresh of a token, by how they ended.", "outcome"),
		loggedIn:  counters("login_total", "Logins that came back from Instagram or were refused before, by how they ended.", "outcome"),
		mailed: counters("mail_total", "Mails by whom they are for, confirm and notice for owners and operator, and by how the mail server took them: "+
			"sent, refused for good, away (it takes no mail at all), or failed otherwise.", "kind", "outcome"),
		sweptAt:    prometheus.NewGauge(prometheus.GaugeOpts(opts("sweep_last_timestamp_seconds", "When this process last looked through what was due, in Unix time; 0 before the first time."))),
		conflicts:  prometheus.NewCounter(prometheus.CounterOpts(opts("conflicts_total", "Writes that came too late, because somebody else had written the connection first."))),
		leasesLost: prometheus.NewCounter(prometheus.CounterOpts(opts("leases_lost_total", "Leases that were over before their holder was done."))),
		sweepTook: prometheus.NewHistogram(prometheus.HistogramOpts{
			Namespace: namespace, Name: "sweep_seconds", Help: "How long a look through what was due took, with all refreshes in it.",
			Buckets: []float64{0.01, 0.1, 1, 5, 15, 30, 60, 120, 300, 600},
		}),
		calls: histograms("instagram_seconds", "Calls to Instagram, by their name and how they ended: ok, or the class of the error.",
			[]float64{0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30}, "call", "outcome"),
		operations: histograms("store_seconds", "Operations of the store, those that failed included.",
			[]float64{0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.1, 0.5, 2, 10}, "operation"),
		failures: counters("store_failures_total", "Operations of the store that failed. An answer such as not found, conflict or lease lost is no failure.", "operation"),
	}
	m.registry.MustRegister(
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}),
		m.build, m.fleet, m.disks, m.refreshed, m.loggedIn, m.mailed, m.sweptAt, m.sweepTook, m.conflicts, m.leasesLost,
		m.calls, m.operations, m.failures,
	)
	m.begin()
	return m
}

// begin makes the series whose labels are known beforehand.
func (m *Metrics) begin() {
	for _, outcome := range outcomes() {
		m.refreshed.WithLabelValues(outcome)
	}
	m.Declare()
	for _, kind := range mailKinds() {
		for _, outcome := range mailOutcomes() {
			m.mailed.WithLabelValues(kind, outcome)
		}
	}
	for _, call := range firstCalls() {
		for _, outcome := range callOutcomes() {
			m.calls.WithLabelValues(call, outcome)
		}
	}
	for _, operation := range operations() {
		m.operations.WithLabelValues(operation)
		m.failures.WithLabelValues(operation)
	}
}

// Built says which version of the program this is.
func (m *Metrics) Built(version string) { m.build.WithLabelValues(version, runtime.Version()).Set(1) }

// Handler answers a scrape. That of a nil *Metrics finds nothing.
func (m *Metrics) Handler() http.Handler {
	if m == nil {
		return http.NotFoundHandler()
	}
	return promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{})
}

// Swept records a look through what was due: as of when, by the domain's clock, and how long it
// took.
func (m *Metrics) Swept(at time.Time, took time.Duration) {
	if m == nil {
		return
	}
	m.sweptAt.Set(seconds(at))
	m.sweepTook.Observe(took.Seconds())
}

// Conflict counts a write that came too late.
func (m *Metrics) Conflict() {
	if m != nil {
		m.conflicts.Inc()
	}
}

// LeaseLost counts a lease that was over before its holder was done.
func (m *Metrics) LeaseLost() {
	if m != nil {
		m.leasesLost.Inc()
	}
}

// seconds is a moment in Unix time.
func seconds(t time.Time) float64 { return float64(t.UnixMilli()) / 1000 }

const namespace = "latchkey"

func opts(name, help string) prometheus.Opts {
	return prometheus.Opts{Namespace: namespace, Name: name, Help: help}
}

func counters(name, help string, labels ...string) *prometheus.CounterVec {
	return prometheus.NewCounterVec(prometheus.CounterOpts(opts(name, help)), labels)
}

func histograms(name, help string, buckets []float64, labels ...string) *prometheus.HistogramVec {
	return prometheus.NewHistogramVec(
		prometheus.HistogramOpts{Namespace: namespace, Name: name, Help: help, Buckets: buckets}, labels)
}
