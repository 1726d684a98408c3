package tracing

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"strings"
	"time"

	"go.opentelemetry.io/otel"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/exporters/otlp/otlptrace/otlptracehttp"
	"go.opentelemetry.io/otel/sdk/resource"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"golang.org/x/time/rate"
)

// The variables that switch traces on.
const (
	disabledVar       = "OTEL_SDK_DISABLED"
	exporterVar       = "OTEL_TRACES_EXPORTER"
	endpointVar       = "OTEL_EXPORTER_OTLP_ENDPOINT"
	tracesEndpointVar = "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT"
	protocolVar       = "OTEL_EXPORTER_OTLP_PROTOCOL"
	tracesProtocolVar = "OTEL_EXPORTER_OTLP_TRACES_PROTOCOL"
)

// Start switches traces on for this process, if the environment asks for them by
// OTEL_TRACES_EXPORTER=otlp or by an endpoint; lookup is [os.Getenv], which OpenTelemetry asks for
// everything else. Spans that cannot be sent are told to log, at most once a minute, and are lost.
//
// The function that it returns sends what is left; it is never nil. An error names the variable
// that is wrong, and no value.
func Start(ctx context.Context, lookup func(string) string, log *slog.Logger) (shutdown func(context.Context) error, err error) {
	off := func(context.Context) error { return nil }
	on, err := wanted(lookup)
	if err != nil || !on {
		return off, err
	}
	about, err := resource.New(ctx,
		resource.WithAttributes(attribute.String("service.name", name)),
		resource.WithTelemetrySDK(),
		resource.WithFromEnv(), // comes last, so that it wins
	)
	if err != nil {
		return off, errors.New("OTEL_RESOURCE_ATTRIBUTES: write name=value pairs, separated by commas")
	}
	exporter, err := otlptracehttp.New(ctx)
	if err != nil {
		return off, fmt.Errorf("tracing: exporter: %w", err)
	}
	otel.SetErrorHandler(complain(log))
	provider := sdktrace.NewTracerProvider(sdktrace.WithBatcher(exporter), sdktrace.WithResource(about))
	t := provider.Tracer(name)
	tracer.Store(&t)
	return func(ctx context.Context) error {
		tracer.CompareAndSwap(&t, nil)
		return provider.Shutdown(ctx)
	}, nil
}

// wanted says whether the environment asks for traces.
func wanted(lookup func(string) string) (bool, error) {
	if strings.EqualFold(strings.TrimSpace(lookup(disabledVar)), "true") {
		return false, nil
	}
	endpoints := 0
	for _, name := range []string{endpointVar, tracesEndpointVar} {
		if lookup(name) == "" {
			continue
		}
		if !isAddress(lookup(name)) {
			return false, fmt.Errorf("%s: write the address of a collector, such as http://localhost:4318", name)
		}
		endpoints++
	}
	switch strings.TrimSpace(lookup(exporterVar)) {
	case "none":
		return false, nil
	case "":
		if endpoints == 0 {
			return false, nil
		}
	case "otlp":
	default:
		return false, fmt.Errorf("%s: write otlp or none, no other is built in", exporterVar)
	}
	for _, name := range []string{protocolVar, tracesProtocolVar} {
		if strings.TrimSpace(lookup(name)) == "grpc" {
			return false, fmt.Errorf("%s: write http/protobuf, gRPC is not built in", name)
		}
	}
	return true, nil
}

func isAddress(s string) bool {
	u, err := url.Parse(strings.TrimSpace(s))
	return err == nil && u.Host != "" && (u.Scheme == "http" || u.Scheme == "https")
}

// complain logs what OpenTelemetry complains of, mostly a collector that is away.
func complain(log *slog.Logger) otel.ErrorHandler {
	seldom := rate.Sometimes{Interval: time.Minute}
	return otel.ErrorHandlerFunc(func(err error) {
		seldom.Do(func() { log.Warn("traces could not be sent", "error", err) })
	})
}
