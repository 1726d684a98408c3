package page_test

import (
	"testing"

	"latchkey/internal/page"
)

func TestContact(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"help@latchkey.example":              "mailto:help@latchkey.example",
		"https://latchkey.example/help":      "https://latchkey.example/help",
		"http://latchkey.example/help":       "",
		"javascript:alert(1)":                "",
		"Mara <mara@latchkey.example>":       "",
		"Ask Mara in the shop, or call 0123": "",
		"":                                   "",
	} {
		if got := page.ContactOf(text).Href; got != want {
			t.Errorf("%q leads to %q, want %q", text, got, want)
		}
	}
}
