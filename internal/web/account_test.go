package web_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"latchkey/igsim"
	"latchkey/internal/store"
	"latchkey/internal/vault"
)

func TestOnlyTheOwnerSeesHerAccount(t *testing.T) {
	t.Parallel()
	h := newRig(t, origin)
	h.browser().signIn("studio_north")
	b := h.browser()
	for _, address := range []string{"/account", "/account/disconnect", "/account/erase"} {
		goesTo(t, b.get(address), "/")
	}
	for _, address := range []string{"/account/disconnect", "/account/erase", "/account/signout-everywhere", "/logout"} {
		goesTo(t, b.post(address), "/")
	}
	if c := h.connection(); c.Status != store.StatusActive {
		t.Errorf("a stranger made the connection %q", c.Status)
	}
}

func TestAccountSaysWhatIsKnown(t *testing.T) {
	t.Parallel()
	h := newRig(t, origin)
	b := h.browser()
	b.signIn("studio_north")
	c := h.connection()
	if _, err := h.owner.Vault.Token(t.Context(), vault.CallerCommandLine, c.ID); err != nil {
		t.Fatal(err)
	}
	shows(t, b.get("/account"), http.StatusOK, "Your connection", "@studio_north", c.ID,
		c.ConnectedAt.Format("2 January, 15:04 UTC"), "Permission ends "+c.TokenExpiresAt.Format(dayIn(c.TokenExpiresAt, h.Now())+", 15:04 UTC"),
		"Next check on "+c.NextRefreshAt.Format(dayIn(c.NextRefreshAt, h.Now())+", 15:04 UTC"),
		"See your profile", "You logged in with Instagram", "Your permission was taken out by whoever runs this server",
		"Sign out everywhere", "Disconnect", "Erase everything", "Apps and websites")
}

// TestRecordIsToldToTheOwner is every kind of event, in her words. What is for the operator stays out.
func TestRecordIsToldToTheOwner(t *testing.T) {
	t.Parallel()
	h := newRig(t, origin)
	b := h.browser()
	b.signIn("studio_north")
	id := h.connection().ID
	for _, tt := range []struct {
		kind    store.EventKind
		caller  vault.Caller
		message string
		want    string
	}{
		{store.EventRefreshed, vault.CallerRefresh, "", "This server had Instagram extend your permission"},
		{store.EventRefreshed, vault.CallerCommandLine, "", "Whoever runs this server had Instagram extend your permission"},
		{store.EventRefreshFailed, vault.CallerRefresh, "CANARY", "This server asked Instagram to extend your permission; it did not work"},
		{store.EventRefreshSkipped, vault.CommandLineOf("anna"), "CANARY", "Whoever runs this server wanted to have your permission extended; it was not tried then"},
		{store.EventTokenOpened, vault.CallerRefresh, "CANARY", "This server asked Instagram whether your permission works"},
		{store.EventReconnectNeeded, vault.CallerRefresh, "Your password changed. (class reconnect, CANARY)", "Instagram asks you to log in again. Your password changed."},
		{store.EventRecovered, vault.CallerRefresh, "CANARY", "The connection works again, by itself"},
		{store.EventDisconnected, vault.CallerRefresh, "CANARY", "You removed this app at Instagram; your permission was destroyed here too"},
		{store.EventDisconnected, vault.CommandLineOf("anna"), "CANARY", "Whoever runs this server disconnected your account; your permission was destroyed"},
		{store.EventNotified, "notice", "Told by mail to a…@example.com: the connection needs a login.", "You were told by mail to a…@example.com: your connection needs a login."},
		{store.EventNotified, "notice", "The mail to a…@example.com could not be sent; it is tried again in ten minutes (CANARY).", "The mail to a…@example.com could not be sent; it is tried again in ten minutes"},
		{
			store.EventNotified, "notice", "Whoever runs this server was told: the connection needs a login. Instagram no longer accepts the permission.",
			"Written in this server’s log: your connection needs a login. Instagram no longer accepts the permission.",
		},
		{
			store.EventNotified, "notice", "Whoever runs this server was told by mail: the connection needs a login. The account lost its role on this app at Instagram.",
			"Whoever runs this server was told by mail: your connection needs a login. Your account lost its role on this app at Instagram.",
		},
		{
			store.EventNotified, "notice", "The mail to whoever runs this server could not be sent; it is tried again in ten minutes (CANARY).",
			"The mail to whoever runs this server could not be sent; it is tried again in ten minutes",
		},
		{
			store.EventNotified, "notice", "The mail to whoever runs this server is refused; told in the log instead (CANARY).",
			"The mail to whoever runs this server is refused; it is in this server’s log instead",
		},
		{store.EventNotified, "notice", "The mail to a…@example.com is refused (CANARY).", "The mail to a…@example.com is refused"},
		{store.EventNotified, "notice", "", "You were told that the connection needs you"},
		{store.EventMailConfirmed, vault.CallerOwner, "CANARY", "You confirmed your mail address"},
		{store.EventMailStopped, vault.CallerOwner, "CANARY", "You stopped the mail to you"},
		{store.EventLinkMade, vault.CommandLineOf("CANARY"), "CANARY", "Whoever runs this server made a link through which you can log in again"},
		{"something_new", "somebody new", "CANARY", "something_new, by somebody new"},
	} {
		if err := h.st.AppendEvent(t.Context(), store.Event{ConnectionID: id, At: h.Now(), Kind: tt.kind, Caller: string(tt.caller), Message: tt.message}); err != nil {
			t.Fatal(err)
		}
		a := b.get("/account")
		shows(t, a, http.StatusOK, "UTC "+tt.want+" ")
		hides(t, a, "CANARY")
	}
}

// TestRecordIsShort holds that a run of the same has one line, with each of its times in it.
func TestRecordIsShort(t *testing.T) {
	t.Parallel()
	h := newRig(t, origin)
	b := h.browser()
	b.signIn("studio_north")
	id, at := h.connection().ID, h.Now()
	add := func(kind store.EventKind, by vault.Caller) {
		at = at.Add(time.Hour)
		if err := h.st.AppendEvent(t.Context(), store.Event{ConnectionID: id, At: at, Kind: kind, Caller: string(by)}); err != nil {
			t.Fatal(err)
		}
	}
	add(store.EventRefreshed, vault.CallerCommandLine)
	since := at.Add(time.Hour)
	for range 30 {
		add(store.EventRefreshed, vault.CallerRefresh)
	}
	newest := at
	add(store.EventTokenOpened, vault.CallerCommandLine)
	add(store.EventTokenOpened, "command line, ada")
	add(store.EventTokenOpened, "reports")
	a := b.get("/account")
	minute := func(at time.Time) string { return at.UTC().Format(dayIn(at, h.Now()) + ", 15:04 UTC") }
	shows(t, a, http.StatusOK, "You logged in with Instagram", "UTC Whoever runs this server had Instagram extend your permission ",
		"UTC Your permission was taken out by reports ", "UTC Your permission was taken out by whoever runs this server, 2 times since",
		minute(newest)+" This server had Instagram extend your permission, 30 times since "+since.UTC().Format(dayIn(since, h.Now()))+" "+minute(newest)+" ",
		" "+minute(since)+" ")
	if n := strings.Count(a.body, "<summary>"); n != 2 {
		t.Errorf("%d lines open, want 2", n)
	}
	for range 15 {
		add(store.EventTokenOpened, vault.CallerCommandLine)
		add(store.EventRefreshed, vault.CallerRefresh)
	}
	if n := strings.Count(b.get("/account").body, "\n<li><div><time"); n != 20 {
		t.Errorf("the history has %d lines, want 20", n)
	}
}

// TestRecordOfFailures holds that nothing is counted of which not each time is written down: the history tells of
// a failure that goes on about once a day.
func TestRecordOfFailures(t *testing.T) {
	t.Parallel()
	const failed = "This server asked Instagram to extend your permission; it did not work"
	for name, tt := range map[string]struct {
		apart time.Duration
		want  string
	}{
		"within a day":      {4 * time.Hour, failed + ", several times since "},
		"on two days":       {6 * time.Hour, failed + ", on at least 2 days since "},
		"once on each":      {24 * time.Hour, failed + ", on at least 5 days since "},
		"with days between": {48 * time.Hour, failed + ", on at least 5 days since "},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := newRig(t, origin)
			b := h.browser()
			b.signIn("studio_north")
			at := h.Now().UTC().Truncate(24 * time.Hour).Add(7*24*time.Hour + time.Hour)
			for range 5 {
				e := store.Event{ConnectionID: h.connection().ID, At: at, Kind: store.EventRefreshFailed, Caller: string(vault.CallerRefresh)}
				if err := h.st.AppendEvent(t.Context(), e); err != nil {
					t.Fatal(err)
				}
				at = at.Add(tt.apart)
			}
			shows(t, b.get("/account"), http.StatusOK, tt.want)
		})
	}
}

// TestDoneIsSaidForAnHour holds that a page says what its owner just did, and later only what is.
func TestDoneIsSaidForAnHour(t *testing.T) {
	t.Parallel()
	h := newRig(t, origin)
	b := h.browser()
	b.signIn("studio_north")
	b.post("/account/disconnect")
	shows(t, b.get("/account"), http.StatusOK, "Done: you disconnected @studio_north.")
	h.sim.Advance(time.Hour)
	shows(t, b.get("/account"), http.StatusOK, "Disconnected You disconnected this account.")
}

// TestWhoDisconnected is told on both pages in the owner's words, and as no fault.
func TestWhoDisconnected(t *testing.T) {
	t.Parallel()
	for by, want := range map[vault.Caller]string{
		vault.CallerOwner: "You disconnected this account.", vault.CallerRefresh: "You removed this app at Instagram.",
		vault.CallerCommandLine: "Whoever runs this server disconnected your account.",
	} {
		h := newRig(t, origin)
		b := h.browser()
		b.signIn("studio_north")
		if _, err := h.owner.Vault.Disconnect(t.Context(), by, h.connection().ID); err != nil {
			t.Fatal(err)
		}
		h.sim.Advance(time.Hour)
		for _, address := range []string{"/", "/account"} {
			a := b.get(address)
			shows(t, a, http.StatusOK, want, "A login connects your account again")
			hides(t, a, "of its owner", "the owner's", "the operator", `class="chip bad"`, `"state bad"`, "icon-check", "m5 12.5")
		}
	}
}

func TestSignOut(t *testing.T) {
	t.Parallel()
	h := newRig(t, origin)
	here, there := h.browser(), h.browser()
	secret := here.login(igsim.Decision{Persona: "studio_north"}).cookie(t, "latchkey_session")
	there.signIn("studio_north")
	a := here.post("/logout")
	goesTo(t, a, "/")
	gone := a.cookie(t, "latchkey_session")
	ofThisHost(t, gone, false)
	if gone.MaxAge >= 0 {
		t.Errorf("the cookie became %v", gone)
	}
	shows(t, here.get("/"), http.StatusOK, "Log in with Instagram")
	shows(t, here.do(http.MethodGet, "/", "Cookie", "latchkey_session="+secret.Value), http.StatusOK, "Log in with Instagram")
	shows(t, there.get("/"), http.StatusOK, "Studio North")
}

func TestSignOutEverywhere(t *testing.T) {
	t.Parallel()
	h := newRig(t, origin)
	here, there, other := h.browser(), h.browser(), h.browser()
	here.signIn("studio_north")
	there.signIn("studio_north")
	other.signIn("tiny_bakery")
	shows(t, here.post("/account/signout-everywhere"), http.StatusOK, "You are signed out everywhere.", "@studio_north")
	shows(t, here.get("/"), http.StatusOK, "Log in with Instagram")
	shows(t, there.get("/"), http.StatusOK, "Log in with Instagram")
	shows(t, other.get("/"), http.StatusOK, "Tiny Bakery")
}

func TestDisconnect(t *testing.T) {
	t.Parallel()
	h := newRig(t, origin)
	b := h.browser()
	b.signIn("studio_north")
	shows(t, b.get("/account/disconnect"), http.StatusOK, "Disconnect @studio_north?", "Keep the connection")
	if h.connection().SealedToken == nil {
		t.Fatal("the question alone destroyed the token")
	}
	goesTo(t, b.post("/account/disconnect"), "/account")
	if c := h.connection(); c.SealedToken != nil || c.Status != store.StatusDisconnected || c.Username != "studio_north" {
		t.Errorf("the connection is %+v", c)
	}
	a := b.get("/account")
	shows(t, a, http.StatusOK, "Disconnected", "Done: you disconnected @studio_north.", "You disconnected; your permission was destroyed", "What you had allowed", "None of it holds any more.")
	hides(t, a, `href="/account/disconnect"`)
	goesTo(t, b.get("/account/disconnect"), "/account")
	goesTo(t, b.post("/account/disconnect"), "/account")
	b.signIn("studio_north")
	shows(t, b.get("/"), http.StatusOK, "Connected, safe until")
}

func TestErase(t *testing.T) {
	t.Parallel()
	h := newRig(t, origin)
	here, there, other := h.browser(), h.browser(), h.browser()
	here.signIn("studio_north")
	there.signIn("studio_north")
	other.signIn("tiny_bakery")
	list, err := h.st.ListConnections(t.Context(), "", 10)
	if err != nil {
		t.Fatal(err)
	}
	erased := list[slices.IndexFunc(list, func(c store.Connection) bool { return c.Username == "studio_north" })]

	shows(t, here.get("/account/erase"), http.StatusOK, "Erase everything about @studio_north?", "It cannot be undone.")
	a := here.post("/account/erase")
	shows(t, a, http.StatusOK, "Everything about @studio_north is erased.", "This page is your receipt", operatorContact)
	if a.cookie(t, "latchkey_session").MaxAge >= 0 {
		t.Errorf("the cookies are %v", a.cookies)
	}
	goesTo(t, here.post("/account/erase"), "/")
	shows(t, there.get("/"), http.StatusOK, "Log in with Instagram")
	shows(t, other.get("/"), http.StatusOK, "Tiny Bakery")
	if c := h.connection(); c.Username != "tiny_bakery" {
		t.Errorf("%s is left", c.Username)
	}
	if events, err := h.st.Events(t.Context(), erased.ID, 10); err != nil || len(events) != 0 {
		t.Errorf("%d events are left, %v", len(events), err)
	}
}
