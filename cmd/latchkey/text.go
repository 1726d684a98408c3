package main

import (
	"strings"
	"unicode"
)

// plain removes what could steer a terminal from a text that came from outside.
func plain(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r) {
			return -1
		}
		return r
	}, s)
}

// list is a list of scopes in one line; nil is unknown.
func list(scopes []string) string {
	if scopes == nil {
		return "unknown"
	}
	return plain(strings.Join(scopes, ", "))
}
