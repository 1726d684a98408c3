package web

import (
	"time"

	"latchkey/internal/store"
)

// endingSoon is how long before its end a connection asks for its owner.
const endingSoon = 14 * 24 * time.Hour

// standing is where a connection stands, as its owner sees it.
type standing string

const (
	safe   standing = "safe"
	ending standing = "ending"
	ended  standing = "ended"
	// undated is a connection that is active and has no end that we know of.
	undated      standing = "undated"
	reconnect    standing = "reconnect"
	disconnected standing = "disconnected"
)

// standingOf decides where a connection stands at now.
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
	case c.TokenExpiresAt.Sub(now) < endingSoon:
		return ending
	default:
		return safe
	}
}

// connectionView is what pages say about the state of a connection.
type connectionView struct {
	Standing standing
	// Reason is a sentence; it may be empty.
	Reason string
	Until  moment
	// Left is how long it still holds, in words; empty when it does not.
	Left string
}

func connectionViewOf(c store.Connection, now time.Time) connectionView {
	v := connectionView{Standing: standingOf(c, now), Reason: c.StatusReason, Until: momentOf(c.TokenExpiresAt)}
	if v.Standing == safe || v.Standing == ending {
		v.Left = left(c.TokenExpiresAt.Sub(now))
	}
	return v
}
