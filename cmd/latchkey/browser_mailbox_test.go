package main

import (
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// mailInTheDemo has an owner leave her address, confirm it in the simulator's mail box by finger, and find the mail
// that says she is needed there by keyboard.
func mailInTheDemo(v *visitor) {
	const box = "/_sim/mailbox"
	v.reads(v.open(v.place.sim), 200, "/", "What the server beside this simulator sends by mail lands in the mail box")
	v.reads(v.press("Open the mail box"), 200, box, "No mail yet", "smtp://127.0.0.1:", "move the time above by two weeks")
	v.look("sim-mailbox-empty")

	v.logIn("forgetful_fern")
	v.reads(v.press("Your connection"), 200, "/account", "Mail when you are needed")
	v.tabTo("Your mail address")
	v.do(chromedp.KeyEvent("fern@example.com"))
	v.reads(v.press("Send me a link to confirm it"), 200, "/account", "Waiting for you to confirm.")
	v.reads(v.open(v.place.sim), 200, "/", "1 mail. The newest is", "fern@example.com")
	v.reads(v.press("Open the mail box"), 200, box, "1 mail", "to fern@example.com", "From Latchkey demo <latchkey@example.com>")
	v.look("sim-mailbox-one")
	v.arrive(v.touch(`//a[contains(., "/mail/confirm/")]`))
	v.press("Yes, send mail here")

	v.open(v.place.sim + box)
	v.reads(v.press("+1 month"), 200, box, "1 mail")
	v.press("+1 week") // the check of every week comes up to half a day later, each time
	v.reads(v.press("+1 week"), 200, box, "2 mails, the newest first", "@forgetful_fern: please log in once more")
	v.look("sim-mailbox")
	v.tabTo("Empty the mail box")
	v.tabTo("@forgetful_fern: please log in once more")
	v.tabTo(v.place.app + "/reconnect/")
	v.tabTo(v.place.app + "/mail/stop/")
	v.tabTo("Please confirm")
	v.do(chromedp.KeyEvent(kb.Enter)) // unfolds it
	v.tabTo(v.place.app + "/mail/confirm/")
	v.open(v.place.sim + box)
	v.tabTo(v.place.app + "/reconnect/")
	v.arrive(chromedp.KeyEvent(kb.Enter))
	v.toConsent("Log in with Instagram")
	v.choose("@forgetful_fern")
	v.reads(v.press("Allow"), 200, "/", "@forgetful_fern", "Connected, safe until")
	v.open(v.place.sim + box)
	v.reads(v.press("Empty the mail box"), 200, box, "No mail yet")
}
