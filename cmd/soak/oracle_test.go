package main

import (
	"testing"
	"time"

	"latchkey/igsim"
	"latchkey/internal/store"
)

var day60 = time.Date(2027, 1, 30, 12, 0, 0, 0, time.UTC)

// alive is a connection that is as it should be.
func alive() seen {
	return seen{
		connection: store.Connection{ID: "1", Status: store.StatusActive},
		token:      igsim.Token{Works: true, Expires: day60.Add(52 * 24 * time.Hour)},
		known:      true,
	}
}

func with(change func(*seen)) seen {
	s := alive()
	change(&s)
	return s
}

// gone is what a kill leaves when the old token died with the refresh.
func gone(s *seen) {
	s.doomed, s.token.Works = true, false
	s.connection.Status = store.StatusReconnect
	s.events = []store.Event{{Kind: store.EventNotified}, {Kind: store.EventReconnectNeeded, At: day60}}
}

func left(ago time.Duration) []absence { return []absence{{from: day60.Add(-ago)}} }

func TestJudgement(t *testing.T) {
	t.Parallel()
	const day = 24 * time.Hour
	for _, tt := range []struct {
		name                                    string
		seen                                    seen
		lost, dead, marked, unanswered, unknown bool
	}{
		{name: "all is well", seen: alive()},
		{name: "the stored token is dead", seen: with(func(s *seen) { s.token.Works = false }), lost: true},
		{name: "there is no token", seen: with(func(s *seen) { s.known = false }), lost: true},
		{
			name: "given up though the token lives",
			seen: with(func(s *seen) { s.connection.Status = store.StatusReconnect }), lost: true, marked: true,
		},
		{
			name: "given up and recovered",
			seen: with(func(s *seen) {
				s.events = []store.Event{{Kind: store.EventRecovered, At: day60}, {Kind: store.EventReconnectNeeded, At: day60.Add(-day)}}
			}),
			marked: true,
		},
		{
			name: "disconnected and back, by nobody's will",
			seen: with(func(s *seen) { s.events = []store.Event{{Kind: store.EventDisconnected, At: day60}} }), marked: true,
		},
		{
			name: "dead and given up: lost, not wrongly marked",
			seen: with(func(s *seen) { s.token.Works, s.connection.Status = false, store.StatusReconnect }), lost: true,
		},
		{
			name: "the owner left and it is known",
			seen: with(func(s *seen) {
				s.absences, s.token.Works, s.connection.Status = left(20*day), false, store.StatusDisconnected
			}),
		},
		{name: "the owner left yesterday", seen: with(func(s *seen) { s.absences, s.token.Works = left(day), false })},
		{
			name: "the owner left long ago and nobody noticed",
			seen: with(func(s *seen) { s.absences, s.token.Works = left(13*day), false }), unknown: true,
		},
		{
			name: "given up while the owner was away, and she is back",
			seen: with(func(s *seen) {
				s.absences = []absence{{from: day60.Add(-20 * day), to: day60.Add(-6 * day)}}
				s.events = []store.Event{{Kind: store.EventReconnectNeeded, At: day60.Add(-15 * day)}}
			}),
		},
		{
			name: "given up after she was back",
			seen: with(func(s *seen) {
				s.absences = []absence{{from: day60.Add(-20 * day), to: day60.Add(-6 * day)}}
				s.events = []store.Event{{Kind: store.EventReconnectNeeded, At: day60.Add(-5 * day)}}
			}),
			marked: true,
		},
		{name: "a kill took the only token", seen: with(gone), dead: true},
		{
			name: "a kill took the only token, and the owner was not told",
			seen: with(func(s *seen) { gone(s); s.events = s.events[1:] }), dead: true, unanswered: true,
		},
		{
			name: "a kill took the only token, and nobody noticed",
			seen: with(func(s *seen) { gone(s); s.connection.Status = store.StatusActive }), dead: true, unanswered: true,
		},
		{name: "the answer was saved in spite of the kill", seen: with(func(s *seen) { s.doomed = true })},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			for what, got := range map[string][2]bool{
				"lost":           {tt.seen.lost(), tt.lost},
				"dead with old":  {tt.seen.deadWithOld(), tt.dead},
				"wrongly marked": {tt.seen.wronglyMarked(), tt.marked},
				"unanswered":     {tt.seen.unanswered() != "", tt.unanswered},
				"unnoticed":      {tt.seen.unnoticed(day60), tt.unknown},
			} {
				if got[0] != got[1] {
					t.Errorf("%s: %v, want %v", what, got[0], got[1])
				}
			}
		})
	}
}

// TestWrongClocks holds what a clock that was wrong for a while may not have done.
func TestWrongClocks(t *testing.T) {
	t.Parallel()
	const day = 24 * time.Hour
	told := func(at time.Time) func(*seen) {
		return func(s *seen) { s.events = []store.Event{{Kind: store.EventNotified, At: at}} }
	}
	next := func(in time.Duration) func(*seen) {
		return func(s *seen) { s.connection.NextRefreshAt = day60.Add(in) }
	}
	for _, tt := range []struct {
		name string
		seen seen
		want string
	}{
		{"all is well", alive(), ""},
		{"told, by a clock far ahead", with(told(day60.Add(55 * day))), "told of trouble that there was not"},
		{"told", with(told(day60)), "told of trouble that there was not"},
		{"told while she was away", with(func(s *seen) {
			told(day60.Add(-10 * day))(s)
			s.absences = []absence{{from: day60.Add(-11 * day), to: day60.Add(-9 * day)}}
		}), ""},
		{"a kill took the only token, and she is back", with(func(s *seen) { told(day60)(s); s.doomed = true }), ""},
		{"due in eight days", with(next(8 * day)), ""},
		{"due in eight days, by a clock a little ahead", with(next(8*day + near)), ""},
		{"put off for longer", with(next(8*day + near + time.Second)), "put off for more than eight days"},
		{"lost before all", with(func(s *seen) { next(90 * day)(s); s.token.Works = false }), "lost"},
		{"given up", with(func(s *seen) { s.events = []store.Event{{Kind: store.EventDisconnected, At: day60}} }), "wrongly marked"},
	} {
		if got := tt.seen.fault(day60); got != tt.want {
			t.Errorf("%s: %q, want %q", tt.name, got, tt.want)
		}
	}
}

func TestRunway(t *testing.T) {
	t.Parallel()
	const day = 24 * time.Hour
	for _, tt := range []struct {
		name string
		seen seen
		want time.Duration
		ok   bool
	}{
		{"healthy", alive(), 52 * day, true},
		{"dying", with(func(s *seen) { s.token.Replaced = day60.Add(time.Hour) }), time.Hour, true},
		{"dead", with(func(s *seen) { s.token.Works = false }), 0, false},
		{"her own will", with(func(s *seen) { s.absences = left(day) }), 0, false},
	} {
		if got, ok := tt.seen.runway(day60); got != tt.want || ok != tt.ok {
			t.Errorf("%s: %v, %v", tt.name, got, ok)
		}
	}
}

func TestWritten(t *testing.T) {
	t.Parallel()
	p := pending{issued: day60}
	for _, tt := range []struct {
		name string
		c    store.Connection
		want bool
	}{
		{"it is in the store", store.Connection{TokenIssuedAt: day60}, true},
		{"a later one is", store.Connection{TokenIssuedAt: day60.Add(time.Hour)}, true},
		{"an earlier one is", store.Connection{TokenIssuedAt: day60.Add(-time.Hour)}, false},
		{"there was a login since", store.Connection{TokenIssuedAt: day60.Add(-time.Second), ConnectedAt: day60.Add(-time.Minute)}, true},
		{"the owner ended it", store.Connection{Status: store.StatusDisconnected}, true},
	} {
		if got := written(tt.c, p); got != tt.want {
			t.Errorf("%s: %v", tt.name, got)
		}
	}
}
