package main

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"latchkey/internal/explain"
	"latchkey/internal/mail"
	"latchkey/internal/store"
)

const (
	// sweptLately is the age of the last sweep up to which all is well: the keeper looks every 30
	// seconds, and a look may take a while.
	sweptLately = 2 * time.Minute
	// sweptLongAgo is the age from which nobody sweeps.
	sweptLongAgo = 10 * time.Minute
)

// checkLastSweep looks whether anybody keeps the tokens alive.
func (d *doctor) checkLastSweep(ctx context.Context) check {
	const name = "last_sweep"
	if d.store == nil {
		return skipped(name, storeUnread)
	}
	cure := "start the server, which looks after the tokens every 30 seconds"
	if d.answers {
		cure = "a server runs at the public address: see that it is on this store, the checks of store, disk and readiness, and its log"
	}
	last, err := d.store.LastSweep(ctx)
	switch {
	case errors.Is(err, store.ErrNotFound):
		return warning(name, cure, "no server has looked after the tokens yet")
	case err != nil:
		return failure(name, "see the check of the store", "%v", err)
	}
	age := d.now().Sub(last).Round(time.Second)
	switch {
	case age > sweptLongAgo:
		return failure(name, cure, "nobody has looked after the tokens since %s, for %v", moment(last), age)
	case age > sweptLately:
		return warning(name, cure, "nobody has looked after the tokens for %v", age)
	}
	return well(name, "the tokens were looked after at %s", moment(last))
}

// The runways at which something is wrong, beside the one at which an owner is told: a healthy connection has
// more than forty days.
const (
	healthyRunway = 40 * 24 * time.Hour
	lastRunway    = 24 * time.Hour
)

// checkConnections counts the connections that are not as they should be.
func (d *doctor) checkConnections(ctx context.Context) check {
	const name = "connections"
	if d.store == nil {
		return skipped(name, storeUnread)
	}
	now := d.now()
	counts, err := d.store.Count(ctx, []time.Time{now.Add(lastRunway), now.Add(store.FirstNotice), now.Add(healthyRunway)})
	if err != nil {
		return failure(name, "see the check of the store", "%v", err)
	}
	active, waiting := counts.Status[store.StatusActive], counts.Status[store.StatusReconnect]
	has := fmt.Sprintf("%d active", active)
	if waiting > 0 {
		has += fmt.Sprintf(", %d waiting for their owners", waiting)
	}
	if gone := counts.Status[store.StatusDisconnected]; gone > 0 {
		has += fmt.Sprintf(", %d disconnected", gone)
	}
	const look = "latchkey connections show ID tells why; the checks of alarms and last_sweep may tell more"
	switch {
	case counts.Ending[0] > 0:
		return failure(name, look, "%s; of %d the token ends within a day or has ended", has, counts.Ending[0])
	case counts.Ending[1] > 0:
		return warning(name, look, "%s; of %d the token ends within 14 days", has, counts.Ending[1])
	case counts.Ending[2] > 0:
		return warning(name, look, "%s; of %d the token ends within 40 days, so it was not refreshed when it was due", has, counts.Ending[2])
	case waiting > 0:
		return warning(name, "their owners have to log in again; latchkey connections link ID makes a link for them", "%s", has)
	case counts.Soonest.IsZero():
		return well(name, "%s", has)
	}
	return well(name, "%s; every one is safe until %s at least", has, moment(counts.Soonest))
}

// checkAlarms repeats what the operator was told.
func (d *doctor) checkAlarms(ctx context.Context) check {
	const name = "alarms"
	if d.store == nil {
		return skipped(name, storeUnread)
	}
	alarms, err := d.store.Alarms(ctx)
	if err != nil {
		return failure(name, "see the check of the store", "%v", err)
	}
	var said, cures []string
	for _, a := range alarms {
		if a.Lasts() {
			meaning, cure := explain.Cause(a.Cause)
			text := fmt.Sprintf("since %s: %s (%s)", moment(a.RaisedAt), meaning, a.Kind)
			if a.Message != "" {
				text += fmt.Sprintf(". Instagram says: %q", a.Message)
			}
			said, cures = append(said, text), append(cures, cure)
		}
	}
	if len(said) > 0 {
		return failure(name, strings.Join(cures, "; "), "%s", strings.Join(said, "; "))
	}
	return well(name, "none lasts")
}

// checkMail greets the mail server and sends nothing.
func (d *doctor) checkMail(ctx context.Context) check {
	const name = "mail"
	if d.config.SMTPURL.Reveal() == "" || d.config.MailFrom == "" {
		return d.unset(name, "no mail server is set; owners are told on their page alone, and you in the log")
	}
	const cure = "check LATCHKEY_SMTP_URL, the network, and that the server takes mail from this machine"
	sender, err := mail.New(d.config.SMTPURL.Reveal(), d.config.MailFrom)
	if err != nil {
		return failure(name, cure, "%v", err)
	}
	if err := sender.Greet(ctx); err != nil {
		return failure(name, cure, "%v", err)
	}
	return well(name, "the mail server answers; no mail was sent, and no password shown to it")
}
