package instagram

import (
	"context"
	"encoding/json"
	"math"
	"net/url"
	"strconv"
)

// Insight is one metric of an account or a media. Which of Values and Total it has depends on how
// it was asked for; no data is an empty list of insights or of values, and not zero.
type Insight struct {
	Name   string         `json:"name"`
	Period string         `json:"period"` // "day" or "lifetime"
	Values []InsightValue `json:"values"`
	Total  *InsightTotal  `json:"total_value"`
}

// InsightValue is the value of one day, or of a whole life.
type InsightValue struct {
	Value Number `json:"value"`
	// EndTime is the end of the day, which is one of US Pacific time; zero for a whole life.
	EndTime Time `json:"end_time"`
}

// InsightTotal is the value of the whole stretch of time, the values of its parts, or both.
type InsightTotal struct {
	Value      Number      `json:"value"`
	Breakdowns []Breakdown `json:"breakdowns"`
}

// Breakdown is a value taken apart by dimensions such as country or age.
type Breakdown struct {
	Dimensions []string          `json:"dimension_keys"`
	Results    []BreakdownResult `json:"results"`
}

// BreakdownResult is the value of one part.
type BreakdownResult struct {
	Dimensions []string `json:"dimension_values"` // in the order of Breakdown.Dimensions
	Value      Number   `json:"value"`
}

// Number is a count or a mean that may be missing, which is not the same as nought.
type Number struct {
	Value float64
	Known bool
}

// UnmarshalJSON takes a number, also one that is written as a text; anything else is not known. It
// never returns an error.
func (n *Number) UnmarshalJSON(b []byte) error {
	s, ok := unquote(b)
	if !ok {
		s = string(b)
	}
	value, err := strconv.ParseFloat(s, 64)
	*n = Number{}
	if err == nil && !math.IsNaN(value) && !math.IsInf(value, 0) {
		*n = Number{Value: value, Known: true}
	}
	return nil
}

// MarshalJSON writes the number, or null when it is not known.
func (n Number) MarshalJSON() ([]byte, error) {
	if !n.Known {
		return []byte("null"), nil
	}
	return json.Marshal(n.Value)
}

// Insights asks for metrics of an account ("me" or its id) or of a media (its id). The query holds
// metric and, for an account, period, metric_type, breakdown, timeframe, since and until as
// Instagram documents them. One metric that Instagram does not know, or not for this kind of
// media, fails the whole call, so ask for few at a time. The pages that an answer offers are other
// stretches of time and are not read.
func (c *Client) Insights(ctx context.Context, token Secret, of ID, query url.Values) ([]Insight, error) {
	var p page[Insight]
	err := c.get(ctx, token, string(of)+"/insights", query, &p)
	return p.Data, err
}
