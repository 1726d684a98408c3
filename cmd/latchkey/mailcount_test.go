package main

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"latchkey/igsim"
	"latchkey/internal/mail/mailtest"
)

// TestServeCountsMails holds that a scrape tells of the mails that this process sent, and of those that it
// could not send.
func TestServeCountsMails(t *testing.T) {
	t.Parallel()
	h := newRig(t)
	mails := mailtest.Start(t)
	h.environ["LATCHKEY_METRICS_ADDR"] = freeAddr(t)
	h.environ["LATCHKEY_SMTP_URL"], h.environ["LATCHKEY_MAIL_FROM"] = mails.URL(), "latchkey@example.com"
	s := h.serve()
	owner := s.browser()
	s.login(owner, igsim.Decision{Persona: "studio_north"})
	for _, tt := range []struct{ address, answer string }{{"anna@example.com", ""}, {"bertha@example.com", "451 4.3.0 not now"}} {
		mails.Answer("MAIL", tt.answer)
		res, err := owner.PostForm(s.base+"/account/mail", url.Values{"address": {tt.address}})
		s.read(res, err)
	}
	res, err := http.Get("http://" + h.environ["LATCHKEY_METRICS_ADDR"] + "/metrics")
	_, body := s.read(res, err)
	for _, line := range []string{
		`latchkey_mail_total{kind="confirm",outcome="sent"} 1`, `latchkey_mail_total{kind="confirm",outcome="away"} 1`,
		`latchkey_mail_total{kind="notice",outcome="sent"} 0`, `latchkey_mail_total{kind="operator",outcome="sent"} 0`,
	} {
		if !strings.Contains(body, line+"\n") {
			t.Errorf("the metrics lack %s", line)
		}
	}
}
