package igsim

import (
	"slices"
	"strings"
)

// viewersAtLeast is how many people have to have seen a post before it has insights.
const viewersAtLeast = 5

// mediaInsights answers the insights of a post: always lifetime, one bad metric fails the call.
func (s *Simulator) mediaInsights(c *call) (any, *graphError) {
	x, err := s.ownPost(c)
	if err != nil {
		return nil, err
	}
	names := splitFields(c.params.Get("metric"))
	if len(names) == 0 {
		return nil, fail(because(100, 0, typeOAuth, "The parameter metric is required."))
	}
	if x.beforeProfessional() {
		return nil, fail(errorFor(100, 2108006))
	}
	if x.reachAt(c.now) < viewersAtLeast {
		return nil, fail(because(10, 0, typeIG, "(#10) Not enough viewers for the media to show insights"))
	}
	data := []any{}
	for i, name := range names {
		if slices.Contains(removedMetrics, name) {
			continue
		}
		m, err := x.metric(i, name, s.switches.MetricNotSupported)
		if err != nil {
			return nil, err
		}
		data = append(data, s.mediaInsight(c, x, m))
	}
	return map[string]any{"data": data}, nil
}

// beforeProfessional is true for the oldest eighth of the posts, from when the account was still
// a personal one. They never get insights.
func (x post) beforeProfessional() bool { return x.number < x.owner.Posts/8 }

// metric finds a metric, the index-th that was asked for, that posts of this kind have. Two texts were seen where
// they have none; otherText chooses.
func (x post) metric(index int, name string, otherText bool) (mediaMetric, *graphError) {
	i := slices.IndexFunc(mediaMetrics, func(m mediaMetric) bool { return m.name == name })
	if i < 0 {
		var all []string
		for _, m := range mediaMetrics {
			all = append(all, m.name)
		}
		return mediaMetric{}, fail(because(100, 0, typeOAuth, "(#100) metric[%d] must be one of the following values: %s", index, strings.Join(all, ", ")))
	}
	switch has := slices.Contains(mediaMetrics[i].products, x.product); {
	case !has && otherText:
		return mediaMetric{}, fail(because(100, 0, typeOAuth, "(#100) The metric %s is not supported for this media type", name))
	case !has:
		return mediaMetric{}, fail(because(100, 0, typeOAuth, "(#100) The Media Insights API does not support the %s metric for this media product type.", name))
	}
	return mediaMetrics[i], nil
}

func (s *Simulator) mediaInsight(c *call, x post, m mediaMetric) map[string]any {
	value := s.mediaValue(c, x, m)
	object := map[string]any{
		"name":        m.name,
		"period":      "lifetime",
		"values":      []any{map[string]any{"value": value}},
		"title":       strings.ReplaceAll(m.name, "_", " "),
		"description": "Made up by the simulator.",
		"id":          x.id() + "/insights/" + m.name + "/lifetime",
	}
	if m.breakdown != "" && c.params.Get("breakdown") == m.breakdown {
		object["total_value"] = map[string]any{"value": value, "breakdowns": []any{map[string]any{
			"dimension_keys": []string{m.breakdown},
			"results":        []any{map[string]any{"dimension_values": []string{m.action}, "value": value}},
		}}}
	}
	return object
}

func (s *Simulator) mediaValue(c *call, x post, m mediaMetric) int {
	switch {
	case m.name == "likes":
		return x.likesAt(c.now)
	case m.name == "comments":
		return s.countComments(c, x)
	case m.constantly:
		return between(m.low, m.high, x.owner.seed, uint64(len(m.name)), uint64(x.number))
	}
	return x.share(c.now, m.low, m.high, uint64(len(m.name)))
}
