package owner

import (
	"slices"
	"strings"
	"time"

	"latchkey/internal/page"
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
	// Count is how often it happened, in words; empty for once.
	Count string
	// Times are when, the newest first.
	Times []page.DateTime
	// Sampled says that it happened more often than is written down.
	Sampled bool
}

// Newest is when it happened last, First when first.
func (v historyLine) Newest() page.DateTime { return v.Times[0] }

// First is when it happened first of those times.
func (v historyLine) First() page.DateTime { return v.Times[len(v.Times)-1] }

// days counts the days of its times.
func (v historyLine) days() int {
	days := slices.CompactFunc(slices.Clone(v.Times), func(a, b page.DateTime) bool { return a.Day == b.Day })
	return len(days)
}

// historyOf tells events, the newest first. What happens week by week would bury the rest: a run of
// the same has one line. Of tries to extend a permission that failed alike, not each is written down.
func historyOf(at page.Reader, events []store.Event) []historyLine {
	var lines []historyLine
	for _, e := range events {
		text := eventText(at, e)
		if n := len(lines); n == 0 || lines[n-1].Text != text {
			if n == historyShown {
				break
			}
			lines = append(lines, historyLine{Text: text, Sampled: e.Kind == store.EventRefreshFailed})
		}
		last := &lines[len(lines)-1]
		last.Times = append(last.Times, at.DateTime(e.At))
	}
	for i := range lines {
		lines[i].Count = lines[i].count(at)
	}
	return lines
}

// count says how often something happened.
func (v historyLine) count(at page.Reader) string {
	switch days := v.days(); {
	case len(v.Times) == 1:
		return ""
	case v.Sampled && days == 1:
		return at.Text("history.several_times")
	case v.Sampled:
		return at.Text("history.at_least_days", "n", days)
	default:
		return at.Text("history.times", "n", len(v.Times))
	}
}

// justDone is how long a page says that something was done.
const justDone = time.Hour

// justDisconnected says whether the newest of the events that end a connection is its owner's, and
// new.
func justDisconnected(at page.Reader, events []store.Event) bool {
	for _, e := range events {
		if e.Kind == store.EventDisconnected {
			return vault.Caller(e.Caller) == vault.CallerOwner && at.Now.Sub(e.At) < justDone
		}
	}
	return false
}

// eventText tells an event to the owner. Numbers and literal texts of Instagram are for the
// operator and stay out.
func eventText(at page.Reader, e store.Event) string {
	switch e.Kind {
	case store.EventTokenOpened, store.EventDisconnected, store.EventRefreshed, store.EventRefreshFailed,
		store.EventRefreshSkipped, store.EventLinkMade:
		return callerText(at, "history."+string(e.Kind), e.Caller)
	case store.EventConnected, store.EventRecovered, store.EventMailConfirmed, store.EventMailStopped:
		return at.Text("history." + string(e.Kind))
	case store.EventReconnectNeeded:
		return strings.TrimSpace(at.Text("history.reconnect_needed") + " " + vault.OwnerReason(at.Language, sentence(e.Message)))
	case store.EventNotified:
		return toldText(at, sentence(e.Message))
	default:
		return at.Text("history.unknown", "kind", string(e.Kind), "caller", callerName(at, e.Caller))
	}
}

// callerText is what somebody did, in words of its own for each who may have done it. The keeper of tokens takes one
// out, with a line in the history, for one reason only: it wants to know whether Instagram is in order. And it ends a
// connection only because Instagram says that the owner removed the app there.
func callerText(at page.Reader, key, caller string) string {
	if who := callerKey(caller); who != "" {
		return at.Text(key + "." + who)
	}
	return at.Text(key+".other", "caller", caller)
}

// callerName is who did something, as a name.
func callerName(at page.Reader, caller string) string {
	if who := callerKey(caller); who != "" {
		return at.Text("history.caller." + who)
	}
	return caller
}

// callerKey is who did something, as the catalogue says it; empty for one of whom it does not know. Whose user a
// command was is for the operator.
func callerKey(caller string) string {
	switch by := vault.Caller(caller); {
	case by == vault.CallerOwner:
		return "owner"
	case by == vault.CallerLogin:
		return "login"
	case by == vault.CallerRefresh:
		return "server"
	case strings.HasPrefix(caller, string(vault.CallerCommandLine)):
		return "operator"
	default:
		return ""
	}
}

// sentence is the message of an event without what its end has in brackets: numbers, for the operator.
func sentence(message string) string {
	s, _, _ := strings.Cut(message, " (")
	return s
}
