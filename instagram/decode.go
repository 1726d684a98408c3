package instagram

import (
	"bytes"
	"encoding/json"
	"strconv"
	"strings"
)

// The types here decode what Instagram sends in more than one shape. None of them ever fails: what
// they cannot read is absent, and absent is not zero.

// ID is an id of Instagram, exactly as written: 1 to 32 digits. Instagram sends ids as strings and as
// numbers beyond 2^53, which a float64 would change. Anything else is no id: "". It stands in keys and
// addresses, so that what is none must not get that far.
type ID string

// longestID is how many digits an id has at most. Those that were seen have 17 and 18.
const longestID = 32

// UnmarshalJSON takes a string or a number of plain digits. It never returns an error.
func (id *ID) UnmarshalJSON(b []byte) error {
	s, ok := unquote(b)
	if !ok {
		s = string(b)
	}
	*id = ""
	if isDigits(s) && len(s) <= longestID {
		*id = ID(s)
	}
	return nil
}

// digits returns the id when it is one of an account: digits, and not nought.
func (id ID) digits() string {
	if s := string(id); isDigits(s) && strings.Trim(s, "0") != "" {
		return s
	}
	return ""
}

func isDigits(s string) bool {
	return s != "" && strings.Trim(s, "0123456789") == ""
}

// text is a string; anything else is "".
type text string

func (t *text) UnmarshalJSON(b []byte) error {
	s, _ := unquote(b)
	*t = text(s)
	return nil
}

// label is a string that is shown in one line (oneLine); anything else is "".
type label string

func (l *label) UnmarshalJSON(b []byte) error {
	s, _ := unquote(b)
	*l = label(oneLine(s))
	return nil
}

// longestLink is how many bytes of an address are kept; the signed ones have some hundreds.
const longestLink = 4096

// link is an address; anything else is "", and so is one that is too long to be one.
type link string

func (l *link) UnmarshalJSON(b []byte) error {
	s, _ := unquote(b)
	*l = ""
	if len(s) <= longestLink && !strings.ContainsFunc(s, func(r rune) bool { return r <= ' ' || r == 0x7f }) {
		*l = link(s)
	}
	return nil
}

// whole is an integer, written as a number or as a string; nil is anything else.
type whole struct{ value *int64 }

func (w *whole) UnmarshalJSON(b []byte) error {
	w.value = nil
	s, ok := unquote(b)
	if !ok {
		s = string(b)
	}
	if n, err := strconv.ParseInt(s, 10, 64); err == nil {
		w.value = &n
	}
	return nil
}

// count is the integer as a number of things; nil when there is none, and when it is below nought.
func (w whole) count() *int64 {
	if w.orZero() < 0 {
		return nil
	}
	return w.value
}

// orZero returns the integer, or 0 when there is none.
func (w whole) orZero() int64 {
	if w.value == nil {
		return 0
	}
	return *w.value
}

// present remembers that a text was there, and not the text.
type present bool

func (p *present) UnmarshalJSON(b []byte) error {
	*p = len(b) > 2 && b[0] == '"'
	return nil
}

// first is the first element of a list, or the object in its place; nil when there is none.
type first[T any] struct{ value *T }

func (f *first[T]) UnmarshalJSON(b []byte) error {
	f.value = nil
	switch {
	case bytes.HasPrefix(b, []byte("[")):
		var list []T
		if json.Unmarshal(b, &list) == nil && len(list) > 0 {
			f.value = &list[0]
		}
	case bytes.HasPrefix(b, []byte("{")):
		var one T
		if json.Unmarshal(b, &one) == nil {
			f.value = &one
		}
	}
	return nil
}

func unquote(b []byte) (string, bool) {
	if len(b) == 0 || b[0] != '"' {
		return "", false
	}
	var s string
	err := json.Unmarshal(b, &s)
	return s, err == nil
}
