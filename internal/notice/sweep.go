package notice

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"latchkey/internal/panics"
	"latchkey/internal/store"
)

const (
	// pageSize is how many due notices are read at once. Between two pages alarms have their turn.
	pageSize = 50
	// maxLeft is how many notices may be left over before the trouble is the store's, not theirs.
	maxLeft = 1000

	// tellWithin bounds what is done for one mail.
	tellWithin = 40 * time.Second
	// stopPatience is how long a notice in hand goes on after the order to stop. With settleWithin
	// it is shorter than the ten seconds that a stop may take.
	stopPatience = 4 * time.Second
	// settleWithin bounds the writes that take back what was not done after all.
	settleWithin = 3 * time.Second
)

// Sweep tells every owner whose NoticeAt has come, and the operator of every alarm that is not told
// yet. One that fails does not keep the others waiting. The error is the first one. Now and then it
// looks first for notices that a wrong clock put off.
func (n *Notifier) Sweep(ctx context.Context) error {
	n.sweeping.Lock()
	defer n.sweeping.Unlock()
	before := errors.Join(n.settle(ctx), n.heal(ctx))
	if some, err := n.somethingToTell(ctx); err != nil || !some || !n.trusts(ctx) {
		return errors.Join(before, err)
	}
	left := remainder{}
	for ctx.Err() == nil {
		left.note(n.tellAlarms(ctx))
		page, err := n.Store.DueNotices(ctx, n.now(), pageSize+len(left.ids))
		if err != nil {
			return fmt.Errorf("due notices: %w", err)
		}
		if !n.tellPage(ctx, page, &left) || len(left.ids) >= maxLeft {
			break
		}
	}
	return errors.Join(before, left.err, ctx.Err())
}

// somethingToTell says whether anybody is to be told anything by our clock. Only then is it worth a
// question whether that is right.
func (n *Notifier) somethingToTell(ctx context.Context) (bool, error) {
	alarms, err := n.Store.Alarms(ctx)
	if err != nil {
		return false, fmt.Errorf("alarms: %w", err)
	}
	if slices.ContainsFunc(alarms, func(a store.Alarm) bool { return a.ToldAt.IsZero() }) {
		return true, nil
	}
	due, err := n.Store.DueNotices(ctx, n.now(), 1)
	if err != nil {
		return false, fmt.Errorf("due notices: %w", err)
	}
	return len(due) > 0, nil
}

// remainder is what a sweep could not do.
type remainder struct {
	ids map[string]bool
	// err is the first failure.
	err error
}

func (r *remainder) add(id string, err error) {
	if r.ids == nil {
		r.ids = map[string]bool{}
	}
	r.ids[id] = true
	r.note(err)
}

func (r *remainder) note(err error) {
	if r.err == nil {
		r.err = err
	}
}

// tellPage tells the owners of one page, and the operator of those whom no mail reaches. It says whether
// there was a new one among them.
func (n *Notifier) tellPage(ctx context.Context, page []store.Connection, left *remainder) bool {
	fresh := false
	n.unreached = nil
	for _, c := range page {
		if left.ids[c.ID] {
			continue
		}
		if ctx.Err() != nil {
			return false
		}
		fresh = true
		done, err := n.deliver(ctx, c)
		if err != nil {
			err = fmt.Errorf("tell the owner of connection %s: %w", c.ID, err)
		}
		if !done || err != nil {
			left.add(c.ID, err)
		}
	}
	n.tellOperator(ctx, left)
	return fresh
}

// deliver tells one owner, and for a while goes on when ctx ends: a mail that is cut off may have
// arrived all the same. A panic is one failed try.
func (n *Notifier) deliver(ctx context.Context, c store.Connection) (done bool, err error) {
	inHand, cancel := inHand(ctx)
	defer cancel()
	if panicked := panics.Catch(func() { done, err = n.tellOwner(inHand, c) }); panicked != nil {
		return false, panicked
	}
	return done, err
}

// inHand returns the context of work that outlives ctx by stopPatience.
func inHand(ctx context.Context) (context.Context, context.CancelFunc) {
	work, cancel := context.WithTimeout(context.WithoutCancel(ctx), tellWithin)
	stop := context.AfterFunc(ctx, func() { time.AfterFunc(stopPatience, cancel) })
	return work, func() { stop(); cancel() }
}

// undo writes that something was not told after all. What cannot be written now is written by a
// later sweep.
func (n *Notifier) undo(ctx context.Context, about string, write func(context.Context) error) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), settleWithin)
	defer cancel()
	err := write(ctx)
	if err != nil {
		if n.pendingUndo == nil {
			n.pendingUndo = map[string]func(context.Context) error{}
		}
		n.pendingUndo[about] = write
	}
	return err
}

// settle writes what earlier sweeps could not take back.
func (n *Notifier) settle(ctx context.Context) error {
	for about, write := range n.pendingUndo {
		if err := write(ctx); err != nil {
			return fmt.Errorf("take back what was not told about %s: %w", about, err)
		}
		delete(n.pendingUndo, about)
	}
	return nil
}
