package main

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"latchkey/igsim"
)

// gate holds requests to one path until it is opened, and says when one came.
type gate struct {
	path          string
	arrived, open chan struct{}
	once          sync.Once
}

func (g *gate) before(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == g.path {
			g.once.Do(func() { close(g.arrived) })
			<-g.open
		}
		next.ServeHTTP(w, r)
	})
}

// gated puts a gate between a house and its simulator.
func (h *house) gated(path string) *gate {
	g := &gate{path: path, arrived: make(chan struct{}), open: make(chan struct{})}
	server := httptest.NewServer(g.before(h.sim))
	h.t.Cleanup(server.Close)
	for name, value := range h.environ {
		h.environ[name] = strings.Replace(value, h.simURL, server.URL, 1)
	}
	return g
}

// TestStopFinishesWhatIsInHand stops a server in the middle of a login: the login ends well.
func TestStopFinishesWhatIsInHand(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	g := h.gated("/access_token")
	s := h.serve()
	b := s.browser()
	b.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	status := make(chan string, 1)
	go func() {
		res, _ := s.login(b, igsim.Decision{Persona: "studio_north"})
		status <- res.Status
	}()
	<-g.arrived
	stopped := make(chan int, 1)
	go func() { stopped <- s.stop() }()
	if !s.stderr.says("finishing what is in hand", s.ended) {
		t.Fatalf("the server did not wait:\n%s", s.stderr)
	}
	close(g.open)
	if got := <-status; got != "303 See Other" {
		t.Errorf("the login in hand was answered with %s", got)
	}
	if got := <-stopped; got != 0 {
		t.Errorf("ended with status %d", got)
	}
	h.id() // the connection is stored
}

// TestCallbackTwiceAtOnce reloads the callback while it is at work: one exchange, and both answers
// lead home.
func TestCallbackTwiceAtOnce(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	g := h.gated("/access_token")
	s := h.serve()
	b := s.browser()
	b.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	res, _ := s.get(b, s.base+"/login")
	callback, err := h.sim.Approve(res.Header.Get("Location"), igsim.Decision{Persona: "studio_north"})
	must(t, err)
	first := make(chan *http.Response, 1)
	go func() {
		res, _ := s.get(b, callback)
		first <- res
	}()
	<-g.arrived
	twin, _ := s.get(b, callback)
	close(g.open)
	for _, res := range []*http.Response{twin, <-first} {
		if res.StatusCode != http.StatusSeeOther || location(res) != s.base+"/" {
			t.Errorf("answered with %s to %s", res.Status, location(res))
		}
	}
	if n := h.sim.Calls(igsim.CodeExchange); n != 1 {
		t.Errorf("%d exchanges", n)
	}
	// Signed in by now: the same address leads home a third time. Signed out: it is used up.
	if res, _ := s.get(b, callback); location(res) != s.base+"/" {
		t.Errorf("signed in: %s", res.Status)
	}
	s.post(b, "/logout")
	if res, _ := s.get(b, callback); res.StatusCode != http.StatusConflict {
		t.Errorf("signed out: %s", res.Status)
	}
}
