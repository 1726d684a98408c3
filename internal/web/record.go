package web

import (
	"cmp"
	"strings"

	"latchkey/internal/store"
	"latchkey/internal/vault"
)

// recordShown is how many lines of a connection's record its owner sees, recordRead how many events
// are read for them.
const (
	recordShown = 20
	recordRead  = 200
)

// recordView is one line of the record of a connection.
type recordView struct {
	At   moment
	Text string
}

// recordOf tells events, the newest first. What the keeper of tokens does week by week, and in
// trouble day by day, would bury the rest: of a row of the same only the newest has a line.
func recordOf(events []store.Event) []recordView {
	var lines []recordView
	for len(events) > 0 && len(lines) < recordShown {
		n := rowOf(events)
		line := recordView{At: momentOf(events[0].At), Text: eventWords(events[0])}
		if n > 1 {
			line.Text += ", " + count(int64(n), "time") + " since " + momentOf(events[n-1].At).Day
		}
		lines, events = append(lines, line), events[n:]
	}
	return lines
}

// rowOf says how many of the first events are told in one line.
func rowOf(events []store.Event) int {
	first := events[0]
	if first.Kind != store.EventRefreshed && first.Kind != store.EventRefreshFailed {
		return 1
	}
	n := 1
	for n < len(events) && events[n].Kind == first.Kind && events[n].Caller == first.Caller {
		n++
	}
	return n
}

// eventWords tells an event to the owner. Numbers and literal texts of Instagram are for the
// operator and stay out.
func eventWords(e store.Event) string {
	by := callerWords(e.Caller)
	switch e.Kind {
	case store.EventConnected:
		return "You logged in with Instagram"
	case store.EventTokenOpened:
		return openedWords(e.Caller)
	case store.EventDisconnected:
		return disconnectedWords(e.Caller)
	case store.EventRefreshed:
		return capital(by) + " had Instagram extend your permission"
	case store.EventRefreshFailed:
		return capital(by) + " asked Instagram to extend your permission; it did not work"
	case store.EventReconnectNeeded:
		return strings.TrimSpace("Instagram asks you to log in again. " + sentence(e.Message))
	case store.EventRecovered:
		return "The connection works again, by itself"
	case store.EventNotified:
		return cmp.Or(sentence(e.Message), "You were told that the connection needs you")
	case store.EventMailConfirmed:
		return "You confirmed your mail address"
	case store.EventMailStopped:
		return "You stopped the mail to you"
	default:
		return string(e.Kind) + ", by " + by
	}
}

// openedWords tells who took the permission out. The keeper of tokens does so, with a line in the
// record, for one reason only: it wants to know whether Instagram is in order.
func openedWords(caller string) string {
	if vault.Caller(caller) == vault.CallerRefresh {
		return "This server asked Instagram whether your permission works"
	}
	return "Your permission was taken out by " + callerWords(caller)
}

// disconnectedWords tells who ended a connection. The keeper of tokens does so for one reason only:
// Instagram says that the owner removed the app there.
func disconnectedWords(caller string) string {
	if vault.Caller(caller) == vault.CallerRefresh {
		return "You removed this app at Instagram; the permission was destroyed here too"
	}
	return "Disconnected by " + callerWords(caller) + "; the permission was destroyed"
}

// callerWords tells the owner who did something.
func callerWords(caller string) string {
	switch vault.Caller(caller) {
	case vault.CallerOwner:
		return "you"
	case vault.CallerLogin:
		return "a login"
	case vault.CallerRefresh:
		return "this server"
	case vault.CallerCommandLine:
		return "whoever runs this server"
	default:
		return caller
	}
}

// sentence is the message of an event without what its end has in brackets: numbers, for the operator.
func sentence(message string) string {
	s, _, _ := strings.Cut(message, " (")
	return s
}

// capital begins a text with a capital letter. Callers are named in plain ASCII.
func capital(s string) string {
	if s == "" {
		return ""
	}
	return strings.ToUpper(s[:1]) + s[1:]
}
