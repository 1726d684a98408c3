package middleware

import (
	"cmp"
	"log/slog"
	"net/http"
	"strings"
	"time"
)

// none stands in a log for what is not there: no route, no referrer, no answer.
const none = "-"

// Longest texts of a client that a log repeats, in bytes. The longest registered method has 17.
const (
	maxMethod    = 20
	maxHost      = 255
	maxReferer   = 300
	maxUserAgent = 300
)

// logAccess writes the request log to l. The status is 0 when the connection was broken off before
// an answer began.
func logAccess(l *slog.Logger) func(*exchange) {
	return func(x *exchange) {
		l.LogAttrs(x.r.Context(), slog.LevelInfo, "request",
			slog.String("method", cut(x.r.Method, maxMethod)),
			slog.String("route", route(x.r)),
			slog.Int("status", x.w.status),
			slog.Int64("bytes", x.w.bytes),
			slog.Float64("duration_ms", float64(time.Since(x.start).Microseconds())/1000),
			slog.String("client", addrText(x.client)),
			slog.String("user_agent", cut(x.r.UserAgent(), maxUserAgent)),
		)
	}
}

// route is the pattern of the route that took the request, as the mux knows it. A path never stands
// in for it, since a path may be a secret. The pattern "/" is where what no route wants ends, so it
// counts as none; the home page is "/{$}".
func route(r *http.Request) string {
	// The mux answers a CONNECT without a trailing slash by a redirect whose path it calls a pattern.
	if r.Method == http.MethodConnect || patternPath(r.Pattern) == "/" {
		return none
	}
	return cmp.Or(r.Pattern, none)
}

// patternPath is the path of a pattern: what follows the method and the host.
func patternPath(pattern string) string {
	if i := strings.IndexByte(pattern, '/'); i >= 0 {
		return pattern[i:]
	}
	return pattern
}

// cut bounds a text that a client sent.
func cut(s string, limit int) string {
	if len(s) > limit {
		s = s[:limit]
	}
	return strings.ToValidUTF8(s, "?")
}
