package metrics_test

import (
	"errors"
	"fmt"
	"maps"
	"math"
	"net/http"
	"net/http/httptest"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/prometheus/common/expfmt"
	"github.com/prometheus/common/model"

	"latchkey/instagram"
	"latchkey/internal/metrics"
)

// noon is when the tests of this package take place.
var noon = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

const day = 24 * time.Hour

// scrape is what Prometheus is told of Latchkey: the value of each series, and of a histogram the
// buckets, the count and the sum.
func scrape(t *testing.T, m *metrics.Metrics) map[string]float64 {
	t.Helper()
	w := httptest.NewRecorder()
	m.Handler().ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/metrics", nil))
	parser := expfmt.NewTextParser(model.UTF8Validation)
	families, err := parser.TextToMetricFamilies(w.Body)
	if w.Code != 200 || err != nil {
		t.Fatalf("status %d: %v", w.Code, err)
	}
	series := map[string]float64{}
	for name, family := range families {
		for _, metric := range family.GetMetric() {
			var labels []string
			for _, label := range metric.GetLabel() {
				labels = append(labels, label.GetName()+"="+label.GetValue())
			}
			at := func(suffix string, more ...string) string {
				return name + suffix + "{" + strings.Join(slices.Concat(labels, more), ",") + "}"
			}
			if h := metric.GetHistogram(); h != nil {
				for _, b := range h.GetBucket() {
					series[at("_bucket", fmt.Sprintf("le=%g", b.GetUpperBound()))] = float64(b.GetCumulativeCount())
				}
				series[at("_count")] = float64(h.GetSampleCount())
				series[at("_sum")] = h.GetSampleSum()
				continue
			}
			series[at("")] = metric.GetGauge().GetValue() + metric.GetCounter().GetValue()
		}
	}
	maps.DeleteFunc(series, func(name string, _ float64) bool { return !strings.HasPrefix(name, "latchkey_") })
	return series
}

// names are the series that were told, without the buckets.
func names(series map[string]float64) []string {
	return slices.DeleteFunc(slices.Sorted(maps.Keys(series)), func(name string) bool { return strings.Contains(name, "_bucket{") })
}

// TestSeries holds the names, which rules and dashboards of others lean on, and that all are there
// before anything happened.
func TestSeries(t *testing.T) {
	t.Parallel()
	m := metrics.New()
	m.Declare("cancelled", "no role")
	got := slices.DeleteFunc(names(scrape(t, m)), func(name string) bool {
		return strings.HasPrefix(name, "latchkey_instagram_seconds") || strings.HasPrefix(name, "latchkey_store_")
	})
	want := strings.Split(strings.TrimSpace(`
latchkey_alarm{kind=app}
latchkey_alarm{kind=clock}
latchkey_alarm{kind=operator}
latchkey_alarm{kind=store}
latchkey_conflicts_total{}
latchkey_connections{status=active}
latchkey_connections{status=disconnected}
latchkey_connections{status=reconnect}
latchkey_instagram_usage_ratio{scope=account}
latchkey_instagram_usage_ratio{scope=app}
latchkey_leases_lost_total{}
latchkey_login_total{outcome=cancelled}
latchkey_login_total{outcome=connected}
latchkey_login_total{outcome=failed}
latchkey_login_total{outcome=no role}
latchkey_mail_total{kind=confirm,outcome=away}
latchkey_mail_total{kind=confirm,outcome=failed}
latchkey_mail_total{kind=confirm,outcome=refused}
latchkey_mail_total{kind=confirm,outcome=sent}
latchkey_mail_total{kind=notice,outcome=away}
latchkey_mail_total{kind=notice,outcome=failed}
latchkey_mail_total{kind=notice,outcome=refused}
latchkey_mail_total{kind=notice,outcome=sent}
latchkey_mail_total{kind=operator,outcome=away}
latchkey_mail_total{kind=operator,outcome=failed}
latchkey_mail_total{kind=operator,outcome=refused}
latchkey_mail_total{kind=operator,outcome=sent}
latchkey_refresh_total{outcome=dropped}
latchkey_refresh_total{outcome=failed}
latchkey_refresh_total{outcome=hold}
latchkey_refresh_total{outcome=operator}
latchkey_refresh_total{outcome=permanent}
latchkey_refresh_total{outcome=reconnect}
latchkey_refresh_total{outcome=refreshed}
latchkey_refresh_total{outcome=retry}
latchkey_refresh_total{outcome=spilled}
latchkey_refresh_total{outcome=too_young}
latchkey_sweep_last_timestamp_seconds{}
latchkey_sweep_seconds_count{}
latchkey_sweep_seconds_sum{}
latchkey_token_runway_min_seconds{}
latchkey_token_runway_seconds_count{}
latchkey_token_runway_seconds_sum{}
`), "\n")
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	all := scrape(t, m)
	for _, name := range []string{
		"latchkey_store_up{}", "latchkey_store_seconds_count{operation=claim_due}",
		"latchkey_store_failures_total{operation=ping}",
		"latchkey_instagram_seconds_count{call=refresh,outcome=ok}",
		"latchkey_instagram_seconds_count{call=me,outcome=reconnect}",
	} {
		if v, ok := all[name]; !ok || v != 0 {
			t.Errorf("%s is %v, %v", name, v, ok)
		}
	}
	if v := all["latchkey_connections{status=active}"]; !math.IsNaN(v) {
		t.Errorf("%v connections before the store was asked", v)
	}
}

func TestCounting(t *testing.T) {
	t.Parallel()
	m := metrics.New()
	m.Built("v1.2.3")
	before := names(scrape(t, m))

	m.Refreshed(metrics.Refreshed)
	m.Refreshed(metrics.Refreshed)
	m.Refreshed(metrics.Spilled)
	m.Swept(noon, 90*time.Second)
	m.Conflict()
	m.LeaseLost()
	m.LoggedIn(metrics.LoginConnected)
	m.LoggedIn(metrics.Failed)

	got := scrape(t, m)
	for name, want := range map[string]float64{
		"latchkey_build_info{goversion=" + runtime.Version() + ",version=v1.2.3}": 1,
		"latchkey_refresh_total{outcome=refreshed}":                               2,
		"latchkey_refresh_total{outcome=spilled}":                                 1,
		"latchkey_refresh_total{outcome=retry}":                                   0,
		"latchkey_sweep_last_timestamp_seconds{}":                                 float64(noon.Unix()),
		"latchkey_sweep_seconds_sum{}":                                            90,
		"latchkey_sweep_seconds_bucket{le=60}":                                    0,
		"latchkey_sweep_seconds_bucket{le=120}":                                   1,
		"latchkey_conflicts_total{}":                                              1,
		"latchkey_leases_lost_total{}":                                            1,
		"latchkey_login_total{outcome=connected}":                                 1,
		"latchkey_login_total{outcome=failed}":                                    1,
	} {
		if got[name] != want {
			t.Errorf("%s is %v, want %v", name, got[name], want)
		}
	}
	if diff := cmp.Diff(before, names(got)); diff != "" {
		t.Errorf("series came later: %s", diff)
	}
}

// TestCall holds how calls are named, and that the series of those that every connection needs are
// there before the first one. The calls go to an Instagram that is away.
func TestCall(t *testing.T) {
	t.Parallel()
	m := metrics.New()
	before := names(scrape(t, m))
	server := httptest.NewServer(nil)
	client := &instagram.Client{
		Endpoints: instagram.Endpoints{Token: server.URL, Graph: server.URL},
		HTTP:      server.Client(),
		Trace:     m.Call,
	}
	server.Close()

	_, exchanged := client.Exchange(t.Context(), instagram.NewSecret("code"))
	_, extended := client.Extend(t.Context(), instagram.Token{})
	_, refreshed := client.Refresh(t.Context(), instagram.Token{})
	_, asked := client.Me(t.Context(), instagram.NewSecret("token"))
	for _, err := range []error{exchanged, extended, refreshed, asked} {
		if err == nil {
			t.Error("nobody answered, and there is no error")
		}
	}
	_, ended := m.Call(t.Context(), "me")
	ended(nil)
	_, ended = m.Call(t.Context(), "me")
	ended(errors.New("of another package"))

	got := scrape(t, m)
	for name, want := range map[string]float64{
		"latchkey_instagram_seconds_count{call=code exchange,outcome=retry}":       1,
		"latchkey_instagram_seconds_count{call=long-lived exchange,outcome=retry}": 1,
		"latchkey_instagram_seconds_count{call=refresh,outcome=retry}":             1,
		"latchkey_instagram_seconds_count{call=me,outcome=retry}":                  2,
		"latchkey_instagram_seconds_count{call=me,outcome=ok}":                     1,
	} {
		if got[name] != want {
			t.Errorf("%s is %v, want %v", name, got[name], want)
		}
	}
	if diff := cmp.Diff(before, names(got)); diff != "" {
		t.Errorf("series came later: %s", diff)
	}
}

func TestNoMetrics(t *testing.T) {
	t.Parallel()
	var m *metrics.Metrics
	m.Declare("cancelled")
	m.Refreshed(metrics.Refreshed)
	m.Swept(noon, time.Second)
	m.Conflict()
	m.LeaseLost()
	m.LoggedIn(metrics.LoginConnected)
	m.Mailed(metrics.MailNotice, nil)
	m.Watch(nil, nil, nil)
	_, ended := m.Call(t.Context(), "me")
	ended(nil)
	if s := m.Store(nil); s != nil {
		t.Errorf("a store %v was made of none", s)
	}
	w := httptest.NewRecorder()
	m.Handler().ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/metrics", nil))
	if w.Code != 404 {
		t.Errorf("status %d", w.Code)
	}
}
