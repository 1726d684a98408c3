package notice

import (
	"context"
	"errors"
	"fmt"
	"time"

	"latchkey/internal/explain"
	"latchkey/internal/mail"
	"latchkey/internal/metrics"
	"latchkey/internal/store"
)

// tellAlarms tells the operator of each alarm that is not told yet.
func (n *Notifier) tellAlarms(ctx context.Context) error {
	alarms, err := n.Store.Alarms(ctx)
	if err != nil {
		return fmt.Errorf("alarms: %w", err)
	}
	var failed error
	for _, a := range alarms {
		if !a.ToldAt.IsZero() || time.Now().Before(n.alarmRests[a.Kind]) {
			continue
		}
		inHand, cancel := inHand(ctx)
		if err := n.tellAlarm(inHand, a); err != nil {
			failed = errors.Join(failed, fmt.Errorf("tell of the alarm %s: %w", a.Kind, err))
		}
		cancel()
	}
	return failed
}

// tellAlarm tells of one alarm, unless somebody else was first.
func (n *Notifier) tellAlarm(ctx context.Context, a store.Alarm) error {
	for range writeTries {
		a.ToldAt = n.now()
		told, err := n.Store.PutAlarm(ctx, a, n.notified("", n.howTold(a)))
		switch {
		case err == nil:
			return n.sayAlarm(ctx, told)
		case !errors.Is(err, store.ErrConflict): // where only the event is missing, it is written that somebody was told
			return errors.Join(err, n.alarmAgain(ctx, a))
		}
		if a, err = n.alarm(ctx, a.Kind); err != nil || !a.ToldAt.IsZero() {
			return err
		}
	}
	return store.ErrConflict
}

// howTold is what the history says.
func (n *Notifier) howTold(a store.Alarm) string {
	what := "that an alarm is over: "
	if a.Lasts() {
		what = "of an alarm: "
	}
	if !n.mailsOperator() {
		return "The operator was told in the log " + what + headline(a.Kind) + "."
	}
	return "The operator was told by mail to " + mask(n.OperatorEmail) + " " + what + headline(a.Kind) + "."
}

func (n *Notifier) mailsOperator() bool { return n.Mail != nil && n.OperatorEmail != "" }

// sayAlarm tells of an alarm that was claimed.
func (n *Notifier) sayAlarm(ctx context.Context, a store.Alarm) error {
	if !n.mailsOperator() {
		n.logAlarm(ctx, a)
		return nil
	}
	m, err := n.alarmMail(a)
	if err == nil {
		m.To = n.OperatorEmail
		err = n.send(ctx, metrics.MailOperator, m)
	}
	switch {
	case err == nil:
		n.Log.InfoContext(ctx, "told the operator of an alarm by mail", "alarm", string(a.Kind), "lasts", a.Lasts(), "to", mask(n.OperatorEmail))
		return nil
	case errors.Is(err, mail.ErrRefused):
		n.logAlarm(ctx, a, "mail", "refused for "+mask(n.OperatorEmail), "error", err)
		return nil
	}
	if n.alarmRests == nil {
		n.alarmRests = map[store.AlarmKind]time.Time{}
	}
	n.alarmRests[a.Kind] = time.Now().Add(retryAfter)
	n.logAlarm(ctx, a, "mail", "not sent to "+mask(n.OperatorEmail)+", tried again in ten minutes", "error", err)
	return n.alarmAgain(ctx, a, n.notified("", fmt.Sprintf("The mail to %s could not be sent; it is tried again in ten minutes (%v).", mask(n.OperatorEmail), err)))
}

// logAlarm says in the log what the mail would say.
func (n *Notifier) logAlarm(ctx context.Context, a store.Alarm, more ...any) {
	if !a.Lasts() {
		n.Log.InfoContext(ctx, "an alarm is over: "+headline(a.Kind), append([]any{
			"alarm", string(a.Kind), "lasted", span(a.ClearedAt.Sub(a.RaisedAt)),
		}, more...)...)
		return
	}
	n.Log.ErrorContext(ctx, "alarm: "+headline(a.Kind), append([]any{
		"alarm", string(a.Kind), "since", a.RaisedAt, "class", a.Class, "cause", a.Cause, "instagram", a.Message,
		"advice", explain.Advice(a.Cause),
	}, more...)...)
}

// alarmAgain writes that an alarm is not told after all, unless it went on since.
func (n *Notifier) alarmAgain(ctx context.Context, told store.Alarm, events ...store.Event) error {
	return n.undo(ctx, "alarm "+string(told.Kind), func(ctx context.Context) error {
		var err error
		for range writeTries {
			var a store.Alarm
			if a, err = n.alarm(ctx, told.Kind); err != nil {
				return err
			}
			if !sameMoment(a.ToldAt, told.ToldAt) {
				return nil
			}
			a.ToldAt = time.Time{}
			if _, err = n.Store.PutAlarm(ctx, a, events...); !errors.Is(err, store.ErrConflict) {
				return err
			}
		}
		return err
	})
}

// sameMoment compares to the millisecond, as a store keeps times.
func sameMoment(a, b time.Time) bool { return a.UnixMilli() == b.UnixMilli() }

// alarm returns the alarm of a kind as it is now.
func (n *Notifier) alarm(ctx context.Context, kind store.AlarmKind) (store.Alarm, error) {
	alarms, err := n.Store.Alarms(ctx)
	if err != nil {
		return store.Alarm{}, err
	}
	for _, a := range alarms {
		if a.Kind == kind {
			return a, nil
		}
	}
	return store.Alarm{}, store.ErrNotFound
}
