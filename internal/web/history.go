package web

import (
	"cmp"
	"slices"
	"strings"
	"sync"
	"time"
	"unicode"
	"unicode/utf8"

	"latchkey/internal/store"
	"latchkey/internal/vault"
)

// historyShown is how many lines of a connection's history its owner sees, historyRead how many events
// are read for them.
const (
	historyShown = 20
	historyRead  = 200
)

// historyLine is one line of the history of a connection: what happened once, or several times running.
type historyLine struct {
	Text string
	// Times are when, the newest first.
	Times []dateTime
	// Sampled says that it happened more often than is written down.
	Sampled bool
}

// Newest is when it happened last, First when first.
func (v historyLine) Newest() dateTime { return v.Times[0] }

// First is when it happened first of those times.
func (v historyLine) First() dateTime { return v.Times[len(v.Times)-1] }

// Count is how often it happened, in words; empty for once.
func (v historyLine) Count() string {
	switch {
	case len(v.Times) == 1:
		return ""
	case v.Sampled && v.days() == 1:
		return "several times"
	case v.Sampled:
		return "on at least " + count(v.days(), "day")
	default:
		return count(int64(len(v.Times)), "time")
	}
}

// days counts the days of its times.
func (v historyLine) days() int64 {
	days := slices.CompactFunc(slices.Clone(v.Times), func(a, b dateTime) bool { return a.Day == b.Day })
	return int64(len(days))
}

// historyOf tells events, the newest first. What happens week by week would bury the rest: a run of
// the same has one line. Of tries to extend a permission that failed alike, not each is written down.
func historyOf(at reader, events []store.Event) []historyLine {
	var lines []historyLine
	for _, e := range events {
		text := eventText(e)
		if n := len(lines); n == 0 || lines[n-1].Text != text {
			if n == historyShown {
				break
			}
			lines = append(lines, historyLine{Text: text, Sampled: e.Kind == store.EventRefreshFailed})
		}
		last := &lines[len(lines)-1]
		last.Times = append(last.Times, at.dateTime(e.At))
	}
	return lines
}

// justDone is how long a page says that something was done.
const justDone = time.Hour

// justDisconnected says whether the newest of the events that end a connection is its owner's, and
// new.
func justDisconnected(at reader, events []store.Event) bool {
	for _, e := range events {
		if e.Kind == store.EventDisconnected {
			return vault.Caller(e.Caller) == vault.CallerOwner && at.now.Sub(e.At) < justDone
		}
	}
	return false
}

// eventText tells an event to the owner. Numbers and literal texts of Instagram are for the
// operator and stay out.
func eventText(e store.Event) string {
	by := callerName(e.Caller)
	switch e.Kind {
	case store.EventConnected:
		return "You logged in with Instagram"
	case store.EventTokenOpened:
		return openedText(e.Caller)
	case store.EventDisconnected:
		return disconnectedText(e.Caller)
	case store.EventRefreshed:
		return capital(by) + " had Instagram extend your permission"
	case store.EventRefreshFailed:
		return capital(by) + " asked Instagram to extend your permission; it did not work"
	case store.EventRefreshSkipped:
		return capital(by) + " wanted to have your permission extended; it was not tried then"
	case store.EventReconnectNeeded:
		return strings.TrimSpace("Instagram asks you to log in again. " + ownerReason(sentence(e.Message)))
	case store.EventRecovered:
		return "The connection works again, by itself"
	case store.EventNotified:
		return notifiedText(sentence(e.Message))
	case store.EventLinkMade:
		return capital(by) + " made a link through which you can log in again"
	case store.EventMailConfirmed:
		return "You confirmed your mail address"
	case store.EventMailStopped:
		return "You stopped the mail to you"
	default:
		return string(e.Kind) + ", by " + by
	}
}

// openedText tells who took the permission out. The keeper of tokens does so, with a line in the
// history, for one reason only: it wants to know whether Instagram is in order.
func openedText(caller string) string {
	if vault.Caller(caller) == vault.CallerRefresh {
		return "This server asked Instagram whether your permission works"
	}
	return "Your permission was taken out by " + callerName(caller)
}

// disconnectedText tells who ended a connection. The keeper of tokens does so for one reason only:
// Instagram says that the owner removed the app there.
func disconnectedText(caller string) string {
	switch vault.Caller(caller).Kind() {
	case vault.CallerOwner:
		return "You disconnected; your permission was destroyed"
	case vault.CallerRefresh:
		return "You removed this app at Instagram; your permission was destroyed here too"
	default:
		return capital(callerName(caller)) + " disconnected your account; your permission was destroyed"
	}
}

// notifiedText tells who was told. Where no mail could go there is only a line in the log, and
// nobody knows who has read it.
func notifiedText(told string) string {
	return cmp.Or(toOwner().Replace(told), "You were told that the connection needs you")
}

// toOwner turns what was kept about notices, in words for whoever reads them, into words for the
// owner.
var toOwner = sync.OnceValue(func() *strings.Replacer {
	pairs := []string{
		"Whoever runs this server was told: ", "Written in this server’s log: ",
		"Told by mail to ", "You were told by mail to ",
		"; told in the log instead", "; it is in this server’s log instead",
		"A mail to confirm the address ", "You asked for a mail to confirm the address ",
		" was asked for.", ".",
		"the connection ", "your connection ",
	}
	for kept, own := range ownerReasons {
		pairs = append(pairs, kept, own)
	}
	return strings.NewReplacer(pairs...)
})

// callerName tells the owner who did something.
func callerName(caller string) string {
	switch by := vault.Caller(caller); {
	case by == vault.CallerOwner:
		return "you"
	case by == vault.CallerLogin:
		return "a login"
	case by == vault.CallerRefresh:
		return "this server"
	case strings.HasPrefix(caller, string(vault.CallerCommandLine)): // whose user it was is for the operator
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

// capital begins a text with a capital letter.
func capital(s string) string {
	first, size := utf8.DecodeRuneInString(s)
	if first == utf8.RuneError {
		return s
	}
	return string(unicode.ToTitle(first)) + s[size:]
}
