package main

import (
	"encoding/json"
	"regexp"
	"strings"
	"testing"

	"latchkey/igsim"
)

// TestLogFormats holds the three forms of the request log: where they go, that a login stands in
// them by its routes, and that no query does.
func TestLogFormats(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ format, want string }{
		{"json", `"method":"GET","route":"GET /auth","status":303`},
		{"text", `method=GET route="GET /auth" status=303`},
		{"combined", `"GET /auth HTTP/1.1" 303 `},
	} {
		t.Run(tt.format, func(t *testing.T) {
			t.Parallel()
			h := newRig(t)
			h.environ["LATCHKEY_LOG_FORMAT"] = tt.format
			s := h.serve()
			s.login(s.browser(), igsim.Decision{Persona: "studio_north"})
			s.stop()
			requests, other := s.stderr.String(), s.stdout.String()
			if tt.format == "combined" {
				requests, other = other, requests
				line := regexp.MustCompile(`(?m)^127\.0\.0\.1 - - \[\d\d/\w{3}/\d{4}:\d\d:\d\d:\d\d \+0000\] "GET /login HTTP/1\.1" \d{3} \d+ "-" "Go-http-client/1\.1"$`)
				if !line.MatchString(requests) {
					t.Errorf("no line in the combined form:\n%s", requests)
				}
			}
			if !strings.Contains(requests, tt.want) || strings.Contains(other, "/auth") {
				t.Errorf("the requests:\n%s\nthe rest:\n%s", requests, other)
			}
			if strings.Contains(requests, "state=") || strings.Contains(requests, "code=") {
				t.Errorf("a query stands in the log:\n%s", requests)
			}
		})
	}
}

// TestRequestID holds that the id on an error page is the one in the log, once a line.
func TestRequestID(t *testing.T) {
	t.Parallel()
	h := newRig(t)
	s := h.serve()
	must(t, h.sim.FailNext(igsim.CodeExchange, 1, igsim.Fault{Message: "Invalid platform app"}))
	res, page := s.login(s.browser(), igsim.Decision{Persona: "studio_north"})
	id := res.Header.Get("X-Request-Id")
	if id == "" || !strings.Contains(page, id) {
		t.Fatalf("the page does not show the id %q:\n%s", id, page)
	}
	s.stop()
	for line := range strings.Lines(s.stderr.String()) {
		var record struct {
			Msg, Request string
			Instagram    struct{ Message string }
			Advice       string
		}
		must(t, json.Unmarshal([]byte(line), &record))
		if record.Msg != "login refused" {
			continue
		}
		if record.Request != id || record.Instagram.Message != "Invalid platform app" || record.Advice == "" || strings.Count(line, `"request":`) != 1 {
			t.Errorf("logged as %s", line)
		}
		return
	}
	t.Errorf("the refusal is not in the log:\n%s", s.stderr)
}
