package config

import (
	"fmt"
	"io"
	"log/slog"
)

const mark = "[secret]"

// Secret is the value of a secret setting. It has no printable form.
type Secret struct {
	// A pointer, because fmt shows the unexported fields of a struct around a Secret without
	// asking the Secret: it finds an address there, and no text.
	value *string
}

// Reveal returns the value, empty when there is none.
func (s Secret) Reveal() string {
	if s.value == nil {
		return ""
	}
	return *s.value
}

// String returns a mark instead of the value.
func (Secret) String() string { return mark }

// Format writes a mark instead of the value, whatever the verb.
func (Secret) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, mark) }

// LogValue returns a mark instead of the value.
func (Secret) LogValue() slog.Value { return slog.StringValue(mark) }

// MarshalText returns a mark instead of the value.
func (Secret) MarshalText() ([]byte, error) { return []byte(mark), nil }
