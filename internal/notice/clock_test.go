package notice_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"latchkey/internal/store"
)

// TestNobodyIsToldByAWrongClock holds that while our clock may not be decided by nobody is told anything,
// neither by mail nor in the log nor in the history, and that all is told that is still due when it may.
func TestNobodyIsToldByAWrongClock(t *testing.T) {
	t.Parallel()
	h := setup(t)
	trusted := false
	h.Trusted = func(context.Context) bool { return trusted }
	h.connection("1", needsLogin)
	h.wantsMail("1", address)
	h.connection("2", needsLogin) // has no address
	h.raise(store.AlarmApp)
	before := h.get("1")
	h.sweep()
	h.mails(0)
	if got := h.get("1"); got.Version != before.Version || !got.NoticeAt.Equal(before.NoticeAt) {
		t.Errorf("became %+v", got)
	}
	for _, id := range []string{"", "1", "2"} {
		if told := h.history(id, store.EventNotified); len(told) != 0 {
			t.Errorf("the history of %q has %q", id, told)
		}
	}
	if log := h.log.String(); log != "" {
		t.Errorf("the log has %s", log)
	}
	trusted = true
	h.sweep()
	h.mails(3)
	if told := h.history("2", store.EventNotified); len(told) != 1 {
		t.Errorf("the history of the one without an address has %q", told)
	}
}

// TestTheClockIsLookedAtWhenThereIsSomethingToTell holds that a sweep without anything due asks nobody for
// the time, since that may cost a call to Instagram.
func TestTheClockIsLookedAtWhenThereIsSomethingToTell(t *testing.T) {
	t.Parallel()
	h := setup(t)
	asked := 0
	h.Trusted = func(context.Context) bool { asked++; return true }
	h.connection("1", func(*store.Connection) {})
	h.sweep()
	if asked != 0 {
		t.Errorf("asked %d times with nothing to tell", asked)
	}
	h.connection("2", needsLogin)
	h.sweep()
	if asked != 1 {
		t.Errorf("asked %d times with one owner to tell, want 1", asked)
	}
	h.raise(store.AlarmOperator)
	h.sweep()
	if asked != 2 {
		t.Errorf("asked %d times with an alarm to tell, want 2", asked)
	}
}

// TestWhatIsKeptNoLonger holds that links and lines of a history go when their time is over, and not while
// nobody knows the time.
func TestWhatIsKeptNoLonger(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		trusted bool
		keep    time.Duration
		link    bool
		lines   int
	}{
		"a clock in doubt":           {false, 90 * day, true, 3},
		"what is older than 90 days": {true, 90 * day, false, 2},
		"nothing is too old":         {true, 0, false, 3},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			inBubble(t, func(t *testing.T, h *rig) {
				defer h.st.Close()
				secret := store.HashOf("long ago")
				err := h.st.CreateLink(t.Context(), store.Link{
					Secret: secret, Purpose: store.LinkReconnect,
					CreatedAt: noon.Add(-100 * day), ExpiresAt: noon.Add(-90 * day),
				})
				for _, ago := range []time.Duration{0, 90 * day, 90*day + time.Millisecond} {
					err = errors.Join(err, h.st.AppendEvent(t.Context(), store.Event{At: noon.Add(-ago), Kind: store.EventAlarmRaised}))
				}
				if err != nil {
					t.Fatal(err)
				}
				h.KeepEvents, h.Trusted = tt.keep, func(context.Context) bool { return tt.trusted }
				ctx, stop := context.WithCancel(t.Context())
				done := make(chan struct{})
				go func() { h.Run(ctx); close(done) }()
				time.Sleep(2 * time.Hour) // on the bubble's clock
				stop()
				<-done
				if _, err := h.st.Link(t.Context(), secret); (err == nil) != tt.link {
					t.Errorf("the link: %v", err)
				}
				if lines := h.history("", store.EventAlarmRaised); len(lines) != tt.lines {
					t.Errorf("%d lines are left, want %d", len(lines), tt.lines)
				}
			})
		})
	}
}

// mailDays lets days go by, each with a process of its own, and returns those on which a mail went out, by
// whom it went to.
func (h *rig) mailDays(days int) map[string][]int {
	h.t.Helper()
	on := map[string][]int{}
	for n := range days {
		before := len(h.post.Mails())
		h.Notifier = h.notifier()
		h.sweep()
		for _, m := range h.post.Mails()[before:] {
			on[m.To] = append(on[m.To], n)
		}
		h.advance(day)
	}
	return on
}

// clocked is a connection as a wrong clock left it, and the days on which its owner is told.
type clocked struct {
	name   string
	status store.Status
	// left is how long its token lives, 0 is not known; notice is when it is noticed, 0 is never. Both are
	// counted from noon.
	left, notice time.Duration
	days         []int
}

// store stores it, in trouble, for an owner whom mail reaches.
func (c clocked) store(h *rig) {
	h.t.Helper()
	fromNoon := func(d time.Duration) time.Time {
		if d == 0 {
			return time.Time{}
		}
		return noon.Add(d)
	}
	h.connection(c.name, func(s *store.Connection) {
		s.Status, s.StatusReason = c.status, "Instagram ended the permission."
		s.TokenExpiresAt, s.NoticeAt = fromNoon(c.left), fromNoon(c.notice)
		s.Failure = store.RefreshFailure{Since: noon, Tries: 1, Class: "retry"}
	})
	h.wantsMail(c.name, c.address())
}

func (c clocked) address() string { return strings.ReplaceAll(c.name, " ", "-") + "@example.org" }

// told checks on which days each owner gets a mail.
func told(h *rig, owners []clocked) {
	h.t.Helper()
	on := h.mailDays(60)
	for _, c := range owners {
		if got := on[c.address()]; !slices.Equal(got, c.days) {
			h.t.Errorf("%s: mails went out on the days %v, want %v", c.name, got, c.days)
		}
	}
}

// TestNoNoticeWaitsForAWrongClock has what keeper and notifier write by a clock that is wrong for a moment, as
// a process finds it that was started later: an owner is told as if the clock had never been wrong.
func TestNoNoticeWaitsForAWrongClock(t *testing.T) {
	t.Parallel()
	const active, reconnect = store.StatusActive, store.StatusReconnect
	owners := []clocked{
		{"needed 90 days ahead", reconnect, 50 * day, 90 * day, []int{0, 36, 43, 49}},
		{"needed 30 days ahead", reconnect, 50 * day, 30 * day, []int{0, 36, 43, 49}},
		{"needed an hour ahead", reconnect, 50 * day, time.Hour, []int{0, 36, 43, 49}},
		{"needed 90 days behind", reconnect, 50 * day, -90 * day, []int{0, 36, 43, 49}},
		{"needed with no known end", reconnect, 0, 90 * day, []int{0}},
		{"needed after the end", reconnect, -day, 90 * day, []int{0}},
		{"mail failed 30 days ahead", active, 10 * day, 30*day + 10*time.Minute, []int{0, 3, 9}},
		{"extended 90 days ahead", active, 50 * day, 0, []int{36, 43, 49}},
		{"extended 38 days ahead", active, 50 * day, 43 * day, []int{36, 43, 49}},
		{"extended 90 days behind", active, 50 * day, 36 * day, []int{36, 43, 49}},
	}
	onBothStores(t, func(t *testing.T, h *rig) {
		for _, c := range owners {
			c.store(h)
		}
		told(h, owners)
	})
}

// TestToldOnceWhateverTheClockDid has owners who are told by a wrong clock that had to be believed. One who
// was told that she has to log in is not told again when the clock is right; of the reminders, those are
// left out that the clock had passed. Only one for whom a mark was past that the clock went back behind is
// told once more, since nobody can see that she knows.
func TestToldOnceWhateverTheClockDid(t *testing.T) {
	t.Parallel()
	const active, reconnect = store.StatusActive, store.StatusReconnect
	for off, owners := range map[time.Duration][]clocked{
		90 * day: {
			{"needed", reconnect, 50 * day, day, nil},
			{"in trouble", active, 50 * day, 36 * day, []int{36, 43, 49}},
		},
		40 * day: {
			{"needed", reconnect, 50 * day, day, []int{43, 49}},
		},
		-90 * day: {
			{"needed", reconnect, 50 * day, -90 * day, []int{36, 43, 49}},
			{"needed in its last days", reconnect, 10 * day, -90 * day, []int{0, 3, 9}},
		},
	} {
		t.Run(off.String(), func(t *testing.T) {
			t.Parallel()
			onBothStores(t, func(t *testing.T, h *rig) {
				for _, c := range owners {
					c.store(h)
				}
				h.advance(off)
				h.sweep()
				h.sweep()
				h.mails(len(owners))
				h.advance(-off)
				told(h, owners)
			})
		})
	}
}

// TestAClockThatWasPutRight holds that the process whose clock it was finds what it put off, at once where the
// clock went back by more than an hour, else within an hour.
func TestAClockThatWasPutRight(t *testing.T) {
	t.Parallel()
	const ahead = 90 * day
	h := setup(t)
	h.connection(id(1), func(c *store.Connection) { needsLogin(c); c.NoticeAt = noon.Add(ahead + time.Minute) })
	h.wantsMail(id(1), address)
	h.advance(ahead)
	h.sweep()
	h.mails(0)
	h.advance(-ahead)
	h.sweep()
	h.mails(1)
	h.connection(id(2), func(c *store.Connection) { needsLogin(c); c.NoticeAt = noon.Add(ahead) })
	h.wantsMail(id(2), "second@example.org")
	h.advance(time.Hour - time.Millisecond)
	h.sweep()
	h.mails(1)
	h.advance(time.Millisecond)
	h.sweep()
	h.mails(2)
	if n := strings.Count(h.log.String(), "a wrong clock"); n != 2 {
		t.Errorf("the log says %d times that notices were put off:\n%s", n, h.log)
	}
}

// TestNoNoticeIsMendedByAWrongClock holds that a clock which may not be decided by moves no notice, that one
// that is right is asked for nothing, and that all is mended when it may.
func TestNoNoticeIsMendedByAWrongClock(t *testing.T) {
	t.Parallel()
	h := setup(t)
	asked, trusted := 0, false
	h.Trusted = func(context.Context) bool { asked++; return trusted }
	h.connection(id(1), func(*store.Connection) {})
	h.sweep()
	if asked != 0 {
		t.Errorf("asked %d times for the time with nothing to mend", asked)
	}
	put := h.connection(id(2), func(c *store.Connection) { needsLogin(c); c.NoticeAt = noon.Add(30 * day) })
	h.advance(time.Hour)
	h.sweep()
	if got := h.get(id(2)); asked != 1 || !got.NoticeAt.Equal(put.NoticeAt) {
		t.Errorf("asked %d times; the notice is at %v", asked, got.NoticeAt)
	}
	trusted = true
	h.sweep()
	if said := h.history(id(2), store.EventNotified); len(said) != 1 {
		t.Errorf("the history says %q", said)
	}
}

// TestManyNoticesArePutOff holds that each of many connections is looked at, and that those which somebody else
// writes or erases in the meantime stay as they leave them.
func TestManyNoticesArePutOff(t *testing.T) {
	t.Parallel()
	const many = 101 // two pages and one more
	h := setup(t)
	for n := range many {
		h.connection(id(n), func(c *store.Connection) { needsLogin(c); c.NoticeAt = noon.Add(90 * day) })
	}
	h.Store = meddled(h.st, func() {
		h.connection(id(0), func(*store.Connection) {})
		if err := h.st.DeleteConnection(t.Context(), id(1)); err != nil {
			t.Error(err)
		}
	})
	h.sweep()
	for n := range many {
		if told := len(h.history(id(n), store.EventNotified)); (told == 1) != (n > 1) {
			t.Errorf("connection %d is told %d times", n, told)
		}
	}
}

// TestMendingThatFails holds that what could not be mended is told of, and mended with the next sweep.
func TestMendingThatFails(t *testing.T) {
	t.Parallel()
	h := setup(t)
	h.connection(id(1), func(c *store.Connection) { needsLogin(c); c.NoticeAt = noon.Add(90 * day) })
	h.connection(id(2), needsLogin)
	h.Store = &failing{Store: h.st, fails: func(connection string, _ int) bool { return connection == id(1) }}
	if err := h.Sweep(t.Context()); !errors.Is(err, errStore) || !strings.Contains(err.Error(), id(1)) {
		t.Errorf("the sweep ended with %v", err)
	}
	if said := h.history(id(2), store.EventNotified); len(said) != 1 {
		t.Errorf("another one waits for it: %q", said)
	}
	h.Store = h.st
	h.sweep()
	if said := h.history(id(1), store.EventNotified); len(said) != 1 {
		t.Errorf("the history says %q", said)
	}
}

// TestAnAlarmIsToldOnceWhateverTheClockDid holds that when the operator was told is compared with no clock.
func TestAnAlarmIsToldOnceWhateverTheClockDid(t *testing.T) {
	t.Parallel()
	onBothStores(t, func(t *testing.T, h *rig) {
		h.raise(store.AlarmApp)
		mails := 0
		for _, off := range []time.Duration{90 * day, time.Hour, -time.Hour, -90 * day} {
			for _, over := range []time.Time{{}, h.Now()} {
				h.keep(store.AlarmApp, func(a *store.Alarm) { a.ClearedAt, a.ToldAt = over, time.Time{} })
				h.advance(off)
				h.sweep()
				h.advance(-off)
				mails++
				for _, later := range []time.Duration{0, time.Hour, 90 * day, time.Hour} {
					h.advance(later)
					h.sweep()
					h.mails(mails)
				}
			}
		}
	})
}

// TestALinkLivesByTheRightClock holds that an owner who leaves her address while our clock is in doubt gets a
// link that lives seven days of the right time: the clock is compared before it counts.
func TestALinkLivesByTheRightClock(t *testing.T) {
	t.Parallel()
	onBothStores(t, func(t *testing.T, h *rig) {
		h.connection(id(1), func(*store.Connection) {})
		for _, ahead := range []time.Duration{90 * day, -90 * day} {
			off := ahead
			h.Notifier.Now = func() time.Time { return h.Now().Add(off) }
			h.Trusted = func(context.Context) bool { off = 0; return true }
			link := h.ask(address)
			h.advance(7*day - time.Millisecond)
			if _, err := h.Look(t.Context(), link, store.LinkConfirm); err != nil {
				t.Errorf("%v ahead, just before seven days are over: %v", ahead, err)
			}
			h.advance(time.Millisecond)
			if _, err := h.Look(t.Context(), link, store.LinkConfirm); !errors.Is(err, store.ErrExpired) {
				t.Errorf("%v ahead, after seven days: %v", ahead, err)
			}
		}
	})
}

// TestNoLinkIsOverByAWrongClock holds that before an owner hears that her link is too old, a clock in doubt is
// compared.
func TestNoLinkIsOverByAWrongClock(t *testing.T) {
	t.Parallel()
	onBothStores(t, func(t *testing.T, h *rig) {
		h.connection(id(1), func(*store.Connection) {})
		confirm := h.ask(address)
		var ahead time.Duration
		h.Notifier.Now = func() time.Time { return h.Now().Add(ahead) }
		h.Trusted = func(context.Context) bool { ahead = 0; return true }
		wrong := func() { ahead = 400 * day }
		wrong()
		if _, err := h.Look(t.Context(), confirm, store.LinkConfirm); err != nil {
			t.Errorf("looked at: %v", err)
		}
		wrong()
		if contact, err := h.Confirm(t.Context(), confirm); err != nil || !contact.ConfirmedAt.Equal(noon) {
			t.Errorf("confirmed: %+v, %v", contact, err)
		}
		stop := h.stopLink()
		wrong()
		if err := h.Stop(t.Context(), stop); err != nil {
			t.Errorf("stopped: %v", err)
		}
	})
}
