package middleware_test

import (
	"bytes"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"latchkey/internal/middleware"
)

func TestLogRecord(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := setup(t, map[string]http.HandlerFunc{"GET /deletion/{code}": func(w http.ResponseWriter, _ *http.Request) {
			time.Sleep(1500 * time.Millisecond)
			w.WriteHeader(http.StatusAccepted)
			io.WriteString(w, "twelve bytes")
		}}, nil)
		r := httptest.NewRequest(http.MethodGet, "/deletion/c4nary?code=c4nary", nil)
		r.RemoteAddr = "[2001:db8::7%eth0]:4321"
		r.Header.Set("User-Agent", "Mozilla/5.0 "+strings.Repeat("é", 1000))
		r.Header.Set("Referer", "https://l.instagram.com/?u=c4nary")

		id := s.do(r).Header().Get("X-Request-Id")

		if strings.Contains(s.log.String(), "c4nary") {
			t.Errorf("the log has the path, the query or the referrer: %s", s.log)
		}
		got := s.lines(t, "request")[0]
		delete(got, "time")
		agent, _ := got["user_agent"].(string)
		delete(got, "user_agent")
		want := map[string]any{
			"level": "INFO", "msg": "request", "request": id, "method": "GET", "route": "GET /deletion/{code}",
			"status": 202.0, "bytes": 12.0, "duration_ms": 1500.0, "client": "2001:db8::7",
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Error(diff)
		}
		if len(agent) > 303 || !strings.HasPrefix(agent, "Mozilla/5.0 éé") {
			t.Errorf("user agent of %d bytes: %q", len(agent), agent)
		}
	})
}

func TestLogRecordInText(t *testing.T) {
	t.Parallel()
	var log bytes.Buffer
	s := setup(t, nil, func(s *middleware.Stack) { s.Log = slog.New(slog.NewTextHandler(&log, nil)) })
	r := httptest.NewRequest(http.MethodGet, "/", nil)
	r.Header.Set("User-Agent", "one\nlevel=ERROR msg=forged")

	s.do(r)

	if got := strings.Count(log.String(), "\n"); got != 1 || !strings.Contains(log.String(), " status=404 ") {
		t.Errorf("the log has %d lines: %s", got, log.String())
	}
}

func TestRoute(t *testing.T) {
	t.Parallel()
	routes := map[string]http.HandlerFunc{
		"GET /{$}":            page(http.StatusOK, "home"),
		"GET /auth":           page(http.StatusOK, "callback"),
		"a.test/b/{x}/":       page(http.StatusOK, "host"),
		"/old/{x}/":           page(http.StatusOK, "slash"),
		"POST /reconnect/{s}": page(http.StatusOK, "link"),
	}
	withCatchAll := map[string]http.HandlerFunc{"/": page(http.StatusNotFound, "nothing here")}
	for pattern, handler := range routes {
		withCatchAll[pattern] = handler
	}
	for _, tt := range []struct {
		method, target      string
		pattern, inItsPlace string
	}{
		{"GET", "/?code=1", "GET /{$}", "/"},
		{"HEAD", "/auth", "GET /auth", "/auth"},
		{"GET", "http://a.test/b/c4nary/d", "a.test/b/{x}/", "/b/{x}/"},
		{"POST", "/reconnect/c4nary", "POST /reconnect/{s}", "/reconnect/{s}"},
		{"GET", "/nowhere/c4nary", "-", "-"},
		{"GET", "/old/c4nary", "/old/{x}/", "/old/{x}/"},
		{"CONNECT", "/old/c4nary", "-", "-"},
	} {
		t.Run(tt.method+" "+tt.target, func(t *testing.T) {
			t.Parallel()
			for _, routes := range []map[string]http.HandlerFunc{routes, withCatchAll} {
				s := setup(t, routes, nil)
				s.do(httptest.NewRequest(tt.method, tt.target, nil))
				if got := s.lines(t, "request")[0]["route"]; got != tt.pattern {
					t.Errorf("route %v, want %v", got, tt.pattern)
				}
				var out bytes.Buffer
				s = setup(t, routes, func(s *middleware.Stack) { s.Combined = &out })
				s.do(httptest.NewRequest(tt.method, tt.target, nil))
				if want := `"` + tt.method + " " + tt.inItsPlace + ` HTTP/1.1"`; !strings.Contains(out.String(), want) {
					t.Errorf("%s, want %s", out.String(), want)
				}
			}
		})
	}
}

func TestCombined(t *testing.T) {
	t.Parallel()
	const start = `192.0.2.1 - - [01/Jan/2000:00:00:00 +0000] "GET /auth HTTP/1.1" 303 0 `
	for name, tt := range map[string]struct {
		change func(*http.Request)
		want   string
	}{
		"as morgan prints it": {func(r *http.Request) {
			r.Header.Set("Referer", "https://www.instagram.com/consent/?c4nary=1#c4nary")
			r.Header.Set("User-Agent", "Mozilla/5.0 (iPhone)")
		}, start + `"https://www.instagram.com/consent/" "Mozilla/5.0 (iPhone)"`},
		"nothing sent": {func(*http.Request) {}, start + `"-" "-"`},
		"only a fragment": {func(r *http.Request) {
			r.Header.Set("Referer", "https://latchkey.test/auth#c4nary?c4nary")
		}, start + `"https://latchkey.test/auth" "-"`},
		"a referrer that is all query": {func(r *http.Request) {
			r.Header.Set("Referer", "?c4nary")
		}, start + `"-" "-"`},
		"a forged line": {func(r *http.Request) {
			r.Header["User-Agent"] = []string{"x\"\r\n10.0.0.1 - - \\ \x1b[2J \u0085 é"}
		}, start + `"-" "x\"\x0d\x0a10.0.0.1 - - \\ \x1b[2J \xc2\x85 \xc3\xa9"`},
		"no address": {func(r *http.Request) { r.RemoteAddr = "@" }, "-" + strings.TrimPrefix(start, "192.0.2.1") + `"-" "-"`},
		"a long method": {
			func(r *http.Request) { r.Method = strings.Repeat("GET", 1000) },
			`192.0.2.1 - - [01/Jan/2000:00:00:00 +0000] "GETGETGETGETGETGETGE - HTTP/1.1" 405 19 "-" "-"`,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				var out bytes.Buffer
				s := setup(t, map[string]http.HandlerFunc{"GET /auth": func(w http.ResponseWriter, _ *http.Request) {
					w.WriteHeader(http.StatusSeeOther)
				}}, func(s *middleware.Stack) { s.Combined = &out })
				r := httptest.NewRequest(http.MethodGet, "/auth?code=c4nary&state=c4nary", nil)
				tt.change(r)

				s.do(r)

				if diff := cmp.Diff(tt.want+"\n", out.String()); diff != "" {
					t.Error(diff)
				}
				if s.log.Len() != 0 {
					t.Errorf("the other log has %s", s.log)
				}
			})
		})
	}
}

// TestCombinedWhenBrokenOff holds that a request without an answer still has its line.
func TestCombinedWhenBrokenOff(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	s := setup(t, map[string]http.HandlerFunc{"GET /auth": func(http.ResponseWriter, *http.Request) {
		panic(http.ErrAbortHandler)
	}}, func(s *middleware.Stack) { s.Combined = &out })

	aborted(t, func() { s.get("/auth") })

	if !strings.Contains(out.String(), `"GET /auth HTTP/1.1" - 0 "-" "-"`) {
		t.Error(out.String())
	}
}

// TestCombinedAtOnce holds that lines come whole. It is for the race detector.
func TestCombinedAtOnce(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	s := setup(t, nil, func(s *middleware.Stack) { s.Combined = &out })
	var wg sync.WaitGroup
	for range 50 {
		wg.Go(func() { s.get("/nowhere") })
	}
	wg.Wait()

	for line := range strings.Lines(out.String()) {
		if !strings.HasPrefix(line, "192.0.2.1 - - [") || !strings.HasSuffix(line, "\"-\"\n") {
			t.Errorf("broken line %q", line)
		}
	}
	if got := strings.Count(out.String(), "\n"); got != 50 {
		t.Errorf("%d lines, want 50", got)
	}
}

// FuzzCombined holds that nothing that a client sends makes a second line, ends its quotes or puts a
// query into the log.
func FuzzCombined(f *testing.F) {
	f.Add("GET", "https://latchkey.test/?c4nary", "curl/8")
	f.Add("G\"T", "?", "\"\n\\")
	f.Add("", "\\", "\\\"")
	f.Fuzz(func(t *testing.T, method, referer, agent string) {
		var out bytes.Buffer
		s := setup(t, nil, func(s *middleware.Stack) { s.Combined = &out })
		r := httptest.NewRequest(http.MethodGet, "/", nil)
		r.Method = method
		r.Header["Referer"], r.Header["User-Agent"] = []string{referer}, []string{agent}

		s.do(r)

		line := out.String()
		for i := range len(line) - 1 {
			if line[i] < ' ' || line[i] > '~' {
				t.Fatalf("byte %x in %q", line[i], line)
			}
		}
		line = strings.NewReplacer(`\\`, "", `\"`, "").Replace(line)
		if strings.Count(line, `"`) != 6 || !strings.HasSuffix(line, "\"\n") || len(line) > 3000 {
			t.Fatalf("broken line %q", line)
		}
		if strings.Contains(strings.Split(line, `"`)[3], "?") && strings.Contains(referer, "?") && referer == strings.ToValidUTF8(referer, "") {
			t.Fatalf("query in %q", line)
		}
	})
}

func TestClientInContext(t *testing.T) {
	t.Parallel()
	var got netip.Addr
	s := setup(t, map[string]http.HandlerFunc{"GET /": func(_ http.ResponseWriter, r *http.Request) {
		got = middleware.Client(r.Context())
	}}, nil)

	s.get("/")

	if want := netip.MustParseAddr("192.0.2.1"); got != want {
		t.Errorf("client %v, want %v", got, want)
	}
}
