package main

import (
	"cmp"
	"context"
	"errors"
	"net/url"
	"time"

	"latchkey/internal/config"
	"latchkey/internal/store"
	"latchkey/internal/store/sqlite"
)

// about is what the log says of a server when it begins to listen.
func about(p parts) []any {
	c := p.config
	return []any{
		"public_url", c.PublicURL.String(), "version", version(),
		"store", c.Store.Place(), "keyring", p.keyring.Fingerprint(),
		"mail", cmp.Or(mailHost(c), "off"), "metrics", cmp.Or(c.MetricsAddr, "off"),
	}
}

// mailHost is the mail server without user and password; empty when there is none.
func mailHost(c config.Config) string {
	u, err := url.Parse(c.SMTPURL.Reveal())
	if err != nil {
		return ""
	}
	return u.Host
}

// formOf returns the version of a store's tables and the one that this program brings them to; zero where
// there are none yet, and for MongoDB, which has no tables.
func formOf(ctx context.Context, st store.Store) (have, need int64) {
	if file, ok := st.(*sqlite.Store); ok {
		have, need, _ = file.Form(ctx) // what is wrong with the file, the next step says
	}
	return have, need
}

// greetWithin is how long a mail server may take to answer the start.
const greetWithin = 30 * time.Second

// greetMail says when the mail server does not answer a server that starts. Nobody waits for it.
func (s *server) greetMail(ctx context.Context) {
	if s.mail == nil {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, greetWithin)
	defer cancel()
	if err := s.mail.Greet(ctx); err != nil && !errors.Is(ctx.Err(), context.Canceled) {
		s.log.WarnContext(ctx, config.SMTPURL.Variable()+": the mail server does not answer, so that nobody would be told anything by mail; "+
			"check the setting, the network, and that the server takes mail from this machine", "error", err)
	}
}
