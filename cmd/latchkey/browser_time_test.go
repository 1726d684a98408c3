package main

import (
	"github.com/chromedp/chromedp"

	"latchkey/igsim"
)

// timePasses goes far beyond the life of a token: the connection is extended again and again.
func timePasses(v *visitor) {
	v.logIn("studio_north")
	v.open(v.place.sim)
	for range 3 {
		v.reads(v.press("+1 month"), 200, "/", "What Instagram does, and when")
	}
	v.reads(v.open(v.place.app), 200, "/", "Connected, safe until", "; next check", "You need not do anything.")
	v.look("home-extended")
	v.reads(v.press("Your connection"), 200, "/account", "This server had Instagram extend your permission")
	v.look("account-extended")
}

// nobodyExtends has Instagram refuse to extend a connection, to its end.
func nobodyExtends(v *visitor) {
	v.logIn("studio_north")
	v.fails("outage")
	v.open(v.place.sim)
	v.press("+1 week")
	v.press("+1 day")
	v.reads(v.open(v.place.app), 200, "/", "Connected, safe until", "The last check did not work; it is tried again on", "Nothing is lost.")
	v.look("home-troubled")
	v.reads(v.press("Your connection"), 200, "/account", "The last check did not work", "it did not work")
	v.look("account-troubled")
	v.open(v.place.sim)
	v.press("+1 week")
	v.reads(v.open(v.place.app), 200, "/", "Not extended since", "works until", "Log in again")
	v.look("home-late")
	v.reads(v.press("Your connection"), 200, "/account", "Not extended since")
	v.look("account-late")
	v.open(v.place.sim)
	v.press("+1 month")
	v.press("+1 week")
	v.reads(v.open(v.place.app), 200, "/", "unless it is extended", "Instagram has trouble of its own", "days left")
	v.look("home-ending")
	v.reads(v.press("Your connection"), 200, "/account", "unless it is extended")
	v.look("account-ending")
	v.open(v.place.sim)
	v.press("+1 month")
	v.reads(v.open(v.place.app), 200, "/", "This connection ended on", "Log in again")
	v.look("home-ended")
	v.reads(v.press("Your connection"), 200, "/account", "This connection ended on")
	v.look("account-ended")
	v.open(v.place.sim)
	v.press("End all faults")
	v.open(v.place.app + "/account")
	v.toConsent("Log in again")
	v.reads(v.press("+1 day"), 200, "/oauth/authorize", "Allow")
	v.reads(v.press("Allow"), 200, "/", "Connected, safe until", "60 days left")
}

// fails lets every refresh from now on go wrong in one of the ways that the simulator knows.
func (v *visitor) fails(preset string) {
	v.t.Helper()
	v.open(v.place.sim)
	v.do(chromedp.SetValue(chromedp.ID("endpoint"), string(igsim.Refresh)), chromedp.SetValue(chromedp.ID("preset"), preset),
		chromedp.SetValue(chromedp.ID("next"), "1000000"))
	v.reads(v.press("Let it fail"), 200, "/", "End all faults")
}

// ownerNeeded has an owner change her password, and another remove the app in her settings.
func ownerNeeded(v *visitor) {
	v.logIn("forgetful_fern")
	v.open(v.place.sim)
	v.press("+1 month")
	v.press("+1 week")
	v.press("+1 week")
	v.reads(v.open(v.place.app), 200, "/", "Instagram asks you to log in again.", "because the password changed", "Needs you")
	v.look("home-reconnect")
	v.reads(v.press("Your connection"), 200, "/account", "Instagram asks you to log in again", "Whoever runs this server was told by mail: your connection needs a login.")
	v.look("account-reconnect")
	v.toConsent("Log in again")
	v.choose("@studio_north")
	v.reads(v.press("Allow"), 200, "/", "@studio_north", "Connected, safe until")
	v.open(v.place.sim)
	v.press("Removes app: Studio North")
	v.press("+1 week")
	v.press("+1 week")
	v.reads(v.open(v.place.app), 200, "/", "You removed this app at Instagram.")
	v.reads(v.press("Your connection"), 200, "/account", "You removed this app at Instagram")
	v.look("account-removed")
}
