package i18n_test

import (
	"strings"
	"testing"

	"latchkey/internal/i18n"
)

// TestMatch is which language a browser gets by what it asks for.
func TestMatch(t *testing.T) {
	t.Parallel()
	for accept, want := range map[string]string{
		"":                                   "en",
		"en":                                 "en",
		"en-GB,en;q=0.9":                     "en",
		"de":                                 "de",
		"de-DE,de;q=0.9,en;q=0.8":            "de",
		"de-AT":                              "de",
		"de-CH,en;q=0.5":                     "de",
		"fr":                                 "en",
		"fr,de;q=0.5":                        "de",
		"fr,en;q=0.8,de;q=0.5":               "en",
		"en;q=0.4,de;q=0.9":                  "de",
		"de;q=0,en":                          "en",
		"*":                                  "en",
		"tlh,x-klingon":                      "en",
		"de;q=nonsense":                      "en",
		"\x00":                               "en",
		strings.Repeat("de-", 4000):          "en",
		strings.Repeat("fr,", 4000) + "de":   "de",
		"ja,zh-TW;q=0.9,de-DE;q=0.1,*;q=0.1": "de",
	} {
		if got := i18n.Match(accept).Code(); got != want {
			t.Errorf("%.40q is answered in %s, want %s", accept, got, want)
		}
	}
}

func FuzzMatch(f *testing.F) {
	f.Add("de-DE,de;q=0.9,en;q=0.8")
	f.Fuzz(func(t *testing.T, accept string) {
		if l := i18n.Match(accept); l.Code() == "" || l.Name() == "" {
			t.Errorf("%q is answered in no language", accept)
		}
	})
}

func TestFind(t *testing.T) {
	t.Parallel()
	for _, l := range i18n.Languages() {
		if found, ok := i18n.Find(l.Code()); !ok || found != l {
			t.Errorf("%s is %v, %v", l.Code(), found, ok)
		}
	}
	for _, code := range []string{"", "EN", "de-DE", "fr", "../de"} {
		if _, ok := i18n.Find(code); ok {
			t.Errorf("%q is a language", code)
		}
	}
	if i18n.English().Name() != "English" || german(t).Name() != "Deutsch" {
		t.Errorf("the languages are called %s and %s", i18n.English().Name(), german(t).Name())
	}
}
