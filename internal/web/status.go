package web

import (
	"time"

	"latchkey/internal/store"
)

const (
	// endingNow is the runway from which a connection that is not extended is urgent.
	endingNow = 5 * 24 * time.Hour
	// failingLong is how long a connection may not be extended before its owner reads that. A shorter
	// time is no reason to worry her: most of the life of a token is there to be spent on it.
	failingLong = 3 * 24 * time.Hour
)

// status is where a connection stands, as its owner sees it.
type status string

const (
	safe status = "safe"
	// late is a connection that was not extended for days and holds for weeks.
	late status = "late"
	// ending is a connection that runs out, because nobody extends it.
	ending status = "ending"
	ended  status = "ended"
	// undated is a connection that is active and has no end that we know of.
	undated      status = "undated"
	reconnect    status = "reconnect"
	disconnected status = "disconnected"
)

// statusOf decides where a connection stands at now.
func statusOf(c store.Connection, now time.Time) status {
	switch {
	case c.Status == store.StatusDisconnected:
		return disconnected
	case c.Status == store.StatusReconnect:
		return reconnect
	case c.TokenExpiresAt.IsZero():
		return undated
	case !now.Before(c.TokenExpiresAt):
		return ended
	case c.RunsOut(now):
		return ending
	case failing(c, now):
		return late
	default:
		return safe
	}
}

// failing says whether an active connection has not been extended for long, or will not be before
// its end.
func failing(c store.Connection, now time.Time) bool {
	never := c.NextRefreshAt.IsZero() || c.NextRefreshAt.After(now) && c.Overdue(now)
	return never || now.Sub(lateSince(c)) >= failingLong
}

// lateSince is when a connection began to be extended too late: when the first try failed, else when
// it was due, which may be ahead.
func lateSince(c store.Connection) time.Time {
	if troubled(c) {
		return c.Failure.Since
	}
	return c.NextRefreshAt
}

// troubled says whether the last try to extend the connection failed.
func troubled(c store.Connection) bool { return !c.Failure.IsZero() }

// tone is how loud a page speaks of a status: "" of what is well, "off" of what rests, "warn" of
// what needs somebody, "bad" of what is lost, or will be in days.
func (s status) tone(runway time.Duration) string {
	switch {
	case s == disconnected:
		return "off"
	case s == ended, s == ending && runway <= endingNow:
		return "bad"
	case s == late, s == ending, s == reconnect:
		return "warn"
	default:
		return ""
	}
}

// connectionView is what pages say about the state of a connection.
type connectionView struct {
	Username string
	Status   status
	Tone     string
	// Ended is who ended a connection that is disconnected: "owner", "instagram" or "operator". Just
	// says that she did it a moment ago.
	Ended string
	Just  bool
	// Reason is why its owner is needed, a sentence; it may be empty.
	Reason string
	Until  dateTime
	// Left is how long it still holds, in words; empty when it does not.
	Left string
	// Next is when it is next extended or tried, empty when that is not planned. Soon says that the
	// time has come already.
	Next dateTime
	Soon bool
	// Troubled says that the last try to extend it failed.
	Troubled bool
	// Advice is why it is not extended, Since when that began. They matter where it ends for it.
	Advice  failureAdvice
	Since   dateTime
	Contact operatorContact
}

func (h *Handler) connectionView(at reader, c store.Connection) connectionView {
	runway := c.TokenExpiresAt.Sub(at.now)
	v := connectionView{
		Username: c.Username,
		Contact:  operatorContactOf(h.Contact),
		Status:   statusOf(c, at.now),
		Ended:    endedBy(c),
		Reason:   ownerReason(c.StatusReason),
		Until:    at.dateTime(c.TokenExpiresAt),
		Next:     at.dateTime(c.NextRefreshAt),
		Soon:     !c.NextRefreshAt.After(at.now),
		Troubled: troubled(c),
		Advice:   adviceOf(c),
	}
	v.Tone = v.Status.tone(runway)
	if v.Next.ISO != "" && (v.Soon || v.Next.Day == at.dateTime(at.now).Day) {
		v.Next.Day = "today"
	}
	if since := lateSince(c); !since.After(at.now) {
		v.Since = at.dateTime(since)
	}
	switch days := c.DaysLeft(at.now); {
	case v.Status != safe && v.Status != late && v.Status != ending:
	case days > 1: // in the words of mails and of the command line
		v.Left = count(int64(days), "day")
	default:
		v.Left = left(runway)
	}
	return v
}

// Works says that what the owner allowed can be used.
func (v connectionView) Works() bool {
	return v.Status != disconnected && v.Status != reconnect && v.Status != ended
}

// Login is how loud the page offers a login: "button" where that is the way on, "quiet" where it is
// one way, "" where it changes nothing.
func (v connectionView) Login() string {
	switch s := v.Status; {
	case s == safe, s == undated, (s == late || s == ending) && !v.Advice.Login:
		return ""
	case s == late:
		return "quiet"
	default:
		return "button"
	}
}
