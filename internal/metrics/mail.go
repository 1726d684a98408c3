package metrics

import (
	"errors"

	"latchkey/internal/mail"
)

// The kinds of mails.
const (
	// MailConfirm has the link that confirms the address of an owner, who waits for it.
	MailConfirm = "confirm"
	// MailNotice tells an owner that her connection needs her.
	MailNotice = "notice"
	// MailOperator is for the operator: of alarms, and of owners whom no mail reaches.
	MailOperator = "operator"
)

// How a mail ended, beside [Failed]: the server did not take it and may take it later, or the mail could
// not be made.
const (
	// mailSent is a mail that the server took over.
	mailSent = "sent"
	// mailRefused is one that the server will never take for its address.
	mailRefused = "refused"
	// mailAway is one for which the server could not be reached, let us not in, or takes no mail of ours.
	mailAway = "away"
)

func mailKinds() []string { return []string{MailConfirm, MailNotice, MailOperator} }

func mailOutcomes() []string { return []string{mailSent, mailRefused, mailAway, Failed} }

// Mailed counts a mail of one of the kinds above by what mail.Sender.Send returned.
func (m *Metrics) Mailed(kind string, err error) {
	if m != nil {
		m.mailed.WithLabelValues(kind, mailOutcome(err)).Inc()
	}
}

func mailOutcome(err error) string {
	switch {
	case err == nil:
		return mailSent
	case errors.Is(err, mail.ErrRefused):
		return mailRefused
	case errors.Is(err, mail.ErrAway):
		return mailAway
	default:
		return Failed
	}
}
