package instagram

import (
	"crypto/subtle"
	"fmt"
	"io"
	"log/slog"
)

// mark is what a secret shows in place of its value.
const mark = "[secret]"

// Secret holds a token, a code or an app secret and has no printable form: fmt with every verb,
// slog, JSON and text encoders all show "[secret]". The zero Secret holds nothing.
//
// Secrets are compared by [Secret.Equal]; == compares identities, not values.
type Secret struct {
	// A pointer, because fmt does not call methods on the unexported fields of a struct that
	// holds a Secret: there it shows an address, and no text.
	value *string
}

// NewSecret keeps s out of sight. NewSecret("") is the zero Secret.
func NewSecret(s string) Secret {
	if s == "" {
		return Secret{}
	}
	return Secret{value: &s}
}

// Reveal returns the value, "" for the zero Secret. It is the only way to it, so a search for
// Reveal finds every place where a secret leaves its cover.
func (s Secret) Reveal() string {
	if s.value == nil {
		return ""
	}
	return *s.value
}

// IsZero reports whether there is no value.
func (s Secret) IsZero() bool { return s.value == nil }

// Equal reports, in constant time, whether both hold the same value.
func (s Secret) Equal(t Secret) bool {
	return subtle.ConstantTimeCompare([]byte(s.Reveal()), []byte(t.Reveal())) == 1
}

// String returns "[secret]".
func (s Secret) String() string { return mark }

// GoString returns "[secret]".
func (s Secret) GoString() string { return mark }

// Format writes "[secret]" for every verb, also for those that would show bytes in hex.
func (s Secret) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, mark) }

// LogValue returns "[secret]".
func (s Secret) LogValue() slog.Value { return slog.StringValue(mark) }

// MarshalText returns "[secret]"; JSON, XML and map keys go through it too.
func (s Secret) MarshalText() ([]byte, error) { return []byte(mark), nil }
