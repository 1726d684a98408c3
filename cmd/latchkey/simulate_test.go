package main

import (
	"encoding/json"
	"net/http"
	"net/smtp"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"latchkey/igsim"
)

// TestSimulate starts the simulator as its own command, on a clock that a file moves. A mail that is sent as it says
// lands in the mail box.
func TestSimulate(t *testing.T) {
	t.Parallel()
	h := newRig(t)
	offset := filepath.Join(h.dir, "clock")
	must(t, os.WriteFile(offset, []byte("864000"), 0o600))
	h.environ["LATCHKEY_TEST_CLOCK"] = offset
	addr, mails := freeAddr(t), freeAddr(t)
	p := h.start("simulate", "--addr", addr, "--mail-addr", mails)
	for _, want := range []string{"LATCHKEY_INSTAGRAM_GRAPH_URL=http://" + addr + "\n", "LATCHKEY_SMTP_URL=smtp://" + mails + "\n"} {
		if !p.stdout.says(want, p.ended) {
			t.Fatalf("it does not say what a server needs:\n%s%s", p.stdout, p.stderr)
		}
	}
	must(t, smtp.SendMail(mails, nil, "a@example.com", []string{"b@example.com"}, []byte("Subject: Hello\r\n\r\nx\r\n")))
	box, err := http.Get("http://" + addr + "/_sim/mails")
	must(t, err)
	defer box.Body.Close()
	var kept struct{ Mails []igsim.Mail }
	must(t, json.NewDecoder(box.Body).Decode(&kept))
	if len(kept.Mails) != 1 || kept.Mails[0].Subject != "Hello" || time.Until(kept.Mails[0].At) < 9*24*time.Hour {
		t.Errorf("the mail box has %+v", kept.Mails)
	}
	state, err := http.Get("http://" + addr + "/_sim/state")
	must(t, err)
	state.Body.Close()
	date, err := http.ParseTime(state.Header.Get("Date"))
	if ahead := time.Until(date); err != nil || ahead < 9*24*time.Hour {
		t.Errorf("the simulator is %v ahead, %v; want ten days", ahead, err)
	}
	if status := p.stop(); status != 0 {
		t.Errorf("ended with status %d: %s", status, p.stderr)
	}
}

// TestDemo starts the demo and moves its time.
func TestDemo(t *testing.T) {
	t.Parallel()
	h := newRig(t)
	sim, app := freeAddr(t), freeAddr(t)
	p := h.start("demo", "--addr", app, "--sim-addr", sim, "--data", filepath.Join(h.dir, "demo"))
	if !p.stderr.says("listening", p.ended) {
		t.Fatalf("the demo ended:\n%s", p.stderr)
	}
	res, err := http.Post("http://"+sim+"/_sim/clock", "application/json", strings.NewReader(`{"advance_seconds": 86400}`))
	must(t, err)
	defer res.Body.Close()
	var answer map[string]any
	if err := json.NewDecoder(res.Body).Decode(&answer); err != nil || res.StatusCode != http.StatusOK {
		t.Errorf("moving the clock: %s, %v", res.Status, err)
	}
	if status := p.stop(); status != 0 {
		t.Errorf("ended with status %d: %s", status, p.stderr)
	}
	for _, name := range []string{"latchkey.db", "latchkey.db.keyring"} {
		if _, err := os.Stat(filepath.Join(h.dir, "demo", name)); err != nil {
			t.Error(err)
		}
	}
}
