package main

import (
	"context"
	"net/http"
	"time"

	"latchkey/internal/config"
)

// checkInstagram asks the address of the API for any answer at all, without a token.
func (d *doctor) checkInstagram(ctx context.Context) check {
	const name = "instagram"
	address := d.config.InstagramGraphURL
	if address == "" {
		return d.unset(name, config.InstagramGraphURL.Variable()+" is not set, or wrong")
	}
	answer, err := d.ask(ctx, http.MethodHead, address+"/")
	if err != nil {
		return failure(name, "check the network, the name server, a proxy on the way, and LATCHKEY_INSTAGRAM_GRAPH_URL",
			"%s does not answer: %v", address, err)
	}
	d.heardAt = d.now()
	d.heard, _ = http.ParseTime(answer.header.Get("Date")) // zero is not known
	if answer.status >= http.StatusInternalServerError {
		return warning(name, "wait; if it stays, look whether others cannot reach Instagram either",
			"%s answers with status %d", address, answer.status)
	}
	return well(name, "%s answers", address)
}

const (
	// agreed is how far two clocks may be apart without a word; the Date of an answer has whole seconds.
	agreed = 30 * time.Second
	// apartAtMost is how far apart the clocks of servers may be for leases to hold.
	apartAtMost = 3 * time.Minute
)

// checkClock compares the clock with that of whoever swept last, and with Instagram's.
func (d *doctor) checkClock(ctx context.Context) check {
	const name = "clock"
	const cure = "let every machine that runs Latchkey keep its time by NTP (timedatectl set-ntp true)"
	if d.config.TestClock != "" {
		return skipped(name, "LATCHKEY_TEST_CLOCK moves it: it stands at %s", moment(d.now()))
	}
	if d.store != nil {
		last, err := d.store.LastSweep(ctx)
		if ahead := last.Sub(d.now()).Round(time.Second); err == nil && ahead > agreed {
			return byFar(ahead)(name, cure, "this machine's clock is %v behind that of the server that swept last", ahead)
		}
	}
	if d.heard.IsZero() {
		return skipped(name, "Instagram's clock is not known, so there is none to compare with")
	}
	switch apart := d.heardAt.Sub(d.heard).Round(time.Second); {
	case apart > agreed:
		return byFar(apart)(name, cure, "this machine's clock is %v ahead of Instagram's", apart)
	case apart < -agreed:
		return byFar(-apart)(name, cure, "this machine's clock is %v behind Instagram's", -apart)
	}
	return well(name, "it agrees with Instagram's")
}

// byFar is what it means that two clocks are apart.
func byFar(apart time.Duration) func(name, cure, message string, args ...any) check {
	if apart > apartAtMost {
		return failure
	}
	return warning
}
