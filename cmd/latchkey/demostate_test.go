package main

import (
	"encoding/json"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"latchkey/api"
	"latchkey/igsim"
	"latchkey/internal/config"
)

// connections are those of the demo, as the command line lists them.
func (d *demoRig) connections(data string) (list []api.Connection) {
	d.h.t.Helper()
	must(d.h.t, json.Unmarshal([]byte(d.h.ok("connections", "list", "--json", "--config", settingsIn(data))), &list))
	return list
}

// TestDemoOutlivesItsProcess ends a demo with a folder of its own, and holds that the Instagram of the next one knows
// the tokens, the troubles and the mails of before.
func TestDemoOutlivesItsProcess(t *testing.T) {
	t.Parallel()
	h := newRig(t)
	h.environ = map[string]string{}
	data := filepath.Join(h.dir, "data")
	d := startDemoOn(h, data)
	owner := d.browser()
	res, _ := d.get(owner, d.base+"/login")
	d.get(owner, consent(t, res.Header.Get("Location"), "studio_north"))
	res, err := owner.PostForm(d.base+"/account/mail", map[string][]string{"address": {"north@example.com"}})
	d.read(res, err)
	before := d.mails()
	if len(before) != 1 {
		t.Fatalf("the mail box has %+v", before)
	}
	d.stop()
	if settings, err := config.Load(config.Sources{File: settingsIn(data)}, config.ForServe()...); err != nil || "http://"+settings.Addr != d.base {
		t.Errorf("its settings name the address %q, %v, want that of %s", settings.Addr, err, d.base)
	}

	d = startDemoOn(h, data)
	if got := d.mails(); len(got) != 1 || got[0].Text != before[0].Text {
		t.Errorf("after another start the mail box has %+v", got)
	}
	d.weekPasses()
	d.weekPasses()
	if list := d.connections(data); len(list) != 1 || list[0].Status != "active" || list[0].RefreshedAt == (api.Time{}) {
		t.Errorf("two weeks after another start there is %+v", list)
	}
}

// TestFolderOfAnotherDemo starts a demo on a folder that is in use, and on one whose simulator cannot be read. Both are
// told, and nothing is touched.
func TestFolderOfAnotherDemo(t *testing.T) {
	t.Parallel()
	h := newRig(t)
	h.environ = map[string]string{}
	data := filepath.Join(h.dir, "data")
	d := startDemoOn(h, data)
	settings, err := os.ReadFile(settingsIn(data))
	must(t, err)
	second := func(wants ...string) {
		t.Helper()
		status, _, stderr := h.command("demo", "--addr", freeAddr(t), "--sim-addr", freeAddr(t), "--data", data)
		for _, want := range wants {
			if status != 1 || !strings.Contains(stderr, want) {
				t.Errorf("status %d, and it does not say %q: %s", status, want, stderr)
			}
		}
		if now, err := os.ReadFile(settingsIn(data)); err != nil || string(now) != string(settings) {
			t.Errorf("the settings of the first are now\n%s", now)
		}
	}
	second("--data", data+" is used by another demo, at "+d.base+";", "another folder")
	d.stop()
	known := filepath.Join(data, "instagram.json")
	must(t, os.WriteFile(known, []byte(`{"version":99}`), 0o600))
	second("--data", known, "version 99", "remove the file")
	if now, err := os.ReadFile(known); err != nil || string(now) != `{"version":99}` {
		t.Errorf("what could not be read is now %s", now)
	}
	must(t, os.Remove(known))
	startDemoOn(h, data)
}

// TestEachTokenAndMailIsSaved holds that what a simulator gave out or took is in the file when the answer goes, so that
// a demo which is killed loses neither.
func TestEachTokenAndMailIsSaved(t *testing.T) {
	t.Parallel()
	sim := igsim.New()
	f := simFile{sim: sim, path: filepath.Join(t.TempDir(), "instagram.json")}
	log := slog.New(slog.DiscardHandler)
	saved := func(what string) bool {
		text, err := os.ReadFile(f.path)
		return err == nil && strings.Contains(string(text), what)
	}
	handler := f.after(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {
		must(t, sim.SetPersona(igsim.Persona{ID: "asked_for"}))
	}), log)
	handler.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest(http.MethodGet, "/", nil))
	if !saved("asked_for") {
		t.Error("what happened in a request is not saved")
	}
	must(t, f.mailbox(log).TakeMail("a@example.com", []string{"b@example.com"}, []byte("Subject: Kept\r\n\r\n")))
	if !saved("Kept") {
		t.Error("a mail is not saved")
	}
}

// TestDemosClock holds that a time that cannot be read is not begun anew.
func TestDemosClock(t *testing.T) {
	t.Parallel()
	for text, ok := range map[string]bool{"86400\n": true, "-5": true, "": false, "rubbish": false, "1.5": false} {
		hand := clockHand{sim: igsim.New(), path: filepath.Join(t.TempDir(), "clock")}
		must(t, hand.resume()) // none yet
		must(t, os.WriteFile(hand.path, []byte(text), 0o600))
		if err := hand.resume(); (err == nil) != ok || err != nil && !strings.Contains(err.Error(), "--data: "+hand.path) {
			t.Errorf("%q: %v", text, err)
		}
		if ok && text == "86400\n" && time.Until(hand.sim.Now()) < 23*time.Hour {
			t.Errorf("the time is %v", hand.sim.Now())
		}
	}
}

// TestShellWord has a shell read each word.
func TestShellWord(t *testing.T) {
	t.Parallel()
	for _, word := range []string{"plain", "a b", "it's", `"$HOME"`, "`id` $(id) \\ *"} {
		out, err := exec.CommandContext(t.Context(), "sh", "-c", "printf %s "+shellWord(word)).Output()
		if err != nil || string(out) != word {
			t.Errorf("%q is read as %q, %v", word, out, err)
		}
	}
}

// TestTyped holds that what the demo tells people to type is found by their shell.
func TestTyped(t *testing.T) {
	t.Parallel()
	mine, err := os.Executable()
	must(t, err)
	empty, other, same := t.TempDir(), t.TempDir(), t.TempDir()
	must(t, os.WriteFile(filepath.Join(other, "latchkey"), nil, 0o700))
	must(t, os.Symlink(mine, filepath.Join(same, "latchkey")))
	for path, want := range map[string]string{
		"":                               "'" + mine + "'",
		empty:                            "'" + mine + "'",
		other + ":" + same:               "'" + mine + "'",
		empty + ":" + same + ":" + other: "latchkey",
	} {
		if got := typed(env{environ: []string{"PATH=" + path}}); got != want {
			t.Errorf("with PATH %q it is %s, want %s", path, got, want)
		}
	}
}

// TestReplaceFile holds that a file is there whole or not at all, for its user alone.
func TestReplaceFile(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "file")
	for _, text := range []string{"long before", "short"} {
		must(t, replaceFile(path, []byte(text)))
		info, err := os.Stat(path)
		must(t, err)
		if got, err := os.ReadFile(path); err != nil || string(got) != text || info.Mode().Perm() != 0o600 {
			t.Errorf("%q, %v, %v", got, err, info.Mode())
		}
	}
	if err := replaceFile(filepath.Join(path, "within"), nil); err == nil {
		t.Error("written within a file")
	}
}
