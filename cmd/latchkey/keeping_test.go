package main

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"latchkey/api"
	"latchkey/igsim"
	"latchkey/internal/clock"
	"latchkey/internal/config"
)

// moving puts the rig on a clock that the test moves, the simulator's too.
func (h *rig) moving() (ahead func(time.Duration)) {
	h.t.Helper()
	path := filepath.Join(h.dir, "clock")
	h.environ["LATCHKEY_TEST_CLOCK"] = path
	h.sim.Follow(clock.FromFile(path))
	var offset time.Duration
	return func(d time.Duration) {
		h.t.Helper()
		offset += d
		written := path + ".new"
		if err := os.WriteFile(written, fmt.Append(nil, offset.Seconds()), 0o600); err != nil {
			h.t.Fatal(err)
		}
		if err := os.Rename(written, path); err != nil {
			h.t.Fatal(err)
		}
	}
}

func (h *rig) shown(id string) api.ConnectionWithEvents {
	h.t.Helper()
	var c api.ConnectionWithEvents
	if err := json.Unmarshal([]byte(h.ok("connections", "show", id, "--json")), &c); err != nil {
		h.t.Fatal(err)
	}
	return c
}

// history returns the kinds of the events, the newest first.
func history(c api.ConnectionWithEvents) string {
	var kinds []string
	for _, e := range c.Events {
		kinds = append(kinds, e.Kind)
	}
	return strings.Join(kinds, " ")
}

// TestServeKeepsTokens is a connection's life beside a running server: refreshed when it is due, asked
// for on demand, lost by its owner, and told.
func TestServeKeepsTokens(t *testing.T) {
	t.Parallel()
	h := newRig(t)
	ahead := h.moving()
	h.environ["LATCHKEY_METRICS_ADDR"] = freeAddr(t)
	s := h.serve()
	s.login(s.browser(), igsim.Decision{Persona: "studio_north"})
	id := h.id()

	if status, _, stderr := h.command("connections", "refresh", id); status != 1 || !strings.Contains(stderr, "24 hours") {
		t.Errorf("a fresh token: status %d, %s", status, stderr)
	}
	if status, _, stderr := h.command("connections", "refresh", "17"); status != 1 || !strings.Contains(stderr, "no connection") {
		t.Errorf("an unknown id: status %d, %s", status, stderr)
	}

	ahead(8 * 24 * time.Hour)
	if !s.stderr.says(`"msg":"refreshed"`, s.ended) {
		t.Fatal("the server ended")
	}
	c := h.shown(id)
	if c.RefreshedAt.IsZero() || c.NextRefreshAt.IsZero() || c.Status != "active" {
		t.Errorf("became %+v", c)
	}
	ahead(2 * 24 * time.Hour)
	if out := h.ok("connections", "refresh", id); !strings.Contains(out, "safe until") {
		t.Errorf("on demand: %s", out)
	}
	if got := history(h.shown(id)); got != "refreshed refreshed refresh_skipped connected" {
		t.Errorf("history %s", got)
	}

	if err := h.sim.ChangePassword("studio_north"); err != nil {
		t.Fatal(err)
	}
	ahead(8 * 24 * time.Hour)
	if !s.stderr.says("a token was not refreshed", s.ended) {
		t.Fatal("the server ended")
	}
	ahead(10 * time.Minute)
	if !s.stderr.says("a connection needs its owner", s.ended) {
		t.Fatal("the server ended")
	}
	if c := h.shown(id); c.Status != "reconnect" || !strings.Contains(c.StatusReason, "password") {
		t.Errorf("became %s, %q", c.Status, c.StatusReason)
	}
	if table := h.ok("connections"); !strings.Contains(table, "reconnect") || !strings.Contains(table, "password") {
		t.Errorf("the list says\n%s", table)
	}

	res, err := http.Get("http://" + h.environ["LATCHKEY_METRICS_ADDR"] + "/metrics")
	_, body := s.read(res, err)
	for _, line := range []string{
		`latchkey_connections{status="reconnect"} 1`, `latchkey_refresh_total{outcome="refreshed"} 1`,
		`latchkey_refresh_total{outcome="reconnect"} 2`, `latchkey_login_total{outcome="connected"} 1`,
		`latchkey_alarm{kind="app"} 0`, fmt.Sprintf(`latchkey_build_info{goversion="%s",version="%s"} 1`, runtime.Version(), version()),
	} {
		if !strings.Contains(body, line+"\n") {
			t.Errorf("the metrics lack %s", line)
		}
	}

	link := strings.TrimSpace(h.ok("connections", "link", id, "--public-url", s.base))
	owner := s.browser()
	if res, page := s.get(owner, link); res.StatusCode != http.StatusOK || !strings.Contains(page, "studio_north") {
		t.Fatalf("the link answers %s\n%s", res.Status, page)
	}
	res, _ = s.get(owner, link+"/login")
	to, err := h.sim.Approve(res.Header.Get("Location"), igsim.Decision{Persona: "studio_north"})
	if err != nil {
		t.Fatal(err)
	}
	if res, _ := s.get(owner, to); res.Request.URL.Path != "/" {
		t.Errorf("the login ended at %s", res.Request.URL.Path)
	}
	if c := h.shown(id); c.Status != "active" || c.StatusReason != "" {
		t.Errorf("became %s, %q", c.Status, c.StatusReason)
	}
	if res, _ := s.get(owner, link); res.StatusCode == http.StatusOK {
		t.Error("the link works again")
	}
	if status := s.stop(); status != 0 {
		t.Errorf("status %d\n%s", status, s.stderr)
	}
}

// TestServeKeepsHistoryAsLongAsSet holds that LATCHKEY_KEEP_EVENTS reaches who removes what is older.
func TestServeKeepsHistoryAsLongAsSet(t *testing.T) {
	t.Parallel()
	h := newRig(t)
	h.environ["LATCHKEY_KEEP_EVENTS"] = "2d"
	e := h.env(nil, io.Discard, io.Discard)
	c, err := config.Load(config.Sources{Environ: e.environ})
	must(t, err)
	s, err := start(t.Context(), e, c, h.sim.Now)
	must(t, err)
	_, stop := untilStopped(t.Context())
	defer s.close(stop)
	if got := s.notifier.KeepEvents; got != 48*time.Hour {
		t.Errorf("the history is kept for %v", got)
	}
}
