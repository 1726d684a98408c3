package main

import (
	"context"
	"encoding/json"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// TestSimulate starts the simulator as its own command, on a clock that a file moves.
func TestSimulate(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	offset := filepath.Join(h.dir, "clock")
	must(t, os.WriteFile(offset, []byte("864000"), 0o600))
	h.environ["LATCHKEY_TEST_CLOCK"] = offset
	addr := freeAddr(t)
	var out, errs output
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan int, 1)
	go func() { ended <- run(ctx, h.env([]string{"simulate", "--addr", addr}, &out, &errs)) }()
	state := waitFor(t, "http://"+addr+"/_sim/state")
	if !strings.Contains(out.String(), "LATCHKEY_INSTAGRAM_GRAPH_URL=http://"+addr) {
		t.Errorf("it does not say what a server needs:\n%s", out.String())
	}
	date, err := http.ParseTime(state.Header.Get("Date"))
	if ahead := time.Until(date); err != nil || ahead < 9*24*time.Hour {
		t.Errorf("the simulator is %v ahead, %v; want ten days", ahead, err)
	}
	cancel()
	if status := <-ended; status != 0 {
		t.Errorf("ended with status %d: %s", status, errs.String())
	}
}

// TestDemo starts the demo and moves its time.
func TestDemo(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	sim, app := freeAddr(t), freeAddr(t)
	var out, errs output
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan int, 1)
	go func() {
		ended <- run(ctx, h.env([]string{"demo", "--addr", app, "--sim-addr", sim, "--data", filepath.Join(h.dir, "demo")}, &out, &errs))
	}()
	waitFor(t, "http://"+app+"/readyz")
	res, err := http.Post("http://"+sim+"/_sim/clock", "application/json", strings.NewReader(`{"advance_seconds": 86400}`))
	must(t, err)
	defer res.Body.Close()
	var answer map[string]any
	if err := json.NewDecoder(res.Body).Decode(&answer); err != nil || res.StatusCode != http.StatusOK {
		t.Errorf("moving the clock: %s, %v", res.Status, err)
	}
	cancel()
	if status := <-ended; status != 0 {
		t.Errorf("ended with status %d: %s", status, errs.String())
	}
	for _, name := range []string{"latchkey.db", "latchkey.db.keyring"} {
		if _, err := os.Stat(filepath.Join(h.dir, "demo", name)); err != nil {
			t.Error(err)
		}
	}
}

// waitFor asks until there is an answer.
func waitFor(t *testing.T, address string) *http.Response {
	t.Helper()
	for range 1000 {
		if res, err := http.Get(address); err == nil {
			res.Body.Close()
			return res
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Fatalf("no answer from %s", address)
	return nil
}
