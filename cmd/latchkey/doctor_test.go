package main

import (
	"database/sql"
	"encoding/json"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"latchkey/igsim"
	"latchkey/internal/config"
	"latchkey/internal/mail/mailtest"
	"latchkey/internal/seal"
	"latchkey/internal/store"
	"latchkey/internal/store/sqlite"
)

// examination is what doctor --json prints.
type examination struct {
	OK     bool    `json:"ok"`
	Checks []check `json:"checks"`
}

// doctor runs doctor --json in a rig.
func (h *rig) doctor() (status int, x examination) {
	h.t.Helper()
	status, stdout, stderr := h.command("doctor", "--json")
	d := json.NewDecoder(strings.NewReader(stdout))
	d.DisallowUnknownFields()
	if err := d.Decode(&x); err != nil {
		h.t.Fatalf("status %d, %v\nstdout: %s\nstderr: %s", status, err, stdout, stderr)
	}
	return status, x
}

// of is the check of that name.
func (x examination) of(t *testing.T, name string) check {
	t.Helper()
	i := slices.IndexFunc(x.Checks, func(c check) bool { return c.Name == name })
	if i < 0 {
		t.Fatalf("there is no check %s: %+v", name, x.Checks)
	}
	return x.Checks[i]
}

func TestDoctorOfAHealthyHouse(t *testing.T) {
	t.Parallel()
	h := newRig(t)
	h.environ["LATCHKEY_SMTP_URL"], h.environ["LATCHKEY_MAIL_FROM"] = mailtest.Start(t).URL(), "latchkey@example.com"
	s := h.serve()
	s.login(s.browser(), igsim.Decision{Persona: "studio_north"})
	h.swept(time.Now())
	status, x := h.doctor()
	if status != 0 || !x.OK {
		t.Errorf("status %d: %+v", status, x)
	}
	var names []string
	for _, c := range x.Checks {
		names = append(names, c.Name)
		want := statusOK
		if c.Name == "https" {
			want = statusSkipped // the simulator needs none
		}
		if c.Status != want || c.Message == "" || c.Cure != "" {
			t.Errorf("%+v", c)
		}
	}
	if !slices.Equal(names, checkNames) {
		t.Errorf("checks %q, want %q", names, checkNames)
	}
	if got := x.of(t, "redirect_uri"); !strings.Contains(got.Message, s.base+"/auth") {
		t.Errorf("%+v", got)
	}
	if status, stdout, stderr := h.command("doctor"); status != 0 || stderr != "" || strings.Contains(stdout, "\x1b") ||
		!strings.Contains(stdout, "\nok       public address   a Latchkey answers at "+s.base) {
		t.Errorf("status %d, %s\n%s", status, stderr, stdout)
	}
}

// swept opens the store of a rig beside its server, or without one, and records a sweep.
func (h *rig) swept(at time.Time) {
	h.inStore(func(st *sqlite.Store) error { return st.RecordSweep(h.t.Context(), at) })
}

// inStore does something to the store of a rig.
func (h *rig) inStore(do func(*sqlite.Store) error) {
	h.t.Helper()
	st, err := sqlite.Open(h.t.Context(), h.path("latchkey.db"))
	must(h.t, err)
	must(h.t, st.Migrate(h.t.Context()))
	must(h.t, do(st))
	must(h.t, st.Close())
}

func (h *rig) path(name string) string { return filepath.Join(h.dir, name) }

// used is a rig whose server ran and was stopped.
func used(t *testing.T) *rig {
	t.Helper()
	h := newRig(t)
	s := h.serve()
	s.login(s.browser(), igsim.Decision{Persona: "studio_north"})
	s.stop()
	return h
}

// TestDoctorChangesNothing compares every file before and after.
func TestDoctorChangesNothing(t *testing.T) {
	t.Parallel()
	h := used(t)
	before := h.files()
	h.doctor()
	if after := h.files(); !maps.Equal(before, after) {
		t.Errorf("before: %v\nafter: %v", before, after)
	}
}

// files are the files of a rig, with what is in them as a short name.
func (h *rig) files() map[string]string {
	h.t.Helper()
	all := map[string]string{}
	must(h.t, filepath.WalkDir(h.dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		text, err := os.ReadFile(path)
		all[path] = hash(text)
		return err
	}))
	return all
}

// TestDoctorFinds breaks one thing of a rig at a time.
func TestDoctorFinds(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, check string
		breakIt     func(h *rig)
		status      status
		says        string
	}{
		{"a bad setting", "configuration", func(h *rig) { h.environ["LATCHKEY_LOGIN_RATE"] = "fast" }, statusFail, "LATCHKEY_LOGIN_RATE"},
		{"a store that is elsewhere", "store", func(h *rig) { h.environ["LATCHKEY_STORE"] = "sqlite:" + h.path("other.db") }, statusWarn, "no store at"},
		{"a folder that is not there", "store", func(h *rig) { h.environ["LATCHKEY_STORE"] = "sqlite:" + h.path("a/b.db") }, statusFail, "missing"},
		{"a file that is no store", "store", func(h *rig) {
			must(h.t, os.WriteFile(h.path("latchkey.db"), []byte(strings.Repeat("no store ", 99)), 0o600))
		}, statusFail, "not a SQLite database"},
		{"a store that is away", "store", func(h *rig) {
			h.environ["LATCHKEY_STORE"] = "mongodb://u:hunter2hunter2@127.0.0.1:1/latchkey?serverSelectionTimeoutMS=50"
		}, statusFail, "mongo: ping"},
		{"no keyring", "keyring", func(h *rig) { must(h.t, os.Remove(h.path("latchkey.db.keyring"))) }, statusFail, "is not there"},
		{"another keyring", "keyring", func(h *rig) { h.environ["LATCHKEY_KEYRING_FILE"] = h.keyring("other") }, statusFail, "another keyring"},
		{"a keyring that others may read", "keyring", func(h *rig) { must(h.t, os.Chmod(h.path("latchkey.db.keyring"), 0o644)) }, statusFail, "other users"},
		{"no keyring for MongoDB", "configuration", func(h *rig) {
			h.environ["LATCHKEY_STORE"] = "mongodb://127.0.0.1:1/latchkey?serverSelectionTimeoutMS=50"
		}, statusFail, "LATCHKEY_KEYRING_FILE"},
		{"a token that waits", "spill_folder", func(h *rig) { h.spill("17-1.spill", "17-2.spill", "new-1") }, statusWarn, "2 refreshed tokens"},
		{"a spill folder that is none", "spill_folder", func(h *rig) { h.environ["LATCHKEY_SPILL_DIR"] = h.path("latchkey.db") }, statusFail, "in the place of a folder"},
		{"a spill folder nowhere", "spill_folder", func(h *rig) { h.environ["LATCHKEY_SPILL_DIR"] = "/proc/nowhere/spill" }, statusFail, "/proc/nowhere is missing"},
		{"Instagram away", "instagram", func(h *rig) { h.environ["LATCHKEY_INSTAGRAM_GRAPH_URL"] = "http://127.0.0.1:1" }, statusFail, "does not answer"},
		{"a clock behind", "clock", func(h *rig) { h.sim.Advance(10 * time.Minute) }, statusFail, "behind Instagram's"},
		{"a clock a little ahead", "clock", func(h *rig) { h.sim.Advance(-time.Minute) }, statusWarn, "ahead of Instagram's"},
		{"a clock behind another server's", "clock", func(h *rig) { h.swept(time.Now().Add(time.Hour)) }, statusFail, "server that swept last"},
		{"a moved clock", "clock", func(h *rig) { h.environ["LATCHKEY_TEST_CLOCK"] = h.path("clock") }, statusSkipped, "LATCHKEY_TEST_CLOCK"},
		{"no server", "public_address", func(*rig) {}, statusFail, "does not answer"},
		{"another server", "public_address", func(h *rig) { h.environ["LATCHKEY_PUBLIC_URL"] = h.simURL }, statusFail, "something else than Latchkey"},
		{"nobody who sweeps", "last_sweep", func(h *rig) { h.swept(time.Now().Add(-time.Hour)) }, statusFail, "for 1h0m"},
		{"a slow sweep", "last_sweep", func(h *rig) { h.swept(time.Now().Add(-5 * time.Minute)) }, statusWarn, "for 5m"},
		{"an end within a day", "connections", func(h *rig) { h.ends(time.Hour) }, statusFail, "within a day"},
		{"an end that passed", "connections", func(h *rig) { h.ends(-time.Hour) }, statusFail, "within a day"},
		{"an end within two weeks", "connections", func(h *rig) { h.ends(13 * 24 * time.Hour) }, statusWarn, "of 1 the token ends within 14 days"},
		{"a refresh that did not come", "connections", func(h *rig) { h.ends(39 * 24 * time.Hour) }, statusWarn, "of 1 the token ends within 40 days"},
		{"an owner who is needed", "connections", func(h *rig) { h.change(func(c *store.Connection) { c.Status = store.StatusReconnect }) }, statusWarn, "1 waiting"},
		{"an alarm", "alarms", func(h *rig) { h.alarm() }, statusFail, `Instagram says: "API access blocked."`},
		{"a keyring that opens no tokens", "alarms", func(h *rig) { h.sealedAlarm() }, statusFail, "The keyring does not open the tokens of some connections (operator)"},
		{"a secret that only the server has", "configuration", func(h *rig) { h.swept(time.Now().Add(-9 * time.Minute)); h.forgetSecret() }, statusUnseen, "cannot be seen from here: LATCHKEY_INSTAGRAM_APP_SECRET"},
		{"a secret that nobody has", "configuration", func(h *rig) { h.swept(time.Now().Add(-11 * time.Minute)); h.forgetSecret() }, statusFail, "LATCHKEY_INSTAGRAM_APP_SECRET is not set"},
		{"an app id that nobody has", "configuration", func(h *rig) { h.environ["LATCHKEY_INSTAGRAM_APP_ID"] = "" }, statusFail, "LATCHKEY_INSTAGRAM_APP_ID is not set"},
		{"a setting that is hardly meant", "configuration", func(h *rig) { h.environ["LATCHKEY_TRUSTED_PROXIES"] = "::/0" }, statusWarn, "::/0 is everybody"},
		{"a mail server that is away", "mail", func(h *rig) { h.mail("smtp://u:hunter2hunter2@127.0.0.1:1") }, statusFail, "connect to the server"},
		{"no mail", "mail", func(*rig) {}, statusSkipped, "no mail server"},
		{"a settings file that is gone", "configuration", func(h *rig) { h.environ["LATCHKEY_CONFIG"] = h.path("gone.toml") }, statusFail, "gone.toml"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			h := used(t)
			tt.breakIt(h)
			status, x := h.doctor()
			got := x.of(t, tt.check)
			if got.Status != tt.status || !strings.Contains(got.Message, tt.says) {
				t.Errorf("%+v, want %s with %q", got, tt.status, tt.says)
			}
			if needed := got.Status == statusFail || got.Status == statusWarn || got.Status == statusUnseen; needed != (got.Cure != "") {
				t.Errorf("%s has the cure %q", got.Status, got.Cure)
			}
			if wrong := slices.ContainsFunc(x.Checks, func(c check) bool { return c.Status == statusFail }); wrong == x.OK || (status == 1) != wrong {
				t.Errorf("status %d, ok: %t, checks: %+v", status, x.OK, x.Checks)
			}
			for _, c := range x.Checks {
				if strings.Contains(c.Message+c.Cure, "hunter2") || strings.Contains(c.Message+c.Cure, igsim.AppSecret) {
					t.Errorf("%+v has a secret", c)
				}
			}
		})
	}
}

// keyring makes a keyring in a rig.
func (h *rig) keyring(name string) string {
	h.t.Helper()
	_, err := seal.Create(h.path(name))
	must(h.t, err)
	return h.path(name)
}

func (h *rig) spill(names ...string) {
	h.t.Helper()
	must(h.t, os.Mkdir(h.path("latchkey.db.spill"), 0o700))
	for _, name := range names {
		must(h.t, os.WriteFile(filepath.Join(h.path("latchkey.db.spill"), name), nil, 0o600))
	}
}

func (h *rig) mail(address string) {
	h.environ["LATCHKEY_SMTP_URL"], h.environ["LATCHKEY_MAIL_FROM"] = address, "latchkey@example.com"
}

// change changes the only connection of a rig.
func (h *rig) change(how func(*store.Connection)) {
	h.t.Helper()
	id := h.id()
	h.inStore(func(st *sqlite.Store) error {
		c, err := st.Connection(h.t.Context(), id)
		must(h.t, err)
		how(&c)
		_, err = st.UpdateConnection(h.t.Context(), c)
		return err
	})
}

// ends lets the only token end after that time.
func (h *rig) ends(left time.Duration) {
	h.change(func(c *store.Connection) { c.TokenExpiresAt = time.Now().Add(left) })
}

func (h *rig) forgetSecret() { h.environ["LATCHKEY_INSTAGRAM_APP_SECRET"] = "" }

// sealedAlarm raises the one alarm that is not about Instagram.
func (h *rig) sealedAlarm() {
	h.inStore(func(st *sqlite.Store) error {
		_, err := st.PutAlarm(h.t.Context(), store.Alarm{Kind: store.AlarmOperator, RaisedAt: time.Now(), Class: "operator", Cause: store.CauseSealed})
		return err
	})
}

func (h *rig) alarm() {
	h.inStore(func(st *sqlite.Store) error {
		_, err := st.PutAlarm(h.t.Context(), store.Alarm{
			Kind: store.AlarmApp, RaisedAt: time.Now(), Class: "hold", Cause: "blocked", Message: "API access blocked.",
		})
		return err
	})
}

// TestDoctorReadsNoStoreOfAnotherVersion holds that tables of another version are neither read nor
// brought forward.
func TestDoctorReadsNoStoreOfAnotherVersion(t *testing.T) {
	t.Parallel()
	for version, says := range map[string]string{"1": "this latchkey reads version", "9999": "a newer latchkey wrote the store"} {
		h := used(t)
		if version == "1" {
			h.sql("DELETE FROM migrations WHERE version_id > 1")
		} else {
			h.sql("INSERT INTO migrations (version_id, is_applied) VALUES (9999, 1)")
		}
		before := h.files()
		status, x := h.doctor()
		if got := x.of(t, "store"); status != 1 || got.Status != statusFail || !strings.Contains(got.Message, says) {
			t.Errorf("version %s: status %d, %+v", version, status, got)
		}
		for _, name := range []string{"last_sweep", "connections", "alarms"} {
			if got := x.of(t, name); got.Status != statusSkipped {
				t.Errorf("version %s: %+v", version, got)
			}
		}
		if got := x.of(t, "keyring"); got.Status != statusOK {
			t.Errorf("version %s: %+v", version, got)
		}
		if !maps.Equal(before, h.files()) {
			t.Errorf("version %s: the store was changed", version)
		}
	}
}

// TestDoctorGoesOn has nothing but faults, and holds that every check is there.
func TestDoctorGoesOn(t *testing.T) {
	t.Parallel()
	h := newRig(t)
	h.environ = map[string]string{
		"LATCHKEY_STORE": "nonsense", "LATCHKEY_PUBLIC_URL": "nonsense", "LATCHKEY_SCOPES": "nonsense",
		"LATCHKEY_INSTAGRAM_GRAPH_URL": "nonsense", "LATCHKEY_ADRR": "x",
	}
	status, x := h.doctor()
	count := 0
	for _, c := range x.Checks {
		if c.Name == "configuration" {
			count++
		} else if c.Status != statusSkipped {
			t.Errorf("%+v", c)
		}
	}
	if status != 1 || count != 7 || len(x.Checks) != count-1+len(checkNames) {
		t.Errorf("status %d, %d faults of the configuration: %+v", status, count, x.Checks)
	}
}

// TestDoctorWithoutItsFile names a settings file that is not there, or is none, and holds that nothing is said about
// what it may set.
func TestDoctorWithoutItsFile(t *testing.T) {
	t.Parallel()
	h := newRig(t)
	nonsense := filepath.Join(t.TempDir(), "latchkey.toml")
	must(t, os.WriteFile(nonsense, []byte("no TOML"), 0o600))
	for _, path := range []string{filepath.Join(t.TempDir(), "none.toml"), nonsense} {
		h.environ = map[string]string{"LATCHKEY_CONFIG": path}
		status, x := h.doctor()
		if status != 1 || x.Checks[0].Status != statusFail || !strings.Contains(x.Checks[0].Message, "LATCHKEY_CONFIG") {
			t.Errorf("status %d, %+v", status, x.Checks[0])
		}
		for _, c := range x.Checks[1:] {
			if c.Status != statusSkipped || strings.Contains(c.Message, "is not set") || strings.Contains(c.Message, "no mail server") {
				t.Errorf("%+v", c)
			}
		}
	}
}

// TestDoctorBeforeTheFirstStart holds that a rig that was never used is none that is broken.
func TestDoctorBeforeTheFirstStart(t *testing.T) {
	t.Parallel()
	h := newRig(t)
	_, x := h.doctor()
	for name, want := range map[string]status{"store": statusWarn, "keyring": statusOK, "spill_folder": statusOK, "last_sweep": statusSkipped} {
		if got := x.of(t, name); got.Status != want {
			t.Errorf("%+v, want %s", got, want)
		}
	}
	if files := h.files(); len(files) != 0 {
		t.Errorf("it made %v", files)
	}
}

// sql changes the store of a rig as no program of ours would.
func (h *rig) sql(statement string) {
	h.t.Helper()
	db, err := sql.Open("sqlite", "file:"+h.path("latchkey.db")+"?_timeout=10000") // who closed it may be at it for a moment
	must(h.t, err)
	_, err = db.ExecContext(h.t.Context(), statement)
	must(h.t, err)
	must(h.t, db.Close())
}

// TestDoctorOnMongo examines a running installation on MongoDB, and one that was never used.
func TestDoctorOnMongo(t *testing.T) {
	t.Parallel()
	h := newRig(t)
	onMongo(h)
	_, x := h.doctor()
	if got := x.of(t, "store"); got.Status != statusWarn || !strings.Contains(got.Message, "no store in MongoDB yet") {
		t.Errorf("%+v", got)
	}
	s := h.serve()
	s.login(s.browser(), igsim.Decision{Persona: "studio_north"})
	status, x := h.doctor()
	if status != 0 || !x.OK {
		t.Errorf("status %d: %+v", status, x)
	}
	for name, says := range map[string]string{"store": "in MongoDB answers", "keyring": "sealed the store", "connections": "1 active"} {
		if got := x.of(t, name); got.Status != statusOK || !strings.Contains(got.Message, says) {
			t.Errorf("%+v, want %q", got, says)
		}
	}
}

// TestDoctorOfWhatItMayNotRead holds that what is denied to this user is a failure only where it is the
// server's user: then the server is denied it too.
func TestDoctorOfWhatItMayNotRead(t *testing.T) {
	t.Parallel()
	denied := fmt.Errorf("open: %w", fs.ErrPermission)
	mine := t.TempDir()
	for name, tt := range map[string]struct {
		check  check
		folder string
		want   status
	}{
		"as the server":                   {failure("store", "cure", "%v", denied), mine, statusFail},
		"as another":                      {failure("store", "cure", "%s: %v", "path", denied), "/nowhere", statusUnseen},
		"as another, a setting":           {failedBy("store", denied, "cure"), "/nowhere", statusUnseen},
		"as another, and it is not there": {failure("store", "cure", "%v", fs.ErrNotExist), "/nowhere", statusFail},
		"as another, and well":            {well("store", "it is there"), "/nowhere", statusOK},
	} {
		for kind, d := range map[string]*doctor{
			"SQLite":  {config: config.Config{Store: config.Store{Kind: config.SQLite, Path: tt.folder + "/latchkey.db"}, KeyringFile: "/x/y"}},
			"MongoDB": {config: config.Config{Store: config.Store{Kind: config.MongoDB}, KeyringFile: tt.folder + "/keyring"}},
		} {
			got := d.asSeen(tt.check)
			if got.Status != tt.want || (got.Status == statusUnseen) != strings.HasPrefix(got.Message, "cannot be seen from here: ") {
				t.Errorf("%s, %s: %+v, want %s", name, kind, got, tt.want)
			}
		}
	}
	if os.Getuid() == 0 {
		must(t, os.Chown(mine, 65534, 65534))
		d := doctor{config: config.Config{Store: config.Store{Kind: config.SQLite, Path: mine + "/latchkey.db"}}}
		if d.asServer() {
			t.Error("a folder of another user is taken for one of this user")
		}
	}
}

// TestDoctorOfSecretsOfTheServer holds that a secret that only the server was given is no fault of the
// settings, and that all else that is missing is one.
func TestDoctorOfSecretsOfTheServer(t *testing.T) {
	t.Parallel()
	_, faults := config.Examine(config.Sources{}) // neither id nor secret
	faults = append(faults, fmt.Errorf("LATCHKEY_SMTP_URL_FILE: %w; write the path", fs.ErrPermission))
	for folder, want := range map[string][]status{
		"/nowhere":  {statusFail, statusUnseen, statusUnseen}, // which is not this user's
		t.TempDir(): {statusFail, statusFail, statusFail},
	} {
		d := doctor{faults: faults, config: config.Config{Store: config.Store{Kind: config.SQLite, Path: folder + "/latchkey.db"}}}
		var got []status
		for _, c := range d.checkConfiguration(t.Context()) {
			got = append(got, c.Status)
			if c.Status == statusUnseen && strings.Contains(c.Message, "write the path") {
				t.Errorf("%+v advises what the server may have done", c)
			}
		}
		if !slices.Equal(got, want) {
			t.Errorf("in %s: %v, want %v", folder, got, want)
		}
	}
}

// TestDoctorQuotesNobodyInAnAlarmOfOurs holds that Instagram is not quoted where it said nothing.
func TestDoctorQuotesNobodyInAnAlarmOfOurs(t *testing.T) {
	t.Parallel()
	h := used(t)
	h.sealedAlarm()
	_, x := h.doctor()
	if got := x.of(t, "alarms"); strings.Contains(got.Message, "Instagram says") || !strings.Contains(got.Cure, "LATCHKEY_KEYRING_FILE") {
		t.Errorf("%+v", got)
	}
}
