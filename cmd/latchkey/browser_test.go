package main

import (
	"context"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"latchkey/igsim"
	"latchkey/internal/login"
)

// TestBrowser is the product as people meet it: in Chromium, with the demo's two sites. Every page
// that a flow comes by is looked at on a phone and on a desktop, light and dark.
func TestBrowser(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("the browser test is long")
	}
	chromium := startChromium(t)
	for _, flow := range []struct {
		name  string
		holds device
		walk  func(*visitor)
	}{
		{"login and sign out", phone, loginAndSignOut},
		{"denial", desktop, denial},
		{"unticked permission", phone, untickedPermission},
		{"accounts that Instagram keeps out", desktop, accountsKeptOut},
		{"time passes", phone, timePasses},
		{"nobody extends it", phone, nobodyExtends},
		{"the owner is needed", desktop, ownerNeeded},
		{"leaving", phone, leaving},
		{"in her zone", phone, inHerZone},
		{"in German", phone, inGerman},
		{"mail in the demo", phone, mailInTheDemo},
		{"every refusal", phone, everyRefusal},
		{"several browsers", desktop, severalBrowsers},
		{"pages for everybody", desktop, pagesForEverybody},
		{"Instagram fails", desktop, instagramFails},
		{"keyboard only", desktop, keyboardOnly},
		{"without script", phone, withoutScript},
	} {
		t.Run(flow.name, func(t *testing.T) {
			t.Parallel()
			flow.walk(newVisitor(t, chromium, startDemo(t), flow.holds))
		})
	}
	t.Run("eyes that see", func(t *testing.T) {
		t.Parallel()
		eyesThatSee(t, chromium)
	})
	t.Run("callbacks that come again", func(t *testing.T) {
		t.Parallel()
		callbacksThatComeAgain(t, chromium)
	})
	t.Run("names of all kinds", func(t *testing.T) {
		t.Parallel()
		namesOfAllKinds(t, chromium)
	})
	t.Run("mail and back", func(t *testing.T) {
		t.Parallel()
		mailAndBack(t, chromium)
	})
}

// toConsent goes from wherever she is to the consent page.
func (v *visitor) toConsent(button string) {
	v.t.Helper()
	v.reads(v.press(button), 200, "/oauth/authorize", "would like to use your account")
}

// logIn goes from the front page to home.
func (v *visitor) logIn(persona string) {
	v.t.Helper()
	v.open(v.place.app)
	v.toConsent("Log in with Instagram")
	v.choose("@" + persona)
	v.reads(v.press("Allow"), 200, "/", "@"+persona, "Sign out")
}

func loginAndSignOut(v *visitor) {
	v.reads(v.open(v.place.app), 200, "/", "Connect Instagram")
	v.look("welcome")
	v.toConsent("Log in with Instagram")
	v.look("sim-consent")
	v.choose("@studio_north")
	v.reads(v.press("Allow"), 200, "/",
		"Studio North", "@studio_north, business account", "Followers", "Connected, safe until", "60 days left")
	v.shown("/")
	v.look("home")
	v.skips()
	v.reads(v.press("Your connection"), 200, "/account", "Account number", "What happened")
	v.look("account")
	v.reads(v.press("Sign out"), 200, "/", "Log in with Instagram")
	v.reads(v.open(v.place.app+"/account"), 200, "/", "Log in first", "Log in with Instagram")
	v.look("welcome-wanted")
	v.toConsent("Log in with Instagram")
	v.choose("@studio_north")
	v.reads(v.press("Allow"), 200, "/account", "@studio_north")
	v.shown("/account")
}

// shown holds what the address bar shows behind the name of the place.
func (v *visitor) shown(want string) {
	v.t.Helper()
	if got := ask[string](v, `location.href.slice(location.origin.length)`); got != want {
		v.t.Errorf("the address bar shows %s, want %s", got, want)
	}
}

// reload loads the page again.
func (v *visitor) reload() int64 {
	v.t.Helper()
	return v.arrive(chromedp.Reload())
}

func denial(v *visitor) {
	v.open(v.place.app)
	v.toConsent("Log in with Instagram")
	v.reads(v.press("Cancel"), 403, "/auth", "You did not allow it.", "Nothing was saved, and nothing that was kept here before is changed.")
	v.shown("/auth?refused=cancelled")
	v.look("cancelled")
	v.reads(v.reload(), 403, "/auth", "You did not allow it.", "switch off single permissions")
	v.shown("/auth?refused=cancelled")
	v.toConsent("Try again")
	v.reads(v.press("Never return"), 200, "/oauth/authorize", "You left without deciding")
	v.look("sim-left")
}

func untickedPermission(v *visitor) {
	v.open(v.place.app)
	v.toConsent("Log in with Instagram")
	v.choose("See and manage the comments")
	v.reads(v.press("Allow"), 200, "/", "Not allowed:", "Changed your mind?")
	v.look("home-less")
	v.reads(v.press("Your connection"), 200, "/account", "Not allowed: Read and answer comments")
	v.look("account-less")
	v.open(v.place.app + "/login")
	v.choose("See your profile")
	v.reads(v.press("Allow"), 403, "/auth", "One permission is needed at least.", "Your connection is unchanged", "Sign out")
	v.look("basic-missing-signed-in")
	v.reads(v.press("Back to your page"), 200, "/", "Not allowed:", "Sign out")
}

func accountsKeptOut(v *visitor) {
	v.open(v.place.app)
	v.toConsent("Log in with Instagram")
	v.choose("@private_pat")
	v.reads(v.press("Allow"), 403, "/auth", "This Instagram account is personal.")
	v.look("personal")
	v.toConsent("Try again")
	v.choose("@harbor_books")
	v.reads(v.press("Allow"), 403, "/auth", "Instagram does not let this account in yet.", "Running this server?")
	v.look("no-role")
	v.toConsent("Try again")
	v.reads(v.press("Insufficient developer role"), 403, "/auth", "Instagram does not let this account in yet.")
}

// everyRefusal looks at the page of each refusal, which has an address of its own.
func everyRefusal(v *visitor) {
	for _, kind := range login.Kinds() {
		word := strings.ReplaceAll(string(kind), " ", "-")
		status := v.open(v.place.app + "/auth?refused=" + word)
		v.reads(status, max(status, 400), "/auth", "Front page")
		v.shown("/auth?refused=" + word)
		v.look("refused-" + word)
	}
}

func leaving(v *visitor) {
	v.logIn("studio_north")
	v.press("Your connection")
	v.reads(v.press("Disconnect…"), 200, "/account/disconnect", "Disconnect @studio_north?")
	v.look("disconnect")
	v.reads(v.press("Keep the connection"), 200, "/account", "Connected, safe until")
	v.press("Disconnect…")
	v.reads(v.press("Disconnect"), 200, "/account", "Disconnected", "Done: you disconnected @studio_north.")
	v.look("account-disconnected")
	v.reads(v.press("Latchkey"), 200, "/", "You disconnected this account.")
	v.look("home-disconnected")
	v.press("Your connection")
	v.reads(v.press("Erase…"), 200, "/account/erase", "Erase everything about @studio_north?")
	v.look("erase")
	v.reads(v.press("Erase everything"), 200, "/account/erase", "Everything about @studio_north is erased.")
	v.look("erased")
	v.reads(v.press("Front page"), 200, "/", "Log in with Instagram")
}

// severalBrowsers has one account in two browsers and two accounts in one.
func severalBrowsers(v *visitor) {
	v.logIn("tiny_bakery")
	other := newVisitor(v.t, v.ctx, v.place, phone)
	other.logIn("tiny_bakery")
	v.open(v.place.app + "/login")
	v.choose("@mara_makes")
	v.reads(v.press("Allow"), 200, "/", "@mara_makes")
	other.reads(other.open(v.place.app), 200, "/", "@tiny_bakery", "Connected, safe until")

	v.open(v.place.app + "/login")
	v.choose("@tiny_bakery")
	v.reads(v.press("Allow"), 200, "/", "@tiny_bakery")
	v.press("Your connection")
	v.reads(v.press("Sign out everywhere"), 200, "/account/signout-everywhere", "You are signed out everywhere.")
	v.look("signed-out-everywhere")
	other.reads(other.open(v.place.app), 200, "/", "Log in with Instagram")
}

func pagesForEverybody(v *visitor) {
	v.open(v.place.app)
	v.reads(v.press("Privacy"), 200, "/privacy", "What is kept about you, and why.")
	v.look("privacy")
	v.reads(v.open(v.place.app+"/nowhere"), 404, "/nowhere", "There is no such page.")
	v.look("not-found")
	v.reads(v.open(v.place.app+"/auth?error=access_denied&state=unknown"), 400, "/auth", "We do not know this login.")
	v.look("unknown-login")
	v.reads(v.open(v.place.sim+"/oauth/authorize?client_id=1"), 400, "/oauth/authorize")
	v.look("sim-refused")
}

func instagramFails(v *visitor) {
	v.reads(v.open(v.place.sim), 200, "/", "None. Every call gets its right answer.", "No call yet.")
	v.do(chromedp.SetValue(chromedp.ID("endpoint"), string(igsim.CodeExchange)))
	v.reads(v.press("Let it fail"), 200, "/", "End all faults")
	v.logInto("tiny_bakery", 503, "Instagram does not answer.")
	v.look("instagram-away")
	v.open(v.place.sim)
	v.reads(v.press("Let it fail"), 200, "/", "code into token")
	v.do(v.touch(`//summary`))
	v.look("sim-control")
}

// logInto logs in and comes to another page than home.
func (v *visitor) logInto(persona string, status int64, text string) {
	v.t.Helper()
	v.open(v.place.app)
	v.toConsent("Log in with Instagram")
	v.choose("@" + persona)
	v.reads(v.press("Allow"), status, "/auth", text)
}

// keyboardOnly logs in with Tab, the arrows, Space and Enter, and holds at every stop that one sees
// where one is.
func keyboardOnly(v *visitor) {
	v.open(v.place.app)
	v.tabTo("Log in with Instagram")
	v.reads(v.arrive(chromedp.KeyEvent(kb.Enter)), 200, "/oauth/authorize")
	v.tabTo("Studio North")
	v.do(chromedp.KeyEvent(kb.ArrowDown))
	v.focused("Mara")
	v.tabTo("See how your account")
	v.do(chromedp.KeyEvent(" "))
	v.tabTo("Allow")
	v.reads(v.arrive(chromedp.KeyEvent(kb.Enter)), 200, "/", "Mara ✨ Makes", "creator account", "Not allowed:")
	v.look("home-long-name")
	v.tabTo("Your connection")
	v.reads(v.arrive(chromedp.KeyEvent(kb.Enter)), 200, "/account")
	v.tabTo("Disconnect…")
	v.arrive(chromedp.KeyEvent(kb.Enter))
	v.tabTo("Disconnect")
	v.reads(v.arrive(chromedp.KeyEvent(kb.Enter)), 200, "/account", "Disconnected")
	v.tabTo("Sign out")
	v.reads(v.arrive(chromedp.KeyEvent(kb.Enter)), 200, "/", "Log in with Instagram")
}

// skips goes past the header by the first link that Tab comes to.
func (v *visitor) skips() {
	v.t.Helper()
	v.tabTo("Skip to the content")
	v.do(chromedp.KeyEvent(kb.Enter))
	if got := ask[string](v, `document.activeElement.id + " " + location.hash`); got != "main #main" {
		v.t.Errorf("the way past the header leads to %q", got)
	}
	v.do(chromedp.KeyEvent(kb.Tab))
	if !ask[bool](v, `document.activeElement.closest("main") != null`) {
		v.t.Error("after the way past the header, Tab goes on elsewhere")
	}
}

// tabTo presses Tab until the focus is on what begins with a text.
func (v *visitor) tabTo(text string) {
	v.t.Helper()
	for range 60 {
		v.do(chromedp.KeyEvent(kb.Tab))
		if strings.HasPrefix(v.focused(""), text) {
			return
		}
	}
	v.t.Fatalf("Tab does not come to %q, on the page %s", text, v.where())
}

// focused is the name of what has the focus, which must be in sight and marked.
func (v *visitor) focused(want string) string {
	v.t.Helper()
	type focus struct {
		Name           string
		Marked, InView bool
	}
	f := ask[focus](v, `(() => {
		const e = document.activeElement, s = getComputedStyle(e), r = e.getBoundingClientRect()
		return {
			Name: (e.labels?.[0] ?? e).innerText.trim(),
			Marked: e == document.body || s.outlineStyle != "none" && parseFloat(s.outlineWidth) >= 2,
			InView: e == document.body || r.top >= 0 && r.bottom <= innerHeight,
		}
	})()`)
	if !f.Marked || !f.InView || !strings.HasPrefix(f.Name, want) {
		v.t.Errorf("the focus is on %q (wanted %q), marked %t, in sight %t", f.Name, want, f.Marked, f.InView)
	}
	return f.Name
}

// withoutScript switches scripts off in the visitor's browser.
func (v *visitor) withoutScript() {
	v.t.Helper()
	_, err := chromedp.Call(v.ctx, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true})
	must(v.t, err)
}

func withoutScript(v *visitor) {
	v.withoutScript()
	v.open(v.place.app)
	v.toConsent("Log in with Instagram")
	v.reads(v.press("Cancel"), 403, "/auth", "You did not allow it.")
	v.reads(v.reload(), 403, "/auth", "You did not allow it.", "switch off single permissions")
	v.logIn("forgetful_fern")
	v.reads(v.press("Your connection"), 200, "/account", "@forgetful_fern")
	v.press("Disconnect…")
	v.reads(v.press("Disconnect"), 200, "/account", "Disconnected")
	v.toConsent("Log in again")
	v.choose("@forgetful_fern")
	v.reads(v.press("Allow"), 200, "/", "Connected, safe until")
	v.reads(v.press("Sign out"), 200, "/", "Log in with Instagram")
}

// callbacksThatComeAgain opens one way back from Instagram in another browser, then where it
// belongs, then twice more: signed in and signed out.
func callbacksThatComeAgain(t *testing.T, chromium context.Context) {
	h := newRig(t)
	s := h.serve()
	p := place{app: s.base, sim: h.simURL}
	v := newVisitor(t, chromium, p, phone)
	v.open(p.app)
	v.press("Log in with Instagram")
	callback, err := h.sim.Approve(ask[string](v, `location.href`), igsim.Decision{Persona: "studio_north"})
	must(t, err)

	other := newVisitor(t, v.ctx, p, phone)
	other.reads(other.open(callback), 403, "/auth", "You came back in another browser.")
	other.look("other-browser")

	v.reads(v.open(callback), 200, "/", "@studio_north")
	v.reads(v.open(callback), 200, "/", "@studio_north")
	v.press("Sign out")
	v.reads(v.open(callback), 409, "/auth", "This login was finished before.")
	v.look("login-used")
}
