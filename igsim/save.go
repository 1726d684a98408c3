package igsim

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"time"
)

// saveVersion is the form of what [Simulator.Save] writes. A form that an older program could not read has another.
const saveVersion = 1

// saved is what Save writes.
type saved struct {
	Version   int            `json:"version"`
	Personas  []savedPersona `json:"personas"`
	Tokens    []savedToken   `json:"tokens"`
	Switches  Switches       `json:"switches"`
	Mails     []Mail         `json:"mails"`
	MailsEver int            `json:"mails_ever"` // how many mails ever came
}

// savedPersona is a persona and what ended her tokens.
type savedPersona struct {
	Persona
	Revocations []int `json:"revocations,omitempty"`
}

// savedToken is a token that a later simulator knows again.
type savedToken struct {
	Text      string    `json:"text"`
	Persona   string    `json:"persona"`
	Long      bool      `json:"long"`
	Scopes    []string  `json:"scopes"`
	GrantedAt time.Time `json:"granted_at"`
	Issued    time.Time `json:"issued"`
	Expires   time.Time `json:"expires"`
	Replaced  time.Time `json:"replaced,omitzero"`
	Epoch     int       `json:"epoch"`
}

// Save writes, as JSON, what connections live on: the tokens, the personas and what ended
// their tokens, the switches and the mail box. The app and the clock are the caller's; codes, faults, counts and
// what callers did to comments end with the process.
func (s *Simulator) Save(w io.Writer) error {
	s.mu.Lock()
	all := saved{
		Version: saveVersion, Switches: s.switches, Personas: []savedPersona{}, Tokens: []savedToken{},
		Mails: append([]Mail{}, s.mailbox.mails...), MailsEver: s.mailbox.came,
	}
	for _, p := range s.personas {
		all.Personas = append(all.Personas, savedPersona{p.Persona, append([]int(nil), p.revocations...)})
	}
	for _, t := range s.tokens {
		all.Tokens = append(all.Tokens, savedToken{
			t.text, t.persona.ID, t.long, t.scopes, t.grantedAt, t.issued, t.expires, t.replaced, t.epoch,
		})
	}
	s.mu.Unlock()
	slices.SortFunc(all.Tokens, func(a, b savedToken) int { return cmp.Or(a.Issued.Compare(b.Issued), cmp.Compare(a.Text, b.Text)) })
	if err := json.NewEncoder(w).Encode(all); err != nil {
		return fmt.Errorf("save the simulator: %w", err)
	}
	return nil
}

// Load makes the simulator know what another one saved, beside what it knows itself. What it cannot read whole it
// refuses, and is as it was.
func (s *Simulator) Load(r io.Reader) error {
	var all saved
	in := json.NewDecoder(r)
	if err := in.Decode(&all); err != nil {
		return fmt.Errorf("load the simulator: it is not what Save writes: %w", err)
	}
	if _, err := in.Token(); !errors.Is(err, io.EOF) {
		return errors.New("load the simulator: something stands behind what Save writes")
	}
	if err := all.check(); err != nil {
		return fmt.Errorf("load the simulator: %w", err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.switches = all.Switches
	for _, p := range all.Personas {
		s.setPersona(p.Persona)
		s.byID[p.ID].revocations = p.Revocations
	}
	for _, t := range all.Tokens {
		s.tokens[t.Text] = &token{t.Text, s.byID[t.Persona], t.Long, t.Scopes, t.GrantedAt, t.Issued, t.Expires, t.Replaced, t.Epoch}
	}
	s.mailbox.mails, s.mailbox.came = all.Mails, all.MailsEver
	return nil
}

// check finds what Save would not have written.
func (a saved) check() error {
	if a.Version != saveVersion {
		return fmt.Errorf("it is of version %d, and this program reads version %d", a.Version, saveVersion)
	}
	if err := a.Switches.validate(); err != nil {
		return err
	}
	revocations := map[string]int{}
	for _, p := range a.Personas {
		if err := p.validate(); err != nil {
			return err
		}
		revocations[p.ID] = len(p.Revocations)
	}
	for _, t := range a.Tokens {
		if ended, known := revocations[t.Persona]; !known || t.Text == "" || t.Epoch < 0 || t.Epoch > ended {
			return errors.New("a token of it is of nobody, or none") // which one must not be said
		}
	}
	if len(a.Mails) > mailsAtMost || len(a.Mails) > a.MailsEver {
		return fmt.Errorf("it has %d mails of %d, and %d are kept at most", len(a.Mails), a.MailsEver, mailsAtMost)
	}
	return nil
}
