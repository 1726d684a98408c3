package signin_test

import (
	"testing"

	"latchkey/internal/web/signin"
)

func TestSameHost(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		a, b, scheme string
		want         bool
	}{
		{"latchkey.example", "latchkey.example", "https", true},
		{"Latchkey.Example:443", "latchkey.example", "https", true},
		{"latchkey.example", "latchkey.example:443", "https", true},
		{"latchkey.example:80", "latchkey.example", "http", true},
		{"latchkey.example:80", "latchkey.example", "https", false},
		{"localhost:3000", "localhost", "http", false},
		{"127.0.0.1:3000", "localhost:3000", "http", false},
		{"[::1]", "[::1]:80", "http", true},
		{"", "localhost:3000", "http", false},
	} {
		if got := signin.SameHost(tt.a, tt.b, tt.scheme); got != tt.want {
			t.Errorf("%q and %q over %s: %v, want %v", tt.a, tt.b, tt.scheme, got, tt.want)
		}
	}
}
