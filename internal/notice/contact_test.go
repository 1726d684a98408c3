package notice_test

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"latchkey/internal/i18n"
	"latchkey/internal/mail"
	"latchkey/internal/notice"
	"latchkey/internal/store"
	"latchkey/internal/vault"
)

// ask asks for mails to an address and returns the secret of the link that confirms it.
func (h *rig) ask(address string) string {
	h.t.Helper()
	before := len(h.post.Mails())
	if err := h.Ask(h.t.Context(), id(1), address, i18n.English()); err != nil {
		h.t.Fatal(err)
	}
	m := h.mails(before + 1)[before]
	if m.To != strings.TrimSpace(address) {
		h.t.Errorf("asked at %s", m.To)
	}
	return secret(h.t, m, "/mail/confirm/")
}

// asked is a rig with a connection whose owner gave her address.
func asked(t *testing.T) (h *rig, confirm string) {
	t.Helper()
	h = setup(t)
	h.connection(id(1), func(*store.Connection) {})
	return h, h.ask(address)
}

// stopLink is the secret in a mail that the owner is needed.
func (h *rig) stopLink() string {
	h.t.Helper()
	h.connection(id(1), needsLogin)
	h.sweep()
	all := h.post.Mails()
	return secret(h.t, all[len(all)-1], "/mail/stop/")
}

func TestAskAndConfirm(t *testing.T) {
	t.Parallel()
	h, confirm := asked(t)
	if !h.Mails() {
		t.Error("it does not say that it mails")
	}
	contact, err := h.Contact(t.Context(), id(1))
	if err != nil || contact.Address != address || !contact.AskedAt.Equal(noon) || !contact.ConfirmedAt.IsZero() {
		t.Errorf("the contact is %+v, %v", contact, err)
	}
	m := h.mails(1)[0]
	for _, want := range []string{"@owner_of_" + id(1), "latchkey.example", "until 30 November 2026", "If it was not you, do nothing. Until the button is pressed, nothing about that account is sent here but this question."} {
		if !strings.Contains(m.Text(t), want) {
			t.Errorf("the mail does not say %q:\n%s", want, m.Text(t))
		}
	}
	if m.Header(t).Get("List-Unsubscribe") != "" {
		t.Error("a mail that confirms says how to stop it")
	}
	h.advance(time.Hour)
	link, err := h.Look(t.Context(), confirm, store.LinkConfirm)
	if err != nil || link.Address != address || link.ConnectionID != id(1) {
		t.Errorf("the link is %+v, %v", link, err)
	}
	for range 2 { // a button is pressed twice
		contact, err = h.Confirm(t.Context(), confirm)
		if err != nil || contact.Address != address || !contact.ConfirmedAt.Equal(noon.Add(time.Hour)) {
			t.Errorf("confirmed %+v, %v", contact, err)
		}
	}
	if _, err := h.Look(t.Context(), confirm, store.LinkConfirm); !errors.Is(err, store.ErrTaken) {
		t.Errorf("afterwards the link is %v", err)
	}
	if said := h.history(id(1), store.EventMailConfirmed); len(said) != 1 || !strings.Contains(said[0], "a…@example.org") {
		t.Errorf("the history says %q", said)
	}
	if err := h.Ask(t.Context(), id(1), " "+address+"\n", i18n.English()); err != nil {
		t.Error(err)
	}
	h.mails(1) // what is confirmed needs no confirming
	if contact, err := h.Contact(t.Context(), id(1)); err != nil || contact.ConfirmedAt.IsZero() {
		t.Errorf("asking again took it back: %+v, %v", contact, err)
	}
}

func TestAskRefuses(t *testing.T) {
	t.Parallel()
	h := setup(t)
	h.connection(id(1), func(*store.Connection) {})
	for _, text := range []string{"", "anna", "anna@example", "a@b.org, c@d.org", "a@b.org\r\nBcc: c@d.org"} {
		if err := h.Ask(t.Context(), id(1), text, i18n.English()); !errors.Is(err, mail.ErrAddress) || strings.Contains(err.Error(), "b.org") {
			t.Errorf("%q: %v", text, err)
		}
	}
	if err := h.Ask(t.Context(), id(2), address, i18n.English()); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("a connection that is not there: %v", err)
	}
	h.Mail = nil
	if err := h.Ask(t.Context(), id(1), address, i18n.English()); !errors.Is(err, notice.ErrNoMail) || h.Mails() {
		t.Errorf("without mail: %v", err)
	}
	if _, err := h.Contact(t.Context(), id(1)); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("a contact is stored all the same: %v", err)
	}
	h.mails(0)
}

// TestAskAndLeave is an owner who presses the button and closes the page.
func TestAskAndLeave(t *testing.T) {
	t.Parallel()
	h := setup(t)
	h.connection(id(1), func(*store.Connection) {})
	ctx, leave := context.WithCancel(t.Context())
	leave()
	if err := h.Ask(ctx, id(1), address, i18n.English()); err != nil {
		t.Error(err)
	}
	h.mails(1)
}

func TestAskedTooOften(t *testing.T) {
	t.Parallel()
	h, _ := asked(t)
	for range 4 {
		h.ask("other@example.org")
	}
	if err := h.Ask(t.Context(), id(1), "stranger@example.org", i18n.English()); !errors.Is(err, notice.ErrTooMany) {
		t.Errorf("the sixth mail: %v", err)
	}
	if contact, err := h.Contact(t.Context(), id(1)); err != nil || contact.Address != "other@example.org" {
		t.Errorf("the contact is %+v, %v", contact, err)
	}
	h.mails(5)
	h.advance(day + time.Minute)
	h.ask("stranger@example.org")
}

// TestAskedAtOnce holds that many askers at once are not each told that they are the first.
func TestAskedAtOnce(t *testing.T) {
	t.Parallel()
	h := setup(t)
	h.connection(id(1), func(*store.Connection) {})
	var all sync.WaitGroup
	for range 20 {
		all.Go(func() {
			if err := h.Ask(t.Context(), id(1), address, i18n.English()); err != nil && !errors.Is(err, notice.ErrTooMany) {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if n := len(h.post.Mails()); n < 1 || n > 5 {
		t.Errorf("%d mails went out", n)
	}
}

// TestAskWhenNoMailGoes holds that the owner hears of it, and that all is as it was before: no address
// waits for a link that nobody sent, and one that was confirmed stays.
func TestAskWhenNoMailGoes(t *testing.T) {
	t.Parallel()
	h := setup(t)
	h.connection(id(1), func(*store.Connection) {})
	h.post.Answer("MAIL", "451 4.3.0 not now")
	if err := h.Ask(t.Context(), id(1), address, i18n.English()); !errors.Is(err, mail.ErrAway) {
		t.Errorf("got %v", err)
	}
	if contact, err := h.Contact(t.Context(), id(1)); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("the contact is %+v, %v", contact, err)
	}
	h.post.Answer("MAIL", "")
	if _, err := h.Confirm(t.Context(), h.ask(address)); err != nil {
		t.Fatal(err)
	}
	h.post.Answer("MAIL", "451 4.3.0 not now")
	if err := h.Ask(t.Context(), id(1), "second@example.org", i18n.English()); !errors.Is(err, mail.ErrAway) {
		t.Errorf("got %v", err)
	}
	if contact, err := h.Contact(t.Context(), id(1)); err != nil || contact.Address != address || contact.ConfirmedAt.IsZero() {
		t.Errorf("the contact is %+v, %v", contact, err)
	}
}

func TestAnotherAddress(t *testing.T) {
	t.Parallel()
	h, old := asked(t)
	if _, err := h.Confirm(t.Context(), old); err != nil {
		t.Fatal(err)
	}
	oldStop := h.stopLink()
	fresh := h.ask("second@example.org")
	if _, err := h.Confirm(t.Context(), old); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("the link of the older address: %v", err)
	}
	if contact, err := h.Contact(t.Context(), id(1)); err != nil || contact.Address != "second@example.org" || !contact.ConfirmedAt.IsZero() {
		t.Errorf("the contact is %+v, %v", contact, err)
	}
	if _, err := h.Confirm(t.Context(), fresh); err != nil {
		t.Error(err)
	}
	if err := h.Stop(t.Context(), oldStop); err != nil {
		t.Error(err)
	}
	if contact, err := h.Contact(t.Context(), id(1)); err != nil || contact.Address != "second@example.org" {
		t.Errorf("the stop link of the older address stopped the newer one: %+v, %v", contact, err)
	}
	if said := h.history(id(1), store.EventMailStopped); len(said) > 0 {
		t.Errorf("the history says %q", said)
	}
}

func TestStop(t *testing.T) {
	t.Parallel()
	h, confirm := asked(t)
	if _, err := h.Confirm(t.Context(), confirm); err != nil {
		t.Fatal(err)
	}
	stop := h.stopLink()
	for range 2 { // a mail program and a person
		if err := h.Stop(t.Context(), stop); err != nil {
			t.Error(err)
		}
		if _, err := h.Look(t.Context(), stop, store.LinkStop); !errors.Is(err, store.ErrTaken) {
			t.Errorf("afterwards the link is %v", err)
		}
	}
	if _, err := h.Contact(t.Context(), id(1)); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("the contact: %v", err)
	}
	if said := h.history(id(1), store.EventMailStopped); len(said) != 1 || !strings.Contains(said[0], "a…@example.org") {
		t.Errorf("the history says %q", said)
	}
	if _, err := h.Confirm(t.Context(), confirm); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("an old link brought it back: %v", err)
	}
	sent := len(h.post.Mails())
	h.connection(id(1), needsLogin)
	h.sweep()
	if m := h.mails(sent + 1)[sent]; m.To != operator {
		t.Errorf("one who wants no more mail is told at %s", m.To)
	}
	again := h.ask(address)
	if _, err := h.Confirm(t.Context(), again); err != nil {
		t.Fatal(err)
	}
	if err := h.Stop(t.Context(), stop); err != nil { // the button of an old mail to the same address
		t.Error(err)
	}
	if _, err := h.Contact(t.Context(), id(1)); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("the contact: %v", err)
	}
}

func TestForget(t *testing.T) {
	t.Parallel()
	h, confirm := asked(t)
	for range 2 {
		if err := h.Forget(t.Context(), id(1)); err != nil {
			t.Error(err)
		}
	}
	if _, err := h.Confirm(t.Context(), confirm); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("the link of a forgotten address: %v", err)
	}
	if said := h.history(id(1), store.EventMailStopped); len(said) != 1 {
		t.Errorf("the history says %q", said)
	}
}

// TestAUsedLinkConfirmsNoOtherAsk gives a confirmed address back and then anew: the link of the first time is used up,
// and only that of the second confirms.
func TestAUsedLinkConfirmsNoOtherAsk(t *testing.T) {
	t.Parallel()
	h, first := asked(t)
	if _, err := h.Confirm(t.Context(), first); err != nil {
		t.Fatal(err)
	}
	if err := h.Forget(t.Context(), id(1)); err != nil {
		t.Fatal(err)
	}
	h.advance(time.Minute)
	if err := h.Ask(t.Context(), id(1), address, i18n.English()); err != nil {
		t.Fatal(err)
	}
	if _, err := h.Confirm(t.Context(), first); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("the link of before: %v", err)
	}
	if c, err := h.Contact(t.Context(), id(1)); err != nil || !c.ConfirmedAt.IsZero() {
		t.Errorf("the address is %+v, %v", c, err)
	}
}

// TestALinkIsTold holds that the history says who had a link made, and until when it is good, and never the link.
func TestALinkIsTold(t *testing.T) {
	t.Parallel()
	h := setup(t)
	h.connection(id(1), needsLogin)
	address, err := h.ReconnectLink(t.Context(), vault.CommandLineOf("anna"), id(1))
	if err != nil {
		t.Fatal(err)
	}
	events, err := h.st.Events(t.Context(), id(1), 1)
	want := store.Event{
		ConnectionID: id(1), At: h.Now(), Kind: store.EventLinkMade, Caller: string(vault.CommandLineOf("anna")),
		Message: "A link to log in again, good until " + h.Now().Add(7*day).UTC().Format("2 January 2006") + ".",
	}
	if err != nil || len(events) != 1 || events[0] != want {
		t.Errorf("%+v, %v, want %+v for %s", events, err, want, address)
	}
}

// TestLinksThatAreNone holds that each link is good for its purpose alone, and for its time.
func TestLinksThatAreNone(t *testing.T) {
	t.Parallel()
	h, confirm := asked(t)
	stop := func() string {
		h.wantsMail(id(1), address)
		return h.stopLink()
	}()
	address, err := h.ReconnectLink(t.Context(), vault.CallerCommandLine, id(1))
	if err != nil {
		t.Fatal(err)
	}
	reconnect := strings.TrimPrefix(address, origin+"/reconnect/")
	secrets := map[store.Purpose]string{store.LinkConfirm: confirm, store.LinkStop: stop, store.LinkReconnect: reconnect}
	for purpose := range secrets {
		for other, secret := range secrets {
			_, err := h.Look(t.Context(), secret, purpose)
			if (err == nil) != (purpose == other) || err != nil && !errors.Is(err, store.ErrNotFound) {
				t.Errorf("a link to %s looked at as one to %s: %v", other, purpose, err)
			}
		}
	}
	for _, secret := range []string{"", "MADEUP", reconnect} {
		if _, err := h.Confirm(t.Context(), secret); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("confirmed by a link that is none: %v", err)
		}
		if err := h.Stop(t.Context(), secret); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("stopped by a link that is none: %v", err)
		}
	}
	h.advance(7 * day)
	if _, err := h.Look(t.Context(), reconnect, store.LinkReconnect); !errors.Is(err, store.ErrExpired) {
		t.Errorf("after seven days: %v", err)
	}
	h.keeps(notice.Contact{ConnectionID: id(1), Address: "anna.owner@example.org", AskedAt: noon})
	if _, err := h.Confirm(t.Context(), confirm); !errors.Is(err, store.ErrExpired) {
		t.Errorf("confirmed after seven days: %v", err)
	}
	if _, err := h.Look(t.Context(), stop, store.LinkStop); err != nil {
		t.Errorf("stop after seven days: %v", err)
	}
	h.advance(358 * day)
	if err := h.Stop(t.Context(), stop); !errors.Is(err, store.ErrExpired) {
		t.Errorf("stop after a year: %v", err)
	}
	if _, err := h.Contact(t.Context(), id(1)); err != nil {
		t.Errorf("a link that is over took the contact away: %v", err)
	}
	if _, err := h.ReconnectLink(t.Context(), vault.CallerCommandLine, id(2)); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("a link for nobody: %v", err)
	}
}

// forgetful is a store that fails to keep a contact, once.
type forgetful struct {
	store.Store
	once sync.Once
}

func (f *forgetful) PutRecord(ctx context.Context, r store.Record) (_ store.Record, err error) {
	f.once.Do(func() { err = errStore })
	if err != nil {
		return store.Record{}, err
	}
	return f.Store.PutRecord(ctx, r)
}

// TestConfirmAgain holds that a link which was used up and confirmed nothing can be followed again.
func TestConfirmAgain(t *testing.T) {
	t.Parallel()
	h, confirm := asked(t)
	h.Store = &forgetful{Store: h.st}
	if _, err := h.Confirm(t.Context(), confirm); !errors.Is(err, errStore) {
		t.Errorf("got %v", err)
	}
	if contact, err := h.Confirm(t.Context(), confirm); err != nil || contact.ConfirmedAt.IsZero() {
		t.Errorf("the second time: %+v, %v", contact, err)
	}
}
