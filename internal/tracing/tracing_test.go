package tracing_test

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/hex"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	collector "go.opentelemetry.io/proto/otlp/collector/trace/v1"
	common "go.opentelemetry.io/proto/otlp/common/v1"
	spans "go.opentelemetry.io/proto/otlp/trace/v1"
	"google.golang.org/protobuf/proto"

	"latchkey/instagram"
	"latchkey/internal/middleware"
	"latchkey/internal/tracing"
)

// The secrets that pass through the traced code, and what an owner or a visitor is known by.
var canaries = []string{
	"canary-code-0001", "canary-state-0002", "IGAAcanarytoken0003", "canary-app-secret-0004",
	"canary-link-secret-0005", "canary-message-0006", "canary-agent-0007", "canary-cookie-0008",
	"canary-panic-0009", "canary-method-0010", "canary-account-0011", "203.0.113.99", "17841400000000123",
	"11111111111111111111111111111111", // the trace of a stranger
}

// receiver is a collector that speaks OTLP over HTTP.
type receiver struct {
	mu       sync.Mutex
	raw      bytes.Buffer
	received []*spans.ResourceSpans
}

func (c *receiver) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	var request collector.ExportTraceServiceRequest
	if err := proto.Unmarshal(body, &request); err != nil || r.URL.Path != "/v1/traces" {
		http.Error(w, "no spans", http.StatusBadRequest)
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.raw.Write(body)
	c.received = append(c.received, request.GetResourceSpans()...)
}

// told is a span as the collector got it.
type told struct {
	Kind       spans.Span_SpanKind
	Failed     bool
	Attributes map[string]string
}

// spans are those that came, by their names.
func (c *receiver) spans(t *testing.T) (all map[string]told, service string) {
	t.Helper()
	all = map[string]told{}
	for _, from := range c.received {
		service = attributes(from.GetResource().GetAttributes())["service.name"]
		for _, scope := range from.GetScopeSpans() {
			for _, span := range scope.GetSpans() {
				if _, twice := all[span.GetName()]; twice {
					t.Errorf("two spans %q", span.GetName())
				}
				if len(span.GetEvents()) > 0 || span.GetStatus().GetMessage() != "" {
					t.Errorf("%s says more than it should: %v", span.GetName(), span)
				}
				all[span.GetName()] = told{
					span.GetKind(), span.GetStatus().GetCode() == spans.Status_STATUS_CODE_ERROR, attributes(span.GetAttributes()),
				}
			}
		}
	}
	return all, service
}

func attributes(pairs []*common.KeyValue) map[string]string {
	all := map[string]string{}
	for _, pair := range pairs {
		value := strings.TrimPrefix(pair.GetValue().String(), "string_value:")
		all[pair.GetKey()] = strings.Trim(strings.TrimPrefix(value, "int_value:"), `"`)
	}
	return all
}

// journey is a server whose every route is full of secrets, and the requests to it.
func journey(t *testing.T, log *slog.Logger) {
	t.Helper()
	meta := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusBadRequest)
		io.WriteString(w, `{"error":{"message":"canary-message-0006","type":"OAuthException","code":190,"error_subcode":463}}`)
	}))
	defer meta.Close()
	client := &instagram.Client{
		AppID: "1", AppSecret: instagram.NewSecret("canary-app-secret-0004"),
		Endpoints: instagram.Endpoints{Token: meta.URL, Graph: meta.URL},
		HTTP:      meta.Client(),
		Trace:     tracing.Call,
	}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /auth", func(_ http.ResponseWriter, r *http.Request) {
		_, _ = client.Exchange(r.Context(), instagram.NewSecret(r.FormValue("code")))
		ctx, ended := tracing.Step(r.Context(), "refresh")
		defer ended("reconnect")
		_, _ = client.Refresh(ctx, instagram.Token{Value: instagram.NewSecret("IGAAcanarytoken0003")})
		_, _ = instagram.Get[any](ctx, client, instagram.NewSecret("IGAAcanarytoken0003"), "17841400000000123/insights", nil)
	})
	mux.HandleFunc("GET /reconnect/{secret}", func(http.ResponseWriter, *http.Request) {})
	mux.HandleFunc("/panic", func(http.ResponseWriter, *http.Request) { panic("canary-panic-0009") })
	fails := func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusInternalServerError) }
	handler, err := middleware.Stack{
		Proxies: &middleware.Proxies{Log: log}, Log: log, PublicURL: "http://latchkey.test",
		Panicked: fails, CrossOrigin: fails,
	}.Handler(mux)
	if err != nil {
		t.Fatal(err)
	}
	for _, request := range [][2]string{
		{"GET", "/auth?code=canary-code-0001&state=canary-state-0002"},
		{"GET", "/reconnect/canary-link-secret-0005"},
		{"GET", "/nowhere/canary-account-0011"},
		{"CANARY-METHOD-0010", "/auth"},
		{"POST", "/panic"},
	} {
		r := httptest.NewRequest(request[0], request[1], nil)
		r.RemoteAddr = "203.0.113.99:4711"
		r.Header.Set("User-Agent", "canary-agent-0007")
		r.Header.Set("Cookie", "session=canary-cookie-0008")
		r.Header.Set("Traceparent", "00-11111111111111111111111111111111-2222222222222222-01")
		r.Header.Set("Baggage", "who=canary-account-0011")
		handler.ServeHTTP(httptest.NewRecorder(), r)
	}
}

// TestSpans sends spans over the wire and reads what came: it holds what a span says, and that no
// secret is in it.
func TestSpans(t *testing.T) {
	var c receiver
	server := httptest.NewServer(&c)
	defer server.Close()
	t.Setenv("OTEL_EXPORTER_OTLP_ENDPOINT", server.URL)
	var log bytes.Buffer
	logger := slog.New(slog.NewTextHandler(&log, nil))
	shutdown, err := tracing.Start(t.Context(), os.Getenv, logger)
	if err != nil {
		t.Fatal(err)
	}

	journey(t, logger)
	if err := shutdown(t.Context()); err != nil {
		t.Fatal(err)
	}
	journey(t, logger) // after the end nothing is recorded

	got, service := c.spans(t)
	if service != "latchkey" {
		t.Errorf("the service is %q", service)
	}
	server500 := map[string]string{"http.request.method": "POST", "http.route": "/panic", "http.response.status_code": "500"}
	refused := map[string]string{
		"error.type": "reconnect", "instagram.cause": "token_expired",
		"http.response.status_code": "400", "instagram.code": "190", "instagram.subcode": "463",
	}
	want := map[string]told{
		"GET /auth": {spans.Span_SPAN_KIND_SERVER, false, map[string]string{
			"http.request.method": "GET", "http.route": "/auth", "http.response.status_code": "200",
		}},
		"GET /reconnect/{secret}": {spans.Span_SPAN_KIND_SERVER, false, map[string]string{
			"http.request.method": "GET", "http.route": "/reconnect/{secret}", "http.response.status_code": "200",
		}},
		"GET": {spans.Span_SPAN_KIND_SERVER, false, map[string]string{
			"http.request.method": "GET", "http.response.status_code": "404",
		}},
		"_OTHER": {spans.Span_SPAN_KIND_SERVER, false, map[string]string{
			"http.request.method": "_OTHER", "http.response.status_code": "405",
		}},
		"POST /panic":             {spans.Span_SPAN_KIND_SERVER, true, server500},
		"instagram code exchange": {spans.Span_SPAN_KIND_CLIENT, true, refused},
		"instagram refresh":       {spans.Span_SPAN_KIND_CLIENT, true, refused},
		"instagram {id}/insights": {spans.Span_SPAN_KIND_CLIENT, true, refused},
		"refresh":                 {spans.Span_SPAN_KIND_INTERNAL, false, map[string]string{"latchkey.outcome": "reconnect"}},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	sent := c.raw.String()
	for _, canary := range canaries {
		for _, form := range []string{canary, base64.StdEncoding.EncodeToString([]byte(canary)), hex.EncodeToString([]byte(canary))} {
			if strings.Contains(strings.ToLower(sent), strings.ToLower(form)) {
				t.Errorf("%s was sent", canary)
			}
		}
	}
	if stranger, _ := hex.DecodeString(canaries[len(canaries)-1]); strings.Contains(sent, string(stranger)) {
		t.Error("a stranger's trace goes on in ours")
	}
	if strings.Contains(log.String(), "traces could not be sent") {
		t.Errorf("the log says %s", &log)
	}
}

// TestFamily holds that what happens for a request is in its trace.
func TestFamily(t *testing.T) {
	var c receiver
	server := httptest.NewServer(&c)
	defer server.Close()
	t.Setenv("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", server.URL+"/v1/traces")
	t.Setenv("OTEL_RESOURCE_ATTRIBUTES", "service.name=latchkey-test")
	shutdown, err := tracing.Start(t.Context(), os.Getenv, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}

	outer, endRequest := tracing.Request(t.Context(), "GET")
	inner, endStep := tracing.Step(outer, "refresh")
	_, endCall := tracing.Call(inner, "me")
	endCall(nil)
	endStep("refreshed")
	endRequest("/auth", 0)
	if err := shutdown(t.Context()); err != nil {
		t.Fatal(err)
	}

	if _, service := c.spans(t); service != "latchkey-test" {
		t.Errorf("the service is %q", service)
	}
	all := c.received[0].GetScopeSpans()[0].GetSpans()
	if len(all) != 3 {
		t.Fatalf("%d spans", len(all))
	}
	slices.Reverse(all) // the request ended last
	for i, span := range all[1:] {
		if !bytes.Equal(span.GetParentSpanId(), all[i].GetSpanId()) || !bytes.Equal(span.GetTraceId(), all[i].GetTraceId()) {
			t.Errorf("%s is no part of %s", span.GetName(), all[i].GetName())
		}
	}
	if all[0].GetStatus().GetCode() != spans.Status_STATUS_CODE_ERROR {
		t.Error("a request without an answer counts as good")
	}
}

// TestCollectorAway holds that the log says so, once, and that nothing fails for it.
func TestCollectorAway(t *testing.T) {
	server := httptest.NewServer(http.NotFoundHandler())
	defer server.Close()
	t.Setenv("OTEL_TRACES_EXPORTER", "otlp")
	t.Setenv("OTEL_EXPORTER_OTLP_ENDPOINT", server.URL)
	t.Setenv("OTEL_BSP_MAX_EXPORT_BATCH_SIZE", "1")
	var log bytes.Buffer
	shutdown, err := tracing.Start(t.Context(), os.Getenv, slog.New(slog.NewTextHandler(&log, nil)))
	if err != nil {
		t.Fatal(err)
	}
	for range 3 {
		_, ended := tracing.Step(t.Context(), "sweep")
		ended("done")
	}
	if err := shutdown(context.WithoutCancel(t.Context())); err != nil {
		t.Error(err)
	}
	if got := strings.Count(log.String(), "traces could not be sent"); got != 1 {
		t.Errorf("the log says so %d times: %s", got, &log)
	}
}

func TestSwitch(t *testing.T) {
	const address, secret = "http://127.0.0.1:1", "://canary-password"
	for _, tt := range []struct {
		name string
		env  map[string]string
		on   bool
		err  string // the variable that it names
	}{
		{"off by default", nil, false, ""},
		{"asked for", map[string]string{"OTEL_TRACES_EXPORTER": "otlp"}, true, ""},
		{"an endpoint", map[string]string{"OTEL_EXPORTER_OTLP_ENDPOINT": address}, true, ""},
		{"an endpoint for traces", map[string]string{"OTEL_EXPORTER_OTLP_TRACES_ENDPOINT": address}, true, ""},
		{"none", map[string]string{"OTEL_EXPORTER_OTLP_ENDPOINT": address, "OTEL_TRACES_EXPORTER": "none"}, false, ""},
		{"disabled", map[string]string{"OTEL_EXPORTER_OTLP_ENDPOINT": address, "OTEL_SDK_DISABLED": "TRUE"}, false, ""},
		{"disabled, whatever else is wrong", map[string]string{"OTEL_TRACES_EXPORTER": "x", "OTEL_SDK_DISABLED": "true"}, false, ""},
		{"other things of OpenTelemetry", map[string]string{"OTEL_SERVICE_NAME": "x"}, false, ""},
		{"another exporter", map[string]string{"OTEL_TRACES_EXPORTER": "zipkin"}, false, "OTEL_TRACES_EXPORTER"},
		{"no address", map[string]string{"OTEL_EXPORTER_OTLP_ENDPOINT": secret}, false, "OTEL_EXPORTER_OTLP_ENDPOINT"},
		{"no scheme", map[string]string{"OTEL_EXPORTER_OTLP_TRACES_ENDPOINT": "localhost:4318"}, false, "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT"},
		{"another protocol", map[string]string{"OTEL_EXPORTER_OTLP_ENDPOINT": address, "OTEL_EXPORTER_OTLP_PROTOCOL": "grpc"}, false, "OTEL_EXPORTER_OTLP_PROTOCOL"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			shutdown, err := tracing.Start(t.Context(), func(name string) string { return tt.env[name] }, slog.New(slog.DiscardHandler))
			on, _ := tracing.Step(t.Context(), "sweep")
			if got := on != t.Context(); got != tt.on {
				t.Errorf("on: %v", got)
			}
			if err == nil != (tt.err == "") || err != nil && (!strings.HasPrefix(err.Error(), tt.err+": ") || strings.Contains(err.Error(), "canary")) {
				t.Errorf("error %v, want one about %q", err, tt.err)
			}
			if err := shutdown(t.Context()); err != nil {
				t.Error(err)
			}
		})
	}
}

func TestBadAttributes(t *testing.T) {
	t.Setenv("OTEL_RESOURCE_ATTRIBUTES", "canary")
	_, err := tracing.Start(t.Context(), func(string) string { return "" }, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Errorf("while traces are off: %v", err)
	}
	t.Setenv("OTEL_TRACES_EXPORTER", "otlp")
	_, err = tracing.Start(t.Context(), os.Getenv, slog.New(slog.DiscardHandler))
	if err == nil || !strings.HasPrefix(err.Error(), "OTEL_RESOURCE_ATTRIBUTES: ") || strings.Contains(err.Error(), "canary") {
		t.Errorf("error %v", err)
	}
}
