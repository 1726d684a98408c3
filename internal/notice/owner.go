package notice

import (
	"context"
	"errors"
	"fmt"
	"time"

	"latchkey/internal/mail"
	"latchkey/internal/metrics"
	"latchkey/internal/store"
)

// retryAfter is how long after a failed mail the next one is tried.
const retryAfter = 10 * time.Minute

// tellOwner tells the owner of a connection what there is to tell, if there is. It is done when the
// notice is no longer due; not done and no error is one that waits for the keeper.
func (n *Notifier) tellOwner(ctx context.Context, c store.Connection) (done bool, err error) {
	for range writeTries {
		done, err = n.tellAtVersion(ctx, c)
		if !errors.Is(err, store.ErrConflict) {
			return done, err
		}
		c, err = n.Store.Connection(ctx, c.ID)
		switch {
		case errors.Is(err, store.ErrNotFound):
			return true, nil
		case err != nil:
			return false, err
		case c.NoticeAt.IsZero() || c.NoticeAt.After(n.now()):
			return true, nil // somebody else did it, or it is over
		}
	}
	return false, err
}

// tellAtVersion is one try for the connection as it was read. Nobody is told unless the write
// counts.
func (n *Notifier) tellAtVersion(ctx context.Context, c store.Connection) (done bool, err error) {
	now := n.now()
	needed := needOf(c, now)
	wait, err := n.keeperFirst(ctx, c, now)
	switch {
	case err != nil || wait:
		return false, err
	case needed == nobody:
		c.NoticeAt = nextNotice(c, now)
		_, err := n.Store.UpdateConnection(ctx, c)
		return true, err
	}
	to, err := n.confirmed(ctx, c.ID)
	switch {
	case err != nil:
		return false, err
	case to.Address == "" && n.mailsOperator():
		n.leaveToOperator(c.ID, "")
		return true, nil
	case to.Address == "":
		return n.tellInLog(ctx, c, needed)
	case time.Now().Before(n.mailRests):
		c.NoticeAt = now.Add(retryAfter)
		_, err := n.Store.UpdateConnection(ctx, c)
		return true, err
	default:
		return n.tellByMail(ctx, c, needed, to)
	}
}

// confirmed returns where the owner wants to be told; without an address when that is not known or not
// confirmed, or there is no mail at all.
func (n *Notifier) confirmed(ctx context.Context, id string) (Contact, error) {
	if n.Mail == nil {
		return Contact{}, nil
	}
	contact, err := n.Contact(ctx, id)
	if errors.Is(err, store.ErrNotFound) || err == nil && contact.ConfirmedAt.IsZero() {
		return Contact{}, nil
	}
	return contact, err
}

// claim writes that the owner is told now, and returns the connection as stored. A write of which
// only the event failed is taken back.
func (n *Notifier) claim(ctx context.Context, c store.Connection, how string) (store.Connection, error) {
	now := n.now()
	c.NoticeAt = nextNotice(c, now)
	stored, err := n.Store.UpdateConnection(ctx, c, n.notified(c.ID, how))
	if err != nil && !errors.Is(err, store.ErrConflict) && !errors.Is(err, store.ErrNotFound) {
		return c, errors.Join(err, n.again(ctx, c, now.Add(retryAfter)))
	}
	return stored, err
}

func (n *Notifier) tellInLog(ctx context.Context, c store.Connection, needed need) (bool, error) {
	c, err := n.claim(ctx, c, "Whoever runs this server was told: "+needed.sentence(c))
	if err != nil {
		return errors.Is(err, store.ErrNotFound), ignoreGone(err)
	}
	n.logNeed(ctx, c, needed, "the owner of a connection is needed, and no mail goes to her")
	return true, nil
}

func (n *Notifier) tellByMail(ctx context.Context, c store.Connection, needed need, to Contact) (bool, error) {
	c, err := n.claim(ctx, c, "Told by mail to "+mask(to.Address)+": "+needed.sentence(c))
	if err != nil {
		return errors.Is(err, store.ErrNotFound), ignoreGone(err)
	}
	err = n.mailOwner(ctx, c, needed, to)
	switch {
	case err == nil:
		n.Log.InfoContext(ctx, "told an owner by mail", "connection", c.ID, "to", mask(to.Address), "status", string(c.Status))
		return true, nil
	case errors.Is(err, mail.ErrRefused) && n.mailsOperator():
		n.Log.WarnContext(ctx, "the mail to an owner is refused; the operator is told by mail", "connection", c.ID, "to", mask(to.Address), "error", err)
		n.leaveToOperator(c.ID, mask(to.Address))
		return true, n.again(ctx, c, n.now(), n.notified(c.ID, fmt.Sprintf("The mail to %s is refused (%v).", mask(to.Address), err)))
	case errors.Is(err, mail.ErrRefused):
		n.logNeed(ctx, c, needed, "the owner of a connection is needed, and the mail to her is refused", "to", mask(to.Address), "error", err)
		return true, n.Store.AppendEvent(ctx, n.notified(c.ID, fmt.Sprintf("The mail to %s is refused; told in the log instead (%v).", mask(to.Address), err)))
	case errors.Is(err, mail.ErrAway):
		n.mailRests = time.Now().Add(retryAfter)
	}
	n.Log.WarnContext(ctx, "a mail to an owner could not be sent; it is tried again in ten minutes", "connection", c.ID, "to", mask(to.Address), "error", err)
	return true, n.again(ctx, c, n.now().Add(retryAfter), n.notified(c.ID, fmt.Sprintf("The mail to %s could not be sent; it is tried again in ten minutes (%v).", mask(to.Address), err)))
}

// again makes a notice due at a time that was claimed and not told, unless the connection went on
// since: then somebody else has decided when its owner is told.
func (n *Notifier) again(ctx context.Context, told store.Connection, at time.Time, events ...store.Event) error {
	return n.undo(ctx, "connection "+told.ID, func(ctx context.Context) error {
		return n.dueAgain(ctx, told, at, events...)
	})
}

// dueAgain is the write of again. One that is made twice counts once.
func (n *Notifier) dueAgain(ctx context.Context, told store.Connection, at time.Time, events ...store.Event) error {
	var err error
	for range writeTries {
		var c store.Connection
		c, err = n.Store.Connection(ctx, told.ID)
		switch {
		case err != nil:
			return ignoreGone(err)
		case c.Status != told.Status, !c.NoticeAt.Equal(told.NoticeAt), !c.TokenExpiresAt.Equal(told.TokenExpiresAt):
			return nil
		}
		c.NoticeAt = at
		if _, err = n.Store.UpdateConnection(ctx, c, events...); !errors.Is(err, store.ErrConflict) {
			return err
		}
	}
	return err
}

// mailOwner sends the mail in her language, with links of its own.
func (n *Notifier) mailOwner(ctx context.Context, c store.Connection, needed need, to Contact) error {
	reconnect, until, err := n.reconnectLink(ctx, c.ID)
	if err != nil {
		return err
	}
	stop, err := n.stopLink(ctx, c.ID, to.Address)
	if err != nil {
		return err
	}
	m, err := n.ownerMail(to.language(), c, needed, reconnect, stop, until)
	if err != nil {
		return err
	}
	m.To = to.Address
	return n.send(ctx, metrics.MailNotice, m)
}

// logNeed is the telling of an owner who cannot be told by mail. It is for the operator, who knows
// how to reach her.
func (n *Notifier) logNeed(ctx context.Context, c store.Connection, needed need, message string, more ...any) {
	n.Log.WarnContext(ctx, message, append([]any{
		"connection", c.ID, "username", c.Username, "status", string(c.Status), "expires", c.TokenExpiresAt, "why", needed.sentence(c),
	}, more...)...)
}

func (n *Notifier) notified(id, message string) store.Event {
	return store.Event{ConnectionID: id, At: n.now(), Kind: store.EventNotified, Caller: caller, Message: message}
}

// ignoreGone is no error for a connection that was erased meanwhile.
func ignoreGone(err error) error {
	if errors.Is(err, store.ErrNotFound) {
		return nil
	}
	return err
}
