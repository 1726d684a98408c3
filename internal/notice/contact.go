package notice

import (
	"context"
	"errors"
	"fmt"

	"latchkey/internal/i18n"
	"latchkey/internal/mail"
	"latchkey/internal/metrics"
	"latchkey/internal/store"
)

// Reasons why [Notifier.Ask] asks nobody.
var (
	// ErrNoMail says that this installation sends no mail.
	ErrNoMail = errors.New("no mail is sent here")
	// ErrTooMany says that the owner has asked for enough mails today, or is asking for one just now.
	ErrTooMany = errors.New("too many confirm mails")
)

const (
	// maxAsks is how many confirm mails a connection may ask for within a day: enough for an owner
	// who mistypes, too few to bother a stranger.
	maxAsks = 5
)

// Ask keeps an address at which an owner wants to be told, and in which language, in place of the one before, and sends a
// link there that confirms it. An address that is confirmed already stays so, and gets no mail. The
// error is [ErrNoMail], [mail.ErrAddress], [ErrTooMany], [store.ErrNotFound] for no connection, or that of
// the mail; after each of them all is as it was before. It goes on when ctx ends: an owner who leaves
// the page all the same waits for her mail.
func (n *Notifier) Ask(ctx context.Context, connectionID, address string, l *i18n.Language) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), tellWithin)
	defer cancel()
	err := n.ask(ctx, connectionID, address, l)
	if err != nil {
		return fmt.Errorf("ask for mail about connection %s: %w", connectionID, err)
	}
	return nil
}

func (n *Notifier) ask(ctx context.Context, id, address string, l *i18n.Language) error {
	if n.Mail == nil {
		return ErrNoMail
	}
	to, err := mail.ParseAddress(address)
	if err != nil {
		return err
	}
	if _, busy := n.asking.LoadOrStore(id, true); busy {
		return ErrTooMany
	}
	defer n.asking.Delete(id)
	c, err := n.Store.Connection(ctx, id)
	if err != nil {
		return err
	}
	before, kept, err := n.keepAddress(ctx, id, to, l)
	if err != nil || kept.confirms(to) {
		return err
	}
	if err := n.sendConfirm(ctx, c, to, l); err != nil {
		return errors.Join(err, n.putBack(ctx, before, kept))
	}
	return nil
}

// keepAddress puts the address in place of the one before, unless that is the same and confirmed.
func (n *Notifier) keepAddress(ctx context.Context, id, to string, l *i18n.Language) (before, kept Contact, err error) {
	counted := false
	err = retried(func() error {
		before, err = readContact(ctx, n.Store, id)
		if err != nil || before.confirms(to) {
			kept = before
			return err
		}
		if !counted {
			n.trusts(ctx) // a clock in doubt is compared, so that the link lives by the right one
			if err := n.countAsk(ctx, id, to); err != nil {
				return err
			}
			counted = true
		}
		kept, err = PutContact(ctx, n.Store, Contact{ConnectionID: id, Address: to, AskedAt: n.now(), Language: l.Code(), Version: before.Version})
		return err
	})
	return before, kept, err
}

func (n *Notifier) sendConfirm(ctx context.Context, c store.Connection, to string, l *i18n.Language) error {
	link, until, err := n.confirmLink(ctx, c.ID, to)
	if err != nil {
		return err
	}
	m, err := n.confirmMail(l, c, link, until)
	if err != nil {
		return err
	}
	m.To = to
	return n.send(ctx, metrics.MailConfirm, m)
}

// putBack undoes an Ask whose mail did not go out: nobody could confirm the address, and the one before
// may have been confirmed. What was written since stays: it is the owner's later word.
func (n *Notifier) putBack(ctx context.Context, before, kept Contact) error {
	before.Version = kept.Version
	_, err := PutContact(ctx, n.Store, before)
	if errors.Is(err, store.ErrConflict) {
		return nil
	}
	return err
}

// countAsk writes down that a mail was asked for, unless there were enough of them within a day. The links
// that confirm are the count, so that it holds across processes and outlives a [Notifier.Forget]; one process
// asks once at a time.
func (n *Notifier) countAsk(ctx context.Context, id, to string) error {
	asked, err := n.Store.CountLinks(ctx, id, store.LinkConfirm, n.now().Add(-day))
	switch {
	case err != nil:
		return err
	case asked >= maxAsks:
		return ErrTooMany
	}
	return n.Store.AppendEvent(ctx, store.Event{
		ConnectionID: id, At: n.now(), Kind: store.EventNotified, Caller: owner,
		Message: "A mail to confirm the address " + mask(to) + " was asked for.",
	})
}

// Contact returns where the owner of a connection wants to be told, confirmed or not. None is
// [store.ErrNotFound].
func (n *Notifier) Contact(ctx context.Context, connectionID string) (Contact, error) {
	return FindContact(ctx, n.Store, connectionID)
}

// SetLanguage keeps the language in which an owner wants her mail. Without an address there is none to keep, which is
// [store.ErrNotFound].
func (n *Notifier) SetLanguage(ctx context.Context, connectionID string, l *i18n.Language) error {
	return retried(func() error {
		contact, err := FindContact(ctx, n.Store, connectionID)
		if err != nil || contact.Language == l.Code() {
			return err
		}
		contact.Language = l.Code()
		_, err = PutContact(ctx, n.Store, contact)
		return err
	})
}

// Forget takes the address of an owner back. It is no error when there is none.
func (n *Notifier) Forget(ctx context.Context, connectionID string) error {
	err := n.endIf(ctx, connectionID, func(c Contact) bool { return c.Address != "" })
	if err != nil {
		return fmt.Errorf("forget the mail address of connection %s: %w", connectionID, err)
	}
	return nil
}

// endIf takes the address of an owner back if ends says so of what is kept now, and tells the history.
func (n *Notifier) endIf(ctx context.Context, connectionID string, ends func(Contact) bool) error {
	return retried(func() error {
		contact, err := readContact(ctx, n.Store, connectionID)
		if err != nil || !ends(contact) {
			return err
		}
		if _, err := PutContact(ctx, n.Store, Contact{ConnectionID: connectionID, Version: contact.Version}); err != nil {
			return err
		}
		n.Log.InfoContext(ctx, "no more mail to an owner, as she wished", "connection", connectionID, "to", mask(contact.Address))
		return n.Store.AppendEvent(ctx, store.Event{
			ConnectionID: connectionID, At: n.now(), Kind: store.EventMailStopped, Caller: owner,
			Message: "No more mail to " + mask(contact.Address) + ".",
		})
	})
}

// Confirm confirms the address that a link was sent to. The error is [store.ErrExpired] for a link
// that is too old, and [store.ErrNotFound] for one that is none or whose address was replaced or
// taken back since. A link that is followed twice confirms once, and is no error the second time.
func (n *Notifier) Confirm(ctx context.Context, secret string) (contact Contact, err error) {
	err = retried(func() error {
		contact, err = n.confirm(ctx, secret)
		return err
	})
	if err != nil {
		return Contact{}, fmt.Errorf("confirm a mail address: %w", err)
	}
	return contact, nil
}

// confirm is one try with the link and the contact as they are now.
func (n *Notifier) confirm(ctx context.Context, secret string) (Contact, error) {
	l, err := n.link(ctx, secret, store.LinkConfirm)
	if err != nil {
		return Contact{}, err
	}
	contact, err := readContact(ctx, n.Store, l.ConnectionID)
	switch {
	case err != nil:
		return Contact{}, err
	case contact.Address != l.Address:
		return Contact{}, fmt.Errorf("the address was replaced or taken back: %w", store.ErrNotFound)
	case !contact.ConfirmedAt.IsZero():
		return contact, nil
	case !l.UsedAt.IsZero() && contact.AskedAt.After(l.UsedAt):
		return Contact{}, fmt.Errorf("the address was given anew: %w", store.ErrNotFound)
	case n.over(ctx, l):
		return Contact{}, store.ErrExpired
	}
	now := n.now()
	// The write below may have failed for one who used the link before, so used is no reason to stop.
	if _, err := n.Store.UseLink(ctx, l.Secret, now); err != nil && !errors.Is(err, store.ErrTaken) {
		return Contact{}, err
	}
	contact.ConfirmedAt = now
	if contact, err = PutContact(ctx, n.Store, contact); err != nil {
		return Contact{}, err
	}
	n.Log.InfoContext(ctx, "an owner confirmed her mail address", "connection", contact.ConnectionID, "to", mask(contact.Address))
	return contact, n.Store.AppendEvent(ctx, store.Event{
		ConnectionID: contact.ConnectionID, At: now, Kind: store.EventMailConfirmed, Caller: owner,
		Message: "Mail goes to " + mask(contact.Address) + " when the connection needs its owner.",
	})
}

// Stop ends the mails to the address that a link was sent to, if they still go there: the link of an
// older address does not stop those to a newer one. It works as often as it is followed, until the
// link expires. The error is [store.ErrNotFound] or [store.ErrExpired].
func (n *Notifier) Stop(ctx context.Context, secret string) error {
	if err := n.stop(ctx, secret); err != nil {
		return fmt.Errorf("stop the mails to an owner: %w", err)
	}
	return nil
}

func (n *Notifier) stop(ctx context.Context, secret string) error {
	l, err := n.link(ctx, secret, store.LinkStop)
	switch {
	case err != nil:
		return err
	case n.over(ctx, l):
		return store.ErrExpired
	}
	if err := n.endIf(ctx, l.ConnectionID, func(c Contact) bool { return c.Address == l.Address }); err != nil {
		return err
	}
	_, err = n.Store.UseLink(ctx, l.Secret, n.now())
	if errors.Is(err, store.ErrTaken) {
		return nil
	}
	return err
}

// retried tries what ends in a write anew when somebody else wrote first, a few times.
func retried(try func() error) (err error) {
	for range writeTries {
		if err = try(); !errors.Is(err, store.ErrConflict) {
			break
		}
	}
	return err
}
