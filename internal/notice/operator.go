package notice

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"latchkey/internal/explain"
	"latchkey/internal/i18n"
	"latchkey/internal/mail"
	"latchkey/internal/metrics"
	"latchkey/internal/panics"
	"latchkey/internal/store"
	"latchkey/internal/vault"
)

// unreached is an owner whom no mail reaches, so that the operator is told in her place.
type unreached struct {
	id string
	// refused is her address, masked, when mail to it is refused; empty when none goes to her.
	refused string
}

// passedOn is an owner of whom a mail to the operator tells. Its connection is claimed.
type passedOn struct {
	store.Connection
	needed need
	// unreached is why no mail reaches her, a sentence.
	unreached string
	// link is what she is to be given, and until when it works.
	link  string
	until time.Time
}

// leaveToOperator makes sure that the operator is told of an owner before the page ends.
func (n *Notifier) leaveToOperator(id, refused string) {
	n.unreached = append(n.unreached, unreached{id, refused})
}

// tellOperator tells the operator of the owners of a page whom no mail reaches, at most pageSize of them in
// a mail.
func (n *Notifier) tellOperator(ctx context.Context, left *remainder) {
	for owners := range slices.Chunk(n.unreached, pageSize) {
		work, cancel := inHand(ctx)
		n.passOn(ctx, work, owners, left)
		cancel()
	}
}

// passOn tells the operator of some owners in one mail, which it sends as soon as they are claimed. After
// the order to stop, by ctx, no more of them are. A panic is one failed try.
func (n *Notifier) passOn(ctx, work context.Context, owners []unreached, left *remainder) {
	rests := time.Now().Before(n.mailRests) || time.Now().Before(n.operatorRests)
	var told []passedOn
	for _, o := range owners {
		if ctx.Err() != nil {
			break
		}
		err := attempt(func() (err error) {
			if rests {
				return n.putOff(work, o.id)
			}
			told, err = n.claimFor(work, told, o)
			return err
		})
		if err != nil {
			left.add(o.id, fmt.Errorf("tell the operator of the owner of connection %s: %w", o.id, err))
		}
	}
	if len(told) > 0 {
		if err := attempt(func() error { return n.sayUnreached(work, told) }); err != nil {
			left.note(fmt.Errorf("tell the operator of %d owners: %w", len(told), err))
		}
	}
}

// attempt returns the error of do, or its panic.
func attempt(do func() error) (err error) {
	if panicked := panics.Catch(func() { err = do() }); panicked != nil {
		return panicked
	}
	return err
}

// putOff makes a notice due again when mail to the operator may go.
func (n *Notifier) putOff(ctx context.Context, id string) error {
	_, err := n.writeDue(ctx, id, func(c store.Connection) (store.Connection, error) {
		c.NoticeAt = n.now().Add(retryAfter)
		return n.Store.UpdateConnection(ctx, c)
	})
	return err
}

// claimFor adds an owner, with her link, to those of whom a mail to the operator tells, unless she need not
// be told any more.
func (n *Notifier) claimFor(ctx context.Context, told []passedOn, o unreached) ([]passedOn, error) {
	var p passedOn
	var err error
	if p.unreached, err = n.whyUnreached(ctx, o); err != nil {
		return told, err
	}
	p.Connection, err = n.writeDue(ctx, o.id, func(c store.Connection) (store.Connection, error) {
		p.needed = needOf(c, n.now())
		return n.claim(ctx, c, "Whoever runs this server was told by mail: "+p.needed.sentence(c))
	})
	if err != nil || p.ID == "" {
		return told, err
	}
	if p.link, p.until, err = n.reconnectLink(ctx, p.ID); err != nil {
		return told, errors.Join(err, n.again(ctx, p.Connection, n.now().Add(retryAfter)))
	}
	return append(told, p), nil
}

// historyRead is how many events are looked through for the one that stopped the mail.
const historyRead = 200

// whyUnreached says why no mail reaches an owner.
func (n *Notifier) whyUnreached(ctx context.Context, o unreached) (string, error) {
	if o.refused != "" {
		return "Mail to " + o.refused + " is refused.", nil
	}
	contact, err := n.Contact(ctx, o.id)
	switch {
	case err == nil:
		return "She gave a mail address here on " + date(contact.AskedAt) + ", and has not confirmed it.", nil
	case !errors.Is(err, store.ErrNotFound):
		return "", err
	}
	events, err := n.Store.Events(ctx, o.id, historyRead)
	for _, e := range events {
		if e.Kind == store.EventMailStopped {
			return "She stopped the mail to her on " + date(e.At) + ".", nil
		}
	}
	return "No mail address of hers is known here.", err
}

// writeDue writes to a connection whose owner is still to be told, and returns it as stored; the zero
// connection when there is nothing to tell, or nobody, any more.
func (n *Notifier) writeDue(ctx context.Context, id string, write func(store.Connection) (store.Connection, error)) (store.Connection, error) {
	err := store.ErrConflict
	for range writeTries {
		var c store.Connection
		if c, err = n.Store.Connection(ctx, id); err != nil {
			return store.Connection{}, ignoreGone(err)
		}
		now := n.now()
		if c.NoticeAt.IsZero() || c.NoticeAt.After(now) || needOf(c, now) == nobody {
			return store.Connection{}, nil
		}
		if c, err = write(c); err == nil {
			return c, nil
		}
		if !errors.Is(err, store.ErrConflict) {
			break
		}
	}
	return store.Connection{}, ignoreGone(err)
}

// sayUnreached sends the mail about owners who are claimed.
func (n *Notifier) sayUnreached(ctx context.Context, told []passedOn) error {
	m, err := n.unreachedMail(told)
	if err == nil {
		m.To = n.OperatorEmail
		err = n.send(ctx, metrics.MailOperator, m)
	}
	switch {
	case err == nil:
		n.Log.InfoContext(ctx, "told the operator by mail of owners whom no mail reaches", "owners", len(told), "to", mask(n.OperatorEmail))
		return nil
	case errors.Is(err, mail.ErrRefused):
		return n.logUnreached(ctx, told, err)
	case errors.Is(err, mail.ErrAway):
		n.mailRests = time.Now().Add(retryAfter)
	}
	n.operatorRests = time.Now().Add(retryAfter)
	n.Log.WarnContext(ctx, "the mail to the operator about owners whom no mail reaches could not be sent; it is tried again in ten minutes",
		"owners", len(told), "to", mask(n.OperatorEmail), "error", err)
	return n.allAgain(ctx, told, fmt.Sprintf("The mail to whoever runs this server could not be sent; it is tried again in ten minutes (%v).", err))
}

// logUnreached is for an operator whose mail is refused for good.
func (n *Notifier) logUnreached(ctx context.Context, told []passedOn, refused error) error {
	var failed error
	for _, p := range told {
		n.logNeed(ctx, p.Connection, p.needed, "the owner of a connection is needed; no mail reaches her, and the mail to the operator is refused",
			"to", mask(n.OperatorEmail), "error", refused)
		failed = errors.Join(failed, n.Store.AppendEvent(ctx, n.notified(p.ID,
			fmt.Sprintf("The mail to whoever runs this server is refused; told in the log instead (%v).", refused))))
	}
	return failed
}

// allAgain makes the notices of a mail due once more, within the time that one of them has.
func (n *Notifier) allAgain(ctx context.Context, told []passedOn, why string) error {
	at := n.now().Add(retryAfter)
	return n.undo(ctx, "the connections of a mail to the operator, from "+told[0].ID, func(ctx context.Context) error {
		var failed error
		for _, p := range told {
			failed = errors.Join(failed, n.dueAgain(ctx, p.Connection, at, n.notified(p.ID, why)))
		}
		return failed
	})
}

// needy is an owner in the mail to the operator.
type needy struct {
	// Account is how she knows her account, and Name what she calls it; empty when it has none.
	Account, Name, ID string
	// Login says that only a login helps; else the connection runs out.
	Login bool
	// Why is a sentence, and Cure what to do, another; each may be empty.
	Why, Cure string
	// Expires and Since are days, and Left is how long the connection still holds; empty when it does
	// not, or that is not known.
	Expires, Since, Left string
	// Again is the day on which this is told again, if nothing changes; empty when it is not.
	Again string
	// Unreached is why no mail reaches her, a sentence.
	Unreached, Link string
}

// unreachedMail is the mail to the operator about owners whom no mail reaches.
func (n *Notifier) unreachedMail(told []passedOn) (mail.Message, error) {
	b := n.body()
	b.Until, b.Several = date(told[0].until), len(told) > 1
	for _, p := range told {
		b.Owners = append(b.Owners, n.needy(p))
	}
	if b.Several {
		return fill(i18n.English(), "owners.txt", fmt.Sprintf("%d owners are needed at %s", len(told), b.Host), b)
	}
	return fill(i18n.English(), "owners.txt", "An owner is needed at "+b.Host+": "+b.Owners[0].Account, b)
}

func (n *Notifier) needy(p passedOn) needy {
	o := needy{
		Account: account(p.Connection), Name: p.Name, ID: p.ID, Login: p.needed == login,
		Left: left(p.DaysLeft(n.now())), Unreached: p.unreached, Link: p.link,
	}
	if !p.TokenExpiresAt.IsZero() {
		o.Expires = date(p.TokenExpiresAt)
	}
	if !p.Failure.Since.IsZero() {
		o.Since = date(p.Failure.Since)
	}
	if !p.NoticeAt.IsZero() {
		o.Again = date(p.NoticeAt)
	}
	o.Why, o.Cure = why(p)
	return o
}

// why is why an owner is needed and what to do, in an operator's words. What ended a connection is not
// always what Instagram answers since.
func why(p passedOn) (meaning, cure string) {
	cause := p.Failure.Cause
	if p.needed == login {
		cause = string(vault.CauseOf(p.StatusReason))
		if cause == "" {
			return p.StatusReason, ""
		}
	} else if p.Failure.Since.IsZero() {
		return "", ""
	}
	meaning, cure = explain.Cause(cause)
	return meaning + ".", cure + "."
}
