package main

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"latchkey/internal/store"
)

// entry is one line of the history of a connection, for the report on what went wrong.
type entry struct {
	at   time.Time
	text string
}

// timeline is all that is known of a connection in the order of time: each call, with what Instagram
// did and what the server saw, and each line that a server wrote. The writing is by the clock of the
// server.
func timeline(calls []entry, written []store.Event) string {
	all := slices.Clone(calls)
	for _, e := range slices.Backward(written) {
		all = append(all, entry{e.At, fmt.Sprintf("    written: %s by %s: %s", e.Kind, e.Caller, e.Message)})
	}
	slices.SortStableFunc(all, func(a, b entry) int { return a.at.Compare(b.at) })
	var b strings.Builder
	for _, e := range all {
		fmt.Fprintf(&b, "\n    %s %s", stamp(e.at), e.text)
	}
	return b.String()
}
