package igsim_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"latchkey/igsim"
)

const step = 6 * hour

func TestJumpInSteps(t *testing.T) {
	t.Parallel()
	r := setup(t)
	token := r.long("studio_north")
	begin, last := r.sim.Now(), r.sim.Now()
	steps := 0
	r.sim.InSteps(step, func() {
		steps++
		if now := r.sim.Now(); now.Sub(last) > step+hour/2 {
			t.Errorf("step %d is %v long", steps, now.Sub(last))
		}
		last = r.sim.Now()
		if got := r.get("/me", "access_token", token); got.status != 200 { // what lives on the clock calls meanwhile
			t.Errorf("step %d: a call was answered with %d", steps, got.status)
		}
	})
	got := r.post("/_sim/clock", "", `{"advance_seconds": 90000}`) // 25 hours
	now, err := time.Parse(time.RFC3339Nano, got.at("now").(string))
	if err != nil || now.Before(begin.Add(25*hour)) || now.After(begin.Add(26*hour)) {
		t.Errorf("%s, %v", got.text, err)
	}
	if steps != 5 {
		t.Errorf("%d steps, want four of six hours and one of an hour", steps)
	}
	if got := r.press(r.server.URL+"/_sim/clock", url.Values{"advance_seconds": {"86400"}, "back": {"/x"}}); got.status != http.StatusSeeOther || got.header.Get("Location") != "/x" || steps != 9 {
		t.Errorf("the form: %d to %q after %d steps", got.status, got.header.Get("Location"), steps)
	}
}

// TestJumpsThatAreNoWalk holds that only what the pages and advance_seconds order goes in steps.
func TestJumpsThatAreNoWalk(t *testing.T) {
	t.Parallel()
	r := setup(t)
	steps := 0
	r.sim.InSteps(step, func() { steps++ })
	r.sim.Advance(48 * hour)
	r.sim.Set(r.sim.Now().Add(48 * hour))
	for _, body := range []string{`{"set": "2030-01-02T03:04:05Z"}`, `{"advance_seconds": 0}`, `{"advance_seconds": -86400}`, `{"advance_seconds": 99999999999}`} {
		r.post("/_sim/clock", "", body)
	}
	if steps != 0 {
		t.Errorf("%d steps", steps)
	}
}

// TestJumpOutlastsTheWriteTimeout has a server whose time to answer is over before it begins.
func TestJumpOutlastsTheWriteTimeout(t *testing.T) {
	t.Parallel()
	sim := igsim.New()
	sim.InSteps(step, func() {})
	server := httptest.NewUnstartedServer(sim)
	server.Config.WriteTimeout = time.Nanosecond
	server.Start()
	t.Cleanup(server.Close)
	r := &rig{t, sim, server, server.Client()}
	if got := r.post("/_sim/clock", "", `{"advance_seconds": 86400}`); got.at("now") == nil {
		t.Error(got.text)
	}
}

// order is a jump as a client orders it, without a network.
func order(ctx context.Context, kind, body string) *http.Request {
	req := httptest.NewRequestWithContext(ctx, http.MethodPost, "/_sim/clock", strings.NewReader(body))
	req.Header.Set("Content-Type", kind)
	return req
}

func TestTwoJumpsRunOneAfterTheOther(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		sim := igsim.New()
		begin := sim.Now()
		var inHand, steps atomic.Int64
		sim.InSteps(step, func() {
			if inHand.Add(1) > 1 {
				t.Error("two jumps run at once")
			}
			time.Sleep(time.Second)
			steps.Add(1)
			inHand.Add(-1)
		})
		for range 2 {
			go func() {
				sim.ServeHTTP(httptest.NewRecorder(), order(t.Context(), "application/json", `{"advance_seconds": 86400}`))
			}()
		}
		time.Sleep(time.Minute)
		synctest.Wait()
		if gone := sim.Now().Sub(begin); steps.Load() != 8 || gone != 48*hour+time.Minute {
			t.Errorf("%d steps, %v", steps.Load(), gone)
		}
	})
}

func TestWaitingJumpIsGivenUpWithItsClient(t *testing.T) {
	t.Parallel()
	sim := igsim.New()
	steps := 0
	sim.InSteps(step, func() {
		if steps++; steps > 1 {
			return
		}
		gone, leave := context.WithCancel(t.Context())
		leave()
		w := httptest.NewRecorder()
		sim.ServeHTTP(w, order(gone, "application/json", `{"advance_seconds": 86400}`))
		if w.Code != http.StatusBadRequest {
			t.Errorf("answered with %d", w.Code)
		}
	})
	sim.ServeHTTP(httptest.NewRecorder(), order(t.Context(), "application/json", `{"advance_seconds": 86400}`))
	if steps != 4 {
		t.Errorf("%d steps, want the 4 of one jump", steps)
	}
}

func TestJumpGoesToItsEndWithoutItsClient(t *testing.T) {
	t.Parallel()
	for _, kind := range []string{"application/json", "application/x-www-form-urlencoded"} {
		sim := igsim.New()
		ctx, leave := context.WithCancel(t.Context())
		steps := 0
		sim.InSteps(step, func() { steps++; leave() })
		body := `{"advance_seconds": 86400}`
		if kind != "application/json" {
			body = "advance_seconds=86400"
		}
		sim.ServeHTTP(httptest.NewRecorder(), order(ctx, kind, body))
		if steps != 4 {
			t.Errorf("%s: %d steps, want 4", kind, steps)
		}
	}
}

// TestLongJumpShowsItsWay moves a month in steps that take an hour each.
func TestLongJumpShowsItsWay(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		sim := igsim.New()
		sim.InSteps(step, func() { time.Sleep(hour) })
		w := httptest.NewRecorder()
		form := url.Values{"advance_seconds": {"2592000"}, "back": {`/oauth/authorize?state="><b>&x=1`}}
		sim.ServeHTTP(w, order(t.Context(), "application/x-www-form-urlencoded", form.Encode()))
		page := w.Body.String()
		if w.Code != http.StatusOK || !w.Flushed || w.Header().Get("Content-Type") != "text/html; charset=utf-8" || w.Header().Get("Content-Security-Policy") == "" {
			t.Errorf("%d, flushed: %v, %v", w.Code, w.Flushed, w.Header())
		}
		if lines := strings.Count(page, "on the way to"); lines != 119 {
			t.Errorf("%d lines about 120 steps, want one about each but the last", lines)
		}
		for _, want := range []string{
			"<title>Time moves</title>", fmt.Sprintf("There: %s", sim.Now().UTC().Format("Mon 2 Jan 2006, 15:04 UTC")),
			`href="/oauth/authorize?state=%22%3e%3cb%3e&amp;x=1"`, "</html>",
		} {
			if !strings.Contains(page, want) {
				t.Errorf("the page does not have %q", want)
			}
		}
		if strings.Count(page, "<html") != 1 || strings.Contains(page, "<b>&") {
			t.Error("the page is not one page")
		}
	})
}
