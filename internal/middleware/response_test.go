package middleware_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"
)

// TestAnswerOverTheWire holds that streaming, deadlines and informational answers work through the
// stack as they do without it.
func TestAnswerOverTheWire(t *testing.T) {
	t.Parallel()
	goOn := make(chan struct{})
	s := setup(t, map[string]http.HandlerFunc{"GET /": func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusEarlyHints)
		if err := http.NewResponseController(w).SetWriteDeadline(time.Now().Add(time.Minute)); err != nil {
			t.Errorf("set a deadline: %v", err)
		}
		w.WriteHeader(http.StatusTeapot)
		io.WriteString(w, "first")
		if err := http.NewResponseController(w).Flush(); err != nil {
			t.Errorf("flush: %v", err)
		}
		<-goOn
		io.WriteString(w, " second")
	}}, nil)
	served := make(chan struct{})
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		defer close(served)
		s.ServeHTTP(w, r)
	}))
	defer server.Close()

	response, err := server.Client().Get(server.URL)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	first := make([]byte, 5)
	if _, err := io.ReadFull(response.Body, first); err != nil || string(first) != "first" {
		t.Errorf("before the end of the handler: %q, %v", first, err)
	}
	close(goOn)
	rest, err := io.ReadAll(response.Body)
	if err != nil || string(rest) != " second" || response.StatusCode != http.StatusTeapot {
		t.Errorf("status %d, %q, %v", response.StatusCode, rest, err)
	}
	<-served
	if got := s.lines(t, "request")[0]; got["status"] != 418.0 || got["bytes"] != 12.0 {
		t.Errorf("the request log says %v", got)
	}
}

func TestEmptyAnswer(t *testing.T) {
	t.Parallel()
	s := setup(t, map[string]http.HandlerFunc{"GET /": func(http.ResponseWriter, *http.Request) {}}, nil)

	s.get("/")

	if got := s.lines(t, "request")[0]; got["status"] != 200.0 || got["bytes"] != 0.0 {
		t.Errorf("the request log says %v", got)
	}
}

// TestFirstStatusCounts holds that the log tells what was sent, not what was tried afterwards.
func TestFirstStatusCounts(t *testing.T) {
	t.Parallel()
	s := setup(t, map[string]http.HandlerFunc{"GET /": func(w http.ResponseWriter, _ *http.Request) {
		io.WriteString(w, "fine")
		w.WriteHeader(http.StatusInternalServerError)
	}}, nil)

	if w := s.get("/"); w.Code != http.StatusOK {
		t.Errorf("status %d", w.Code)
	}
	if got := s.lines(t, "request")[0]["status"]; got != 200.0 {
		t.Errorf("the request log says %v", got)
	}
}
