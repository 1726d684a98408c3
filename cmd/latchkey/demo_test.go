package main

import (
	"bytes"
	"encoding/json"
	"net/http"
	"net/url"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
)

// printedConfig is the settings file in the command line that a demo prints.
var printedConfig = regexp.MustCompile(` connections --config '(.+)'`)

// TestDemoAndCommandsLiveInOneTime runs the command line that the demo prints, after a jump, and after
// another start on the same data.
func TestDemoAndCommandsLiveInOneTime(t *testing.T) {
	t.Parallel()
	h := newRig(t)
	h.environ = map[string]string{}
	data := filepath.Join(h.dir, "a demo's \"data\"")
	app, sim := freeAddr(t), freeAddr(t)
	_, at, _ := strings.Cut(app, ":")
	s := &running{h: h, base: "http://localhost:" + at}
	demo := func() string {
		s.program = h.start("demo", "--addr", app, "--sim-addr", sim, "--data", data)
		if !s.stderr.says("listening", s.ended) || !s.stdout.says("Ctrl-C", s.ended) {
			t.Fatalf("the demo ended:\n%s", s.stderr)
		}
		printed := printedConfig.FindStringSubmatch(s.stdout.String())
		if printed == nil {
			t.Fatalf("the demo prints no command:\n%s", s.stdout)
		}
		return strings.ReplaceAll(printed[1], `'\''`, `'`)
	}
	settings := demo()
	owner := s.browser()
	res, _ := s.get(owner, s.base+"/login")
	s.get(owner, consent(t, res.Header.Get("Location"), "studio_north"))
	if list := h.ok("connections", "--config", settings); !strings.Contains(list, "60 days") {
		t.Errorf("before the jump the list is\n%s", list)
	}

	res, err := http.Post("http://"+sim+"/_sim/clock", "application/json", strings.NewReader(`{"advance_seconds": 3456000}`))
	s.read(res, err)
	later := time.Now().Add(40 * 24 * time.Hour)
	link := strings.TrimSpace(h.ok("connections", "link", "studio_north", "--config", settings))
	if res, page := s.get(s.browser(), link); res.StatusCode != http.StatusOK || !strings.Contains(page, "studio_north") {
		t.Errorf("the link of a command answers %s", res.Status)
	}
	h.ok("connections", "refresh", "studio_north", "--config", settings)
	if shown := h.ok("connections", "show", "studio_north", "--config", settings); !strings.Contains(shown, later.Add(60*24*time.Hour).UTC().Format("2006-01-02")) {
		t.Errorf("after a refresh on that day it is\n%s", shown)
	}
	status, out, _ := h.command("doctor", "--config", settings)
	for _, want := range []string{"it stands at " + later.UTC().Format("2006-01-02"), "ok       last sweep", "ok       connections", "ok       public address"} {
		if status != 0 || !strings.Contains(out, want) {
			t.Errorf("doctor ends with %d and does not say %q:\n%s", status, want, out)
		}
	}

	s.stop()
	demo()
	if out := h.ok("doctor", "--config", settings); !strings.Contains(out, "it stands at "+later.UTC().Format("2006-01-02")) || !strings.Contains(out, "ok       last sweep") {
		t.Errorf("after another start doctor says\n%s", out)
	}
}

// consent presses "allow" on the consent page of a simulator, and returns where that leads.
func consent(t *testing.T, authorize, persona string) string {
	t.Helper()
	u, err := url.Parse(authorize)
	must(t, err)
	order, err := json.Marshal(map[string]string{"authorize_url": authorize, "persona": persona})
	must(t, err)
	res, err := http.Post(u.Scheme+"://"+u.Host+"/_sim/approve", "application/json", bytes.NewReader(order))
	must(t, err)
	defer res.Body.Close()
	var answer map[string]string
	must(t, json.NewDecoder(res.Body).Decode(&answer))
	return answer["callback_url"]
}
