package config_test

import (
	"strings"
	"testing"

	"latchkey/internal/config"
)

func TestMailNeedsItsParts(t *testing.T) {
	t.Parallel()
	const (
		server   = "LATCHKEY_SMTP_URL=smtps://u:" + canary + "@mail.example.com"
		sender   = "LATCHKEY_MAIL_FROM=latchkey@example.com"
		operator = "LATCHKEY_OPERATOR_EMAIL=operator@example.com"
	)
	for name, tt := range map[string]struct {
		given []string
		want  []string
	}{
		"a server without a sender":  {[]string{server}, []string{"LATCHKEY_MAIL_FROM is not set; with LATCHKEY_SMTP_URL it is needed", "write "}},
		"a sender without a server":  {[]string{sender}, []string{"LATCHKEY_SMTP_URL is not set; with LATCHKEY_MAIL_FROM it is needed", "write "}},
		"an operator without both":   {[]string{operator}, []string{"LATCHKEY_SMTP_URL is not set; with LATCHKEY_OPERATOR_EMAIL it is needed", "write "}},
		"an operator and a server":   {[]string{operator, server}, []string{"LATCHKEY_MAIL_FROM is not set"}},
		"a bad server is said alone": {[]string{"LATCHKEY_SMTP_URL=mail.example.com", sender}, []string{"LATCHKEY_SMTP_URL: the value is no address"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, faults := config.Examine(environ(tt.given...))
			if len(faults) != 1 {
				t.Fatalf("faults %q, want one", faults)
			}
			refused(t, faults[0], tt.want...)
		})
	}
	load(t, environ(server, sender))
	load(t, environ(server, sender, operator))
	load(t, environ(server), config.StoreAlone()...) // sends no mail
}

func TestTwoListenersNeedTwoAddresses(t *testing.T) {
	t.Parallel()
	_, err := config.Load(environ("LATCHKEY_METRICS_ADDR=127.0.0.1:3000"))
	refused(t, err, `LATCHKEY_METRICS_ADDR: "127.0.0.1:3000" is the address of LATCHKEY_ADDR too; write another port`)
	load(t, environ("LATCHKEY_ADDR=127.0.0.1:0", "LATCHKEY_METRICS_ADDR=127.0.0.1:0"))
}

func TestSpillFolderFollowsTheStore(t *testing.T) {
	t.Parallel()
	for want, given := range map[string][]string{
		"a.db.spill":        {"LATCHKEY_STORE=sqlite:a.db", "LATCHKEY_KEYRING_FILE=/run/keyring"},
		"/run/a.ring.spill": {"LATCHKEY_STORE=mongodb://h/d", "LATCHKEY_KEYRING_FILE=/run/a.ring"},
		"elsewhere":         {"LATCHKEY_STORE=sqlite:a.db", "LATCHKEY_SPILL_DIR=elsewhere"},
	} {
		for _, names := range [][]config.Name{nil, config.ForRefresh(), {config.SpillDir}} {
			if c := load(t, environ(given...), names...); c.SpillDir != want {
				t.Errorf("%q: spill folder %q, want %q", given, c.SpillDir, want)
			}
		}
	}
}

// TestExamineGoesOn reads what is good beside what is not.
func TestExamineGoesOn(t *testing.T) {
	t.Parallel()
	c, faults := config.Examine(config.Sources{
		Environ: []string{
			"LATCHKEY_ADRR=x", "LATCHKEY_STORE=nonsense", "LATCHKEY_INSTAGRAM_APP_ID=undefined",
			"LATCHKEY_INSTAGRAM_APP_SECRET=" + canary, "LATCHKEY_MAIL_FROM=nobody", "LATCHKEY_OPERATOR_EMAIL=operator@example.com",
		},
		File: file(t, "public_url = \"https://latchkey.example.com\"\nlogin_rat = 1\nlogin_rate = 10\n"),
	})
	var all []string
	for _, err := range faults {
		refused(t, err, "LATCHKEY_")
		all = append(all, err.Error())
	}
	want := []string{
		`"LATCHKEY_ADRR" is no setting`, `holds "login_rat", which is no setting`,
		"LATCHKEY_STORE", "LATCHKEY_INSTAGRAM_APP_ID", "LATCHKEY_MAIL_FROM",
	}
	if len(all) != len(want) {
		t.Fatalf("faults %q, want %d of them", all, len(want))
	}
	for i := range want {
		if !strings.Contains(all[i], want[i]) {
			t.Errorf("fault %d is %q, want %q", i, all[i], want[i])
		}
	}
	if c.PublicURL.String() != "https://latchkey.example.com" || c.LoginRate != 10 || c.InstagramAppSecret.Reveal() != canary {
		t.Errorf("what was good was not read: %+v", c)
	}
	if c.Store.Kind != "" || c.KeyringFile != "" || c.SpillDir != "" || c.InstagramAppID != "" {
		t.Errorf("what is bad, and what follows from it, has a value: %+v", c)
	}
}

// TestUnreadableFileLeavesNoDefaults holds that nobody looks into the default store because the file
// that names the right one cannot be read.
func TestUnreadableFileLeavesNoDefaults(t *testing.T) {
	t.Parallel()
	c, faults := config.Examine(config.Sources{File: "/nowhere/latchkey.toml", Environ: []string{"LATCHKEY_LOGIN_RATE=7"}})
	if len(faults) != 1 {
		t.Fatalf("faults %q, want the one about the file", faults)
	}
	refused(t, faults[0], "LATCHKEY_CONFIG", "/nowhere/latchkey.toml")
	if c.Store.Kind != "" || c.KeyringFile != "" || c.PublicURL != nil || c.LoginRate != 7 {
		t.Errorf("read %+v", c)
	}
}

func TestCommandsOfOneConnection(t *testing.T) {
	t.Parallel()
	from := config.Sources{Environ: []string{
		"LATCHKEY_STORE=sqlite:a.db", "LATCHKEY_PUBLIC_URL=https://latchkey.example.com", "LATCHKEY_SCOPES=nonsense",
	}}
	c := load(t, from, config.ForRefresh()...)
	if c.Store.Path != "a.db" || c.KeyringFile != "a.db.keyring" || c.SpillDir != "a.db.spill" ||
		c.InstagramGraphURL == "" || c.GraphVersion == "" || c.PublicURL != nil {
		t.Errorf("for a refresh: %+v", c)
	}
	c = load(t, from, config.ForLink()...)
	if c.Store.Path != "a.db" || c.PublicURL.Host != "latchkey.example.com" || c.KeyringFile != "" {
		t.Errorf("for a link: %+v", c)
	}
}
