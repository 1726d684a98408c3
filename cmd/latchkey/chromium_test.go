package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/url"
	"os"
	"os/exec"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/audits"
	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// stepWithin is how long one thing that a visitor does may take, on a machine that is busy.
const stepWithin = 30 * time.Second

// startChromium starts the browser that all visitors share, or skips the test where there is none.
func startChromium(t *testing.T) context.Context {
	t.Helper()
	path := chromiumPath()
	if path == "" {
		t.Skip("chromium is not installed; on Debian: apt-get install chromium")
	}
	options := append(slices.Clone(chromedp.DefaultExecAllocatorOptions[:]),
		chromedp.ExecPath(path), chromedp.NoSandbox, chromedp.DisableGPU,
		chromedp.Flag("disable-component-update", true),
		chromedp.Flag("disable-quic", true),
		// Whatever a page may try, nothing leaves this machine.
		chromedp.Flag("host-resolver-rules", "MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1"),
	)
	ctx, cancel := chromedp.NewExecAllocator(context.Background(), options...)
	t.Cleanup(cancel)
	ctx, cancel = chromedp.NewContext(ctx)
	t.Cleanup(cancel)
	t.Cleanup(func() { must(t, chromedp.Cancel(ctx)) })
	must(t, chromedp.Do(ctx))
	return ctx
}

func chromiumPath() string {
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	return ""
}

// place is where a demo listens: the origins of Latchkey and of the simulated Instagram.
type place struct{ app, sim string }

// startDemo runs the demo on free ports until the test ends.
func startDemo(t *testing.T) place {
	t.Helper()
	stdout, printed := io.Pipe()
	stderr := &output{}
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan int, 1)
	go func() {
		status := run(ctx, env{
			args:   []string{"latchkey", "demo", "--addr", "localhost:0", "--sim-addr", "127.0.0.1:0"},
			stdout: printed, stderr: stderr,
		})
		printed.Close()
		ended <- status
	}()
	t.Cleanup(func() {
		cancel()
		if status := <-ended; status != 0 {
			t.Errorf("the demo ended with status %d", status)
		}
		for line := range strings.Lines(stderr.String()) {
			if t.Failed() && !strings.Contains(line, `"level":"INFO"`) {
				t.Log(line)
			}
		}
	})
	addresses := map[string]string{}
	for lines := bufio.NewScanner(stdout); len(addresses) < 2; {
		if !lines.Scan() {
			t.Fatalf("the demo ended without saying where it is:\n%s", stderr)
		}
		if m := printedAddress.FindStringSubmatch(lines.Text()); m != nil {
			addresses[m[1]] = m[2]
		}
	}
	go io.Copy(io.Discard, stdout)
	return place{app: addresses["Latchkey"], sim: addresses["Simulated Instagram"]}
}

var printedAddress = regexp.MustCompile(`^(Latchkey|Simulated Instagram)\s+(http://\S+)$`)

// device is what a visitor holds in her hands.
type device struct {
	width, height int64
	scale         float64
	touch         bool
}

var (
	phone   = device{width: 390, height: 844, scale: 2, touch: true}
	desktop = device{width: 1280, height: 900, scale: 1}
)

// visitor is a person at one tab of a browser that shares no cookie with another visitor's.
type visitor struct {
	t     *testing.T
	ctx   context.Context
	place place
	holds device
	// album is the folder for pictures of pages; empty takes none.
	album string

	mu sync.Mutex
	// faults is what the browser has to say against the pages: requests that leave them, anything
	// in the console, files that do not load.
	faults []string
}

// newVisitor opens a tab beside what the browser shows already. What the browser finds fault with by
// the end fails the test.
func newVisitor(t *testing.T, chromium context.Context, p place, holds device) *visitor {
	t.Helper()
	ctx, cancel := chromedp.NewContext(chromium, chromedp.WithNewBrowserContext())
	t.Cleanup(cancel)
	v := &visitor{t: t, ctx: ctx, place: p, holds: holds, album: os.Getenv("LATCHKEY_TEST_SCREENSHOTS")}
	must(t, chromedp.Listen(ctx, v.watch))
	_, err := chromedp.Call(ctx, audits.Enable, cdp.Empty{})
	must(t, err)
	// Several tabs share the browser, and each behaves as the one in front.
	_, err = chromedp.Call(ctx, emulation.SetFocusEmulationEnabled, emulation.SetFocusEmulationEnabledParams{Enabled: true})
	must(t, err)
	v.appearance(holds, "light")
	t.Cleanup(v.complain)
	return v
}

// watch notes what the browser finds fault with. It runs in the loop that reads the tab's messages.
func (v *visitor) watch(event any) {
	switch e := event.(type) {
	case *network.EventRequestWillBeSent:
		v.watchRequest(e)
	case *network.EventResponseReceived:
		if e.Type != network.ResourceTypeDocument && e.Response.Status >= 400 {
			v.fault("%s was answered with status %d", e.Response.URL, e.Response.Status)
		}
	case *network.EventLoadingFailed:
		v.fault("a request failed: %s %s %s", e.Type, e.ErrorText, e.BlockedReason)
	case *log.EventEntryAdded:
		// That a page has an error status is for the test to judge, not for the browser.
		if e.Entry.Source != log.EntrySourceNetwork || !strings.HasPrefix(e.Entry.Text, "Failed to load resource: the server responded with a status of") {
			v.fault("the browser says: %s: %s %s", e.Entry.Level, e.Entry.Text, e.Entry.URL)
		}
	case *runtime.EventConsoleAPICalled:
		v.fault("a script wrote %s to the console", e.Type)
	case *runtime.EventExceptionThrown:
		v.fault("a script failed: %s", e.ExceptionDetails.Text)
	case *audits.EventIssueAdded:
		details, _ := json.Marshal(e.Issue.Details)
		v.fault("the browser finds an issue: %s %s", e.Issue.Code, details)
	}
}

// watchRequest holds that pages of two sites lead to each other, that each page loads from its own
// site alone, and that none loads a script but those that offer a time zone and tidy the address bar.
func (v *visitor) watchRequest(e *network.EventRequestWillBeSent) {
	origin := siteOf(e.Request.URL)
	switch {
	case origin != v.place.app && origin != v.place.sim:
		v.fault("%s was asked for, on a site of somebody else", e.Request.URL)
	case e.Type != network.ResourceTypeDocument && origin != siteOf(e.DocumentURL):
		v.fault("%s was asked for by a page of the other site", e.Request.URL)
	case e.Type == network.ResourceTypeScript && !strings.HasPrefix(e.Request.URL, v.place.app+"/static/zone.") &&
		!strings.HasPrefix(e.Request.URL, v.place.app+"/static/address."):
		v.fault("%s was asked for, a script", e.Request.URL)
	}
}

func siteOf(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return address
	}
	return u.Scheme + "://" + u.Host
}

func (v *visitor) fault(format string, args ...any) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.faults = append(v.faults, fmt.Sprintf(format, args...))
}

// taken returns the faults that were noted since the last time.
func (v *visitor) taken() []string {
	v.mu.Lock()
	defer v.mu.Unlock()
	faults := v.faults
	v.faults = nil
	return faults
}

// complain fails the test for every fault that was noted since the last time.
func (v *visitor) complain() {
	v.t.Helper()
	for _, fault := range v.taken() {
		v.t.Error(fault)
	}
}

// do runs what must succeed.
func (v *visitor) do(steps ...chromedp.Action[chromedp.Void]) {
	v.t.Helper()
	ctx, cancel := context.WithTimeout(v.ctx, stepWithin)
	defer cancel()
	if err := chromedp.Do(ctx, steps...); err != nil {
		v.t.Fatalf("%v, on the page %s", err, v.where())
	}
}

// ask evaluates a JavaScript expression in the visitor's tab; a promise is waited for.
func ask[T any](v *visitor, expression string) T {
	v.t.Helper()
	ctx, cancel := context.WithTimeout(v.ctx, stepWithin)
	defer cancel()
	answer, err := chromedp.Run(ctx, chromedp.Evaluate[T](expression, chromedp.EvalAwaitPromise))
	if err != nil {
		v.t.Fatalf("%v, on the page %s", err, v.where())
	}
	return answer
}

// arrive does what leads to another page, waits until that has loaded, and returns its status.
func (v *visitor) arrive(steps ...chromedp.Action[chromedp.Void]) int64 {
	v.t.Helper()
	ctx, cancel := context.WithTimeout(v.ctx, stepWithin)
	defer cancel()
	res, err := chromedp.RunResponse(ctx, steps...)
	if err != nil {
		v.t.Fatalf("%v, on the page %s", err, v.where())
	}
	return res.Status
}

// where is the address of the page and its text, for messages.
func (v *visitor) where() string {
	ctx, cancel := context.WithTimeout(v.ctx, stepWithin)
	defer cancel()
	page, err := chromedp.Run(ctx, chromedp.Evaluate[string](`location.origin + location.pathname + "\n" + document.body.innerText`))
	if err != nil {
		return "that does not answer"
	}
	return page
}

// open goes to an address.
func (v *visitor) open(address string) int64 {
	v.t.Helper()
	return v.arrive(chromedp.Navigate(address))
}

// press presses the link or button with this text, by finger or by mouse, and waits for the page
// to which it leads.
func (v *visitor) press(text string) int64 {
	v.t.Helper()
	return v.arrive(v.touch(fmt.Sprintf(`//*[self::a or self::button][normalize-space()=%q]`, text)))
}

// choose presses the label that has this text in it.
func (v *visitor) choose(text string) {
	v.t.Helper()
	v.do(v.touch(fmt.Sprintf(`//label[contains(., %q)]`, text)))
}

func (v *visitor) touch(xpath string) chromedp.Action[chromedp.Void] {
	if v.holds.touch {
		return chromedp.Tap(xpath)
	}
	return chromedp.Click(xpath)
}

// reads holds with which status the visitor arrived, where she is, and what she reads there.
func (v *visitor) reads(status, want int64, path string, texts ...string) {
	v.t.Helper()
	if status != want {
		v.t.Errorf("status %d, want %d", status, want)
	}
	here := v.where()
	address, _, _ := strings.Cut(here, "\n")
	u, err := url.Parse(address)
	must(v.t, err)
	missing := slices.DeleteFunc(texts, func(text string) bool { return strings.Contains(here, text) })
	if u.Path != path || len(missing) > 0 {
		v.t.Errorf("want the path %s and the texts %q, on the page %s", path, missing, here)
	}
}
