package middleware

import (
	"context"

	"latchkey/internal/tracing"
)

// trace begins the span of the request, whose context it returns. The span is known by the pattern
// of the route, as the request log is.
func (x *exchange) trace(ctx context.Context) (_ context.Context, ended func()) {
	ctx, end := tracing.Request(ctx, x.r.Method)
	return ctx, func() {
		pattern := route(x.r)
		if pattern == none {
			pattern = ""
		}
		end(patternPath(pattern), x.w.status)
	}
}
