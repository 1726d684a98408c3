// Package tracing sends OpenTelemetry traces: one span for each request, each call to Instagram and
// each step of the keeper.
//
// It owns when traces are on, what a span says, and everything that is OpenTelemetry's. It leaves to
// its callers where a span begins and ends. While traces are off, a span costs next to nothing.
//
// Everything but the switch is set by the standard variables (OTEL_EXPORTER_OTLP_…,
// OTEL_TRACES_SAMPLER, OTEL_SERVICE_NAME, OTEL_RESOURCE_ATTRIBUTES, OTEL_BSP_…).
//
// # What a span says
//
// Words of our own, the method and the pattern of a route, and numbers: never an address, a path, a
// query, the text of an error or anything of an owner. A ready-made instrumentation of net/http
// records whole URLs, with the secrets in them, so none is used.
//
// # Strangers
//
// A trace begins here. The traceparent of a request is not looked at, for it comes from the
// browsers of strangers: they could put their spans into our traces and, by its sampled bit, decide
// what we record and pay for. Nor is one sent to Instagram, which has no use for it.
package tracing
