package igsim_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"
)

// insights asks for the account's insights of a persona at noon.
func (r *rig) insights(token string, pairs ...string) reply {
	r.Helper()
	return r.get("/v25.0/me/insights", append([]string{"access_token", token}, pairs...)...)
}

func unix(t time.Time) string { return fmt.Sprint(t.Unix()) }

func TestInsightSeries(t *testing.T) {
	t.Parallel()
	r := setup(t)
	r.sim.Set(noon)
	token := r.long("studio_north")
	got := r.insights(token, "metric", "reach", "period", "day",
		"since", unix(noon.Add(-30*24*hour)), "until", unix(noon))
	if got.at("data", 0, "name") != "reach" || got.at("data", 0, "period") != "day" {
		t.Fatal(got.text)
	}
	values, _ := got.at("data", 0, "values").([]any)
	if len(values) < 25 || len(values) > 30 {
		t.Errorf("%d days of 30", len(values))
	}
	for _, v := range values {
		end, err := time.Parse("2006-01-02T15:04:05-0700", v.(map[string]any)["end_time"].(string))
		if err != nil {
			t.Fatal(err)
		}
		// Daylight saving ended in the morning of 1 November.
		want := 8
		if end.Before(time.Date(2026, 11, 1, 9, 0, 0, 0, time.UTC)) {
			want = 7
		}
		if end.UTC().Hour() != want || end.Minute() != 0 {
			t.Errorf("a day ends at %v", end)
		}
	}
	for _, link := range []string{"previous", "next"} {
		if text, _ := got.at("paging", link).(string); !strings.Contains(text, "access_token=IGAA") {
			t.Errorf("%s is %q", link, text)
		}
	}
}

func TestInsightLag(t *testing.T) {
	t.Parallel()
	r := setup(t)
	midnight := time.Date(2026, 11, 20, 8, 0, 0, 0, time.UTC) // in California
	value := func(now time.Time) (int, bool) {
		r.sim.Set(now)
		got := r.insights(r.long("studio_north"), "metric", "reach", "period", "day",
			"since", unix(midnight.Add(-hour)), "until", unix(midnight))
		if len(r.items(got)) == 0 {
			return 0, false
		}
		return r.number(got, "data", 0, "values", 0, "value"), true
	}
	if n, ok := value(midnight.Add(5 * hour)); ok {
		t.Errorf("%d five hours after the day", n)
	}
	early, ok := value(midnight.Add(7 * hour))
	later, _ := value(midnight.Add(30 * hour))
	final, _ := value(midnight.Add(49 * hour))
	if !ok || early >= later || later >= final {
		t.Errorf("7, 30 and 49 hours after the day: %d, %d, %d", early, later, final)
	}
	if n, _ := value(midnight.Add(80 * 24 * hour)); n != final {
		t.Errorf("after 80 days it is %d, was %d", n, final)
	}
	if n, ok := value(midnight.Add(91 * 24 * hour)); ok {
		t.Errorf("after 91 days it is still there: %d", n)
	}
}

func TestInsightHoles(t *testing.T) {
	t.Parallel()
	r := setup(t)
	r.sim.Set(noon)
	token := r.long("studio_north")
	days := 0
	for back := range 3 {
		until := noon.Add(-time.Duration(back) * 28 * 24 * hour)
		got := r.insights(token, "metric", "reach", "period", "day", "since", unix(until.Add(-28*24*hour)), "until", unix(until))
		values, _ := got.at("data", 0, "values").([]any)
		days += len(values)
	}
	if days == 84 || days < 74 {
		t.Errorf("%d of 84 days", days)
	}
}

func TestInsightTotals(t *testing.T) {
	t.Parallel()
	r := setup(t)
	r.sim.Set(noon)
	token := r.long("studio_north")
	total := func(pairs ...string) reply {
		return r.insights(token, append(pairs, "period", "day", "metric_type", "total_value",
			"since", unix(noon.Add(-7*24*hour)), "until", unix(noon))...)
	}
	views := total("metric", "views")
	if n := r.number(views, "data", 0, "total_value", "value"); n < 100 {
		t.Errorf("views of a week: %d", n)
	}
	split := total("metric", "views", "breakdown", "follow_type")
	results, _ := split.at("data", 0, "total_value", "breakdowns", 0, "results").([]any)
	if len(results) < 2 || split.at("data", 0, "total_value", "value") != nil {
		t.Error(split.text)
	}
	two := total("metric", "likes,saves")
	if two.at("data", 1, "name") != "saves" {
		t.Error(two.text)
	}

	people := r.insights(token, "metric", "follower_demographics", "period", "lifetime",
		"metric_type", "total_value", "timeframe", "this_month", "breakdown", "country")
	sum := 0
	countries, _ := people.at("data", 0, "total_value", "breakdowns", 0, "results").([]any)
	for _, c := range countries {
		n, _ := c.(map[string]any)["value"].(json.Number).Int64()
		sum += int(n)
	}
	followers := r.number(r.get("/me", "fields", "followers_count", "access_token", token), "followers_count")
	if len(countries) < 3 || sum >= followers || sum < followers/2 {
		t.Errorf("%d countries with %d of %d followers", len(countries), sum, followers)
	}
}

func TestInsightsUnderAHundredFollowers(t *testing.T) {
	t.Parallel()
	r := setup(t)
	r.sim.Set(noon)
	token := r.long("tiny_bakery")
	for _, pairs := range [][]string{
		{"metric", "follower_count", "period", "day"},
		{"metric", "follows_and_unfollows", "period", "day", "metric_type", "total_value"},
		{"metric", "follower_demographics", "period", "lifetime", "metric_type", "total_value", "timeframe", "this_week", "breakdown", "age"},
	} {
		if got := r.insights(token, pairs...); got.status != 200 || len(r.items(got)) != 0 {
			t.Errorf("%v: %s", pairs, got.text)
		}
	}
	if got := r.insights(r.long("studio_north"), "metric", "follower_count", "period", "day",
		"since", unix(noon.Add(-4*24*hour)), "until", unix(noon)); len(r.items(got)) != 1 {
		t.Error(got.text)
	}
}

func TestInsightRefusals(t *testing.T) {
	t.Parallel()
	r := setup(t)
	r.sim.Set(noon)
	token := r.long("studio_north")
	for _, c := range []struct {
		text  string
		code  int
		pairs []string
	}{
		{"metric is required", 100, []string{"period", "day"}},
		{"period is required", 100, []string{"metric", "reach"}},
		{"metric[1] must be one of", 100, []string{"metric", "reach,impressions", "period", "day"}},
		{"Incompatible metrics (reach) with period (week)", 100, []string{"metric", "reach", "period", "week"}},
		{"metric_type=total_value", 100, []string{"metric", "views", "period", "day"}},
		{"cannot be specified with", 100, []string{"metric", "follower_count", "period", "day", "metric_type", "total_value"}},
		{"An unknown error has occurred", 1, []string{"metric", "reach", "period", "day", "metric_type", "total_value", "breakdown", "city"}},
		{"breakdown is required", 100, []string{"metric", "follower_demographics", "period", "lifetime", "metric_type", "total_value", "timeframe", "this_week"}},
		{"timeframe must be", 100, []string{"metric", "follower_demographics", "period", "lifetime", "metric_type", "total_value", "timeframe", "last_30_days", "breakdown", "age"}},
		{"30 days", 100, []string{"metric", "reach", "period", "day", "since", unix(noon.Add(-31 * 24 * hour)), "until", unix(noon)}},
		{"UNIX timestamp", 100, []string{"metric", "reach", "period", "day", "since", "-1"}},
	} {
		r.refusal(r.insights(token, c.pairs...), 400, c.code, c.text)
	}
	r.refusal(r.insights(r.long("private_pat"), "metric", "reach", "period", "day"), 400, 100, "does not exist")
}

func TestMediaInsights(t *testing.T) {
	t.Parallel()
	r := setup(t)
	r.sim.Set(noon)
	token := r.long("studio_north")
	items, _ := r.all("/me/media", "access_token", token, "limit", "100", "fields", "id,media_product_type,like_count,timestamp")
	ask := func(id, metric string) reply {
		return r.get("/v25.0/"+id+"/insights", "metric", metric, "access_token", token)
	}
	reel, feed := "", ""
	for _, item := range items[5:] {
		m := item.(map[string]any)
		if m["media_product_type"] == "REELS" {
			reel = m["id"].(string)
		} else if m["like_count"] != nil {
			feed = m["id"].(string)
		}
		if reel != "" && feed != "" {
			break
		}
	}
	likes := r.get("/"+feed, "fields", "like_count,comments_count", "access_token", token)
	got := ask(feed, "likes,comments,reach,saved,profile_activity")
	if got.at("data", 0, "values", 0, "value") != likes.json["like_count"] || got.at("data", 1, "values", 0, "value") != likes.json["comments_count"] {
		t.Errorf("%s, but the post says %s", got.text, likes.text)
	}
	if r.number(got, "data", 2, "values", 0, "value") < r.number(got, "data", 0, "values", 0, "value") {
		t.Errorf("more likes than reach: %s", got.text)
	}
	split := r.get("/"+feed+"/insights", "metric", "profile_activity", "breakdown", "action_type", "access_token", token)
	if split.at("data", 0, "total_value", "breakdowns") == nil || split.at("data", 0, "values") == nil {
		t.Error(split.text)
	}
	if n := r.number(ask(reel, "ig_reels_avg_watch_time"), "data", 0, "values", 0, "value"); n < 2500 {
		t.Errorf("%d ms of watching", n)
	}
	if got := ask(reel, "plays,impressions"); got.status != 200 || len(r.items(got)) != 0 {
		t.Errorf("metrics of old: %s", got.text)
	}
	r.refusal(ask(reel, "likes,follows"), 400, 100, "does not support the follows metric")
	r.refusal(ask(feed, "colour"), 400, 100, "metric[0] must be one of")
	r.refusal(ask(feed, ""), 400, 100, "metric is required")

	oldest := items[len(items)-1].(map[string]any)["id"].(string)
	got = ask(oldest, "reach")
	r.refusal(got, 400, 100, "before business account conversion")
	if got.at("error", "error_subcode") != json.Number("2108006") {
		t.Error(got.text)
	}

	newest := items[0].(map[string]any)
	at, _ := time.Parse("2006-01-02T15:04:05-0700", newest["timestamp"].(string))
	r.sim.Set(at.Add(time.Second))
	r.refusal(ask(newest["id"].(string), "reach"), 400, 10, "(#10) Not enough viewers for the media to show insights")
}
