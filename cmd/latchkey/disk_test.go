package main

import (
	"database/sql"
	"errors"
	"fmt"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

	"latchkey/igsim"
	"latchkey/internal/config"
	"latchkey/internal/disk/disktest"
	"latchkey/internal/store"
)

// onSmallDisk moves a rig that was not used yet to a disk of its own.
func (h *rig) onSmallDisk() {
	h.t.Helper()
	h.dir = disktest.Mount(h.t, "size=4m")
	h.environ["LATCHKEY_STORE"] = "sqlite:" + h.path("latchkey.db")
}

// TestFullDisk fills the disk under a server. Everything says so, and what to do; the doctor works and does
// not say that a server is to be started; with room again all is well by itself.
func TestFullDisk(t *testing.T) {
	t.Parallel()
	h := newRig(t)
	h.onSmallDisk()
	h.environ["LATCHKEY_METRICS_ADDR"] = freeAddr(t)
	s := h.serve()
	b := s.browser()
	s.login(b, igsim.Decision{Persona: "studio_north"})
	empty := disktest.Fill(t, h.dir)

	s.answers("/readyz", http.StatusServiceUnavailable, "there is no room left for it")
	if res, page := s.login(b, igsim.Decision{Persona: "studio_north"}); res.StatusCode != http.StatusServiceUnavailable || !strings.Contains(page, "We cannot write to our own records.") {
		t.Errorf("a login: %s\n%s", res.Status, page)
	}
	_, scraped := s.get(b, "http://"+h.environ["LATCHKEY_METRICS_ADDR"]+"/metrics")
	for _, series := range []string{"latchkey_store_up 0", `latchkey_alarm{kind="store"} 1`, `latchkey_disk_free_bytes{folder="store"} 0`, `latchkey_disk_free_bytes{folder="spill"} 0`} {
		if !strings.Contains(scraped, "\n"+series+"\n") {
			t.Errorf("no series %s", series)
		}
	}
	if !s.stderr.says("there is no room for it", s.ended) {
		t.Error("the log does not say so")
	}
	_, x := h.doctor()
	for name, says := range map[string]string{"disk": "no space left on the disk of " + h.dir, "readiness": "there is no room left", "spill_folder": "no space left"} {
		if got := x.of(t, name); got.Status != statusFail || !strings.Contains(got.Message, says) || got.Cure == "" {
			t.Errorf("%+v, want %q", got, says)
		}
	}
	for _, c := range x.Checks {
		if strings.Contains(c.Cure, "start the server") {
			t.Errorf("a server runs: %+v", c)
		}
	}

	empty()
	s.answers("/readyz", http.StatusOK, "ready")
	if res, _ := s.login(s.browser(), igsim.Decision{Persona: "forgetful_fern"}); res.StatusCode != http.StatusOK {
		t.Errorf("a login with room again: %s", res.Status)
	}
}

// answers waits until a path is answered so: what a probe hears may be two seconds old.
func (r *running) answers(path string, status int, says string) {
	r.h.t.Helper()
	for until := time.Now().Add(20 * time.Second); ; {
		res, body := r.get(http.DefaultClient, r.base+path)
		if res.StatusCode == status && strings.Contains(body, says) {
			return
		}
		if time.Now().After(until) {
			r.h.t.Fatalf("%s is answered with %s %q, want %d with %q", path, res.Status, body, status, says)
		}
	}
}

// TestStartOnABadDisk holds that a start which cannot write its files says which and why, in one line, with
// a cure.
func TestStartOnABadDisk(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name  string
		spoil func(h *rig)
		parts []string
	}{
		{"a full disk", func(h *rig) { disktest.Fill(h.t, h.dir) }, []string{"no space left on the disk of ", "df -h "}},
		{"a read-only disk", func(h *rig) { disktest.Remount(h.t, h.dir, "ro") }, []string{"is read-only", "ReadWritePaths="}},
		{"a folder that is missing", func(h *rig) {
			h.environ["LATCHKEY_STORE"] = "sqlite:" + h.path("a/latchkey.db")
		}, []string{"LATCHKEY_STORE", "the folder of ", "is missing", "mkdir -p "}},
		{"a keyring nowhere", func(h *rig) {
			h.environ["LATCHKEY_KEYRING_FILE"] = h.path("a/keyring")
		}, []string{"LATCHKEY_KEYRING_FILE", "the folder of ", "is missing", "mkdir -p "}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			h := newRig(t)
			h.onSmallDisk()
			tt.spoil(h)
			status, _, stderr := h.command("serve")
			if status != 1 || strings.Count(stderr, "\n") != 1 {
				t.Errorf("status %d, %s", status, stderr)
			}
			for _, part := range tt.parts {
				if !strings.Contains(stderr, part) {
					t.Errorf("%q does not say %q", stderr, part)
				}
			}
		})
	}
}

// TestDoctorOnABadDisk breaks what a used installation lies on.
func TestDoctorOnABadDisk(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name        string
		breakIt     func(h *rig)
		check       string
		status      status
		says, cures string
	}{
		{"a full disk", func(h *rig) { disktest.Fill(h.t, h.dir) }, "disk", statusFail, "no space left", "df -h "},
		{"a full disk that nobody has open", func(h *rig) { disktest.Fill(h.t, h.dir) }, "store", statusFail, "no space left", "df -h "},
		{"little room", func(*rig) {}, "disk", statusWarn, "MiB are left", "df -h "},
		{"a read-only disk", func(h *rig) { disktest.Remount(h.t, h.dir, "ro") }, "disk", statusFail, "is read-only", "mount it for writing"},
		{"a damaged file", func(h *rig) {
			h.sql("PRAGMA wal_checkpoint(TRUNCATE)")
			f, err := os.OpenFile(h.path("latchkey.db"), os.O_WRONLY, 0)
			must(h.t, err)
			_, err = f.WriteAt(make([]byte, 4000), 100)
			must(h.t, err)
			must(h.t, f.Close())
		}, "store", statusFail, "is damaged", "put a backup in the place of the first"},
		{"another program's lock", func(h *rig) { h.t.Cleanup(h.lock()) }, "store", statusFail, "did not answer within", "fuser -v "},
		{"a spill folder on a disk that is not mounted", func(h *rig) {
			h.environ["LATCHKEY_SPILL_DIR"] = h.path("disk/spill")
		}, "spill_folder", statusFail, "is missing, in which the spill folder is to be made", "mkdir -p "},
		{"answers of another store", func(h *rig) {
			h.spill()
			must(h.t, os.Mkdir(h.path("latchkey.db.spill/other-store"), 0o700))
			must(h.t, os.WriteFile(h.path("latchkey.db.spill/other-store/17-1.spill"), nil, 0o600))
		}, "spill_folder", statusWarn, "1 refreshed token of another store", "LATCHKEY_SPILL_DIR"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			h := newRig(t)
			h.onSmallDisk()
			s := h.serve()
			s.login(s.browser(), igsim.Decision{Persona: "studio_north"})
			s.stop()
			tt.breakIt(h)
			_, x := h.doctor()
			if got := x.of(t, tt.check); got.Status != tt.status || !strings.Contains(got.Message, tt.says) || !strings.Contains(got.Cure, tt.cures) {
				t.Errorf("%+v, want %s with %q and %q", got, tt.status, tt.says, tt.cures)
			}
		})
	}
}

// lock keeps everybody from the store of a rig, until the function that it returns is called.
func (h *rig) lock() (end func()) {
	h.t.Helper()
	db, err := sql.Open("sqlite", h.path("latchkey.db")+"?_pragma=locking_mode(exclusive)")
	must(h.t, err)
	db.SetMaxOpenConns(1)
	for _, statement := range []string{"BEGIN EXCLUSIVE", "UPDATE identity SET name = name"} {
		_, err = db.ExecContext(h.t.Context(), statement)
		must(h.t, err)
	}
	return func() { db.Close() }
}

// TestACommandOnAFullDisk holds that a command which cannot record what it does says why, and what to do.
func TestACommandOnAFullDisk(t *testing.T) {
	t.Parallel()
	h := newRig(t)
	h.onSmallDisk()
	s := h.serve()
	s.login(s.browser(), igsim.Decision{Persona: "studio_north"})
	id := h.id()
	disktest.Fill(t, h.dir)
	status, stdout, stderr := h.command("token", id)
	if status != 1 || stdout != "" || !strings.Contains(stderr, "no room left") && !strings.Contains(stderr, "no space left") ||
		!strings.Contains(stderr, "make room") || strings.Count(stderr, "\n") != 1 {
		t.Errorf("status %d, %q, %s", status, stdout, stderr)
	}
	h.ok("connections") // what is there can be read
}

// TestAdvice holds what is said of each fault of each database, where the database does not say it itself.
func TestAdvice(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		word          error
		sqlite, mongo string
	}{
		{store.ErrFull, "; make room on its disk", "; make room on the disk of the database"},
		{store.ErrReadOnly, "; let this user write it", "the role readWrite"},
		{store.ErrDamaged, "; put a backup in its place", "; see the log of the database"},
		{store.ErrBusy, "fuser -v latchkey.db", "; try again"},
		{store.ErrAway, "; try again", "user and password"},
	} {
		err := fmt.Errorf("put: %w", tt.word)
		for kind, says := range map[config.Kind]string{config.SQLite: tt.sqlite, config.MongoDB: tt.mongo} {
			got := advised(config.Store{Kind: kind, Path: "latchkey.db"}, err)
			if !errors.Is(got, tt.word) || !strings.Contains(got.Error(), says) {
				t.Errorf("%v", got)
			}
			if again := advised(config.Store{Kind: kind}, got); again.Error() != got.Error() {
				t.Errorf("advised twice: %v", again)
			}
		}
	}
}

// TestSpillFolderOnADiskThatIsNotMounted holds that a start warns of it, and goes on.
func TestSpillFolderOnADiskThatIsNotMounted(t *testing.T) {
	t.Parallel()
	h := newRig(t)
	h.environ["LATCHKEY_SPILL_DIR"] = h.path("disk/spill")
	s := h.serve()
	if log := s.stderr.String(); !strings.Contains(log, "LATCHKEY_SPILL_DIR") || !strings.Contains(log, "mkdir -p "+h.path("disk")) {
		t.Errorf("the log: %s", log)
	}
}
