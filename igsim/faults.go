package igsim

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"time"
)

// Fault is a wrong answer. With only Wait it is a slow right one. Everything that is not zero in
// it counts, so that any status, code, subcode and text can be had.
type Fault struct {
	// Kind is the form of the answer.
	Kind Kind `json:"kind,omitzero"`
	// Status is the HTTP status: by default the one that Instagram was seen to send with the
	// code, and 503 for pages and empty bodies. An error with status 200 is possible.
	Status int `json:"status,omitzero"`
	// Code and Subcode are those of the Graph API. A known pair brings Instagram's own Type and
	// Message, and for rate limits the usage headers.
	Code    int    `json:"code,omitzero"`
	Subcode int    `json:"subcode,omitzero"`
	Type    string `json:"type,omitzero"`
	// Message without a Code, at the code exchange, is answered in that endpoint's own envelope.
	Message   string `json:"message,omitzero"`
	Transient bool   `json:"transient,omitzero"`
	// RegainMinutes is when a business rate limit says that calls will work again.
	RegainMinutes int `json:"regain_minutes,omitzero"`
	// Wait is how long the answer takes.
	Wait time.Duration `json:"-"`
	// AfterWork does what was asked before it gives the wrong answer: the code is spent, the
	// token is refreshed, the reply is posted.
	AfterWork bool `json:"after_work,omitzero"`
	// Persona limits the fault to calls with a code or token of hers; empty is everybody.
	Persona string `json:"persona,omitzero"`
}

// Kind is the form of a wrong answer.
type Kind string

// The kinds of faults.
const (
	GraphError Kind = ""          // an error in JSON
	Page       Kind = "page"      // an HTML page, as in an outage
	Empty      Kind = "empty"     // no body
	Truncated  Kind = "truncated" // the first half of the right answer
	Cut        Kind = "cut"       // the connection ends without an answer
)

func (f Fault) validate() error {
	if !slices.Contains([]Kind{GraphError, Page, Empty, Truncated, Cut}, f.Kind) {
		return fmt.Errorf("fault: kind %q is none of page, empty, truncated, cut", f.Kind)
	}
	if f.Status != 0 && (f.Status < 200 || f.Status > 599) {
		return fmt.Errorf("fault: status %d is not from 200 to 599", f.Status)
	}
	if f.Wait < 0 || f.RegainMinutes < 0 {
		return errors.New("fault: a time is negative")
	}
	if f.Kind == GraphError && f.Code == 0 && f.Message == "" && f.Wait == 0 {
		return errors.New("fault: say a kind, a code, a message or a wait")
	}
	return nil
}

// rule is a fault with when it strikes.
type rule struct {
	Endpoint Endpoint
	Fault    Fault
	Next     int     // how many more times; 0 for a share
	Share    float64 // of the calls; 0 for a number
	Struck   int     // how many times it did
	random   *rand.Rand
}

// FailNext makes the next n calls of an endpoint fail. Faults strike in the order in which they
// were set; one call meets one fault.
func (s *Simulator) FailNext(e Endpoint, n int, f Fault) error {
	if n < 1 {
		return fmt.Errorf("fault: %d calls; at least one has to fail", n)
	}
	return s.addRule(&rule{Endpoint: e, Fault: f, Next: n})
}

// FailShare makes a share of the calls of an endpoint fail, 1 being all, until [Simulator.Heal].
// The same seed picks the same calls.
func (s *Simulator) FailShare(e Endpoint, share float64, seed uint64, f Fault) error {
	if !(share > 0 && share <= 1) {
		return fmt.Errorf("fault: share %v is not above 0 and at most 1", share)
	}
	return s.addRule(&rule{Endpoint: e, Fault: f, Share: share, random: rand.New(rand.NewPCG(seed, seed))})
}

// Heal ends all faults that were set with FailNext and FailShare.
func (s *Simulator) Heal() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.rules = nil
}

func (s *Simulator) addRule(r *rule) error {
	if !r.Endpoint.known() {
		return fmt.Errorf("fault: there is no endpoint %q", r.Endpoint)
	}
	if err := r.Fault.validate(); err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if r.Fault.Persona != "" && s.byID[r.Fault.Persona] == nil {
		return fmt.Errorf("fault: persona %q: %w", r.Fault.Persona, errNoPersona)
	}
	s.rules = append(s.rules, r)
	return nil
}

// strike is the fault that meets a call of the endpoint by the persona, if any. The caller holds
// the lock.
func (s *Simulator) strike(e Endpoint, personaID string) (Fault, bool) {
	for i, r := range s.rules {
		if r.Endpoint != AnyEndpoint && r.Endpoint != e || r.Fault.Persona != "" && r.Fault.Persona != personaID {
			continue
		}
		if r.random != nil && r.random.Float64() >= r.Share {
			continue
		}
		r.Struck++
		if r.Next > 0 {
			if r.Next--; r.Next == 0 {
				s.rules = slices.Delete(s.rules, i, i+1)
			}
		}
		return r.Fault, true
	}
	return Fault{}, false
}
