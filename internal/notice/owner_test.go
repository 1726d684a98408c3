package notice_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"latchkey/internal/notice"
	"latchkey/internal/store"
)

func TestAnOwnerIsToldByMail(t *testing.T) {
	t.Parallel()
	h := setup(t)
	c := h.connection(id(1), needsLogin)
	h.wantsMail(c.ID, address)
	h.sweep()
	h.sweep()
	m := h.mails(1)[0]
	if m.To != address || m.Header(t).Get("Subject") != "@"+c.Username+": please log in once more" {
		t.Errorf("to %s: %s", m.To, m.Header(t).Get("Subject"))
	}
	text := m.Text(t)
	for _, want := range []string{"@" + c.Username, "latchkey.example", c.StatusReason, "until 30 November 2026", origin + " instead"} {
		if !strings.Contains(text, want) {
			t.Errorf("the mail does not say %q:\n%s", want, text)
		}
	}
	stop := m.Link(t, origin+"/mail/stop/")
	if got := m.Header(t).Get("List-Unsubscribe"); got != "<"+stop+">" {
		t.Errorf("the header stops by %s, the text by %s", got, stop)
	}
	link, err := h.Look(t.Context(), secret(t, m, "/reconnect/"), store.LinkReconnect)
	if err != nil || link.ConnectionID != c.ID || !link.ExpiresAt.Equal(noon.Add(7*day)) {
		t.Errorf("the link is %+v, %v", link, err)
	}
	link, err = h.Look(t.Context(), secret(t, m, "/mail/stop/"), store.LinkStop)
	if err != nil || link.ConnectionID != c.ID || link.Address != address || !link.ExpiresAt.Equal(noon.Add(365*day)) {
		t.Errorf("the stop link is %+v, %v", link, err)
	}
	if at := h.get(c.ID).NoticeAt; !at.Equal(c.TokenExpiresAt.Add(-14 * day)) {
		t.Errorf("the next notice is at %v", at)
	}
	if said := h.history(c.ID, store.EventNotified); len(said) != 1 || !strings.Contains(said[0], "by mail to a…@example.org") {
		t.Errorf("the history says %q", said)
	}
}

// TestEachMailSaysWhoWrites holds that an owner knows who writes and what for, in every mail to her.
func TestEachMailSaysWhoWrites(t *testing.T) {
	t.Parallel()
	const purpose = "We send you a <report> every Monday."
	for name, write := range map[string]func(h *rig){
		"confirm": func(h *rig) { h.ask(address) },
		"login":   func(h *rig) { h.connection(id(1), needsLogin); h.sweep() },
		"runs out": func(h *rig) {
			h.connection(id(1), func(c *store.Connection) {
				c.TokenExpiresAt, c.NextRefreshAt, c.NoticeAt = noon.Add(7*day), noon.Add(day), noon
				c.Failure.Since = noon.Add(-day)
			})
			h.sweep()
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for _, named := range []bool{true, false} {
				h := setup(t)
				if named {
					h.ServiceName, h.ServicePurpose = "Café Nord", purpose
				}
				h.connection(id(1), func(*store.Connection) {})
				if name != "confirm" {
					h.wantsMail(id(1), address)
				}
				write(h)
				text := h.mails(1)[0].Text(t)
				if strings.Contains(text, "Café Nord (latchkey.example)") != named || strings.Contains(text, "in the words of whoever runs it: "+purpose) != named ||
					!strings.Contains(text, "latchkey.example") || strings.Contains(text, "in the words of") != named {
					t.Errorf("named is %t, and the mail says:\n%s", named, text)
				}
			}
		})
	}
}

// TestAnOwnerIsToldInTheLog is for those who cannot be told by mail, where the operator cannot either.
func TestAnOwnerIsToldInTheLog(t *testing.T) {
	t.Parallel()
	for name, arrange := range map[string]func(*rig, store.Connection){
		"no address": func(h *rig, _ store.Connection) { h.OperatorEmail = "" },
		"an address that is not confirmed": func(h *rig, c store.Connection) {
			h.OperatorEmail = ""
			h.keeps(notice.Contact{ConnectionID: c.ID, Address: address, AskedAt: noon})
		},
		"no mail here": func(h *rig, c store.Connection) {
			h.wantsMail(c.ID, address)
			h.Mail = nil
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := setup(t)
			c := h.connection(id(1), needsLogin)
			arrange(h, c)
			h.sweep()
			h.sweep()
			h.mails(0)
			log := h.log.String()
			if strings.Count(log, "level=WARN") != 1 || !strings.Contains(log, "connection="+c.ID) || strings.Contains(log, origin) {
				t.Errorf("the log says\n%s", log)
			}
			if said := h.history(c.ID, store.EventNotified); len(said) != 1 || !strings.Contains(said[0], "runs this server was told") {
				t.Errorf("the history says %q", said)
			}
		})
	}
}

// TestRunningOut lets a connection that is never extended come to its end, and holds that its owner
// is told at 14, at 7 and at 1 day, and no other day.
func TestRunningOut(t *testing.T) {
	t.Parallel()
	h := setup(t)
	h.connection(id(1), func(c *store.Connection) {
		c.Failure = store.RefreshFailure{Since: noon.Add(7 * day), Tries: 9, Class: "hold", Cause: "blocked"}
	})
	h.wantsMail(id(1), address)
	told := map[int]string{46: "in 14 days", 53: "in 7 days", 59: "within a day"}
	want := 0
	for n := range 65 {
		h.sweep()
		if told[n] != "" {
			want++
			m := h.mails(want)[want-1]
			if subject := m.Header(t).Get("Subject"); !strings.HasSuffix(subject, "runs out "+told[n]) {
				t.Errorf("on day %d the subject is %q", n, subject)
			}
			for _, part := range []string{"22 January 2027", "since 30 November 2026", "holding back", "/reconnect/"} {
				if !strings.Contains(m.Text(t), part) {
					t.Errorf("on day %d the mail does not say %q:\n%s", n, part, m.Text(t))
				}
			}
		}
		h.mails(want)
		h.advance(day)
	}
	if at := h.get(id(1)).NoticeAt; !at.IsZero() {
		t.Errorf("after the end there is a notice at %v", at)
	}
}

// TestNothingToTell is a notice whose cause is gone.
func TestNothingToTell(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		change func(*store.Connection)
		next   time.Time
	}{
		"it was extended":     {func(*store.Connection) {}, noon.Add(46 * day)},
		"its life is short":   {func(c *store.Connection) { c.TokenExpiresAt = noon.Add(10 * day) }, noon.Add(3 * day)},
		"it has no known end": {func(c *store.Connection) { c.TokenExpiresAt = time.Time{} }, time.Time{}},
		"it was disconnected": {func(c *store.Connection) { c.Status = store.StatusDisconnected }, time.Time{}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := setup(t)
			h.connection(id(1), func(c *store.Connection) {
				tt.change(c)
				c.NoticeAt = noon
			})
			h.wantsMail(id(1), address)
			h.sweep()
			h.mails(0)
			if at := h.get(id(1)).NoticeAt; !at.Equal(tt.next) {
				t.Errorf("the next notice is at %v, want %v", at, tt.next)
			}
			if said := h.history(id(1), store.EventNotified); len(said) > 0 || h.log.String() != "" {
				t.Errorf("told all the same: %q\n%s", said, h.log)
			}
		})
	}
}

// TestWhatHinders holds that every class of trouble has words, and that none is no sentence.
func TestWhatHinders(t *testing.T) {
	t.Parallel()
	for class, want := range map[string]string{
		"retry": "Instagram has trouble", "hold": "holding back", "operator": "not with you", "permanent": "not with you",
		"reconnect": "may mean that it wants you", "ignore": "Instagram has trouble", "": "could not be done",
	} {
		h := setup(t)
		h.connection(id(1), func(c *store.Connection) {
			c.TokenExpiresAt, c.NextRefreshAt, c.NoticeAt = noon.Add(6*day), noon.Add(-day), noon
			if class != "" {
				c.Failure = store.RefreshFailure{Since: noon.Add(-day), Class: class}
			}
		})
		h.wantsMail(id(1), address)
		h.sweep()
		if text := h.mails(1)[0].Text(t); strings.Contains(text, want) != (class != "") || strings.Contains(text, "Why:") != (class != "") {
			t.Errorf("class %q:\n%s", class, text)
		}
	}
}

// TestTooLate is an owner who could not be told before the end.
func TestTooLate(t *testing.T) {
	t.Parallel()
	h := setup(t)
	h.connection(id(1), func(c *store.Connection) {
		c.Username, c.TokenExpiresAt, c.NextRefreshAt, c.NoticeAt = "", noon.Add(-day), noon.Add(-day), noon.Add(-2*day)
	})
	h.wantsMail(id(1), address)
	h.sweep()
	m := h.mails(1)[0]
	if subject := m.Header(t).Get("Subject"); subject != "account "+id(1)+": your connection has run out" {
		t.Errorf("the subject is %q", subject)
	}
	if text := m.Text(t); !strings.Contains(text, "ran out on 22 November 2026. It should") || strings.Contains(text, "still works") {
		t.Errorf("the mail says\n%s", text)
	}
}

func triedAgainLater(c *store.Connection) {
	c.NextRefreshAt = noon.Add(time.Hour)
	c.Failure = store.RefreshFailure{Since: noon.Add(-day), Tries: 3, Class: "retry"}
}

// TestTheKeeperIsFirst holds that after a time in which nothing ran, an owner is not troubled with
// what the keeper of the tokens is about to settle.
func TestTheKeeperIsFirst(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		change func(*store.Connection)
		swept  time.Duration // before now
		told   int
	}{
		"the keeper has not looked for days":   {func(*store.Connection) {}, 4 * day, 0},
		"it has not for an hour and a moment":  {func(*store.Connection) {}, time.Hour + time.Millisecond, 0},
		"it has not for an hour":               {func(*store.Connection) {}, time.Hour, 1},
		"the keeper has just looked":           {func(*store.Connection) {}, time.Minute, 1},
		"the clock of the keeper ran ahead":    {func(*store.Connection) {}, -day, 1},
		"it is to look now":                    {func(c *store.Connection) { c.NextRefreshAt = noon }, 4 * day, 0},
		"it is to look in a moment":            {func(c *store.Connection) { triedAgainLater(c); c.NextRefreshAt = noon.Add(time.Millisecond) }, 4 * day, 1},
		"it is never to look":                  {func(c *store.Connection) { c.NextRefreshAt = time.Time{} }, 4 * day, 1},
		"it is tried again later":              {triedAgainLater, 4 * day, 1},
		"it is a moment before the last day":   {func(c *store.Connection) { c.TokenExpiresAt = noon.Add(day + time.Millisecond) }, 4 * day, 0},
		"it is the last day":                   {func(c *store.Connection) { c.TokenExpiresAt = noon.Add(day) }, 4 * day, 1},
		"the owner is needed whatever it does": {needsLogin, 4 * day, 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := setup(t)
			h.connection(id(1), func(c *store.Connection) {
				c.TokenExpiresAt, c.NextRefreshAt, c.NoticeAt = noon.Add(10*day), noon.Add(-3*day), noon
				tt.change(c)
			})
			h.wantsMail(id(1), address)
			if err := h.st.RecordSweep(t.Context(), noon.Add(-tt.swept)); err != nil {
				t.Fatal(err)
			}
			h.sweep()
			h.mails(tt.told)
			if at := h.get(id(1)).NoticeAt; (tt.told == 0) != at.Equal(noon) {
				t.Errorf("the notice is at %v", at)
			}
		})
	}
}

// TestALoginInBetween holds that a notice which is over while it is told is not told.
func TestALoginInBetween(t *testing.T) {
	t.Parallel()
	h := setup(t)
	h.connection(id(1), needsLogin)
	h.wantsMail(id(1), address)
	h.Store = meddled(h.st, func() { h.connection(id(1), func(*store.Connection) {}) })
	h.sweep()
	h.mails(0)
	if said := h.history(id(1), store.EventNotified); len(said) > 0 {
		t.Errorf("the history says %q", said)
	}
}

// TestAWriteInBetween holds that a notice which is still due after somebody else's write is told,
// and that the write stays.
func TestAWriteInBetween(t *testing.T) {
	t.Parallel()
	h := setup(t)
	h.connection(id(1), needsLogin)
	h.wantsMail(id(1), address)
	h.Store = meddled(h.st, func() {
		c := h.get(id(1))
		c.TriedAt = noon
		if _, err := h.st.UpdateConnection(t.Context(), c); err != nil {
			t.Error(err)
		}
	})
	h.sweep()
	h.mails(1)
	if c := h.get(id(1)); !c.TriedAt.Equal(noon) || c.Version != 3 {
		t.Errorf("stored %+v", c)
	}
}

// TestSomebodyElseTellsFirst holds that an owner whom another process tells in between is told once, with
// a notice to come and with none.
func TestSomebodyElseTellsFirst(t *testing.T) {
	t.Parallel()
	for name, left := range map[string]time.Duration{"there is a next mark": 50 * day, "there is none": -day} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := setup(t)
			h.connection(id(1), func(c *store.Connection) { needsLogin(c); c.TokenExpiresAt = noon.Add(left) })
			h.wantsMail(id(1), address)
			other := h.notifier()
			h.Store = meddled(h.st, func() {
				if err := other.Sweep(t.Context()); err != nil {
					t.Error(err)
				}
			})
			h.sweep()
			h.mails(1)
			if said := h.history(id(1), store.EventNotified); len(said) != 1 {
				t.Errorf("the history says %q", said)
			}
		})
	}
}

// TestErasedInBetween is a connection that is gone when its owner is to be told.
func TestErasedInBetween(t *testing.T) {
	t.Parallel()
	h := setup(t)
	h.connection(id(1), needsLogin)
	h.wantsMail(id(1), address)
	h.Store = meddled(h.st, func() {
		if err := h.st.DeleteConnection(t.Context(), id(1)); err != nil {
			t.Error(err)
		}
	})
	h.sweep()
	h.mails(0)
	if _, err := h.st.Connection(t.Context(), id(1)); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("it came back: %v", err)
	}
}
