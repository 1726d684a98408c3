package web_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"latchkey/igsim"
	"latchkey/internal/login"
	"latchkey/internal/notice"
	"latchkey/internal/store"
)

// secret is what stands in the links of these tests.
const secret = "CANARYLINKCANARYLINKCANARY"

// linkTo makes a one-time link of the only connection and returns its path.
func (h *rig) linkTo(p store.Purpose, changes ...func(*store.Link)) string {
	h.t.Helper()
	l := store.Link{
		Secret: store.HashOf(secret), Purpose: p, ConnectionID: h.connection().ID,
		CreatedAt: h.Now(), ExpiresAt: h.Now().Add(7 * day),
	}
	prefix := "/reconnect/"
	if p != store.LinkReconnect {
		l.Address, prefix = "anna@example.com", "/mail/"+string(p)+"/"
	}
	for _, change := range changes {
		change(&l)
	}
	if err := h.st.CreateLink(h.t.Context(), l); err != nil {
		h.t.Fatal(err)
	}
	return prefix + secret
}

// addressGiven keeps a mail address of the owner of the only connection, which she did not confirm yet.
func (h *rig) addressGiven() {
	h.t.Helper()
	c := notice.Contact{ConnectionID: h.connection().ID, Address: "anna@example.com", AskedAt: h.Now()}
	if _, err := notice.PutContact(h.t.Context(), h.st, c); err != nil {
		h.t.Fatal(err)
	}
}

func used(l *store.Link)    { l.UsedAt = l.CreatedAt }
func expired(l *store.Link) { l.ExpiresAt = l.CreatedAt }

// away makes the only connection one that its owner has to connect again.
func (h *rig) away() {
	h.t.Helper()
	h.alter(func(c *store.Connection) {
		c.Status, c.StatusReason = store.StatusReconnect, "Instagram no longer accepts the permission."
	})
}

// lapsed is a rig with a connection that its owner has to connect again, and the path of a link for that.
func lapsed(t *testing.T) (h *rig, path string) {
	t.Helper()
	h = newRig(t, origin)
	h.browser().signIn("studio_north")
	h.away()
	return h, h.linkTo(store.LinkReconnect)
}

func TestReconnectLink(t *testing.T) {
	t.Parallel()
	h, path := lapsed(t)
	b := h.browser()
	before := h.connection()
	shows(t, b.get(path), http.StatusOK, "Connect @studio_north again.", "Latchkey asks you to connect", "Needs you", "Instagram no longer accepts the permission.",
		"What happens", "works once, until "+h.Now().Add(7*day).Format("2 January"))
	b.do(http.MethodHead, path)
	if h.connection().Version != before.Version {
		t.Error("looking at the page changed the connection")
	}

	goesTo(t, b.get(b.decide(b.beginAt(path+"/login"), igsim.Decision{Persona: "studio_north"})), "/")
	shows(t, b.get("/"), http.StatusOK, "Studio North", "Connected, safe until")
	if events, err := h.st.Events(t.Context(), before.ID, 10); err != nil || len(events) != 3 {
		t.Errorf("the history has %d events, want both logins and what was between, %v", len(events), err)
	}
	for _, address := range []string{path, path + "/login"} {
		shows(t, b.get(address), http.StatusConflict, "This link was used before.")
	}
	if log := h.log.String(); strings.Contains(log, secret) || !strings.Contains(log, "/reconnect/{secret}/login") {
		t.Errorf("the log has the link, or not its route:\n%s", log)
	}
}

// TestReconnectPageSaysWhy is the page for each state in which the connection can be meanwhile.
func TestReconnectPageSaysWhy(t *testing.T) {
	t.Parallel()
	for says, alter := range map[string]func(*rig, *store.Connection){
		"This connection works. You need not do anything": func(*rig, *store.Connection) {},
		"This account was disconnected.":                  func(_ *rig, c *store.Connection) { c.Status = store.StatusDisconnected },
		"The connection ended on":                         func(h *rig, c *store.Connection) { c.TokenExpiresAt = h.Now() },
		"could not be extended: Instagram is holding back": func(h *rig, c *store.Connection) {
			c.TokenExpiresAt, c.Failure = h.Now().Add(day), store.RefreshFailure{Since: h.Now(), Class: "hold"}
		},
		"Only you can let this server go on": func(_ *rig, c *store.Connection) { c.Status = store.StatusReconnect },
	} {
		t.Run(says, func(t *testing.T) {
			t.Parallel()
			h := newRig(t, origin)
			h.browser().signIn("studio_north")
			h.alter(func(c *store.Connection) { alter(h, c) })
			a := h.browser().get(h.linkTo(store.LinkReconnect))
			shows(t, a, http.StatusOK, says)
			wellFormed(t, a.body)
		})
	}
}

// TestReconnectLinkMayComeFromAnybody holds that no page about a link to connect again says that it came by
// mail: whoever runs the server may have passed it on.
func TestReconnectLinkMayComeFromAnybody(t *testing.T) {
	t.Parallel()
	h := newRig(t, origin)
	h.browser().signIn("studio_north")
	pages := []answer{h.browser().get(h.linkTo(store.LinkReconnect))}
	for _, kind := range []login.Kind{login.LinkUnknown, login.LinkUsed, login.LinkExpired, login.OtherAccount} {
		pages = append(pages, h.refused(kind))
	}
	for _, a := range pages {
		if text := words(a.body); strings.Contains(strings.ReplaceAll(text, operatorContact, ""), "mail") {
			t.Errorf("the page tells of a mail:\n%s", text)
		}
	}
}

// TestReconnectLinkLetsOneBrowserIn comes back in two browsers that both began through one link: the second
// is not signed in, neither at once nor when it loads the page again.
func TestReconnectLinkLetsOneBrowserIn(t *testing.T) {
	t.Parallel()
	h, path := lapsed(t)
	first, second := h.browser(), h.browser()
	back := second.decide(second.beginAt(path+"/login"), igsim.Decision{Persona: "studio_north"})
	goesTo(t, first.get(first.decide(first.beginAt(path+"/login"), igsim.Decision{Persona: "studio_north"})), "/")
	connected := h.connection()
	for range 2 {
		shows(t, second.get(back), http.StatusConflict, "This link was used before.", "Nothing was changed now.")
	}
	shows(t, second.get("/"), http.StatusOK, "Log in with Instagram")
	shows(t, first.get("/"), http.StatusOK, "Studio North")
	if c := h.connection(); c.Version != connected.Version {
		t.Errorf("the second login stored version %d after %d", c.Version, connected.Version)
	}
}

// TestReconnectLinkIsForOneAccount logs in with another one: both stay as they were.
func TestReconnectLinkIsForOneAccount(t *testing.T) {
	t.Parallel()
	h, path := lapsed(t)
	b := h.browser()
	before := h.connection()
	a := b.get(b.decide(b.beginAt(path+"/login"), igsim.Decision{Persona: "tiny_bakery"}))
	shows(t, a, http.StatusForbidden, "This link is for @studio_north.", "Nothing was changed", "log in as @studio_north", "the link still works")
	hides(t, a, secret)
	if c := h.connection(); c.Version != before.Version || c.Status != store.StatusReconnect {
		t.Errorf("the connection is %+v", c)
	}
	shows(t, b.get("/"), http.StatusOK, "Log in with Instagram")
	goesTo(t, b.get(b.decide(b.beginAt(path+"/login"), igsim.Decision{Persona: "studio_north"})), "/")
}

// TestOtherAccountWithoutANameToTell is the page when the link's own account has just been erased.
func TestOtherAccountWithoutANameToTell(t *testing.T) {
	t.Parallel()
	shows(t, newRig(t, origin).refused(login.OtherAccount), http.StatusForbidden,
		"This link is for another account.", "Nothing was changed")
}

// TestLinksThatDoNotDo opens and presses each kind of link when it is over or never was.
func TestLinksThatDoNotDo(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name    string
		purpose store.Purpose
		change  func(*store.Link)
		status  int
		says    string
	}{
		{"a reconnect link that was used", store.LinkReconnect, used, http.StatusConflict, "This link was used before."},
		{"a reconnect link that ended", store.LinkReconnect, expired, http.StatusGone, "This link has ended."},
		{"a reconnect link for something else", store.LinkReconnect, func(l *store.Link) { l.Purpose = store.LinkStop }, http.StatusNotFound, "We do not know this link to connect again."},
		{"a confirmation that was used", store.LinkConfirm, used, http.StatusConflict, "This address was confirmed before."},
		{"a confirmation that ended", store.LinkConfirm, expired, http.StatusGone, "too old to confirm an address. Such a link is good for seven days. Nothing was changed."},
		{"a confirmation that is unknown", store.LinkConfirm, func(l *store.Link) { l.Secret = store.HashOf("another") }, http.StatusNotFound, "We do not know this link."},
		{"a stop that ended", store.LinkStop, expired, http.StatusGone, "too old to stop"},
		{"a stop that is unknown", store.LinkStop, func(l *store.Link) { l.Secret = store.HashOf("another") }, http.StatusNotFound, "We do not know this link."},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			h := newRig(t, origin)
			h.browser().signIn("studio_north")
			path := h.linkTo(tt.purpose, tt.change)
			h.addressGiven()
			b := h.browser()
			answers := []answer{b.get(path)}
			switch {
			case tt.purpose == store.LinkReconnect:
				answers = append(answers, b.get(path+"/login"))
			case tt.status != http.StatusConflict: // the button of a confirmation may be pressed twice
				answers = append(answers, b.post(path))
			}
			for _, a := range answers {
				shows(t, a, tt.status, tt.says)
				wellFormed(t, a.body)
				hides(t, a, secret)
				if tt.status != http.StatusConflict && !strings.Contains(a.body, `href="/login"`) {
					t.Error("no way to log in")
				}
			}
		})
	}
}

// TestLinkPagesKeepTheirSecret holds what a browser, a proxy and a search engine are told about the
// pages whose address is a secret, good ones and bad ones.
func TestLinkPagesKeepTheirSecret(t *testing.T) {
	t.Parallel()
	h := newRig(t, origin)
	h.browser().signIn("studio_north")
	h.linkTo(store.LinkReconnect)
	b := h.browser()
	for _, tt := range []struct{ method, path string }{
		{"GET", "/reconnect/" + secret},
		{"GET", "/reconnect/" + secret + "/login"},
		{"HEAD", "/reconnect/" + secret + "/login"},
		{"GET", "/mail/stop/" + secret},
		{"POST", "/mail/stop/" + secret},
		{"GET", "/mail/confirm/" + secret},
		{"POST", "/mail/confirm/" + secret},
		{"POST", "/reconnect/" + secret},
		{"GET", "/reconnect/" + secret + "/"},
		{"GET", "/reconnect/" + secret + "/elsewhere"},
	} {
		a := b.do(tt.method, tt.path)
		for name, want := range map[string]string{"Referrer-Policy": "origin", "Cache-Control": "no-store"} {
			if got := a.header.Get(name); got != want {
				t.Errorf("%s %s: %s is %q, want %q", tt.method, tt.path, name, got, want)
			}
		}
		if a.status < 400 && a.header.Get("X-Robots-Tag") != "noindex" {
			t.Errorf("%s %s may be indexed", tt.method, tt.path)
		}
	}
	if log := h.log.String(); strings.Contains(log, secret) {
		t.Errorf("the log has the secret:\n%s", log)
	}
}

func TestMailLinks(t *testing.T) {
	t.Parallel()
	h := newRig(t, origin, mailing)
	owner := h.browser()
	owner.signIn("studio_north")
	id := h.connection().ID
	h.addressGiven()
	confirmed := func() bool {
		c, err := notice.FindContact(t.Context(), h.st, id)
		return err == nil && !c.ConfirmedAt.IsZero()
	}
	b := h.browser()
	path := h.linkTo(store.LinkConfirm)
	shows(t, b.get(path), http.StatusOK, "Is this your address?", "@studio_north", "anna@example.com", "Yes, send mail here",
		"until the button is pressed, nothing about that account is sent here but this question")
	if confirmed() {
		t.Fatal("opening the link confirmed the address")
	}
	shows(t, b.post(path), http.StatusOK, "Your address is confirmed.", "anna@example.com")
	if !confirmed() {
		t.Error("the address is not confirmed")
	}
	shows(t, owner.get("/account"), http.StatusOK, "Mail goes to anna@example.com, which you confirmed on")

	path = h.linkTo(store.LinkStop, func(l *store.Link) { l.Secret = store.HashOf(secret + "2") }) + "2"
	shows(t, b.get(path), http.StatusOK, "Stop the mail about @studio_north?", "anna@example.com", "Keep it")
	if !confirmed() {
		t.Fatal("opening the link stopped the mail")
	}
	shows(t, oneClick(h, path), http.StatusOK, "No more mail to this address.", "anna@example.com")
	if confirmed() {
		t.Error("the mail goes on")
	}
	done := b.get(path)
	shows(t, done, http.StatusOK, "Done No more mail to this address.")
	hides(t, done, "<form method=\"post\">", "Stop the mail about")
	shows(t, oneClick(h, path), http.StatusOK, "No more mail to this address.") // as often as it is pressed
	shows(t, owner.get("/account"), http.StatusOK, "You stopped the mail to you", "You confirmed your mail address")
}

// TestMailLinkAsksOnce holds that a link in a mail asks only where there is something to do, by where mail goes
// now and not by what became of the link.
func TestMailLinkAsksOnce(t *testing.T) {
	t.Parallel()
	const asks, stopped = "Stop the mail about", "No more mail to this address."
	contact := func(address string, confirmed bool) *notice.Contact {
		c := &notice.Contact{Address: address, AskedAt: time.Now()}
		if confirmed {
			c.ConfirmedAt = c.AskedAt
		}
		return c
	}
	for name, tt := range map[string]struct {
		kept    *notice.Contact
		purpose store.Purpose
		change  func(*store.Link)
		status  int
		says    string
	}{
		"mail goes there":                    {contact("anna@example.com", true), store.LinkStop, func(*store.Link) {}, http.StatusOK, asks},
		"mail goes there again":              {contact("anna@example.com", true), store.LinkStop, used, http.StatusOK, asks},
		"it was not confirmed":               {contact("anna@example.com", false), store.LinkStop, func(*store.Link) {}, http.StatusOK, stopped},
		"mail goes elsewhere":                {contact("bo@example.com", true), store.LinkStop, func(*store.Link) {}, http.StatusOK, stopped},
		"mail goes nowhere":                  {nil, store.LinkStop, func(*store.Link) {}, http.StatusOK, stopped},
		"mail goes nowhere any more":         {nil, store.LinkStop, used, http.StatusOK, stopped},
		"to confirm":                         {contact("anna@example.com", false), store.LinkConfirm, func(*store.Link) {}, http.StatusOK, "Is this your address?"},
		"to confirm what is confirmed":       {contact("anna@example.com", true), store.LinkConfirm, func(*store.Link) {}, http.StatusConflict, "This address was confirmed before."},
		"to confirm what was replaced":       {contact("bo@example.com", false), store.LinkConfirm, func(*store.Link) {}, http.StatusNotFound, "was taken back since"},
		"to confirm what is confirmed there": {contact("bo@example.com", true), store.LinkConfirm, func(*store.Link) {}, http.StatusNotFound, "was taken back since"},
		"to confirm what was taken back":     {nil, store.LinkConfirm, func(*store.Link) {}, http.StatusNotFound, "was taken back since"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := newRig(t, origin, mailing)
			h.browser().signIn("studio_north")
			if tt.kept != nil {
				tt.kept.ConnectionID = h.connection().ID
				if _, err := notice.PutContact(t.Context(), h.st, *tt.kept); err != nil {
					t.Fatal(err)
				}
			}
			a := h.browser().get(h.linkTo(tt.purpose, tt.change))
			shows(t, a, tt.status, tt.says)
			if asked := strings.Contains(a.body, "<button"); asked != (tt.says == asks || tt.purpose == store.LinkConfirm && tt.status == http.StatusOK) {
				t.Errorf("there is a button: %t", asked)
			}
		})
	}
}

// TestWhatIsDoneSaysWhereTheConnectionStands holds that who stops her mail, or signs out everywhere, reads of
// her connection what is true of it.
func TestWhatIsDoneSaysWhereTheConnectionStands(t *testing.T) {
	t.Parallel()
	const goesOn = "The connection itself goes on."
	ends := func(in time.Duration) func(*rig, *store.Connection) {
		return func(h *rig, c *store.Connection) {
			c.TokenExpiresAt, c.Failure = h.Now().Add(in), store.RefreshFailure{Since: h.Now().Add(-4 * day), Class: "hold"}
		}
	}
	for name, tt := range map[string]struct {
		alter func(*rig, *store.Connection)
		says  string
	}{
		"safe":         {func(*rig, *store.Connection) {}, goesOn},
		"undated":      {func(_ *rig, c *store.Connection) { c.TokenExpiresAt = time.Time{} }, goesOn},
		"late":         {ends(30 * day), "The connection itself works until "},
		"ending":       {ends(5 * day), " and ends then unless it is extended."},
		"ended":        {ends(0), "; a login brings it back."},
		"reconnect":    {func(_ *rig, c *store.Connection) { c.Status = store.StatusReconnect }, "The connection itself needs you: Instagram asks you to log in again."},
		"disconnected": {func(_ *rig, c *store.Connection) { c.Status = store.StatusDisconnected }, "The account is disconnected; a login connects it again."},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := newRig(t, origin)
			b := h.browser()
			b.signIn("studio_north")
			h.alter(func(c *store.Connection) { tt.alter(h, c) })
			for _, a := range []answer{b.get(h.linkTo(store.LinkStop)), b.post("/account/signout-everywhere")} {
				shows(t, a, http.StatusOK, tt.says)
				wellFormed(t, a.body)
				if strings.Contains(a.body, goesOn) != (tt.says == goesOn) {
					t.Errorf("the connection goes on, or does not:\n%s", words(a.body))
				}
			}
		})
	}
}

// oneClick is what a mail program sends when its own button is pressed (RFC 8058): neither a cookie
// nor an Origin, and nothing of a browser's.
func oneClick(h *rig, path string) answer {
	r := httptest.NewRequest(http.MethodPost, origin+path, strings.NewReader("List-Unsubscribe=One-Click"))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	w := httptest.NewRecorder()
	h.serves.ServeHTTP(w, r)
	return answer{status: w.Code, header: w.Header(), body: w.Body.String()}
}

// TestLinkStoreAway holds that a store that is away is not told as a link that is not there.
func TestLinkStoreAway(t *testing.T) {
	t.Parallel()
	h := newRig(t, origin)
	b := h.browser()
	if err := h.st.Close(); err != nil {
		t.Fatal(err)
	}
	for _, address := range []string{"/reconnect/" + secret, "/reconnect/" + secret + "/login", "/mail/stop/" + secret, "/mail/confirm/" + secret} {
		shows(t, b.get(address), http.StatusServiceUnavailable, "Nothing that was saved is lost.")
	}
}

// TestLinksWithoutNotices is a server that makes no links.
func TestLinksWithoutNotices(t *testing.T) {
	t.Parallel()
	b := newRig(t, origin, func(h *rig) { h.owner.Notices = nil }).browser()
	for _, address := range []string{"/reconnect/" + secret, "/mail/stop/" + secret, "/mail/confirm/" + secret} {
		shows(t, b.get(address), http.StatusNotFound, "We do not know this link")
	}
}

func TestReconnectLinkOfAWeekAgo(t *testing.T) {
	t.Parallel()
	h := newRig(t, origin)
	h.browser().signIn("studio_north")
	path := h.linkTo(store.LinkReconnect)
	h.sim.Advance(7*day + time.Second)
	shows(t, h.browser().get(path), http.StatusGone, "This link has ended.", "log in")
}
