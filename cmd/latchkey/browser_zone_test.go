package main

import (
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
)

// inHerZone has an owner in another part of the world, whose browser offers her zone, and one who
// runs no script and chooses from the list.
func inHerZone(v *visitor) {
	_, err := chromedp.Call(v.ctx, emulation.SetTimezoneOverride, emulation.SetTimezoneOverrideParams{TimezoneID: "Asia/Kathmandu"})
	must(v.t, err)
	v.logIn("studio_north")
	v.reads(v.press("Your connection"), 200, "/account", "Times on your pages are in UTC")
	v.look("account-zone-offer")
	v.reads(v.press("Show times in Asia/Katmandu"), 200, "/account", "Times on your pages are in Asia/Katmandu.")
	v.look("account-zone")

	other := newVisitor(v.t, v.ctx, v.place, desktop)
	other.withoutScript()
	other.logIn("tiny_bakery")
	other.press("Your connection")
	other.tabTo("Time zone")
	other.do(chromedp.KeyEvent("Honol"))
	other.tabTo("Use this zone")
	other.reads(other.arrive(chromedp.KeyEvent("\r")), 200, "/account", "Times on your pages are in Pacific/Honolulu.")
}
