package middleware_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"

	"latchkey/internal/middleware"
)

// surface is a Stack around a few routes, and what it logged.
type surface struct {
	http.Handler
	log *bytes.Buffer
}

// identified adds the id of the request to each line, as a Stack wants of its log.
type identified struct{ slog.Handler }

func (h identified) Handle(ctx context.Context, r slog.Record) error {
	r.AddAttrs(slog.String("request", middleware.RequestID(ctx)))
	return h.Handler.Handle(ctx, r)
}

// setup puts a Stack around the routes. What change leaves unset is filled in.
func setup(t *testing.T, routes map[string]http.HandlerFunc, change func(*middleware.Stack)) surface {
	t.Helper()
	mux := http.NewServeMux()
	for pattern, handler := range routes {
		mux.HandleFunc(pattern, handler)
	}
	var log bytes.Buffer
	logger := slog.New(identified{slog.NewJSONHandler(&log, nil)})
	stack := middleware.Stack{
		Proxies:     &middleware.Proxies{Log: logger},
		Log:         logger,
		PublicURL:   "http://latchkey.test",
		Panicked:    page(http.StatusInternalServerError, "something broke"),
		CrossOrigin: page(http.StatusForbidden, "from elsewhere"),
	}
	if change != nil {
		change(&stack)
	}
	handler, err := stack.Handler(mux)
	if err != nil {
		t.Fatal(err)
	}
	return surface{handler, &log}
}

// page writes a text and the id of the request.
func page(status int, text string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		w.WriteHeader(status)
		io.WriteString(w, text+" "+middleware.RequestID(r.Context()))
	}
}

func (s surface) do(r *http.Request) *httptest.ResponseRecorder {
	w := httptest.NewRecorder()
	s.ServeHTTP(w, r)
	return w
}

func (s surface) get(target string) *httptest.ResponseRecorder {
	return s.do(httptest.NewRequest(http.MethodGet, target, nil))
}

// lines are the log's lines with this message.
func (s surface) lines(t *testing.T, message string) []map[string]any {
	t.Helper()
	var found []map[string]any
	for dec := json.NewDecoder(bytes.NewReader(s.log.Bytes())); dec.More(); {
		var line map[string]any
		if err := dec.Decode(&line); err != nil {
			t.Fatal(err)
		}
		if line["msg"] == message {
			found = append(found, line)
		}
	}
	return found
}

func TestRequestID(t *testing.T) {
	t.Parallel()
	s := setup(t, map[string]http.HandlerFunc{"GET /auth": page(http.StatusOK, "hello")}, nil)

	first, second := s.get("/auth"), s.get("/auth")

	id := first.Header().Get("X-Request-Id")
	if !regexp.MustCompile(`^[0-9a-f]{8}$`).MatchString(id) {
		t.Errorf("X-Request-Id = %q", id)
	}
	if id == second.Header().Get("X-Request-Id") {
		t.Error("two requests have one id")
	}
	if got := first.Body.String(); got != "hello "+id {
		t.Errorf("the page says %q, want the id %s in it", got, id)
	}
	if got := s.lines(t, "request")[0]["request"]; got != id {
		t.Errorf("the log says %v, want %s", got, id)
	}
}

func TestOutsideAStack(t *testing.T) {
	t.Parallel()
	if id, client := middleware.RequestID(t.Context()), middleware.Client(t.Context()); id != "" || client.IsValid() {
		t.Errorf("id %q, client %v, want none", id, client)
	}
}

func TestHeaders(t *testing.T) {
	t.Parallel()
	routes := map[string]http.HandlerFunc{
		"GET /{$}": page(http.StatusOK, "home"),
		"GET /style.css": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Cache-Control", "public, max-age=31536000, immutable")
			w.Header().Add("Referrer-Policy", "origin")
		},
	}
	want := map[string]string{
		"Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; " +
			"form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
		"Referrer-Policy":              "same-origin",
		"X-Content-Type-Options":       "nosniff",
		"Cross-Origin-Opener-Policy":   "same-origin",
		"Cross-Origin-Resource-Policy": "same-origin",
		"Cache-Control":                "no-store",
		"Strict-Transport-Security":    "",
	}
	plain := setup(t, routes, nil)
	static := plain.get("/style.css").Header() // what it does to its headers must not reach others
	if got := static.Get("Cache-Control"); got != "public, max-age=31536000, immutable" {
		t.Errorf("the style sheet's Cache-Control = %q", got)
	}
	for _, target := range []string{"/", "/nowhere"} {
		header := plain.get(target).Header()
		for name, value := range want {
			if got := strings.Join(header.Values(name), "|"); got != value {
				t.Errorf("%s: %s = %q, want %q", target, name, got, value)
			}
		}
		if header.Get("Permissions-Policy") == "" {
			t.Errorf("%s: no Permissions-Policy", target)
		}
	}

	secure := setup(t, routes, func(s *middleware.Stack) { s.PublicURL = "https://latchkey.test" })
	if got := secure.get("/").Header().Get("Strict-Transport-Security"); got != "max-age=31536000" {
		t.Errorf("Strict-Transport-Security on https = %q", got)
	}
}

func TestCrossOrigin(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, method, host string
		header             map[string]string
		want               int
	}{
		{"our own form", "POST", "latchkey.test", map[string]string{"Sec-Fetch-Site": "same-origin"}, 200},
		{"another site's form", "POST", "latchkey.test", map[string]string{"Sec-Fetch-Site": "cross-site", "Origin": "https://evil.test"}, 403},
		{"another site's link", "GET", "latchkey.test", map[string]string{"Sec-Fetch-Site": "cross-site"}, 200},
		{"a proxy that rewrites the host", "POST", "10.0.0.7:3000", map[string]string{"Origin": "http://latchkey.test"}, 200},
		{"an old browser on another site", "POST", "latchkey.test", map[string]string{"Origin": "https://evil.test"}, 403},
		{"a page that hides where it is", "POST", "latchkey.test", map[string]string{"Origin": "null"}, 403},
		{"no browser", "POST", "latchkey.test", nil, 200},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s := setup(t, map[string]http.HandlerFunc{"/logout": page(http.StatusOK, "done")}, nil)
			r := httptest.NewRequest(tt.method, "http://"+tt.host+"/logout", nil)
			for name, value := range tt.header {
				r.Header.Set(name, value)
			}

			w := s.do(r)

			if w.Code != tt.want {
				t.Errorf("status %d, want %d", w.Code, tt.want)
			}
			refused := s.lines(t, "refused a request that another site made a browser send")
			if tt.want != http.StatusForbidden {
				if len(refused) != 0 {
					t.Errorf("logged %v", refused)
				}
				return
			}
			if !strings.Contains(w.Body.String(), "from elsewhere") {
				t.Errorf("the page says %q", w.Body)
			}
			if len(refused) != 1 || refused[0]["origin"] != tt.header["Origin"] || refused[0]["host"] != tt.host {
				t.Errorf("logged %v", refused)
			}
		})
	}
}

func TestPublicURLThatIsNoOrigin(t *testing.T) {
	t.Parallel()
	for _, address := range []string{"", "latchkey.test", "https://latchkey.test/path", "https://latchkey.test/"} {
		if _, err := (middleware.Stack{PublicURL: address}).Handler(http.NotFoundHandler()); err == nil {
			t.Errorf("%q: no error", address)
		}
	}
}

// BenchmarkStack is what a request costs here besides its page: nearly all of it is the log line.
func BenchmarkStack(b *testing.B) {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /auth", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusSeeOther) })
	logger := slog.New(slog.NewJSONHandler(io.Discard, nil))
	for _, form := range []string{"json", "combined"} {
		b.Run(form, func(b *testing.B) {
			stack := middleware.Stack{
				Proxies:   &middleware.Proxies{Log: logger},
				Log:       logger,
				PublicURL: "https://latchkey.test",
			}
			if form == "combined" {
				stack.Combined = io.Discard
			}
			handler, err := stack.Handler(mux)
			if err != nil {
				b.Fatal(err)
			}
			r := httptest.NewRequest(http.MethodGet, "/auth?code=abc&state=def", nil)
			w := discard{http.Header{}}
			b.ReportAllocs()
			for b.Loop() {
				clear(w.header)
				handler.ServeHTTP(w, r)
			}
		})
	}
}

// discard is an answer that nobody reads.
type discard struct{ header http.Header }

func (d discard) Header() http.Header       { return d.header }
func (discard) Write(p []byte) (int, error) { return len(p), nil }
func (discard) WriteHeader(int)             {}
