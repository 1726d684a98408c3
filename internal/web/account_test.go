package web_test

import (
	"net/http"
	"slices"
	"testing"

	"latchkey/igsim"
	"latchkey/internal/store"
	"latchkey/internal/vault"
)

func TestOnlyTheOwnerSeesHerAccount(t *testing.T) {
	t.Parallel()
	h := setup(t, origin)
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
	h := setup(t, origin)
	b := h.browser()
	b.signIn("studio_north")
	c := h.connection()
	if _, err := h.Vault.Token(t.Context(), vault.CallerCommandLine, c.ID); err != nil {
		t.Fatal(err)
	}
	shows(t, b.get("/account"), http.StatusOK, "Your connection", "@studio_north", c.ID,
		c.ConnectedAt.Format("2 January 2006, 15:04 UTC"), c.TokenExpiresAt.Format("2 January 2006, 15:04 UTC"),
		"See your profile", "You logged in with Instagram", "Your permission was taken out by whoever runs this server",
		"Sign out everywhere", "Disconnect", "Erase everything", "Apps and websites")
}

func TestSignOut(t *testing.T) {
	t.Parallel()
	h := setup(t, origin)
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
	h := setup(t, origin)
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
	h := setup(t, origin)
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
	shows(t, a, http.StatusOK, "Disconnected", "Disconnected on the page of its owner.", "Disconnected by you; the permission was destroyed")
	hides(t, a, `href="/account/disconnect"`)
	goesTo(t, b.get("/account/disconnect"), "/account")
	goesTo(t, b.post("/account/disconnect"), "/account")
	b.signIn("studio_north")
	shows(t, b.get("/"), http.StatusOK, "Connected, safe until")
}

func TestErase(t *testing.T) {
	t.Parallel()
	h := setup(t, origin)
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
	shows(t, a, http.StatusOK, "Everything about @studio_north is erased.", "This page is your receipt", contact)
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
