package main

import (
	"strings"

	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"

	"latchkey/internal/login"
)

// inGerman has an owner whose browser asks for German: every page of hers, and how she chooses English.
func inGerman(v *visitor) {
	_, err := chromedp.Call(v.ctx, network.SetExtraHTTPHeaders, network.SetExtraHTTPHeadersParams{Headers: network.Headers{"Accept-Language": "de-DE,de;q=0.9"}})
	must(v.t, err)
	v.reads(v.open(v.place.app), 200, "/", "Verbinde Instagram und behalte die Kontrolle.")
	v.look("de-welcome")
	v.toConsent("Mit Instagram anmelden")
	v.choose("@studio_north")
	v.reads(v.press("Allow"), 200, "/", "Studio North", "@studio_north, Business-Konto", "Verbunden, sicher bis", "Noch 60 Tage.")
	v.look("de-home")
	v.reads(v.press("Deine Verbindung"), 200, "/account", "Kontonummer", "Du hast dich mit Instagram angemeldet")
	v.look("de-account")
	v.press("Löschen …")
	v.look("de-erase")
	v.open(v.place.app + "/privacy")
	v.look("de-privacy")
	for _, kind := range login.Kinds() {
		word := strings.ReplaceAll(string(kind), " ", "-")
		status := v.open(v.place.app + "/auth?refused=" + word)
		v.reads(status, max(status, 400), "/auth", "Zurück zu deiner Seite")
		v.look("de-refused-" + word)
	}
	v.open(v.place.app + "/account")
	v.tabTo("Sprache")
	v.do(chromedp.KeyEvent("Eng"))
	v.tabTo("Diese Sprache verwenden")
	v.reads(v.arrive(chromedp.KeyEvent("\r")), 200, "/account", "These pages are in English.", "You logged in with Instagram")
	v.shown("/account#language")
	v.look("account-language")
}
