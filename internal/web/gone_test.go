package web_test

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"latchkey/internal/store"
)

// erasing is a store whose owner is erased, by somebody else, as soon as a page has read her connection.
type erasing struct {
	store.Sessions
	erase func(id string)
}

func (s erasing) Session(ctx context.Context, secret store.Hash) (store.Session, store.Connection, error) {
	found, c, err := s.Sessions.Session(ctx, secret)
	if err == nil {
		s.erase(c.ID)
	}
	return found, c, err
}

// TestErasedMeanwhile presses the buttons of an owner who is erased between the look at her session and the work:
// she goes home, signed out, and nobody is told of a failure.
func TestErasedMeanwhile(t *testing.T) {
	t.Parallel()
	for name, press := range map[string]func(b *browser) answer{
		"disconnect": func(b *browser) answer { return b.post("/account/disconnect") },
		"address":    func(b *browser) answer { return b.submit("/account/mail", url.Values{"address": {"ada@example.org"}}) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := newRig(t, origin, mailing)
			b := h.browser()
			b.signIn("studio_north")
			h.Sessions.Store = erasing{h.Sessions.Store, func(id string) {
				if err := h.st.DeleteConnection(context.Background(), id); err != nil {
					t.Error(err)
				}
			}}
			a := press(b)
			goesTo(t, a, "/")
			if c := a.cookie(t, "latchkey_session"); c.MaxAge >= 0 {
				t.Errorf("the session's cookie stays: %v", c)
			}
			shows(t, b.get("/"), http.StatusOK, "Log in with Instagram")
			if log := h.log.String(); strings.Contains(log, "level=ERROR") || strings.Contains(log, "level=WARN") {
				t.Errorf("the log tells of a failure:\n%s", log)
			}
		})
	}
}
