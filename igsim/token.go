package igsim

import "time"

// Token is what the simulator knows of a token that it gave out, for tests that compare the tokens
// a client keeps with those that live.
type Token struct {
	// Persona is the ID of whose it is.
	Persona string
	// Long tells a token of sixty days from one of an hour.
	Long bool
	// Issued and Expires are of its last refresh, where a refresh keeps the text.
	Issued, Expires time.Time
	// Replaced is when it stops because a refresh gave another; zero is never.
	Replaced time.Time
	// Works says that calls with it are accepted now, but for faults and what else [Switches] says.
	Works bool
}

// Token looks a token up by its text. It is no call: it is not counted and meets no fault. False
// means that the simulator never gave it out.
func (s *Simulator) Token(text string) (Token, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	t, ok := s.tokens[text]
	if !ok {
		return Token{}, false
	}
	_, over := t.ended(s.Now())
	return Token{
		Persona: t.persona.ID, Long: t.long,
		Issued: t.issued, Expires: t.expires, Replaced: t.replaced, Works: !over,
	}, true
}
