package main

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"latchkey/igsim"
)

// passedOn lets an owner who has no address change her password, and returns the link that the operator is
// mailed for her.
func (p *postal) passedOn(persona string) (link string) {
	p.h.t.Helper()
	must(p.h.t, p.h.sim.ChangePassword(persona))
	p.passes(8*24*time.Hour, "a token was not refreshed")
	p.passes(10*time.Minute, "told the operator by mail of owners whom no mail reaches")
	all := p.mails.Mails()
	m := all[len(all)-1]
	if m.To != "operator@example.net" || !strings.Contains(m.Header(p.h.t).Get("Subject"), "An owner is needed at localhost") || !strings.Contains(m.Text(p.h.t), "\n@"+persona+" (") {
		p.h.t.Fatalf("the operator is mailed\n%s", m.Raw)
	}
	return p.link("/reconnect/")
}

// TestAnOwnerIsReachedThroughTheOperator is one who left no address and changed her password: the operator
// is mailed her link, and she comes back through it. Opening it changes nothing.
func TestAnOwnerIsReachedThroughTheOperator(t *testing.T) {
	t.Parallel()
	p := newPostal(t)
	b := p.browser()
	p.login(b, igsim.Decision{Persona: "studio_north"})
	link := p.passedOn("studio_north")
	shown := p.h.ok("connections", "show", p.h.id())
	if !strings.Contains(shown, "Whoever runs this server was told by mail: the connection needs a login.") || strings.Contains(shown, "example.net") {
		t.Errorf("the history says\n%s", shown)
	}
	if _, page := p.get(b, p.base+"/account"); !strings.Contains(page, "Whoever runs this server was told by mail: your connection needs a login.") || strings.Contains(page, "example.net") {
		t.Errorf("her page says\n%s", page)
	}
	if log := p.stderr.String(); strings.Contains(log, "operator@example.net") || strings.Contains(log, link[strings.LastIndexByte(link, '/')+1:]) {
		t.Errorf("the log says\n%s", log)
	}
	elsewhere := p.browser()
	for range 2 {
		if res, page := p.get(elsewhere, link); res.StatusCode != http.StatusOK || !strings.Contains(page, "@studio_north") {
			t.Fatalf("the link leads to %s\n%s", res.Status, page)
		}
	}
	res, _ := p.get(elsewhere, link+"/login")
	to, err := p.h.sim.Approve(res.Header.Get("Location"), igsim.Decision{Persona: "studio_north"})
	must(t, err)
	if res, page := p.get(elsewhere, to); res.StatusCode != http.StatusOK || !strings.Contains(page, "safe until") {
		t.Errorf("the login ends with %s\n%s", res.Status, page)
	}
	if n := len(p.mails.Mails()); n != 1 {
		t.Errorf("%d mails went out", n)
	}
}
