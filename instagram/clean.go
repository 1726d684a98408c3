package instagram

import (
	"net/url"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

const (
	// maxText is how many bytes of a text of Instagram's are kept.
	maxText = 500
	// shortestHidden is the length from which a secret is looked for in a text. A shorter one
	// occurs by chance and would only garble it.
	shortestHidden = 6
)

// tokenLike is what every token seen so far looks like, for an answer that quotes another token
// than the one it was asked with.
var tokenLike = regexp.MustCompile(`(IG[A-Z]{2}|EAA)[\w-]{12,}`)

// clean makes a text that came from outside safe to log: without the secrets of the call, without
// characters that do not print, and short.
func (q call) clean(s string) string {
	if s == "" {
		return ""
	}
	for _, h := range q.hidden {
		v := h.Reveal()
		if len(v) < shortestHidden {
			continue
		}
		s = strings.ReplaceAll(s, v, mark)
		s = strings.ReplaceAll(s, url.QueryEscape(v), mark)
		s = strings.ReplaceAll(s, url.PathEscape(v), mark)
	}
	s = strings.Map(func(r rune) rune {
		if r != utf8.RuneError && unicode.IsPrint(r) {
			return r
		}
		return ' '
	}, s)
	s = tokenLike.ReplaceAllString(s, mark)
	return strings.TrimSpace(cut(s, maxText))
}

// cut shortens s to at most n bytes without splitting a character.
func cut(s string, n int) string {
	if len(s) <= n {
		return s
	}
	for n > 0 && !utf8.RuneStart(s[n]) {
		n--
	}
	return s[:n]
}
