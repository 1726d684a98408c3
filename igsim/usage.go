package igsim

import (
	"encoding/json"
	"strconv"
)

const (
	appUsage      = "X-App-Usage"
	businessUsage = "X-Business-Use-Case-Usage"
)

// usageHeaders are the usage headers of an ordinary answer.
func (s *Simulator) usageHeaders(c *call) map[string]string {
	percent := s.switches.UsagePercent
	switch s.switches.Usage {
	case "app":
		return map[string]string{appUsage: appUsageText(percent)}
	case "business":
		return map[string]string{businessUsage: businessUsageText(c, percent, 0)}
	case "both":
		return map[string]string{appUsage: appUsageText(percent), businessUsage: businessUsageText(c, percent, 0)}
	case "malformed":
		return map[string]string{appUsage: `{"call_count":"lots",`, businessUsage: `[{"type":"instagram","call_count":NaN}]`}
	}
	return nil
}

// limitHeaders are the headers that come with the errors of rate limits.
func limitHeaders(f Fault, c *call) map[string]string {
	switch f.Code {
	case 4:
		return map[string]string{appUsage: appUsageText(102)}
	case 17, 32, 613:
		return map[string]string{businessUsage: businessUsageText(c, 101, f.RegainMinutes)}
	case 80002:
		h := map[string]string{businessUsage: businessUsageText(c, 100, f.RegainMinutes)}
		if f.RegainMinutes > 0 {
			h["Estimated_time_to_regain_access"] = strconv.Itoa(f.RegainMinutes)
		}
		return h
	}
	return nil
}

func appUsageText(percent int) string {
	return toJSON(map[string]int{"call_count": percent, "total_time": percent / 2, "total_cputime": percent / 3})
}

// businessUsageText has the same figures under two ids, the owning business and the account, as
// one read was seen to have.
func businessUsageText(c *call, percent, regain int) string {
	id := "17841400000000000"
	if c.persona != nil {
		id = c.persona.userID()
	}
	usage := []map[string]any{{
		"type": "instagram", "call_count": percent, "total_cputime": percent / 3, "total_time": percent / 2,
		"estimated_time_to_regain_access": regain,
	}}
	return toJSON(map[string]any{"1020304050607": usage, id: usage})
}

func toJSON(v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		panic(err) // only maps of numbers and texts come here
	}
	return string(b)
}
