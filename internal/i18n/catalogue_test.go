package i18n

import (
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"

	"golang.org/x/text/feature/plural"
)

// arguments are the names that a text fills in, in all its forms or lines.
func (t text) arguments() []string {
	names := make(map[string]bool)
	for _, s := range t.sentences() {
		for _, name := range s.args {
			names[name] = true
		}
	}
	return slices.Sorted(maps.Keys(names))
}

func (t text) sentences() []sentence { return append(slices.Collect(maps.Values(t.forms)), t.list...) }

// markup are the marks of a sentence, each once.
func (s sentence) markup() []string {
	all := slices.Sorted(slices.Values(tag.FindAllString(strings.Join(s.words, "¤"), -1)))
	return slices.Compact(all)
}

var (
	tag     = regexp.MustCompile(`<[^>]*>`)
	allowed = regexp.MustCompile(`^(<b>|</b>|<a href="/[a-z/]*">|</a>)$`)
)

// TestLanguagesSayTheSame holds that each language has every text of the first, of the same kind, with the same
// arguments and the same marks, and no other.
func TestLanguagesSayTheSame(t *testing.T) {
	t.Parallel()
	reference := English()
	for _, l := range Languages() {
		for key, want := range reference.texts {
			got, ok := l.texts[key]
			switch {
			case !ok:
				t.Errorf("%s has no text %q", l.Code(), key)
			case (got.list == nil) != (want.list == nil) || (len(got.list) == 0) != (len(want.list) == 0):
				t.Errorf("%s: %q is a list in one language", l.Code(), key)
			case !slices.Equal(got.arguments(), want.arguments()):
				t.Errorf("%s: %q fills in %v, want %v", l.Code(), key, got.arguments(), want.arguments())
			case want.list == nil && !slices.Equal(got.forms[plural.Other].markup(), want.forms[plural.Other].markup()):
				t.Errorf("%s: %q has the marks %v, want %v", l.Code(), key, got.forms[plural.Other].markup(), want.forms[plural.Other].markup())
			}
		}
		for key := range l.texts {
			if !reference.Has(key) {
				t.Errorf("%s has the text %q, of which %s knows nothing", l.Code(), key, reference.Code())
			}
		}
	}
}

// TestPluralForms holds that a text with forms has each that its language needs for the numbers to a thousand, and that
// each form fills in the number.
func TestPluralForms(t *testing.T) {
	t.Parallel()
	for _, l := range Languages() {
		needed := make(map[plural.Form]bool)
		for n := range 1000 {
			needed[plural.Cardinal.MatchPlural(l.tag, n, 0, 0, 0, 0)] = true
		}
		for key, text := range l.texts {
			if len(text.forms) < 2 {
				if slices.Contains(text.arguments(), "n") {
					t.Errorf("%s: %q counts, and has one form", l.Code(), key)
				}
				continue
			}
			for form := range needed {
				if !slices.Contains(text.forms[form].args, "n") {
					t.Errorf("%s: %q has no number in the form %v", l.Code(), key, form)
				}
			}
			if len(text.forms) != len(needed) {
				t.Errorf("%s: %q has %d forms, want %d", l.Code(), key, len(text.forms), len(needed))
			}
		}
	}
}

// TestTextsAreClean holds that texts have no marks but those that pages take, each closed, and are typeset: no space at
// an end, no straight quotes, no three dots.
func TestTextsAreClean(t *testing.T) {
	t.Parallel()
	for _, l := range Languages() {
		for key, text := range l.texts {
			for _, s := range text.sentences() {
				words := strings.Join(s.words, "¤")
				for _, mark := range tag.FindAllString(words, -1) {
					if !allowed.MatchString(mark) {
						t.Errorf("%s: %q has the mark %s", l.Code(), key, mark)
					}
				}
				for _, name := range []string{"b", "a"} {
					if strings.Count(words, "<"+name) != strings.Count(words, "</"+name+">") {
						t.Errorf("%s: %q leaves a <%s> open", l.Code(), key, name)
					}
				}
				bare := tag.ReplaceAllString(words, "")
				if strings.TrimSpace(words) != words || strings.ContainsAny(bare, `<>&"'`) || strings.Contains(bare, "...") || strings.Contains(bare, "  ") {
					t.Errorf("%s: %q is not clean: %q", l.Code(), key, words)
				}
			}
		}
	}
}
