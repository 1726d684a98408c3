package notice_test

import (
	"testing"
	"time"

	"latchkey/internal/notice"
	"latchkey/internal/store"
)

// TestNeedOf is the table of what an owner is told: by status, and by how much is left of a connection that
// nobody extends.
func TestNeedOf(t *testing.T) {
	t.Parallel()
	const moment = time.Millisecond
	troubled := store.RefreshFailure{Since: noon}
	for _, tt := range []struct {
		name       string
		status     store.Status
		left, next time.Duration
		trouble    store.RefreshFailure
		want       any
	}{
		{"kept alive", store.StatusActive, 53 * day, moment, store.RefreshFailure{}, notice.Nobody},
		{"in trouble just before 14 days", store.StatusActive, 14*day + moment, moment, troubled, notice.Nobody},
		{"in trouble at 14 days", store.StatusActive, 14 * day, moment, troubled, notice.RunsOut},
		{"looked at in a moment, at 14 days", store.StatusActive, 14 * day, moment, store.RefreshFailure{}, notice.Nobody},
		{"to be looked at now, at 14 days", store.StatusActive, 14 * day, 0, store.RefreshFailure{}, notice.RunsOut},
		{"at its end", store.StatusActive, 0, moment, troubled, notice.RunsOut},
		{"past its end", store.StatusActive, -day, moment, troubled, notice.RunsOut},
		{"needs a login, with much left", store.StatusReconnect, 53 * day, moment, store.RefreshFailure{}, notice.Login},
		{"needs a login, past its end", store.StatusReconnect, -day, moment, troubled, notice.Login},
		{"disconnected, at 14 days", store.StatusDisconnected, 14 * day, 0, troubled, notice.Nobody},
	} {
		c := store.Connection{Status: tt.status, TokenExpiresAt: noon.Add(tt.left), NextRefreshAt: noon.Add(tt.next), Failure: tt.trouble}
		if got := any(notice.NeedOf(c, noon)); got != tt.want {
			t.Errorf("%s: %v, want %v", tt.name, got, tt.want)
		}
	}
	unknown := store.Connection{Status: store.StatusActive, Failure: troubled}
	if got := notice.NeedOf(unknown, noon); got != notice.Nobody {
		t.Errorf("without a known end: %v", got)
	}
}

// TestNextNotice is the table of when an owner is told again.
func TestNextNotice(t *testing.T) {
	t.Parallel()
	const moment = time.Millisecond
	for _, tt := range []struct {
		name   string
		left   time.Duration
		before time.Duration // the end; 0 is never
	}{
		{"fresh", 60 * day, 14 * day},
		{"just before 14 days", 14*day + moment, 14 * day},
		{"at 14 days", 14 * day, 7 * day},
		{"just before 7 days", 7*day + moment, 7 * day},
		{"at 7 days", 7 * day, day},
		{"just before the last day", day + moment, day},
		{"on the last day", day, 0},
		{"past its end", -day, 0},
	} {
		for status, told := range map[store.Status]bool{
			store.StatusActive: true, store.StatusReconnect: true, store.StatusDisconnected: false,
		} {
			c := store.Connection{Status: status, TokenExpiresAt: noon.Add(tt.left)}
			var want time.Time
			if told && tt.before > 0 {
				want = c.TokenExpiresAt.Add(-tt.before)
			}
			if got := notice.NextNotice(c, noon); !got.Equal(want) {
				t.Errorf("%s, %s: at %v, want %v", tt.name, status, got, want)
			}
		}
	}
}

// TestDue is when the keeper should have looked after a token already.
func TestDue(t *testing.T) {
	t.Parallel()
	for next, want := range map[time.Time]bool{
		{}: false, noon.Add(-day): true, noon: true, noon.Add(time.Millisecond): false,
	} {
		if got := notice.Due(store.Connection{NextRefreshAt: next}, noon); got != want {
			t.Errorf("next looked at %v: due is %t", next, got)
		}
	}
}

// TestRightNotice is the table of which notices a wrong clock wrote, and when its owner is told instead. All
// is counted from now.
func TestRightNotice(t *testing.T) {
	t.Parallel()
	const (
		moment = time.Millisecond
		// never, as a notice or an end, is none.
		never = -1000 * day
		// soon is how far away a notice can be that is no mark: the pause after a failed mail, and what
		// clocks may differ by.
		soon = 15 * time.Minute
	)
	const active, reconnect, disconnected = store.StatusActive, store.StatusReconnect, store.StatusDisconnected
	from := func(d time.Duration) time.Time {
		if d == never {
			return time.Time{}
		}
		return noon.Add(d)
	}
	for _, tt := range []struct {
		name               string
		status             store.Status
		left, notice, want time.Duration
	}{
		{"the first mark", active, 50 * day, 36 * day, 36 * day},
		{"the second mark in place of the first", active, 50 * day, 43 * day, 36 * day},
		{"the last mark in place of the first", active, 50 * day, 49 * day, 36 * day},
		{"none in place of the first mark", active, 50 * day, never, 36 * day},
		{"the first mark, now", active, 14 * day, 0, 0},
		{"the second mark at the first", active, 14 * day, 7 * day, 7 * day},
		{"the second mark just before the first", active, 14*day + moment, 7*day + moment, moment},
		{"none on the last day but a moment", active, day + moment, never, moment},
		{"none on the last day", active, day, never, never},
		{"none after the end", active, -day, never, never},
		{"none without a known end", active, never, never, never},
		{"a mark that is past", active, 10 * day, -4 * day, -4 * day},

		{"told soon", active, 50 * day, soon, soon},
		{"told not soon", active, 50 * day, soon + moment, 0},
		{"a moment before a mark", active, 50 * day, 36*day - moment, 0},
		{"a moment after a mark", active, 50 * day, 36*day + moment, 0},
		{"behind the end", active, 50 * day, 90 * day, 0},
		{"told soon, later than a mark that is missed", active, 7*day + moment, soon, soon},
		{"due", active, 50 * day, -day, -day},

		{"a login, at the first mark", reconnect, 50 * day, 36 * day, 36 * day},
		{"a login, at the second mark", reconnect, 50 * day, 43 * day, 43 * day},
		{"a login, never again", reconnect, 50 * day, never, never},
		{"a login, soon", reconnect, 50 * day, soon, soon},
		{"a login, not soon", reconnect, 50 * day, soon + moment, 0},
		{"a login, not soon, without a known end", reconnect, never, soon + moment, 0},
		{"a login, soon, without a known end", reconnect, never, soon, soon},
		{"a login, due", reconnect, 50 * day, -90 * day, -90 * day},

		{"disconnected", disconnected, never, never, never},
	} {
		c := store.Connection{Status: tt.status, TokenExpiresAt: from(tt.left), NoticeAt: from(tt.notice)}
		if got := notice.RightNotice(c, noon); !got.Equal(from(tt.want)) {
			t.Errorf("%s: told at %v, want %v", tt.name, got, from(tt.want))
		}
	}
}
