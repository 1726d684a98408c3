package igsim

import (
	"cmp"
	"errors"
	"fmt"
	"hash/fnv"
	"regexp"
	"strconv"
)

// Persona is somebody with an Instagram account who can log in.
type Persona struct {
	// ID names her in decisions and in the control API. It never changes.
	ID string `json:"id"`
	// Username is what Instagram shows; it may change at any time.
	Username string `json:"username"`
	// Name may be empty: then /me does not have it.
	Name string `json:"name"`
	// AccountType is BUSINESS, MEDIA_CREATOR or PERSONAL.
	AccountType string `json:"account_type"`
	// Followers, Follows and Posts are what she had on 1 January 2026.
	Followers int `json:"followers"`
	Follows   int `json:"follows"`
	Posts     int `json:"posts"`
	// Note says in plain words what is special about her.
	Note string `json:"note"`
	// NoRole is set for an account that has no role on an app without Advanced Access: she can
	// log in and the code can be exchanged, but every call after that is refused.
	NoRole bool `json:"no_role"`
	// PasswordDays is how many days after each login she changes her password, which ends every
	// token of that login. Zero is never.
	PasswordDays int `json:"password_days"`
}

// persona is a Persona with what the simulator knows of her.
type persona struct {
	Persona
	index int    // her place among the personas, part of the ids of her posts
	seed  uint64 // the same for the same ID in every run
	// revocations are the error_subcodes of what ended all tokens alive at that moment, in
	// order. A token remembers how many there were when it was made.
	revocations []int
}

// usualPersonas are those whom a new simulator knows.
func usualPersonas() []Persona {
	return []Persona{
		{
			ID: "studio_north", Username: "studio_north", Name: "Studio North", AccountType: "BUSINESS",
			Followers: 812, Follows: 310, Posts: 64, Note: "A business that grows steadily.",
		},
		{
			ID: "mara_makes", Username: "mara_makes", Name: "Mara ✨ Makes: ceramics, glazes & slow mornings 🏺🌿",
			AccountType: "MEDIA_CREATOR", Followers: 18420, Follows: 702, Posts: 388,
			Note: "A creator with a long name and many followers.",
		},
		{
			ID: "tiny_bakery", Username: "tiny_bakery", Name: "Tiny Bakery", AccountType: "BUSINESS",
			Followers: 41, Follows: 58, Posts: 9, Note: "Under 100 followers: Instagram withholds some insights.",
		},
		{
			ID: "private_pat", Username: "private_pat", AccountType: "PERSONAL",
			Followers: 133, Follows: 214, Posts: 21, Note: "A personal account: the API is not made for it.",
		},
		{
			ID: "harbor_books", Username: "harbor_books", Name: "Harbor Books", AccountType: "BUSINESS",
			Followers: 530, Follows: 120, Posts: 77, NoRole: true,
			Note: "Has no role on the app: the login goes well, then every call is refused.",
		},
		{
			ID: "forgetful_fern", Username: "forgetful_fern", Name: "Fern & Daughters", AccountType: "BUSINESS",
			Followers: 2250, Follows: 181, Posts: 140, PasswordDays: 30,
			Note: "Changes her password 30 days after each login.",
		},
	}
}

// Personas are all personas as they are now, in the order in which they came.
func (s *Simulator) Personas() []Persona {
	s.mu.Lock()
	defer s.mu.Unlock()
	all := make([]Persona, len(s.personas))
	for i, p := range s.personas {
		all[i] = p.Persona
	}
	return all
}

var personaID = regexp.MustCompile(`^[a-z0-9][a-z0-9_.]{0,59}$`)

// SetPersona adds a persona, or replaces the one with the same ID: that is how she gets another
// username. Her tokens and her two Instagram ids stay. An empty Username is her ID, an empty
// AccountType is BUSINESS.
func (s *Simulator) SetPersona(p Persona) error {
	if err := p.validate(); err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.setPersona(p)
	return nil
}

func (p Persona) validate() error {
	if !personaID.MatchString(p.ID) {
		return fmt.Errorf("persona %q: an ID has lower-case letters, digits, dots and underscores, 60 at most", p.ID)
	}
	if min(p.Followers, p.Follows, p.Posts, p.PasswordDays) < 0 || max(p.Followers, p.Follows) > 1e9 || max(p.Posts, p.PasswordDays) > firstStory/2 {
		return fmt.Errorf("persona %q: a count is negative or too high", p.ID)
	}
	return nil
}

func (s *Simulator) setPersona(p Persona) {
	p.Username = cmp.Or(p.Username, p.ID)
	p.AccountType = cmp.Or(p.AccountType, "BUSINESS")
	if known, ok := s.byID[p.ID]; ok {
		known.Persona = p
		return
	}
	h := fnv.New64a()
	h.Write([]byte(p.ID))
	added := &persona{Persona: p, index: len(s.personas), seed: h.Sum64()}
	s.personas = append(s.personas, added)
	s.byID[p.ID] = added
}

var errNoPersona = errors.New("there is no such persona")

// ChangePassword ends every token of the persona, with error 190/460.
func (s *Simulator) ChangePassword(personaID string) error {
	return s.revoke(personaID, 460)
}

// RemoveApp is the persona removing the app in her settings. It ends every token of hers, with
// error 190/458.
func (s *Simulator) RemoveApp(personaID string) error {
	return s.revoke(personaID, 458)
}

func (s *Simulator) revoke(id string, subcode int) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	p, ok := s.byID[id]
	if !ok {
		return fmt.Errorf("persona %q: %w", id, errNoPersona)
	}
	p.revocations = append(p.revocations, subcode)
	return nil
}

// SetRole gives the persona a role on the app or takes it.
func (s *Simulator) SetRole(personaID string, has bool) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	p, ok := s.byID[personaID]
	if !ok {
		return fmt.Errorf("persona %q: %w", personaID, errNoPersona)
	}
	p.NoRole = !has
	return nil
}

// userID is the id of the professional account, the same for every app. It is above 2^53 and odd,
// so that whoever takes it through a floating-point number gets another one.
func (p *persona) userID() string {
	return strconv.FormatUint(17841400000000123+uint64(p.index)*10_002, 10)
}

// appScopedID is the id that the persona has for one app. It stays different when rounded too.
func (p *persona) appScopedID(appID string) string {
	h := fnv.New64a()
	h.Write([]byte(appID))
	return strconv.FormatUint(24000000000000001+mix(h.Sum64(), 0, 0)%4_000_000*1_000_000_000+uint64(p.index)*4, 10)
}
