package notice_test

import (
	"context"
	"sync"
	"testing"
	"time"

	"latchkey/internal/store"
)

// betweenTellingAndMail is a store on which somebody else does something after an owner counts as told and
// before her mail is sent.
type betweenTellingAndMail struct {
	store.Store
	once   sync.Once
	meddle func()
}

func (b *betweenTellingAndMail) CreateLink(ctx context.Context, l store.Link) error {
	b.once.Do(b.meddle)
	return b.Store.CreateLink(ctx, l)
}

// TestAMailThatFailsAfterAWrite is the table of what may happen to a connection while its mail is on the way
// and fails: the owner is told again ten minutes later, unless somebody decided anew when she is told.
func TestAMailThatFailsAfterAWrite(t *testing.T) {
	t.Parallel()
	const moment = time.Millisecond
	for name, tt := range map[string]struct {
		change func(*store.Connection)
		again  bool
	}{
		"nothing but a write":   {func(*store.Connection) {}, true},
		"a try that failed":     {func(c *store.Connection) { c.TriedAt = noon }, true},
		"another status":        {func(c *store.Connection) { c.Status = store.StatusActive }, false},
		"an end a moment later": {func(c *store.Connection) { c.TokenExpiresAt = c.TokenExpiresAt.Add(moment) }, false},
		"no known end":          {func(c *store.Connection) { c.TokenExpiresAt = time.Time{} }, false},
		"a notice just before":  {func(c *store.Connection) { c.NoticeAt = c.NoticeAt.Add(-moment) }, false},
		"no notice any more":    {func(c *store.Connection) { c.NoticeAt = time.Time{} }, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := setup(t)
			h.connection(id(1), needsLogin)
			h.wantsMail(id(1), address)
			h.post.Answer("RCPT", "450 4.2.0 come back later")
			var want time.Time
			h.Store = &betweenTellingAndMail{Store: h.st, meddle: func() {
				c := h.get(id(1))
				tt.change(&c)
				want = c.NoticeAt
				if _, err := h.st.UpdateConnection(h.t.Context(), c); err != nil {
					h.t.Error(err)
				}
			}}
			h.sweep()
			if tt.again {
				want = noon.Add(10 * time.Minute)
			}
			if got := h.get(id(1)).NoticeAt; !got.Equal(want) {
				t.Errorf("told again at %v, want %v", got, want)
			}
		})
	}
}
