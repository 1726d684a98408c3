package notice_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"latchkey/internal/i18n"
	"latchkey/internal/notice"
	"latchkey/internal/store"
	"latchkey/internal/vault"
)

// asksFor asks for mails about a connection, of which so many more are let through.
func (h *rig) asksFor(id string, more int) {
	h.t.Helper()
	for i := range more {
		if err := h.Ask(h.t.Context(), id, fmt.Sprintf("owner%d@example.org", i), i18n.English()); err != nil {
			h.t.Fatalf("mail %d of %d: %v", i+1, more, err)
		}
	}
	if err := h.Ask(h.t.Context(), id, "stranger@example.org", i18n.English()); !errors.Is(err, notice.ErrTooMany) {
		h.t.Errorf("one mail more than %d: %v", more, err)
	}
}

// TestMuchHistoryLiftsNoLimit holds that five mails a day stay five, however much else happens to the
// connection, and whatever the owner does with the address meanwhile. Another connection has five of its own.
func TestMuchHistoryLiftsNoLimit(t *testing.T) {
	t.Parallel()
	onBothStores(t, func(t *testing.T, h *rig) {
		h.connection(id(1), func(*store.Connection) {})
		h.connection(id(2), func(*store.Connection) {})
		h.asksFor(id(1), 5)
		h.advance(time.Hour)
		for range 600 {
			e := store.Event{ConnectionID: id(1), At: h.Now(), Kind: store.EventTokenOpened, Caller: "an app"}
			if err := h.st.AppendEvent(t.Context(), e); err != nil {
				t.Fatal(err)
			}
		}
		h.asksFor(id(1), 0)
		if err := h.Forget(t.Context(), id(1)); err != nil {
			t.Fatal(err)
		}
		h.asksFor(id(1), 0)
		h.asksFor(id(2), 5)
	})
}

// TestTheLimitIsADay holds how long a mail counts, and that other links to the owner do not count.
func TestTheLimitIsADay(t *testing.T) {
	t.Parallel()
	onBothStores(t, func(t *testing.T, h *rig) {
		h.connection(id(1), func(*store.Connection) {})
		for range 6 {
			if _, err := h.ReconnectLink(t.Context(), vault.CallerCommandLine, id(1)); err != nil {
				t.Fatal(err)
			}
		}
		h.asksFor(id(1), 5)
		h.advance(day - time.Millisecond)
		h.asksFor(id(1), 0)
		h.advance(time.Millisecond)
		h.asksFor(id(1), 5)
	})
}

// TestAnEraseTakesTheCountAlong holds that nothing is left that says how often somebody asked.
func TestAnEraseTakesTheCountAlong(t *testing.T) {
	t.Parallel()
	onBothStores(t, func(t *testing.T, h *rig) {
		h.connection(id(1), func(*store.Connection) {})
		h.asksFor(id(1), 5)
		if err := h.st.DeleteConnection(t.Context(), id(1)); err != nil {
			t.Fatal(err)
		}
		h.connection(id(1), func(*store.Connection) {})
		h.asksFor(id(1), 5)
	})
}
