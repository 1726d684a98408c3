package igsim

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

const (
	windowAtMost  = 30 * day
	insightsKept  = 90 * day
	insightsDelay = 6 * time.Hour  // until a day's first figures are there
	insightsFinal = 48 * time.Hour // until they no longer move
)

// insights answers the insights of the account and of a post.
func (s *Simulator) insights(c *call) (any, *graphError) {
	if err := c.require(scopeInsights); err != nil {
		return nil, err
	}
	if kindOf(c.node) == kindMedia {
		return s.mediaInsights(c)
	}
	if !s.isOwn(c) || c.persona.AccountType == "PERSONAL" {
		return nil, fail(noObject("get", c.node))
	}
	q, err := c.insightQuery()
	if err != nil {
		return nil, err
	}
	data := []any{}
	for _, m := range q.metrics {
		if object, ok := s.accountInsight(c, q, m); ok {
			data = append(data, object)
		}
	}
	return map[string]any{"data": data, "paging": map[string]string{
		"previous": c.link("until", fmt.Sprint(q.since.Unix())),
		"next":     c.link("since", fmt.Sprint(q.until.Unix())),
	}}, nil
}

// insightQuery is what is asked about an account.
type insightQuery struct {
	metrics      []accountMetric
	breakdown    string
	total        bool
	since, until time.Time
}

// insightQuery checks the parameters. One metric that cannot be had fails the whole call.
func (c *call) insightQuery() (insightQuery, *graphError) {
	q := insightQuery{breakdown: c.params.Get("breakdown"), total: c.params.Get("metric_type") == "total_value"}
	names := splitFields(c.params.Get("metric"))
	period := c.params.Get("period")
	if len(names) == 0 {
		return q, fail(because(100, 0, typeOAuth, "The parameter metric is required."))
	}
	if period == "" {
		return q, fail(because(100, 0, typeOAuth, "The parameter period is required."))
	}
	for i, name := range names {
		m, ok := findMetric(name)
		if !ok {
			return q, fail(because(100, 0, typeOAuth, "(#100) metric[%d] must be one of the following values: %s", i, metricNames()))
		}
		if err := q.refuse(m, period, c.params.Get("timeframe")); err != nil {
			return q, err
		}
		q.metrics = append(q.metrics, m)
	}
	var err *graphError
	if q.since, q.until, err = c.window(c.now.Add(-day), c.now); err != nil {
		return q, err
	}
	if q.until.Sub(q.since) > windowAtMost {
		return q, fail(because(100, 0, typeOAuth, "(#100) There cannot be more than 30 days (2592000 s) between since and until"))
	}
	return q, nil
}

// refuse is the error of a metric that does not go with the other parameters.
func (q insightQuery) refuse(m accountMetric, period, timeframe string) *graphError {
	want := "day"
	if m.lifetime {
		want = "lifetime"
	}
	switch {
	case period != want:
		return fail(because(100, 0, typeOAuth, "(#100) Incompatible metrics (%s) with period (%s)", m.name, period))
	case !q.total && !m.series:
		return fail(because(100, 0, typeOAuth,
			"(#100) The following metrics (%s) should be specified with parameter metric_type=total_value", m.name))
	case q.total && !m.total:
		return fail(because(100, 0, typeOAuth, "(#100) The following metrics (%s) cannot be specified with metric_type=total_value", m.name))
	case q.breakdown != "" && (!q.total || !slices.Contains(m.breakdowns, q.breakdown)):
		return fail(because(1, 0, typeOAuth, "An unknown error has occurred"))
	case m.lifetime && q.breakdown == "":
		return fail(because(100, 0, typeOAuth, "(#100) The parameter breakdown is required."))
	case m.lifetime && timeframe != "this_week" && timeframe != "this_month":
		return fail(because(100, 0, typeOAuth, "(#100) timeframe must be one of the following values: this_week, this_month"))
	}
	return nil
}

func metricNames() string {
	var names []string
	for _, m := range accountMetrics {
		names = append(names, m.name)
	}
	return strings.Join(names, ", ")
}

// accountInsight is one metric as it stands now; not ok is a metric without data.
func (s *Simulator) accountInsight(c *call, q insightQuery, m accountMetric) (map[string]any, bool) {
	p := c.persona
	if m.hundred && p.followersAt(c.now) < 100 {
		return nil, false
	}
	period := "day"
	if m.lifetime {
		period = "lifetime"
	}
	object := map[string]any{
		"name":        m.name,
		"period":      period,
		"title":       strings.ReplaceAll(m.name, "_", " "),
		"description": "Made up by the simulator.",
		"id":          p.userID() + "/insights/" + m.name + "/" + period,
	}
	if m.lifetime {
		base := p.followersAt(c.now)
		if m.name == "engaged_audience_demographics" {
			base = base * 3 / 10
		}
		object["total_value"] = map[string]any{"breakdowns": breakdown(q.breakdown, base)}
		return object, base >= 100
	}
	values, sum := p.days(c.now, q, m)
	switch {
	case len(values) == 0:
		return nil, false
	case !q.total:
		object["values"] = values
	case q.breakdown != "":
		object["total_value"] = map[string]any{"breakdowns": breakdown(q.breakdown, sum)}
	default:
		object["total_value"] = map[string]any{"value": sum}
	}
	return object, true
}

// days are the values of the Pacific days that end in the window, as far as they are there: not
// yet in the hours after the day, no more after ninety days, and now and then not at all.
func (p *persona) days(now time.Time, q insightQuery, m accountMetric) (values []any, sum int) {
	for end := nextPacificMidnight(q.since); !end.After(q.until); end = nextPacificMidnight(end) {
		age := now.Sub(end)
		if age < insightsDelay || age > insightsKept || p.missing(end) {
			continue
		}
		value := p.dayValue(end, m)
		if age < insightsFinal {
			value = value * int(70+30*age/insightsFinal) / 100
		}
		sum += value
		values = append(values, map[string]any{"value": value, "end_time": end.UTC().Format(timeLayout)})
	}
	return values, sum
}

// dayNumber counts the days by their end.
func dayNumber(end time.Time) uint64 { return uint64(end.Sub(beginning)/day) + 1<<20 }

// missing is true for one day in forty: Instagram has no figures for it.
func (p *persona) missing(end time.Time) bool {
	return mix(p.seed, saltInsight+1, dayNumber(end))%40 == 0
}

// dayValue is the final value of a day that ended at end.
func (p *persona) dayValue(end time.Time, m accountMetric) int {
	if m.name == "follower_count" {
		return max(0, p.followersAt(end)-p.followersAt(end.Add(-day)))
	}
	n := dayNumber(end)
	reach := p.followersAt(end) * between(60, 240, p.seed, saltInsight+2, n) / 1000
	return reach * between(m.low, m.high, p.seed, saltInsight+uint64(len(m.name))*7, n) / 1000
}

// breakdown splits a number into the parts of a dimension. Parts of nobody are left out.
func breakdown(dimension string, n int) []any {
	results := []any{}
	for _, p := range breakdownParts[dimension] {
		if value := n * p.share / 1000; value > 0 {
			results = append(results, map[string]any{"dimension_values": []string{p.value}, "value": value})
		}
	}
	return []any{map[string]any{"dimension_keys": []string{dimension}, "results": results}}
}
