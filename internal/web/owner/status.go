package owner

import (
	"html/template"
	"time"

	"latchkey/internal/page"
	"latchkey/internal/store"
	"latchkey/internal/vault"
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
	// EndedBy says who ended a connection that is disconnected. Just says that she did it a moment ago.
	EndedBy string
	Just    bool
	// Reason is why its owner is needed, a sentence; it may be empty.
	Reason string
	Until  page.DateTime
	// Left is how long it still holds, and LeftSaid the sentence; empty when it does not.
	Left, LeftSaid string
	// Next is when it is next extended or tried, empty when that is not planned, and Again is that in words.
	Next  page.DateTime
	Again template.HTML
	// Troubled says that the last try to extend it failed.
	Troubled bool
	// Advice is why it is not extended, Since when that began, and WhyFailing is both in a sentence. They matter
	// where it ends for it.
	Advice     failureAdvice
	Since      page.DateTime
	WhyFailing template.HTML
	Contact    page.OperatorContact
}

func (h *Handler) connectionView(at page.Reader, c store.Connection) connectionView {
	runway := c.TokenExpiresAt.Sub(at.Now)
	v := connectionView{
		Username: c.Username,
		Contact:  page.ContactOf(h.Contact),
		Status:   statusOf(c, at.Now),
		Reason:   vault.OwnerReason(at.Language, c.StatusReason),
		Until:    at.DateTime(c.TokenExpiresAt),
		Next:     at.DateTime(c.NextRefreshAt),
		Troubled: troubled(c),
		Advice:   adviceOf(at, c),
	}
	v.Tone = v.Status.tone(runway)
	if by := endedBy(c); by != "" {
		v.EndedBy = at.Text("status.ended_by." + by)
	}
	v.next(at, c)
	v.why(at, c)
	switch days := c.DaysLeft(at.Now); {
	case v.Status != safe && v.Status != late && v.Status != ending:
		return v
	case days > 1: // in the words of mails and of the command line
		v.Left = at.Days(days)
	default:
		v.Left = at.Span(runway)
	}
	v.LeftSaid = at.Text("status.left", "left", v.Left)
	if v.Left == at.Text("span.moment") {
		v.LeftSaid = at.Text("status.left_moment")
	}
	return v
}

// next says when a connection is next extended or tried.
func (v *connectionView) next(at page.Reader, c store.Connection) {
	soon := !c.NextRefreshAt.After(at.Now)
	v.Again = at.HTML("status.again_soon")
	if !soon && v.Next.ISO != "" {
		v.Again = at.HTML("status.again_on", "time", at.Minute(c.NextRefreshAt))
	}
	if v.Next.ISO != "" && (soon || v.Next.Day == at.DateTime(at.Now).Day) {
		v.Next.Day = at.Text("date.today")
	}
}

// why says since when and why a connection is not extended.
func (v *connectionView) why(at page.Reader, c store.Connection) {
	since := lateSince(c)
	if since.After(at.Now) || since.IsZero() {
		v.WhyFailing = at.HTML("status.why", "why", v.Advice.Why)
		return
	}
	v.Since = at.DateTime(since)
	v.WhyFailing = at.HTML("status.why_since", "day", at.DayOf(since), "why", v.Advice.Why)
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
