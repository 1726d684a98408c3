package igsim

import (
	"maps"
	"net/http"
	"slices"
	"time"
)

// state is what GET /_sim/state answers and the control page shows. It has no secret, code or
// token.
type state struct {
	Now      time.Time        `json:"now"`
	App      appShown         `json:"app"`
	Personas []personaShown   `json:"personas"`
	Switches Switches         `json:"switches"`
	Faults   []faultShown     `json:"faults"`
	Calls    map[Endpoint]int `json:"calls"`
	Requests []request        `json:"requests"` // the last ones, the newest first
}

type appShown struct {
	ID           string   `json:"id"`
	Name         string   `json:"name"`
	RedirectURIs []string `json:"redirect_uris"`
}

type personaShown struct {
	Persona
	UserID      string `json:"user_id"`
	AppScopedID string `json:"app_scoped_id"`
	// Tokens are her tokens that work now.
	Tokens []tokenShown `json:"tokens"`
}

type tokenShown struct {
	Long    bool      `json:"long"`
	Scopes  []string  `json:"scopes"`
	Issued  time.Time `json:"issued_at"`
	Expires time.Time `json:"expires_at"`
}

type faultShown struct {
	Endpoint Endpoint  `json:"endpoint"`
	Next     int       `json:"next,omitempty"`
	Share    float64   `json:"share,omitempty"`
	Struck   int       `json:"struck"`
	Fault    wireFault `json:"fault"`
}

func (s *Simulator) serveState(w http.ResponseWriter, r *http.Request) {
	answer{status: http.StatusOK, body: s.state()}.deliver(w, r)
}

func (s *Simulator) state() state {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.Now().UTC()
	alive := make(map[*persona][]tokenShown)
	for _, t := range s.tokens {
		if _, over := t.ended(now); !over {
			alive[t.persona] = append(alive[t.persona], tokenShown{t.long, t.scopes, t.issued.UTC(), t.expires.UTC()})
		}
	}
	v := state{
		Now:      now,
		App:      appShown{s.app.ID, s.app.Name, slices.Clone(s.app.RedirectURIs)},
		Switches: s.switches,
		Faults:   s.faults(),
		Calls:    maps.Clone(s.calls),
		Requests: append([]request{}, s.seen...),
	}
	slices.Reverse(v.Requests)
	for _, p := range s.personas {
		tokens := append([]tokenShown{}, alive[p]...)
		slices.SortFunc(tokens, func(a, b tokenShown) int { return b.Expires.Compare(a.Expires) })
		v.Personas = append(v.Personas, personaShown{p.Persona, p.userID(), p.appScopedID(s.app.ID), tokens})
	}
	return v
}

func (s *Simulator) faultsShown() []faultShown {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.faults()
}

func (s *Simulator) faults() []faultShown {
	all := make([]faultShown, len(s.rules))
	for i, r := range s.rules {
		all[i] = faultShown{r.Endpoint, r.Next, r.Share, r.Struck, wireFault{r.Fault, r.Fault.Wait.Milliseconds()}}
	}
	return all
}
