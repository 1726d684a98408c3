package main

import (
	"context"
	"fmt"
	"slices"
	"time"

	"latchkey/igsim"
	"latchkey/internal/store"
)

// seen is one connection as the servers believe it to be, beside what is so.
type seen struct {
	persona string
	// absences and doomed are the owner's; see owner.
	absences []absence
	doomed   bool
	// twice says that she was refreshed again too soon, and nothing called for it.
	twice bool

	connection store.Connection
	// token is what Instagram knows of the stored one; known is false when there is none.
	token igsim.Token
	known bool
	// events are the connection's history, as far as it was asked for.
	events []store.Event
}

func (s seen) absent() bool {
	return len(s.absences) > 0 && s.absences[len(s.absences)-1].to.IsZero()
}

// healthy says that calls can be made with the connection.
func (s seen) healthy() bool {
	return s.connection.Status == store.StatusActive && s.known && s.token.Works
}

// lost says that the connection is gone although its owner did nothing, and nobody could not have
// saved it.
func (s seen) lost() bool { return !s.absent() && !s.doomed && !s.healthy() }

// deadWithOld says that a kill took the only token there was.
func (s seen) deadWithOld() bool { return s.doomed && !s.healthy() }

// unanswered says what is missing where a kill took the only token: the owner has to be asked, and
// told so.
func (s seen) unanswered() string {
	switch {
	case !s.deadWithOld():
		return ""
	case s.connection.Status != store.StatusReconnect:
		return fmt.Sprintf("its status is %s, not reconnect", s.connection.Status)
	case !slices.ContainsFunc(s.events, func(e store.Event) bool { return e.Kind == store.EventNotified }):
		return "its owner was not told"
	}
	return ""
}

// near is how far apart the times of two clocks may lie that mean the same moment.
const near = 3 * time.Minute

// wronglyMarked says that the connection was given up at some time although its token lived and
// nobody had ended the permission.
func (s seen) wronglyMarked() bool {
	if s.connection.Status != store.StatusActive && s.known && s.token.Works && !s.absent() {
		return true
	}
	if s.doomed || !s.healthy() {
		return false // then it is lost, or her own will, or what nobody can save
	}
	return s.happenedUncalled(store.EventReconnectNeeded, store.EventDisconnected)
}

// happenedUncalled says that an event of one of the kinds came while the owner had not ended the
// permission.
func (s seen) happenedUncalled(kinds ...store.EventKind) bool {
	return slices.ContainsFunc(s.events, func(e store.Event) bool {
		return slices.Contains(kinds, e.Kind) && !slices.ContainsFunc(s.absences, func(a absence) bool {
			return e.At.After(a.from.Add(-near)) && (a.to.IsZero() || e.At.Before(a.to.Add(near)))
		})
	})
}

// frightened says that the owner was told of trouble though there was none.
func (s seen) frightened() bool {
	return !s.doomed && s.healthy() && s.happenedUncalled(store.EventNotified)
}

// putOff says that the next refresh is farther away than any may be.
func (s seen) putOff(now time.Time) bool {
	return s.connection.NextRefreshAt.Sub(now) > store.LongestWait+near
}

// fault is what is wrong, in words; empty when nothing is.
func (s seen) fault(now time.Time) string {
	switch {
	case s.lost():
		return "lost"
	case s.wronglyMarked():
		return "wrongly marked"
	case s.frightened():
		return "told of trouble that there was not"
	case s.putOff(now):
		return "put off for more than eight days"
	}
	return ""
}

// noticedWithin is how long it may take until an owner who ended the permission is seen to have
// done so: a week to the next refresh, and the wrong answers then.
const noticedWithin = 12 * 24 * time.Hour

// unnoticed says that the connection counts as healthy although its owner ended it long ago.
func (s seen) unnoticed(now time.Time) bool {
	return s.absent() && s.connection.Status == store.StatusActive &&
		now.Sub(s.absences[len(s.absences)-1].from) > noticedWithin
}

// runway is the life that the stored token has left; false when the connection is not one that is
// to live.
func (s seen) runway(now time.Time) (time.Duration, bool) {
	if s.absent() || s.doomed || !s.healthy() {
		return 0, false
	}
	ends := s.token.Expires
	if r := s.token.Replaced; !r.IsZero() && r.Before(ends) {
		ends = r
	}
	return ends.Sub(now), true
}

// String is what somebody needs who looks for the mistake.
func (s seen) String() string {
	c := s.connection
	return fmt.Sprintf("%s (%s): status %s, version %d, issued %s, refreshed %s, next %s, trouble %+v; at Instagram: known %v, %+v",
		s.persona, c.ID, c.Status, c.Version, stamp(c.TokenIssuedAt), stamp(c.RefreshedAt), stamp(c.NextRefreshAt), c.Failure, s.known, s.token)
}

func stamp(t time.Time) string { return t.UTC().Format("01-02 15:04:05") }

// eventsRead is far more than a connection has after a run.
const eventsRead = 2000

// see reads all connections beside the truth about them, with their events if they are asked for.
// It is called while the servers are idle.
func (f *fleet) see(ctx context.Context, withEvents bool) ([]seen, error) {
	list, err := f.connections(ctx)
	if err != nil {
		return nil, err
	}
	stored := map[string]store.Connection{}
	for _, c := range list {
		stored[c.ID] = c
	}
	var all []seen
	for _, s := range f.world.truth() {
		id := s.connection.ID
		c, ok := stored[id]
		if !ok {
			return nil, fmt.Errorf("the connection %s of %s is not in the store", id, s.persona)
		}
		s.connection = c
		s.token, s.known = f.token(c)
		if withEvents {
			if s.events, err = f.store.Events(ctx, id, eventsRead); err != nil {
				return nil, err
			}
		}
		all = append(all, s)
	}
	return all, nil
}
