package owner_test

import (
	"testing"

	"latchkey/internal/web/owner"
)

func TestInitials(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ name, username, want string }{
		{"Studio North", "x", "SN"},
		{"Studio", "x", "S"},
		{"Mara ✨ Makes: ceramics 🏺🌿", "x", "MC"},
		{"the quick brown fox", "x", "TF"},
		{"Fern & Daughters", "x", "FD"},
		{"🏺", "studio_north", "SN"},
		{"", "studio_north", "SN"},
		{"", "_._", ""},
		{"élan vital", "x", "ÉV"},
		{"東京 カフェ", "x", "東カ"},
		{"24 Hours", "x", "2H"},
	} {
		if got := owner.Initials(tt.name, tt.username); got != tt.want {
			t.Errorf("%q, %q: %q, want %q", tt.name, tt.username, got, tt.want)
		}
	}
}
