package web

import (
	"cmp"
	"strings"

	"latchkey/internal/store"
	"latchkey/internal/vault"
)

// recordView is one line of the record of a connection.
type recordView struct {
	At   moment
	Text string
}

func recordOf(events []store.Event) []recordView {
	lines := make([]recordView, len(events))
	for i, e := range events {
		lines[i] = recordView{At: momentOf(e.At), Text: eventWords(e)}
	}
	return lines
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
