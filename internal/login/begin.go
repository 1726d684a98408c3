package login

import (
	"crypto/rand"
	"fmt"
	"time"

	"latchkey/internal/store"
)

// bindingLen is the length of what crypto/rand.Text returns: 130 bits in base32.
const bindingLen = 26

// Started is a login on its way.
type Started struct {
	// URL is the page of Instagram that the browser goes to. It holds the state.
	URL string
	// Binding is the value of the cookie that the browser must show when it comes back.
	Binding string
}

// Begin starts a login. The binding is what the browser's cookie holds already, or empty: a
// browser keeps one binding for all logins that it has begun. Nothing is stored.
func (f *Flow) Begin(binding string) (Started, error) {
	started, err := f.begin(binding, store.Hash{})
	if err != nil {
		f.ended(err)
	}
	return started, err
}

// begin starts a login, through the link with this hash if it is not zero.
func (f *Flow) begin(binding string, link store.Hash) (Started, error) {
	if !isBinding(binding) {
		binding = rand.Text()
	}
	sealed, err := f.Vault.SealState(newState(f.machine(), binding, link, f.Scopes).bytes())
	if err != nil {
		return Started{}, fmt.Errorf("begin a login: %w", err)
	}
	f.stalled.begin(time.Now())
	return Started{URL: f.Instagram.AuthorizeURL(sealed, f.Scopes...), Binding: binding}, nil
}

// isBinding says whether a cookie's value has the form of a binding that Begin made.
func isBinding(s string) bool {
	if len(s) != bindingLen {
		return false
	}
	for _, c := range []byte(s) {
		if (c < 'A' || c > 'Z') && (c < '2' || c > '7') {
			return false
		}
	}
	return true
}
