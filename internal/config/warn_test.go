package config_test

import (
	"os"
	"strings"
	"testing"

	"latchkey/internal/config"
)

// TestWarnings holds what a start warns of, and what it does not.
func TestWarnings(t *testing.T) {
	t.Parallel()
	for variable, want := range map[string]string{
		"LATCHKEY_PUBLIC_URL=http://latchkey.example.com":  "LATCHKEY_PUBLIC_URL: http://latchkey.example.com is plain http",
		"LATCHKEY_PUBLIC_URL=http://192.0.2.1:3000":        "is plain http",
		"LATCHKEY_PUBLIC_URL=https://latchkey.example.com": "",
		"LATCHKEY_PUBLIC_URL=http://127.0.0.2:3000":        "",
		"LATCHKEY_PUBLIC_URL=http://app.localhost":         "",
		"LATCHKEY_INSTAGRAM_APP_ID=" + canary:              "LATCHKEY_INSTAGRAM_APP_ID: the value is more than digits",
		"LATCHKEY_INSTAGRAM_APP_ID=118000000000004x":       "more than digits",
		"LATCHKEY_INSTAGRAM_APP_ID=1":                      "",
		"LATCHKEY_TRUSTED_PROXIES=127.0.0.1,0.0.0.0/0":     "LATCHKEY_TRUSTED_PROXIES: 0.0.0.0/0 is everybody",
		"LATCHKEY_TRUSTED_PROXIES=::/0":                    "::/0 is everybody",
		"LATCHKEY_TRUSTED_PROXIES=0.0.0.0/1,::/1":          "",
	} {
		c := load(t, environ(variable))
		warned(t, variable, c.Warnings, want)
	}
}

// warned wants one warning that says what to do, or none.
func warned(t *testing.T, of string, warnings []string, want string) {
	t.Helper()
	switch {
	case want == "" && len(warnings) > 0, want != "" && len(warnings) != 1:
		t.Errorf("%s: %q, want one with %q", of, warnings, want)
	case want != "" && (!strings.Contains(warnings[0], want) || !strings.Contains(warnings[0], "; ") || strings.Contains(warnings[0], canary)):
		t.Errorf("%s: %q, want %q and what to do", of, warnings[0], want)
	}
}

// TestSettingsFileForAll holds that a settings file with a secret that others may read is warned of.
func TestSettingsFileForAll(t *testing.T) {
	t.Parallel()
	const secret = "instagram_app_secret = \"" + canary + "\"\n"
	for _, tt := range []struct {
		text string
		mode os.FileMode
		want string
	}{
		{secret, 0o604, "holds a secret in instagram_app_secret, and other users"},
		{secret, 0o640, "chmod 600 it"},
		{secret, 0o600, ""},
		{secret, 0o622, ""},
		{"store = \"mongodb://u:" + canary + "@h/d\"\nkeyring_file = \"k\"\n", 0o644, "that file's path into store_file"},
		{"store = \"mongodb://h/d\"\nkeyring_file = \"k\"\n", 0o644, ""},
		{"smtp_url = \"smtp://u:" + canary + "@h\"\nmail_from = \"a@example.com\"\n", 0o644, "holds a secret in smtp_url"},
		{"smtp_url = \"smtp://localhost\"\nmail_from = \"a@example.com\"\n", 0o644, ""},
		{"public_url = \"https://latchkey.example.com\"\n", 0o644, ""},
	} {
		from := config.Sources{File: file(t, tt.text), Environ: app[:1]}
		if !strings.Contains(tt.text, "instagram_app_secret") {
			from.Environ = app
		}
		if err := os.Chmod(from.File, tt.mode); err != nil {
			t.Fatal(err)
		}
		warned(t, tt.text+" "+tt.mode.String(), load(t, from).Warnings, tt.want)
	}
}

// TestPlace holds that a store is named without a password.
func TestPlace(t *testing.T) {
	t.Parallel()
	for address, want := range map[string]string{
		"mongodb://h/d":                               "mongodb://h/d",
		"mongodb://u:" + canary + "@a,b:1/d?x=y":      "mongodb://a,b:1/d",
		"mongodb+srv://u:" + canary + "@h/d":          "mongodb+srv://h/d",
		"mongodb://u:" + canary + "%2F@h/d":           "mongodb://h/d",
		"mongodb://h/d?tlsPassword=a@" + canary:       "mongodb",
		"mongodb://u:a/b@h/d":                         "",
		"mongodb://u:x?" + canary + "@h/d":            "mongodb",
		"mongodb://u:x@" + canary + "@h/d?appName=me": "mongodb://h/d",
		"sqlite:/var/lib/latchkey.db":                 "sqlite:/var/lib/latchkey.db",
	} {
		c, err := config.Load(config.Sources{Flags: map[string]string{"STORE": address}}, config.StoreAlone()...)
		if err != nil {
			if want != "" {
				t.Errorf("%s: %v", address, err)
			}
			continue
		}
		if got := c.Store.Place(); got != want {
			t.Errorf("%s is at %q, want %q", address, got, want)
		}
	}
	c, err := config.Load(config.Sources{}, config.StoreAlone()...)
	if got := c.Store.Place(); err != nil || !strings.HasPrefix(got, "sqlite:/") || !strings.HasSuffix(got, "/latchkey.db") {
		t.Errorf("the default is at %q, %v", got, err)
	}
}
