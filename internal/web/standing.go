package web

import (
	"time"

	"latchkey/internal/store"
)

// endingSoon is the runway below which a connection that is not extended asks for its owner.
const endingSoon = 14 * 24 * time.Hour

// standing is where a connection stands, as its owner sees it.
type standing string

const (
	safe standing = "safe"
	// ending is a connection that runs out, because nobody extends it.
	ending standing = "ending"
	ended  standing = "ended"
	// undated is a connection that is active and has no end that we know of.
	undated      standing = "undated"
	reconnect    standing = "reconnect"
	disconnected standing = "disconnected"
)

// standingOf decides where a connection stands at now. Trouble alone is no reason to worry its
// owner: most of the life of a token is there to be spent on it.
func standingOf(c store.Connection, now time.Time) standing {
	switch {
	case c.Status == store.StatusDisconnected:
		return disconnected
	case c.Status == store.StatusReconnect:
		return reconnect
	case c.TokenExpiresAt.IsZero():
		return undated
	case !now.Before(c.TokenExpiresAt):
		return ended
	case c.TokenExpiresAt.Sub(now) < endingSoon && (troubled(c) || overdue(c, now)):
		return ending
	default:
		return safe
	}
}

// troubled says whether the last try to extend the connection failed.
func troubled(c store.Connection) bool { return !c.Trouble.IsZero() }

// overdue says whether the connection should have been extended before now, or never will be.
func overdue(c store.Connection, now time.Time) bool { return !c.NextRefreshAt.After(now) }

// connectionView is what pages say about the state of a connection.
type connectionView struct {
	Standing standing
	// Reason is a sentence; it may be empty.
	Reason string
	Until  moment
	// Left is how long it still holds, in words; empty when it does not.
	Left string
	// Next is when it is next extended or tried, empty when that is not planned. Soon says that the
	// time has come already.
	Next moment
	Soon bool
	// Troubled says that the last try to extend it failed.
	Troubled bool
	// Hindrance is why it is not extended, Since when that began. They matter where it ends for it.
	Hindrance hindrance
	Since     moment
	Contact   contact
}

func (h *Handler) connectionView(c store.Connection) connectionView {
	now := h.Now()
	v := connectionView{
		Contact:  contactOf(h.Contact),
		Standing: standingOf(c, now),
		Reason:   c.StatusReason,
		Until:    momentNear(c.TokenExpiresAt, now),
		Next:     momentNear(c.NextRefreshAt, now),
		Soon:     overdue(c, now),
		Troubled: troubled(c),
	}
	if v.Next.ISO != "" && (v.Soon || v.Next.Day == momentNear(now, now).Day) {
		v.Next.Day = "today"
	}
	v.Hindrance, v.Since = hindranceOf(c), momentNear(c.NextRefreshAt, now)
	if v.Troubled {
		v.Since = momentNear(c.Trouble.Since, now)
	}
	if v.Standing == safe || v.Standing == ending {
		v.Left = left(c.TokenExpiresAt.Sub(now))
	}
	return v
}
