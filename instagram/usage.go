package instagram

import (
	"encoding/json"
	"math"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// Usage is how much of the call limits is used, as the headers of one answer tell. Instagram sends
// them only once there is some traffic: absent is not zero (docs/instagram.md, Rate limits).
type Usage struct {
	App *Limit // of the whole app; nil when Instagram did not say

	// Business holds the limits for one account. Its keys are what Instagram counts under: the
	// business, the account, or both with the same figures.
	Business map[string][]Limit
}

// Limit is one counter. Its figures are percent of what is allowed, and may pass 100.
type Limit struct {
	Type             string // like "instagram"; "" for the app
	Calls, CPU, Time float64
	Regain           time.Duration // until calls work again; 0 does not mean that there is room
}

// Percent is the highest of the figures. From 100 on, calls fail.
func (l Limit) Percent() float64 { return max(l.Calls, l.CPU, l.Time) }

// IsZero reports whether nothing was told.
func (u Usage) IsZero() bool { return u.App == nil && len(u.Business) == 0 }

// Percent is the highest of all figures, 0 when nothing was told.
func (u Usage) Percent() float64 {
	var highest float64
	if u.App != nil {
		highest = u.App.Percent()
	}
	for _, limits := range u.Business {
		for _, l := range limits {
			highest = max(highest, l.Percent())
		}
	}
	return highest
}

// Regain is the longest time until calls work again, 0 when nothing was told.
func (u Usage) Regain() time.Duration {
	var longest time.Duration
	for _, limits := range u.Business {
		for _, l := range limits {
			longest = max(longest, l.Regain)
		}
	}
	return longest
}

// wireLimit is a counter in a header.
type wireLimit struct {
	Type   text   `json:"type"`
	Calls  figure `json:"call_count"`
	CPU    figure `json:"total_cputime"`
	Time   figure `json:"total_time"`
	Regain figure `json:"estimated_time_to_regain_access"` // minutes
}

func (w wireLimit) limit() Limit {
	return Limit{
		Type: string(w.Type), Calls: float64(w.Calls), CPU: float64(w.CPU), Time: float64(w.Time),
		Regain: time.Duration(float64(w.Regain) * float64(time.Minute)),
	}
}

// figure is a number that is not negative and not absurd; anything else is 0.
type figure float64

// highestFigure keeps minutes within a time.Duration.
const highestFigure = 1e6

func (f *figure) UnmarshalJSON(b []byte) error {
	*f = 0
	s, ok := unquote(b)
	if !ok {
		s = string(b)
	}
	if n, err := strconv.ParseFloat(s, 64); err == nil && n > 0 && !math.IsInf(n, 0) {
		*f = figure(min(n, highestFigure))
	}
	return nil
}

// parseUsage reads both headers. A malformed one says nothing.
func parseUsage(h http.Header) Usage {
	var u Usage
	if v := h.Get("X-App-Usage"); v != "" {
		var w *wireLimit
		if json.Unmarshal([]byte(v), &w) == nil && w != nil {
			l := w.limit()
			u.App = &l
		}
	}
	if v := h.Get("X-Business-Use-Case-Usage"); v != "" {
		var byID map[string][]wireLimit
		if json.Unmarshal([]byte(v), &byID) == nil {
			u.Business = businessLimits(byID)
		}
	}
	return u
}

func businessLimits(byID map[string][]wireLimit) map[string][]Limit {
	limits := make(map[string][]Limit, len(byID))
	for id, list := range byID {
		for _, w := range list {
			limits[id] = append(limits[id], w.limit())
		}
	}
	return limits
}

// retryAfter reads the Retry-After header, in seconds or as a date. Instagram was never seen to
// send it, but something in front of it may.
func retryAfter(h http.Header, at time.Time) time.Duration {
	v := strings.TrimSpace(h.Get("Retry-After"))
	if v == "" {
		return 0
	}
	if seconds, err := strconv.Atoi(v); err == nil {
		return time.Duration(max(0, min(seconds, highestFigure))) * time.Second
	}
	if until, err := http.ParseTime(v); err == nil {
		return max(0, until.Sub(at))
	}
	return 0
}
