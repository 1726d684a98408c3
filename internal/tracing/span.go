package tracing

import (
	"context"
	"errors"
	"sync/atomic"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/trace"
	"go.opentelemetry.io/otel/trace/noop"

	"latchkey/instagram"
)

// name is the service and the tracer.
const name = "latchkey"

// tracer is the one of the last Start; nil while traces are off.
var tracer atomic.Pointer[trace.Tracer]

// begin begins a span. While traces are off, it leaves the context as it is.
func begin(ctx context.Context, span string, options ...trace.SpanStartOption) (context.Context, trace.Span) {
	if t := tracer.Load(); t != nil {
		return (*t).Start(ctx, span, options...)
	}
	return ctx, noop.Span{}
}

// Request begins the span of a request that came in. The function that it returns ends it, with the
// pattern of the route, "" when none took the request, and the status of the answer, 0 when there
// was none.
func Request(ctx context.Context, method string) (context.Context, func(route string, status int)) {
	method = known(method)
	ctx, span := begin(ctx, method, trace.WithSpanKind(trace.SpanKindServer))
	return ctx, func(route string, status int) {
		defer span.End()
		if !span.IsRecording() {
			return
		}
		span.SetAttributes(attribute.String("http.request.method", method))
		if route != "" {
			span.SetName(method + " " + route)
			span.SetAttributes(attribute.String("http.route", route))
		}
		setNumber(span, "http.response.status_code", status)
		if status == 0 || status >= 500 {
			span.SetStatus(codes.Error, "")
		}
	}
}

// known is the method, or "_OTHER" for what a stranger made up.
func known(method string) string {
	switch method {
	case "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "CONNECT", "TRACE":
		return method
	}
	return "_OTHER"
}

// Call begins the span of a call to Instagram: it is what instagram.Client.Trace wants. Of an error
// it keeps the class, the cause and the numbers.
func Call(ctx context.Context, call string) (context.Context, func(error)) {
	ctx, span := begin(ctx, "instagram "+call, trace.WithSpanKind(trace.SpanKindClient))
	return ctx, func(err error) {
		defer span.End()
		if err == nil || !span.IsRecording() {
			return
		}
		span.SetStatus(codes.Error, "")
		if e, ok := errors.AsType[*instagram.Error](err); ok {
			span.SetAttributes(attribute.String("error.type", string(e.Class)), attribute.String("instagram.cause", string(e.Cause)))
			setNumber(span, "http.response.status_code", e.Status)
			setNumber(span, "instagram.code", e.Code)
			setNumber(span, "instagram.subcode", e.Subcode)
		}
	}
}

// setNumber sets a number that is there.
func setNumber(span trace.Span, key string, number int) {
	if number != 0 {
		span.SetAttributes(attribute.Int(key, number))
	}
}

// Step begins the span of a piece of our own work, such as "sweep". The function that it returns
// ends it with its outcome. Both are words of the program, never anything of an owner.
func Step(ctx context.Context, step string) (context.Context, func(outcome string)) {
	ctx, span := begin(ctx, step)
	return ctx, func(outcome string) {
		span.SetAttributes(attribute.String("latchkey.outcome", outcome))
		span.End()
	}
}
