package notice_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"latchkey/internal/store"
)

// TestManyDue holds that a sweep reaches all that are due, however many pages they fill, and that
// processes that sweep at once tell everybody once.
func TestManyDue(t *testing.T) {
	t.Parallel()
	const many = 130
	h := setup(t)
	for n := range many {
		h.connection(id(n), needsLogin)
		h.wantsMail(id(n), fmt.Sprintf("owner%d@example.org", n))
	}
	if _, err := h.st.PutAlarm(t.Context(), store.Alarm{Kind: store.AlarmApp, RaisedAt: noon, Class: "operator"}); err != nil {
		t.Fatal(err)
	}
	h.sweepAtOnce()
	h.sweep()
	told := map[string]int{}
	for _, m := range h.mails(many + 1) {
		told[m.To]++
	}
	if len(told) != many+1 || told[operator] != 1 {
		t.Errorf("%d people were told, the operator %d times", len(told), told[operator])
	}
}

// TestABadOneKeepsNobodyWaiting has notices at the head of the queue whose write fails, more of them
// than fit on a page.
func TestABadOneKeepsNobodyWaiting(t *testing.T) {
	t.Parallel()
	const bad, good = 60, 5
	h := setup(t)
	h.OperatorEmail = ""
	for n := range bad + good {
		h.connection(id(n), func(c *store.Connection) {
			needsLogin(c)
			c.NoticeAt = noon.Add(time.Duration(n-100) * time.Second)
		})
	}
	h.Store = &failing{Store: h.st, fails: func(connection string, _ int) bool { return connection < id(bad) }}
	err := h.Sweep(t.Context())
	if !errors.Is(err, errStore) || !strings.Contains(err.Error(), "tell the owner of connection "+id(0)) {
		t.Errorf("the sweep ended with %v", err)
	}
	for n := range bad + good {
		if told := !h.get(id(n)).NoticeAt.Equal(noon.Add(time.Duration(n-100) * time.Second)); told != (n >= bad) {
			t.Errorf("connection %d is told: %v", n, told)
		}
	}
	h.Store = h.st
	h.sweep()
	if n := strings.Count(h.log.String(), "level=WARN"); n != bad+good {
		t.Errorf("%d lines in the log, want one for each", n)
	}
}

// TestASweepEndsWhereNothingCanBeWritten holds that a sweep gives up after a thousand notices that it could
// not write, and asks the store for no more of them: that trouble is the store's.
func TestASweepEndsWhereNothingCanBeWritten(t *testing.T) {
	t.Parallel()
	const most = 1000
	h := setup(t)
	h.Mail = nil
	for n := range most + 1 {
		h.connection(id(n), needsLogin)
	}
	refusing := &failing{Store: h.st, fails: func(string, int) bool { return true }}
	h.Store = refusing
	if err := h.Sweep(t.Context()); !errors.Is(err, errStore) {
		t.Errorf("the sweep ended with %v", err)
	}
	if refusing.n != most {
		t.Errorf("%d notices were tried, want %d", refusing.n, most)
	}
}

// TestTheMailServerIsAway holds that a server that takes no mail is asked once in ten minutes, that
// nobody is forgotten, and that nobody is told twice.
func TestTheMailServerIsAway(t *testing.T) {
	t.Parallel()
	inBubble(t, func(t *testing.T, h *rig) {
		h.OperatorEmail = ""
		for n := range 5 {
			h.connection(id(n), needsLogin)
			if n > 0 {
				h.wantsMail(id(n), fmt.Sprintf("owner%d@example.org", n))
			}
		}
		h.post.Answer("MAIL", "451 4.3.0 not now")
		h.passes(0)
		if said := strings.Join(h.history(id(0), store.EventNotified), ""); !strings.Contains(said, "runs this server was told") {
			t.Errorf("one without an address waits for the mail server: %q", said)
		}
		h.passes(9 * time.Minute)
		if n := h.heard("MAIL"); n != 1 {
			t.Errorf("the server was asked %d times within nine minutes", n)
		}
		h.passes(time.Minute)
		h.post.Answer("MAIL", "")
		h.passes(9 * time.Minute)
		h.mails(0)
		h.passes(time.Minute)
		h.mails(4)
		h.passes(time.Hour)
		told := map[string]bool{}
		for _, m := range h.mails(4) {
			told[m.To] = true
		}
		if len(told) != 4 {
			t.Errorf("told were %v", told)
		}
		said := strings.Join(h.history(id(1), store.EventNotified), "\n")
		if strings.Count(said, "could not be sent; it is tried again in ten minutes") != strings.Count(said, "Told by mail")-1 || !strings.Contains(said, "answered 451 4.3.0") {
			t.Errorf("the history says\n%s", said)
		}
	})
}

// TestOneMailIsPutOff holds that a server which takes the mail of one owner later does not keep the
// others waiting.
func TestOneMailIsPutOff(t *testing.T) {
	t.Parallel()
	h := setup(t)
	h.connection(id(1), needsLogin)
	h.wantsMail(id(1), address)
	h.post.Answer("RCPT", "450 4.2.0 come back in ten minutes")
	h.sweep()
	h.connection(id(2), needsLogin)
	h.wantsMail(id(2), "second@example.org")
	h.post.Answer("RCPT", "")
	h.sweep()
	if m := h.mails(1)[0]; m.To != "second@example.org" {
		t.Errorf("told was %s", m.To)
	}
	if at := h.get(id(1)).NoticeAt; !at.Equal(noon.Add(10 * time.Minute)) {
		t.Errorf("the first is tried again at %v", at)
	}
	h.advance(10 * time.Minute)
	h.sweep()
	h.sweep()
	if m := h.mails(2)[1]; m.To != address {
		t.Errorf("told was %s", m.To)
	}
}

// TestAnAddressThatIsRefused is told in the log instead, once, where the operator gets no mail.
func TestAnAddressThatIsRefused(t *testing.T) {
	t.Parallel()
	h := setup(t)
	h.OperatorEmail = ""
	h.connection(id(1), needsLogin)
	h.wantsMail(id(1), address)
	h.post.Answer("RCPT", "550 5.1.1 no such mailbox")
	h.sweep()
	h.advance(time.Hour)
	h.sweep()
	if n := h.heard("RCPT"); n != 1 {
		t.Errorf("it was tried %d times", n)
	}
	if log := h.log.String(); strings.Count(log, "level=WARN") != 1 || !strings.Contains(log, "answered 550 5.1.1") || !strings.Contains(log, "needs a login") {
		t.Errorf("the log says\n%s", log)
	}
	if said := h.history(id(1), store.EventNotified); len(said) != 2 || !strings.Contains(said[0], "told in the log instead") {
		t.Errorf("the history says %q", said)
	}
}

// TestTakenBackLater has a mail server that fails and then a store that fails: what was written
// before the mail is taken back once the store is well again.
func TestTakenBackLater(t *testing.T) {
	t.Parallel()
	h := setup(t)
	h.connection(id(1), needsLogin)
	h.wantsMail(id(1), address)
	h.post.Answer("RCPT", "450 4.2.0 come back later")
	h.Store = &failing{Store: h.st, fails: func(_ string, n int) bool { return n == 2 || n == 3 }}
	for range 2 {
		if err := h.Sweep(t.Context()); !errors.Is(err, errStore) {
			t.Errorf("the sweep ended with %v", err)
		}
	}
	h.post.Answer("RCPT", "")
	h.sweep()
	h.mails(0)
	h.advance(10 * time.Minute)
	h.sweep()
	h.sweep()
	h.mails(1)
}

// TestAWriteThatFailedLate is a store that wrote the connection and lost the event, as one without
// transactions may: nobody was told, so it is told later.
func TestAWriteThatFailedLate(t *testing.T) {
	t.Parallel()
	h := setup(t)
	h.connection(id(1), needsLogin)
	h.wantsMail(id(1), address)
	h.Store = &failing{Store: h.st, fails: func(_ string, n int) bool { return n == 1 }, late: true}
	if err := h.Sweep(t.Context()); !errors.Is(err, errStore) {
		t.Errorf("the sweep ended with %v", err)
	}
	h.mails(0)
	h.advance(10 * time.Minute)
	h.sweep()
	h.mails(1)
}

// TestAStopFinishesWhatIsInHand stops between the write and the mail.
func TestAStopFinishesWhatIsInHand(t *testing.T) {
	t.Parallel()
	h := setup(t)
	for n := range 3 {
		h.connection(id(n), needsLogin)
		h.wantsMail(id(n), fmt.Sprintf("owner%d@example.org", n))
	}
	ctx, stop := context.WithCancel(t.Context())
	h.Store = meddled(h.st, stop)
	if err := h.Sweep(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("the sweep ended with %v", err)
	}
	h.mails(1)
	h.sweep()
	h.mails(3)
}

// runs starts a notifier in a bubble, and returns how to end it.
func runs(t *testing.T, h *rig) (end func()) {
	t.Helper()
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() { h.Run(ctx); close(done) }()
	return func() { stop(); <-done }
}

// TestRun holds that it is looked every 15 seconds, and soon after the clock jumped.
func TestRun(t *testing.T) {
	t.Parallel()
	inBubble(t, func(t *testing.T, h *rig) {
		ahead := &clock{now: noon}
		began := time.Now()
		h.Notifier.Now = func() time.Time { return ahead.Now().Add(time.Since(began)) }
		h.connection(id(1), func(c *store.Connection) { c.Status, c.NoticeAt = store.StatusReconnect, noon.Add(20*time.Second) })
		h.connection(id(2), func(c *store.Connection) {
			c.Status, c.TokenExpiresAt, c.NoticeAt = store.StatusReconnect, noon.Add(15*day), noon.Add(day)
		})
		end := runs(t, h)
		told := func(after time.Duration, connection string, want bool) {
			t.Helper()
			time.Sleep(after)
			synctest.Wait()
			if got := len(h.history(connection, store.EventNotified)) > 0; got != want {
				t.Errorf("%s is told: %v, want %v", connection, got, want)
			}
		}
		told(29*time.Second, id(1), false)
		told(time.Second+time.Millisecond, id(1), true)
		told(0, id(2), false)
		ahead.advance(2 * day)
		told(300*time.Millisecond, id(2), true)
		end()
	})
}

// TestAStoreThatIsAway holds that it is logged when that begins and when it ends.
func TestAStoreThatIsAway(t *testing.T) {
	t.Parallel()
	inBubble(t, func(t *testing.T, h *rig) {
		h.connection(id(1), needsLogin)
		var mu sync.Mutex
		away := true
		h.Store = &failing{Store: h.st, fails: func(string, int) bool {
			mu.Lock()
			defer mu.Unlock()
			return away
		}}
		end := runs(t, h)
		time.Sleep(5 * time.Minute)
		synctest.Wait()
		if n := strings.Count(h.log.String(), "not everybody can be told"); n != 1 {
			t.Errorf("logged %d times that the store is away", n)
		}
		mu.Lock()
		away = false
		mu.Unlock()
		time.Sleep(5 * time.Minute)
		end()
		if n := strings.Count(h.log.String(), "everybody is told again"); n != 1 {
			t.Errorf("logged %d times that the store is back", n)
		}
		if said := h.history(id(1), store.EventNotified); len(said) != 1 {
			t.Errorf("the history says %q", said)
		}
	})
}

// TestRunTidiesUp holds that links that ended long ago go, within the hour.
func TestRunTidiesUp(t *testing.T) {
	t.Parallel()
	inBubble(t, func(t *testing.T, h *rig) {
		end := runs(t, h)
		synctest.Wait()
		links := map[store.Hash]time.Duration{store.HashOf("long ago"): store.LinkKept, store.HashOf("of late"): store.LinkKept - time.Millisecond}
		for secret, ago := range links {
			err := h.st.CreateLink(t.Context(), store.Link{
				Secret: secret, Purpose: store.LinkReconnect, CreatedAt: noon.Add(-100 * day), ExpiresAt: noon.Add(-ago),
			})
			if err != nil {
				t.Fatal(err)
			}
		}
		kept := func(secret string, want error) {
			t.Helper()
			synctest.Wait()
			if _, err := h.st.Link(t.Context(), store.HashOf(secret)); !errors.Is(err, want) {
				t.Errorf("the link of %s: %v, want %v", secret, err, want)
			}
		}
		time.Sleep(time.Hour - time.Millisecond)
		kept("long ago", nil)
		time.Sleep(2 * time.Millisecond)
		kept("long ago", store.ErrNotFound)
		kept("of late", nil)
		end()
	})
}

// TestAPanicIsOneFailedTry holds that a notice at which the program stumbles keeps nobody else waiting, and is
// tried again.
func TestAPanicIsOneFailedTry(t *testing.T) {
	t.Parallel()
	h := setup(t)
	for n := range 3 {
		h.connection(id(n), needsLogin)
	}
	h.Store = &failing{Store: h.st, fails: func(connection string, _ int) bool {
		if connection == id(1) {
			panic("a row that nobody thought of")
		}
		return false
	}}
	if err := h.Sweep(t.Context()); err == nil || !strings.Contains(err.Error(), "a panic") {
		t.Errorf("the sweep ended with %v", err)
	}
	for n := range 3 {
		if told := len(h.history(id(n), store.EventNotified)); (told == 1) != (n != 1) {
			t.Errorf("connection %d is told %d times", n, told)
		}
	}
	h.Store = h.st
	h.sweep()
	if told := len(h.history(id(1), store.EventNotified)); told != 1 {
		t.Errorf("afterwards it is told %d times", told)
	}
}
