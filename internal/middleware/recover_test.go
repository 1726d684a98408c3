package middleware_test

import (
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"

	"latchkey/internal/middleware"
)

func breakDown(http.ResponseWriter, *http.Request) {
	panic(errors.New("c4nary"))
}

// aborted runs do, which must end in the panic that net/http takes for "break the connection off".
func aborted(t *testing.T, do func()) {
	t.Helper()
	defer func() {
		if err, _ := recover().(error); !errors.Is(err, http.ErrAbortHandler) {
			t.Errorf("recovered %v, want %v", err, http.ErrAbortHandler)
		}
	}()
	do()
}

func TestPanicBecomesAPage(t *testing.T) {
	t.Parallel()
	s := setup(t, map[string]http.HandlerFunc{"GET /auth": func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Set-Cookie", "session=c4nary")
		w.Header().Set("Content-Length", "7000")
		w.Header().Set("Cache-Control", "public")
		breakDown(w, r)
	}}, nil)

	w := s.get("/auth?code=c4nary")

	id := w.Header().Get("X-Request-Id")
	if w.Code != http.StatusInternalServerError || w.Body.String() != "something broke "+id {
		t.Errorf("answered %d %q", w.Code, w.Body)
	}
	if w.Header().Get("Set-Cookie") != "" || w.Header().Get("Content-Length") != "" || w.Header().Get("Cache-Control") != "no-store" {
		t.Errorf("the page has headers of what broke: %v", w.Header())
	}
	if strings.Contains(s.log.String(), "c4nary") {
		t.Errorf("the log has what was on its way: %s", s.log)
	}
	logged := s.lines(t, "a request panicked")
	if len(logged) != 1 || logged[0]["request"] != id || logged[0]["route"] != "GET /auth" || logged[0]["panic"] != "*errors.errorString" {
		t.Fatalf("logged %v", logged)
	}
	if stack, _ := logged[0]["stack"].(string); !strings.Contains(stack, "middleware_test.breakDown\n") || !strings.Contains(stack, "recover_test.go:") {
		t.Errorf("stack without the function that broke:\n%s", stack)
	}
	if got := s.lines(t, "request")[0]["status"]; got != 500.0 {
		t.Errorf("the request log says %v", got)
	}
}

func TestPanicOfTheRuntime(t *testing.T) {
	t.Parallel()
	s := setup(t, map[string]http.HandlerFunc{"GET /": func(_ http.ResponseWriter, r *http.Request) {
		_ = make([]int, 0)[len(r.URL.Path)]
	}}, nil)

	s.get("/")

	if got := s.lines(t, "a request panicked")[0]["panic"]; got != "runtime error: index out of range [1] with length 0" {
		t.Errorf("logged %v", got)
	}
}

func TestPanicAfterTheAnswerBegan(t *testing.T) {
	t.Parallel()
	for name, begin := range map[string]func(http.ResponseWriter){
		"bytes":   func(w http.ResponseWriter) { io.WriteString(w, "half a page") },
		"status":  func(w http.ResponseWriter) { w.WriteHeader(http.StatusOK) },
		"flush":   func(w http.ResponseWriter) { w.(http.Flusher).Flush() },
		"control": func(w http.ResponseWriter) { http.NewResponseController(w).Flush() },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := setup(t, map[string]http.HandlerFunc{"GET /": func(w http.ResponseWriter, r *http.Request) {
				begin(w)
				breakDown(w, r)
			}}, nil)

			aborted(t, func() { s.get("/") })

			if got := len(s.lines(t, "a request panicked")); got != 1 {
				t.Errorf("logged %d times", got)
			}
			if got := s.lines(t, "request")[0]["status"]; got != 200.0 {
				t.Errorf("the request log says %v", got)
			}
		})
	}
}

// TestPanicInThePage holds that a page that panics, too, does not hand the value to net/http, which
// would log it.
func TestPanicInThePage(t *testing.T) {
	t.Parallel()
	s := setup(t, map[string]http.HandlerFunc{"GET /": breakDown}, func(s *middleware.Stack) { s.Panicked = breakDown })

	aborted(t, func() { s.get("/") })

	if got := len(s.lines(t, "a request panicked")); got != 2 {
		t.Errorf("logged %d panics, want 2", got)
	}
	if got := s.lines(t, "request")[0]["status"]; got != 0.0 {
		t.Errorf("the request log says %v", got)
	}
}

func TestAbortIsPassedOn(t *testing.T) {
	t.Parallel()
	s := setup(t, map[string]http.HandlerFunc{"GET /": func(http.ResponseWriter, *http.Request) {
		panic(http.ErrAbortHandler)
	}}, nil)

	aborted(t, func() { s.get("/") })

	if got := s.lines(t, "a request panicked"); len(got) != 0 {
		t.Errorf("logged %v", got)
	}
	if got := s.lines(t, "request")[0]["status"]; got != 0.0 {
		t.Errorf("the request log says %v", got)
	}
}
