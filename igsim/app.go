package igsim

import "slices"

// The app that a new simulator knows.
const (
	AppID     = "1180000000000042"
	AppSecret = "f0e1d2c3b4a5968778695a4b3c2d1e0f"
)

// App is a registration at Meta for Instagram Login.
type App struct {
	ID     string // the Instagram app id: digits
	Secret string // the Instagram app secret
	Name   string // what the consent page calls the app
	// RedirectURIs are the addresses to which a code may be sent, compared byte by byte.
	RedirectURIs []string
}

func defaultApp() App {
	return App{
		ID:           AppID,
		Secret:       AppSecret,
		Name:         "Latchkey",
		RedirectURIs: []string{"http://localhost:3000/auth"},
	}
}

// App is the one registered app.
func (s *Simulator) App() App {
	s.mu.Lock()
	defer s.mu.Unlock()
	a := s.app
	a.RedirectURIs = slices.Clone(a.RedirectURIs)
	return a
}

// SetApp replaces the registered app. Tokens that were given out stay; another app id gives every
// persona another app-scoped id, as at Meta.
func (s *Simulator) SetApp(a App) {
	a.RedirectURIs = slices.Clone(a.RedirectURIs)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.app = a
}
