package notice_test

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"latchkey/internal/mail/mailtest"
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
	h.connection("2", needsLogin) // would be told in the log
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
	h.mails(2)
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

// TestNoLinkIsRemovedByAWrongClock holds that links are not tidied up while nobody knows the time.
func TestNoLinkIsRemovedByAWrongClock(t *testing.T) {
	t.Parallel()
	post := mailtest.Start(t)
	synctest.Test(t, func(t *testing.T) {
		h := furnish(t, post)
		defer h.st.Close()
		secret := store.HashOf("long ago")
		err := h.st.CreateLink(t.Context(), store.Link{
			Secret: secret, Purpose: store.LinkReconnect, ConnectionID: "1",
			CreatedAt: noon.Add(-100 * day), ExpiresAt: noon.Add(-90 * day),
		})
		if err != nil {
			t.Fatal(err)
		}
		h.Trusted = func(context.Context) bool { return false }
		ctx, stop := context.WithCancel(t.Context())
		done := make(chan struct{})
		go func() { h.Run(ctx); close(done) }()
		time.Sleep(2 * time.Hour) // on the bubble's clock
		stop()
		<-done
		if _, err := h.st.Link(t.Context(), secret); err != nil {
			t.Errorf("the link is gone: %v", err)
		}
	})
}
