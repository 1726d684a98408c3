package instagram_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"latchkey/instagram"
)

const (
	appUsage      = "X-App-Usage"
	businessUsage = "X-Business-Use-Case-Usage"
)

// usageOf returns what OnUsage hears of an answer with these headers, and how often.
func usageOf(t *testing.T, header http.Header) (got instagram.Usage, times int) {
	t.Helper()
	client := setup(t, &conversation{header: header, body: `{"user_id":"17841400000000123"}`})
	client.OnUsage = func(u instagram.Usage) { got = u; times++ }
	if _, err := client.Me(t.Context(), token()); err != nil {
		t.Fatal(err)
	}
	return got, times
}

func TestUsageHeaders(t *testing.T) {
	t.Parallel()
	app := &instagram.Limit{Calls: 28, CPU: 25, Time: 26}
	account := instagram.Limit{Type: "instagram", Calls: 12, CPU: 3, Time: 4, Regain: 30 * time.Minute}
	const business = `{"17841400000000123":[{"type":"instagram","call_count":12,"total_cputime":3,"total_time":4,"estimated_time_to_regain_access":30,"ads_api_access_tier":"x"}]}`
	tests := []struct {
		name          string
		app, business string
		want          instagram.Usage
		percent       float64
		regain        time.Duration
	}{
		{"app", `{"call_count":28,"total_time":26,"total_cputime":25}`, "", instagram.Usage{App: app}, 28, 0},
		{
			"business", "", business,
			instagram.Usage{Business: map[string][]instagram.Limit{"17841400000000123": {account}}},
			12, 30 * time.Minute,
		},
		{
			"both", `{"call_count":28,"total_time":26,"total_cputime":25}`, business,
			instagram.Usage{App: app, Business: map[string][]instagram.Limit{"17841400000000123": {account}}},
			28, 30 * time.Minute,
		},
		{
			"two ids, beyond the limit", "", `{"1":[{"call_count":1},{"total_cputime":101.5}],"2":[{"call_count":1}]}`,
			instagram.Usage{Business: map[string][]instagram.Limit{"1": {{Calls: 1}, {CPU: 101.5}}, "2": {{Calls: 1}}}},
			101.5, 0,
		},
		{"numbers as texts", `{"call_count":"95"}`, "", instagram.Usage{App: &instagram.Limit{Calls: 95}}, 95, 0},
		{"absurd numbers", `{"call_count":-5,"total_time":1e300,"total_cputime":{}}`, "", instagram.Usage{App: &instagram.Limit{Time: 1e6}}, 1e6, 0},
		{"malformed app", `{"call_count":`, business, instagram.Usage{Business: map[string][]instagram.Limit{"17841400000000123": {account}}}, 12, 30 * time.Minute},
		{"malformed business", `{"call_count":28,"total_time":26,"total_cputime":25}`, `[1]`, instagram.Usage{App: app}, 28, 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			header := http.Header{}
			if tt.app != "" {
				header[appUsage] = []string{tt.app}
			}
			if tt.business != "" {
				header[businessUsage] = []string{tt.business}
			}
			got, times := usageOf(t, header)
			if diff := cmp.Diff(tt.want, got); diff != "" || times != 1 {
				t.Errorf("heard %d times (-want +got):\n%s", times, diff)
			}
			if got.Percent() != tt.percent || got.Regain() != tt.regain {
				t.Errorf("%v %%, %v; want %v %%, %v", got.Percent(), got.Regain(), tt.percent, tt.regain)
			}
		})
	}
}

func TestNoUsageIsNotToldAsZero(t *testing.T) {
	t.Parallel()
	for _, header := range []http.Header{
		nil,
		{appUsage: {"null"}},
		{appUsage: {"<html>"}},
		{appUsage: {""}},
		{businessUsage: {"{}"}},
		{businessUsage: {`{"1":[]}`}},
		{businessUsage: {`{"1":{"call_count":5}}`}},
		{businessUsage: {"null"}},
	} {
		if got, times := usageOf(t, header); times != 0 {
			t.Errorf("%v told %+v", header, got)
		}
	}
}

func TestHowLongToWait(t *testing.T) {
	t.Parallel()
	const regain = `{"1":[{"type":"instagram","call_count":100,"estimated_time_to_regain_access":30}]}`
	tests := []struct {
		header http.Header
		want   time.Duration
	}{
		{nil, 0},
		{http.Header{businessUsage: {regain}}, 30 * time.Minute},
		{http.Header{"Retry-After": {"90"}}, 90 * time.Second},
		{http.Header{"Retry-After": {"90"}, businessUsage: {regain}}, 30 * time.Minute},
		{http.Header{"Retry-After": {answered.Add(time.Hour).Format(http.TimeFormat)}}, time.Hour},
		{http.Header{"Retry-After": {answered.Add(-time.Hour).Format(http.TimeFormat)}}, 0},
		{http.Header{"Retry-After": {"-5"}}, 0},
		{http.Header{"Retry-After": {"soon"}}, 0},
		{http.Header{"Retry-After": {"99999999999"}}, 1e6 * time.Second},
	}
	for _, tt := range tests {
		ig := &conversation{status: 400, header: tt.header, body: graphError(80002, 0, "OAuthException", "")}
		_, err := setup(t, ig).Me(t.Context(), token())
		if e := wantError(t, err, instagram.ClassRetry, "rate_limit"); e.RetryAfter != tt.want {
			t.Errorf("%v: wait %v, want %v", tt.header, e.RetryAfter, tt.want)
		}
	}
}
