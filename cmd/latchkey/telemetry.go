package main

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"time"

	"latchkey/instagram"
	"latchkey/internal/login"
	"latchkey/internal/metrics"
	"latchkey/internal/tracing"
)

// newMetrics are metrics that know the version and every way in which a login can end.
func newMetrics() *metrics.Metrics {
	m := metrics.New()
	m.Built(version())
	for _, kind := range login.Kinds() {
		m.Declare(string(kind))
	}
	return m
}

// traced is an Instagram client whose calls are timed and leave spans.
func traced(c *instagram.Client, m *metrics.Metrics) *instagram.Client {
	c.Trace = func(ctx context.Context, call string) (context.Context, func(error)) {
		ctx, timed := m.Call(ctx, call)
		ctx, spanned := tracing.Call(ctx, call)
		return ctx, func(err error) {
			spanned(err)
			timed(err)
		}
	}
	return c
}

// serveMetrics answers scrapes on a listener of its own until ctx ends.
func serveMetrics(ctx context.Context, m *metrics.Metrics, l net.Listener) error {
	mux := http.NewServeMux()
	mux.Handle("GET /metrics", m.Handler())
	h := &http.Server{Handler: mux, ReadHeaderTimeout: 10 * time.Second, WriteTimeout: 30 * time.Second}
	return serveUntil(ctx, h, l)
}

// serveUntil serves until ctx ends, and then breaks off what is in hand.
func serveUntil(ctx context.Context, h *http.Server, l net.Listener) error {
	stop := context.AfterFunc(ctx, func() { h.Close() })
	defer stop()
	if err := h.Serve(l); ctx.Err() == nil {
		return fmt.Errorf("serve %s: %w", l.Addr(), err)
	}
	return nil
}
