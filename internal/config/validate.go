package config

import (
	"fmt"
	"strings"
)

// validate refuses values that are good alone and bad together.
func (r *reading) validate() {
	r.validateListeners()
	r.validateMail()
	if r.config.TestClock != "" {
		r.validateClock()
	}
}

// validateListeners refuses one address for two listeners. Port 0 is a free one for each.
func (r *reading) validateListeners() {
	c := r.config
	if c.MetricsAddr != "" && c.MetricsAddr == c.Addr && !strings.HasSuffix(c.Addr, ":0") {
		r.fault(MetricsAddr, fmt.Errorf("%s: %q is the address of %s too; write another port",
			MetricsAddr.Variable(), c.MetricsAddr, Addr.Variable()))
	}
}

// validateMail refuses half of what mail needs. It asks nothing of a command that sends none.
func (r *reading) validateMail() {
	c := r.config
	server, sender, operator := c.SMTPURL.Reveal() != "", c.MailFrom != "", c.OperatorEmail != ""
	switch {
	case r.unknown[SMTPURL] || r.unknown[MailFrom]: // was said already
	case server && !sender:
		r.fault(MailFrom, fmt.Errorf("%s is not set; with %s it is needed: write the sender, such as Latchkey <latchkey@example.com>",
			MailFrom.Variable(), SMTPURL.Variable()))
	case sender && !server:
		r.noMailServer(MailFrom)
	case operator && !server:
		r.noMailServer(OperatorEmail)
	}
}

func (r *reading) noMailServer(because Name) {
	r.fault(SMTPURL, fmt.Errorf("%s is not set; with %s it is needed: write the mail server, such as smtps://USER:PASSWORD@mail.example.com",
		SMTPURL.Variable(), because.Variable()))
}

// validateClock refuses a moved clock beside the real Instagram, whose tokens do not follow it.
func (r *reading) validateClock() {
	for _, name := range [...]Name{InstagramAuthorizeURL, InstagramTokenURL, InstagramGraphURL} {
		if !r.unknown[name] {
			r.fill(name) // also for a command that does not use it
		}
	}
	for _, at := range [...]struct {
		name    Name
		address string
	}{
		{InstagramAuthorizeURL, r.config.InstagramAuthorizeURL},
		{InstagramTokenURL, r.config.InstagramTokenURL},
		{InstagramGraphURL, r.config.InstagramGraphURL},
	} {
		if !r.unknown[at.name] && !isLoopbackURL(at.address) {
			r.fault(TestClock, fmt.Errorf("%s: a moved clock is for tests against a simulator on this machine; "+
				"remove it, or write the simulator's address into %s", TestClock.Variable(), at.name.Variable()))
			return
		}
	}
}
