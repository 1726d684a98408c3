package notice_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"latchkey/internal/notice"
	"latchkey/internal/store"
)

// TestWhyNoMailReachesHer is each way in which an owner has no confirmed address, in the words of the mail.
func TestWhyNoMailReachesHer(t *testing.T) {
	t.Parallel()
	stopped := func(h *rig, confirmedAt time.Time) {
		h.keeps(notice.Contact{ConnectionID: id(1), Address: address, AskedAt: noon, ConfirmedAt: confirmedAt})
		if err := h.Forget(h.t.Context(), id(1)); err != nil {
			h.t.Fatal(err)
		}
	}
	for name, tt := range map[string]struct {
		arrange func(h *rig)
		want    string
	}{
		"none was given":    {func(*rig) {}, "No mail address of hers is known here."},
		"she stopped it":    {func(h *rig) { stopped(h, noon) }, "She stopped the mail to her on 23 November 2026."},
		"she took one back": {func(h *rig) { stopped(h, time.Time{}) }, "She stopped the mail to her on 23 November 2026."},
		"she did not confirm": {
			func(h *rig) {
				stopped(h, noon)
				h.ask(address)
			},
			"She gave a mail address here on 23 November 2026, and has not confirmed it.",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := setup(t)
			h.connection(id(1), func(*store.Connection) {})
			tt.arrange(h)
			h.advance(10 * day)
			if err := h.change(id(1), needsLogin); err != nil {
				t.Fatal(err)
			}
			h.sweep()
			m := h.to(operator)[0]
			if text := m.Text(t); !strings.Contains(text, "\n"+tt.want+"\nHer link: ") {
				t.Errorf("the mail does not say %q:\n%s", tt.want, text)
			}
		})
	}
}

// reticent is a store that does not answer why no mail reaches an owner: it has no contact when asked again, or
// no history.
type reticent struct {
	store.Store
	history bool
	asked   int
}

func (f *reticent) Record(ctx context.Context, kind store.RecordKind, key string) (store.Record, error) {
	if f.asked++; f.history && f.asked > 1 {
		return store.Record{}, errStore
	}
	return f.Store.Record(ctx, kind, key)
}

func (f *reticent) Events(ctx context.Context, id string, limit int) ([]store.Event, error) {
	if !f.history {
		return nil, errStore
	}
	return f.Store.Events(ctx, id, limit)
}

// TestNobodyKnowsWhyNoMailReachesHer holds that the operator is told later of an owner of whom the store does not
// say it, and that she is not taken for told.
func TestNobodyKnowsWhyNoMailReachesHer(t *testing.T) {
	t.Parallel()
	for name, history := range map[string]bool{"no contact": true, "no history": false} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := setup(t)
			before := h.connection(id(1), needsLogin)
			h.Store = &reticent{Store: h.st, history: history}
			if err := h.Sweep(t.Context()); !errors.Is(err, errStore) {
				t.Errorf("the sweep ended with %v", err)
			}
			if c := h.get(id(1)); c.Version != before.Version {
				t.Errorf("she is taken for told: %+v", c)
			}
			h.mails(0)
			h.Store = h.st
			h.sweep()
			h.mails(1)
		})
	}
}
