package main

import (
	"context"
	_ "embed"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
)

// axe is axe-core, which looks for what keeps people with a disability out.
//
//go:embed testdata/axe/axe.min.js
var axe string

// runAxe runs those rules of axe that the placeholder chooses, but none of level AAA and none that
// axe itself has given up.
const runAxe = `axe.run(document, {
	resultTypes: ["violations"],
	rules: Object.fromEntries(axe.getRules().map(r =>
		[r.ruleId, {enabled: (%s) && !r.tags.some(t => t.endsWith("aaa") || t == "deprecated")}])),
}).then(r => r.violations.flatMap(v => v.nodes.map(n =>
	v.id + ": " + n.target.join(" ") + ": " + n.failureSummary)))`

// tooWide names what reaches over the right edge of a page that can be scrolled sideways.
const tooWide = `document.documentElement.scrollWidth <= %[1]d ? [] : [...document.querySelectorAll("body *")]
	.filter(e => e.getBoundingClientRect().right > %[1]d)
	.map(e => "the page is too wide: " + e.tagName.toLowerCase() + "." + e.className + " reaches to " + Math.ceil(e.getBoundingClientRect().right) + " px")`

// foreign names what has no place on a page, and pictures that show nothing.
const foreign = `[
	...[...document.scripts].filter(e => !e.src).map(e => "a script stands on the page"),
	...[...document.querySelectorAll("*")].flatMap(e => [...e.attributes])
		.filter(a => a.name.startsWith("on") || a.name == "style").map(a => "an attribute is a script or a style: " + a.name),
	...[...document.images].filter(e => !e.complete || !e.naturalWidth).map(e => "a picture shows nothing: " + e.src),
]`

// torn names words that are broken in the middle for want of room, where no single word is so long
// that it has to be.
const torn = `(() => {
	const found = [], words = /[\p{L}\p{M}]{2,14}/gu, range = document.createRange()
	const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
	for (let node; node = texts.nextNode();) {
		for (const word of node.data.matchAll(words)) {
			range.setStart(node, word.index)
			range.setEnd(node, word.index + word[0].length)
			const lines = new Set([...range.getClientRects()].map(r => Math.round(r.top)))
			if (lines.size > 1 && !node.parentElement.closest("bdi, select, script")) found.push("a word is torn: " + word[0])
		}
	}
	return found
})()`

// bare names what is wrong with a page that comes without its style sheet: pictures and icons that
// fill the window.
const bare = `(() => {
	const sheet = document.querySelector("link[rel=stylesheet]")
	if (!sheet) return []
	sheet.disabled = true
	const found = [...document.querySelectorAll("svg, img")].filter(e => e.getBoundingClientRect().width > 64)
		.map(e => "without the style sheet something is too large: " + e.outerHTML.slice(0, 60))
	sheet.disabled = false
	return found
})()`

// flat names buttons and boxes that have no edge. Where the user's colours are forced on a page, no
// background tells them from the rest.
const flat = `[...document.querySelectorAll(".button, .state, .card, .chip, input:not([type=hidden]), select")]
	.filter(e => e.checkVisibility() && (parseFloat(getComputedStyle(e).borderTopWidth) < 1 || getComputedStyle(e).borderTopStyle == "none"))
	.map(e => "it has no edge: " + e.tagName.toLowerCase() + "." + e.className)`

// largeText sets the text to twice its size, as people do who do not zoom the whole page.
const largeText = `document.documentElement.style.fontSize = %q`

// narrow are widths at which a page has to do without scrolling sideways: the smallest phones, and
// a desktop zoomed to 200 %.
var narrow = []device{{width: 320, height: 640, scale: 1, touch: true}, {width: 640, height: 450, scale: 2}}

// look looks at the page from all sides and fails the test for every fault that it finds.
func (v *visitor) look(name string) {
	v.t.Helper()
	v.inspect(name)
	v.complain()
}

// inspect notes what is wrong with the page on a phone and on a desktop, light and dark, through
// axe's eyes, narrow, zoomed, in large text and without its style sheet, and takes pictures.
func (v *visitor) inspect(name string) {
	v.t.Helper()
	v.note(name, ask[[]string](v, foreign))
	v.do(chromedp.Evaluate[chromedp.Void](axe))
	for _, d := range []device{phone, desktop} {
		for _, scheme := range []string{"light", "dark"} {
			seen := fmt.Sprintf("%s-%d-%s", name, d.width, scheme)
			v.appearance(d, scheme)
			rules := "true"
			if scheme == "dark" {
				rules = `r.tags.includes("cat.color")` // all that the scheme can change
			}
			v.note(seen, ask[[]string](v, fmt.Sprintf(runAxe, rules)))
			v.note(seen, ask[[]string](v, fmt.Sprintf(tooWide, d.width)))
			v.picture(seen, d, scheme)
		}
	}
	for _, d := range narrow {
		v.appearance(d, "light")
		v.note(fmt.Sprintf("%s at %d px", name, d.width), ask[[]string](v, fmt.Sprintf(tooWide, d.width)))
	}
	if !strings.HasPrefix(name, "sim-") { // Instagram's pages are not ours to read
		v.readability(name)
	}
	v.appearance(v.holds, "light")
}

// readability notes words that are torn on the smallest phones, and what does not fit in large text
// or without the style sheet.
func (v *visitor) readability(name string) {
	v.t.Helper()
	v.appearance(narrow[0], "light")
	v.note(fmt.Sprintf("%s at %d px", name, narrow[0].width), ask[[]string](v, torn))
	v.appearance(phone, "light")
	v.note(name, ask[[]string](v, bare))
	v.do(chromedp.Evaluate[chromedp.Void](fmt.Sprintf(largeText, "200%")))
	v.note(name+" in large text", ask[[]string](v, fmt.Sprintf(tooWide, phone.width)))
	v.do(chromedp.Evaluate[chromedp.Void](fmt.Sprintf(largeText, "")))
	v.media(&emulation.MediaFeature{Name: "forced-colors", Value: "active"})
	v.note(name+" in forced colours", ask[[]string](v, flat))
}

func (v *visitor) note(seen string, faults []string) {
	for _, fault := range faults {
		v.fault("%s: %s", seen, fault)
	}
}

// appearance puts another device into the visitor's hands. Nothing on it moves, so that every
// look finds the page as it stays.
func (v *visitor) appearance(d device, scheme string) {
	v.t.Helper()
	options := []chromedp.EmulateViewportOption{chromedp.EmulateScale(d.scale)}
	if d.touch {
		options = append(options, chromedp.EmulateMobile, chromedp.EmulateTouch)
	}
	v.do(chromedp.EmulateViewport(d.width, d.height, options...))
	v.media(&emulation.MediaFeature{Name: "prefers-color-scheme", Value: scheme}, &emulation.MediaFeature{Name: "prefers-reduced-motion", Value: "reduce"})
}

func (v *visitor) media(features ...*emulation.MediaFeature) {
	v.t.Helper()
	_, err := chromedp.Call(v.ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: features})
	must(v.t, err)
}

// picture keeps a picture of the whole page, as long as what stands on it.
func (v *visitor) picture(seen string, d device, scheme string) {
	v.t.Helper()
	if v.album == "" {
		return
	}
	d.height = 100 // the page fills a window that is longer
	v.appearance(d, scheme)
	height := ask[float64](v, `document.documentElement.scrollHeight`)
	shot, err := chromedp.Call(v.ctx, page.CaptureScreenshot, page.CaptureScreenshotParams{
		CaptureBeyondViewport: new(true),
		Clip:                  &page.Viewport{Width: float64(d.width), Height: height, Scale: 1},
	})
	must(v.t, err)
	must(v.t, os.WriteFile(filepath.Join(v.album, seen+".png"), shot.Data, 0o644))
}

// badPage has one of everything that a page must not have.
const badPage = `<!doctype html><html><title>Bad</title>
<style>p { color: #999; background: #aaa; width: 2000px }</style>
<script>console.log("hello"); nowhere()</script>
<img src="http://outside.test/a.png" alt=""><img src="/gone.png" alt="">
<iframe src="data:text/html,frame" title="Frame"></iframe>
<link rel="stylesheet" href="/look.css"><svg viewBox="0 0 24 24" aria-hidden="true"></svg>
<button class="button" style="border: 0">Flat</button>
<p onclick="1">Hardly to be read</p>
<h1 style="width: 2em; overflow-wrap: anywhere">Connected</h1><h2 style="font-size: 10rem">Large</h2>`

// eyesThatSee holds that a visitor finds what is wrong with a page.
func eyesThatSee(t *testing.T, chromium context.Context) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/look.css" {
			w.Header().Set("Content-Type", "text/css")
			return
		}
		if r.URL.Path != "/" {
			w.WriteHeader(http.StatusNotFound)
			return
		}
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		w.Header().Set("Content-Security-Policy", "frame-src 'none'")
		io.WriteString(w, badPage)
	}))
	t.Cleanup(server.Close)
	v := newVisitor(t, chromium, place{app: server.URL}, desktop)
	v.album = ""
	v.open(server.URL)
	v.inspect("bad")
	found := strings.Join(v.taken(), "\n")
	for _, want := range []string{
		"http://outside.test/a.png was asked for, on a site of somebody else", "a request failed: Image",
		"/gone.png was answered with status 404", "a script wrote log to the console", "a script failed", "Content Security Policy directive",
		"bad: a script stands on the page", "bad: an attribute is a script or a style: onclick", "bad: a picture shows nothing",
		"bad-390-light: html-has-lang", "bad-1280-light: color-contrast", "bad-1280-dark: color-contrast",
		"bad in large text: the page is too wide: h2. reaches to", "bad at 320 px: a word is torn: Connected",
		"bad in forced colours: it has no edge: button.button",
		"bad: without the style sheet something is too large: <svg",
		"bad-390-dark: the page is too wide: p. reaches to", "bad at 320 px: the page is too wide",
	} {
		if !strings.Contains(found, want) {
			t.Errorf("nobody saw %q; what was seen:\n%s", want, found)
		}
	}
}
