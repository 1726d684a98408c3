package owner_test

import (
	"testing"
	"time"

	"latchkey/internal/store"
	"latchkey/internal/vault"
	"latchkey/internal/web/owner"
)

// TestJustDisconnected is how long a page says that somebody disconnected.
func TestJustDisconnected(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 26, 12, 0, 0, 0, time.UTC)
	ended := func(ago time.Duration, by vault.Caller) store.Event {
		return store.Event{Kind: store.EventDisconnected, At: now.Add(-ago), Caller: string(by)}
	}
	for _, tt := range []struct {
		events []store.Event
		want   bool
	}{
		{nil, false},
		{[]store.Event{ended(time.Hour-1, vault.CallerOwner)}, true},
		{[]store.Event{ended(time.Hour, vault.CallerOwner)}, false},
		{[]store.Event{ended(0, vault.CallerCommandLine)}, false},
		{[]store.Event{{Kind: store.EventMailStopped, At: now}, ended(time.Minute, vault.CallerOwner)}, true},
		{[]store.Event{ended(0, vault.CallerRefresh), ended(time.Minute, vault.CallerOwner)}, false},
	} {
		if got := owner.JustDisconnected(now, tt.events...); got != tt.want {
			t.Errorf("%v: %t", tt.events, got)
		}
	}
}
