package igsim

import (
	"net/http"
	"sync"
	"sync/atomic"
	"time"
)

// Simulator plays Instagram. Make one with [New]. It is safe for concurrent use.
type Simulator struct {
	base     func() time.Time
	offset   atomic.Int64 // nanoseconds that the clock is ahead of base
	control  http.Handler
	crossing *http.CrossOriginProtection
	stepping stepping

	mu       sync.Mutex // guards all below; nothing is read from or written to the network under it
	app      App
	personas []*persona
	byID     map[string]*persona
	codes    map[string]grant
	tokens   map[string]*token
	switches Switches
	rules    []*rule
	calls    map[Endpoint]int
	seen     []request
	written  threads
	traces   uint64
	mailbox  mailbox
}

// New gives a simulator with the app [AppID] and the usual personas, its clock at the machine's
// time, all switches at their defaults and no faults.
func New() *Simulator {
	s := &Simulator{
		base:     time.Now,
		crossing: http.NewCrossOriginProtection(),
		stepping: stepping{turn: make(chan struct{}, 1)},
		app:      defaultApp(),
		byID:     make(map[string]*persona),
		codes:    make(map[string]grant),
		tokens:   make(map[string]*token),
		calls:    make(map[Endpoint]int),
		written:  newThreads(),
	}
	for _, p := range usualPersonas() {
		s.setPersona(p)
	}
	s.control = s.controlRoutes()
	return s
}

// ServeHTTP answers as Instagram would, or as the control page and its JSON API.
func (s *Simulator) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Date", s.Now().UTC().Format(http.TimeFormat))
	role, path := roleOf(r)
	switch {
	case isControl(r):
		s.control.ServeHTTP(w, r)
	case path == authorizePath && r.Method != http.MethodGet:
		s.decide(w, r, role)
	default:
		s.serveCall(w, r, role, path)
	}
}

// Calls says how many requests an endpoint has had, faults included, or all of them for
// [AnyEndpoint].
func (s *Simulator) Calls(e Endpoint) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	if e != AnyEndpoint {
		return s.calls[e]
	}
	sum := 0
	for _, n := range s.calls {
		sum += n
	}
	return sum
}

// request is what the control page shows of a call: never a query, a token or a code.
type request struct {
	At       time.Time `json:"at"`
	Method   string    `json:"method"`
	Endpoint Endpoint  `json:"endpoint"`
	// Parameters are the names of the query parameters, without their values.
	Parameters []string `json:"parameters"`
	// Status is what was answered, 0 for a connection that was cut.
	Status int  `json:"status"`
	Fault  bool `json:"fault"`
}

const seenAtMost = 20

// remember counts a call and keeps it among the last ones. The caller holds the lock.
func (s *Simulator) remember(q request) {
	s.calls[q.Endpoint]++
	if len(s.seen) == seenAtMost {
		copy(s.seen, s.seen[1:])
		s.seen = s.seen[:seenAtMost-1]
	}
	s.seen = append(s.seen, q)
}
