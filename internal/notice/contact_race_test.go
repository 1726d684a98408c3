package notice_test

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"latchkey/internal/i18n"
	"latchkey/internal/mail"
	"latchkey/internal/notice"
	"latchkey/internal/store"
)

// amidst is a store on which somebody else does something once: after a contact was read, and before it is
// written, or before the mail of an address that was written goes out.
type amidst struct {
	store.Store
	once                              sync.Once
	beforeUse, beforeLink, beforeNote func()
}

func (s *amidst) meddle(do func()) {
	if do != nil {
		s.once.Do(do)
	}
}

// UseLink is what Confirm calls between its reading of the contact and its writing.
func (s *amidst) UseLink(ctx context.Context, secret store.Hash, now time.Time) (store.Link, error) {
	s.meddle(s.beforeUse)
	return s.Store.UseLink(ctx, secret, now)
}

// CreateLink is what Ask calls between its writing of the contact and its mail.
func (s *amidst) CreateLink(ctx context.Context, l store.Link) error {
	s.meddle(s.beforeLink)
	return s.Store.CreateLink(ctx, l)
}

// AppendEvent is what Ask calls between its reading of the contact and its writing.
func (s *amidst) AppendEvent(ctx context.Context, e store.Event) error {
	err := s.Store.AppendEvent(ctx, e)
	s.meddle(s.beforeNote)
	return err
}

// contactIs holds what is kept of the owner, nothing where it is empty, and whether she confirmed it.
func (h *rig) contactIs(address string, confirmed bool) {
	h.t.Helper()
	c, err := h.Contact(h.t.Context(), id(1))
	if address == "" && errors.Is(err, store.ErrNotFound) {
		return
	}
	if err != nil || c.Address != address || c.ConfirmedAt.IsZero() == confirmed {
		h.t.Errorf("the contact is %+v, %v, want %q, confirmed: %t", c, err, address, confirmed)
	}
}

// TestTheLastWordIsTheOwners has her say something else while another word of hers is under way: what she said
// last is so, and the history tells of nothing that was not.
func TestTheLastWordIsTheOwners(t *testing.T) {
	t.Parallel()
	const second = "second@example.org"
	forgets := func(h *rig) func() {
		return func() {
			if err := h.notifier().Forget(h.t.Context(), id(1)); err != nil {
				h.t.Error(err)
			}
		}
	}
	asks := func(h *rig, to string) func() {
		return func() {
			if err := h.notifier().Ask(h.t.Context(), id(1), to, i18n.English()); err != nil {
				h.t.Error(err)
			}
		}
	}
	for name, check := range map[string]func(t *testing.T, h *rig, confirm string){
		"forget during confirm": func(t *testing.T, h *rig, confirm string) {
			h.Store = &amidst{Store: h.st, beforeUse: forgets(h)}
			if _, err := h.Confirm(t.Context(), confirm); !errors.Is(err, store.ErrNotFound) {
				t.Errorf("confirmed: %v", err)
			}
			h.contactIs("", false)
		},
		"forget, and ask anew, during confirm": func(t *testing.T, h *rig, confirm string) {
			h.Store = &amidst{Store: h.st, beforeUse: func() {
				forgets(h)()
				h.advance(time.Minute)
				asks(h, second)()
			}}
			if _, err := h.Confirm(t.Context(), confirm); !errors.Is(err, store.ErrNotFound) {
				t.Errorf("confirmed: %v", err)
			}
			h.contactIs(second, false)
		},
		"another address during confirm": func(t *testing.T, h *rig, confirm string) {
			h.Store = &amidst{Store: h.st, beforeUse: asks(h, second)}
			if _, err := h.Confirm(t.Context(), confirm); !errors.Is(err, store.ErrNotFound) {
				t.Errorf("confirmed: %v", err)
			}
			h.contactIs(second, false)
		},
		"confirm during confirm": func(t *testing.T, h *rig, confirm string) {
			h.Store = &amidst{Store: h.st, beforeUse: func() {
				if _, err := h.notifier().Confirm(t.Context(), confirm); err != nil {
					t.Error(err)
				}
			}}
			if c, err := h.Confirm(t.Context(), confirm); err != nil || c.ConfirmedAt.IsZero() {
				t.Errorf("the second one: %+v, %v", c, err)
			}
			h.contactIs(address, true)
			if said := h.history(id(1), store.EventMailConfirmed); len(said) != 1 {
				t.Errorf("the history says %q", said)
			}
		},
		"forget while a mail server refuses another address": func(t *testing.T, h *rig, confirm string) {
			if _, err := h.Confirm(t.Context(), confirm); err != nil {
				t.Fatal(err)
			}
			h.post.Answer("MAIL", "451 4.3.0 not now")
			h.Store = &amidst{Store: h.st, beforeLink: forgets(h)}
			if err := h.Ask(t.Context(), id(1), second, i18n.English()); !errors.Is(err, mail.ErrAway) {
				t.Errorf("asked: %v", err)
			}
			h.contactIs("", false)
		},
		"confirm during ask for another address": func(t *testing.T, h *rig, confirm string) {
			h.Store = &amidst{Store: h.st, beforeNote: func() {
				if _, err := h.notifier().Confirm(t.Context(), confirm); err != nil {
					t.Error(err)
				}
			}}
			if err := h.Ask(t.Context(), id(1), second, i18n.English()); err != nil {
				t.Errorf("asked: %v", err)
			}
			h.contactIs(second, false)
			if said := h.history(id(1), store.EventNotified); len(said) != 2 {
				t.Errorf("it is counted anew with each try: %q", said)
			}
		},
		"confirm of a link that came all the same, while its mail fails": func(t *testing.T, h *rig, confirm string) {
			h.post.Answer("MAIL", "451 4.3.0 not now")
			h.Store = &amidst{Store: h.st, beforeLink: func() {
				if _, err := h.notifier().Confirm(t.Context(), confirm); err != nil {
					t.Error(err)
				}
			}}
			if err := h.Ask(t.Context(), id(1), address, i18n.English()); !errors.Is(err, mail.ErrAway) {
				t.Errorf("asked: %v", err)
			}
			h.contactIs(address, true)
		},
		"erase during ask": func(t *testing.T, h *rig, _ string) {
			h.Store = &amidst{Store: h.st, beforeNote: func() {
				if err := h.st.DeleteConnection(t.Context(), id(1)); err != nil {
					t.Error(err)
				}
			}}
			if err := h.Ask(t.Context(), id(1), second, i18n.English()); !errors.Is(err, store.ErrNotFound) {
				t.Errorf("asked: %v", err)
			}
			h.contactIs("", false)
			h.mails(1)
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			onBothStores(t, func(t *testing.T, h *rig) {
				h.connection(id(1), func(*store.Connection) {})
				check(t, h, h.ask(address))
			})
		})
	}
}

// TestAnAddressThatWasTakenBackIsGone holds that nothing of it is kept, not even in the record that stays.
func TestAnAddressThatWasTakenBackIsGone(t *testing.T) {
	t.Parallel()
	h, _ := asked(t)
	if err := h.Forget(t.Context(), id(1)); err != nil {
		t.Fatal(err)
	}
	r, err := h.st.Record(t.Context(), "contact", id(1))
	if err != nil || string(r.Body) != "{}" || r.Owner != id(1) || !r.ExpiresAt.IsZero() {
		t.Errorf("kept is %+v with %q, %v", r, r.Body, err)
	}
}

// TestTheFormOfAContact holds the form in which contacts are kept: the migrations write it, and what is kept today
// is read tomorrow.
func TestTheFormOfAContact(t *testing.T) {
	t.Parallel()
	h := setup(t)
	h.connection(id(1), func(*store.Connection) {})
	c := notice.Contact{ConnectionID: id(1), Address: address, AskedAt: noon.Add(123456789), ConfirmedAt: noon.Add(time.Hour)}
	stored, err := notice.PutContact(t.Context(), h.st, c)
	if err != nil || !stored.AskedAt.Equal(noon.Add(123*time.Millisecond)) || stored.Version != 1 {
		t.Errorf("stored %+v, %v", stored, err)
	}
	r, err := h.st.Record(t.Context(), "contact", id(1))
	const want = `{"address":"anna.owner@example.org","asked_at":1795435200123,"confirmed_at":1795438800000}`
	if err != nil || string(r.Body) != want {
		t.Errorf("kept is %q, %v, want %q", r.Body, err, want)
	}
	r.Body = []byte(`{"address":"anna.owner@example.org","asked_at":1795435200123,"confirmed_at":null}`) // as a migration wrote it
	if _, err := h.st.PutRecord(t.Context(), r); err != nil {
		t.Fatal(err)
	}
	found, err := notice.FindContact(t.Context(), h.st, id(1))
	if err != nil || !found.ConfirmedAt.IsZero() || !found.AskedAt.Equal(stored.AskedAt) || found.Version != 2 {
		t.Errorf("found %+v, %v", found, err)
	}
	r.Body, r.Version = []byte("no JSON"), 2
	if _, err := h.st.PutRecord(t.Context(), r); err != nil {
		t.Fatal(err)
	}
	if found, err := notice.FindContact(t.Context(), h.st, id(1)); err == nil || errors.Is(err, store.ErrNotFound) {
		t.Errorf("found %+v, %v in what cannot be read", found, err)
	}
}
