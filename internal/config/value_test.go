package config_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/url"
	"slices"
	"strings"
	"testing"

	"latchkey/internal/config"
)

// given is a server's environment with one setting given as a flag.
func given(name config.Name, text string) config.Sources {
	from := environ("LATCHKEY_KEYRING_FILE=keyring", "LATCHKEY_SMTP_URL=smtp://localhost", "LATCHKEY_MAIL_FROM=latchkey@example.com")
	from.Flags = map[string]string{string(name): text}
	return from
}

func TestGoodValues(t *testing.T) {
	t.Parallel()
	for name, values := range map[config.Name][]string{
		config.Addr:           {"localhost:3000", "[::]:3000", ":0", "0.0.0.0:65535", "[fe80::1%eth0]:80"},
		config.PublicURL:      {"http://localhost", "https://a.example:8443/", "http://[::1]:3000", "http://10.0.0.2:3000"},
		config.StoreAddress:   {"sqlite:a.db", "sqlite:/var/lib/a?b#c.db", "mongodb+srv://h/d", "mongodb://u:p%40@h:1,h2/d%2Dx?w=1"},
		config.KeyringFile:    {"/run/keyring", "a b"},
		config.InstagramAppID: {"1180000000000042", "my+app/1="},
		config.Scopes:         {"instagram_business_basic", "instagram_business_basic,instagram_business_share_stories"},
		config.AllowedAccounts: {
			"a", "@a.b_c", "17841400000000000", "one\ntwo",
		},
		config.ServiceName:           {"L", strings.Repeat("ü", 60), " Café Nord 🌿 ", "חנות של רות"},
		config.ServicePurpose:        {"", strings.Repeat("ü", 200), "We send you a report every Monday."},
		config.OperatorContact:       {"", "Ada Example, help@example.com", "https://example.com/hilfe für alle"},
		config.GraphVersion:          {"v26.0", "v9.0"},
		config.InstagramAuthorizeURL: {"https://sim.example/www/oauth/authorize", "http://www.localhost:3001/x"},
		config.InstagramTokenURL:     {"http://127.8.9.1:3001/x", "http://LOCALHOST./x"},
		config.InstagramGraphURL:     {"https://sim.example", "https://sim.example/graph/", "http://[::ffff:127.0.0.1]"},
		config.LoginRate:             {"0", "1", "100000"},
		config.KeepEvents:            {"1d", "730d", "36500d"},
		config.TrustedProxies:        {"", "10.0.0.0/8", "::1", "10.0.0.0/8 fd00::/8"},
		config.LogFormat:             {"", "text", "json", "combined"},
		config.MetricsAddr:           {"127.0.0.1:9100", ":0"},
		config.SpillDir:              {"spill", "/var/spool/latchkey"},
		config.SMTPURL: {
			"smtp://localhost", "smtps://mail.example.com:465/", "smtp://u%40example.com:p%2F%40@[::1]:2525",
		},
		config.MailFrom:      {"latchkey@example.com", "Latchkey <latchkey@example.com>", "\"Ada, Bob\" <a@b.example>", "Für alle <a@b.example>", "Ada <ada@bücher.example>"},
		config.OperatorEmail: {"operator@example.com", "root@localhost", "operator@bücher.example"},
	} {
		for _, text := range values {
			if _, err := config.Load(given(name, text)); err != nil {
				t.Errorf("%s = %q: %v", name, text, err)
			}
		}
	}
}

func TestBadValues(t *testing.T) {
	t.Parallel()
	for name, values := range map[config.Name][]string{
		config.Addr: {"", "3000", "localhost", "localhost:http", "localhost:65536", "localhost:", "a b:1", "http://localhost:3000"},
		config.PublicURL: {
			"", "latchkey.example.com", "localhost:3000", "ftp://a.example", "//a.example", "https://", "https:///a", "https://:3000",
			"https://a.example/path", "https://a.example//", "https://a.example?", "https://a.example?q", "https://a.example#",
			"https://a.example/#x", "https://u:" + canary + "@a.example", "https://a.example:99999", "https://a.example:x",
			"https://bücher.example", "https://a b.example", "https://a%20b.example", "http://[::1%25lo]:1", "https://[fe80::x]", "%",
		},
		config.StoreAddress: {
			"", "latchkey.db", "sqlite", "sqlite:", "sqlite::memory:", "sqlite://latchkey.db", "sqlite:///var/latchkey.db", "SQLITE:a.db",
			"postgres://u:" + canary + "@h/d", "mongodb://", "mongodb:///d", "mongodb://u:" + canary + "@/d", "mongodb://h", "mongodb://h/",
			"mongodb://u:" + canary + "@h?w=1", "mongodb://h/?w=1", "mongodb://h/a.b", "mongodb://h/a%2Fb", "mongodb://h/%zz",
		},
		config.KeyringFile:     {"", "a\x00b"},
		config.InstagramAppID:  {"", `"118"`, "'118'", "118 ", "1 8", "undefined", "null", "NULL", "None", "<id>", "118\n"},
		config.Scopes:          {"", ",", "basic", "business_basic", "instagram_basic", "instagram_business_manage_insights", "instagram_business_basic;x"},
		config.AllowedAccounts: {"", " , ", "@", "studio north!", "a/b", "https://instagram.com/a", strings.Repeat("a", 31)},
		config.ServiceName: {
			"", " ", "a\nb", "a\x1b[0m", "a\x7f", "a\u2028b", "a\u2029b", "\u202aa", "a\u202eb", "\u2066a", "a\u2069b", "a\xff", strings.Repeat("ü", 61),
		},
		config.ServicePurpose:  {"a\nb", "a\tb", "a\u202eb", "a\xff", strings.Repeat("ü", 201)},
		config.OperatorContact: {"a\nb", "a\x1b[0m", strings.Repeat("a", 201)},
		config.GraphVersion:    {"", "26.0", "v26", "V26.0", "v26.0/", "latest", "v0.1"},
		config.InstagramAuthorizeURL: {
			"", "www.instagram.com/x", "https://www.instagram.com", "https://www.instagram.com/", "http://www.instagram.com/x",
			"http://localhost.example/x", "http://10.0.0.1/x", "http://128.0.0.1/x", "https://a.example/x?y", "https://u@a.example/x", "ftp://a/x",
		},
		config.InstagramGraphURL: {"", "graph.instagram.com", "http://graph.instagram.com", "https://a.example#x", "https://", "%"},
		config.LoginRate:         {"", "-1", "1.5", "many", "99999999999999999999"},
		config.KeepEvents:        {"", "0d", "36501d", "730", "d", "-1d", "1.5d", "2y", "17520h", "99999999999999999999d"},
		config.TrustedProxies:    {"10.0.0.0/33", "10.0.0", "proxy.example", "fe80::1%eth0", "::ffff:10.0.0.0/104", "10.0.0.0/8;::1"},
		config.LogFormat:         {"TEXT", "xml"},
		config.MetricsAddr:       {"", "9100", "localhost", "http://localhost:9100"},
		config.SpillDir:          {"", "a\x00b"},
		config.SMTPURL: {
			"", "localhost:25", "mail.example.com", "http://mail.example.com", "smtp://", "smtp://:25", "smtp:mail.example.com",
			"smtp://mail.example.com:99999", "smtp://mail.example.com:x", "smtp://mail.example.com/path", "smtp://mail.example.com?tls=no",
			"smtp://u@mail.example.com", "smtp://:" + canary + "@mail.example.com", "smtps://u:" + canary + "/@mail.example.com",
			"smtps://u:" + canary + "#@mail.example.com", "smtps://u:%zz" + canary + "@mail.example.com", "smtp://a b@c",
			"smtp://mail.example.com:0", "smtp://mail.example.com?", "smtp://mail.example.com#", "smtp://mäil.example.com",
		},
		config.MailFrom: {
			"", "latchkey", "@example.com", "a@", "a@b, c@d", "Ada a@b.example", "a@b.example\nBcc: c@d.example",
			"a@b.example\r\n <c@d.example>", strings.Repeat("a", 250) + "@b.example",
			"Ada <ada@intranet>", "Ada <ada@[192.0.2.1]>", "Ada <adä@b.example>", `"a b"@b.example`,
		},
		config.OperatorEmail: {
			"", "operator", "Op <op@example.com>", "<op@example.com>", "a@b.example, c@d.example", "a@b.example\n",
			"operator@intranet", "op@[192.0.2.1]", "op@192.0.2.1", "öp@example.com", `"o p"@example.com`, "op@-a.example",
		},
		config.TestClock: {"", "clock"},
	} {
		for _, text := range values {
			t.Run(string(name)+" "+text, func(t *testing.T) {
				t.Parallel()
				_, err := config.Load(given(name, text))
				refused(t, err, name.Variable(), "write ")
			})
		}
	}
}

func TestSecretIsNeverRepeated(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"", "undefined", canary + " ", `"` + canary + `"`, canary + "\n" + canary} {
		_, err := config.Load(given(config.InstagramAppSecret, text))
		refused(t, err, "LATCHKEY_INSTAGRAM_APP_SECRET (--instagram-app-secret): the value is no app secret; write ")
	}
}

func TestErrorIsShort(t *testing.T) {
	t.Parallel()
	_, err := config.Load(given(config.Addr, strings.Repeat("9", 10_000)))
	refused(t, err, "LATCHKEY_ADDR (--addr): the value is no host:port; write ")
}

func TestOriginIsWhatBrowsersSend(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"https://latchkey.example.com/":      "https://latchkey.example.com",
		"HTTPS://Latchkey.Example.COM":       "https://latchkey.example.com",
		"https://latchkey.example.com:443":   "https://latchkey.example.com",
		"http://latchkey.example.com:80/":    "http://latchkey.example.com",
		"https://latchkey.example.com:80":    "https://latchkey.example.com:80",
		"https://latchkey.example.com:":      "https://latchkey.example.com",
		"http://[0:0:0:0:0:0:0:1]:3000":      "http://[::1]:3000",
		"http://[::1]":                       "http://[::1]",
		"https://xn--bcher-kva.example:8443": "https://xn--bcher-kva.example:8443",
	} {
		c := load(t, given(config.PublicURL, text))
		if got := c.PublicURL.String(); got != want {
			t.Errorf("%q is %q, want %q", text, got, want)
		}
	}
}

func TestAppIDSaysWhatOwnersWouldSee(t *testing.T) {
	t.Parallel()
	_, err := config.Load(given(config.InstagramAppID, "undefined"))
	refused(t, err, `"undefined" is no app id`, "Sorry, this page isn't available")
}

func TestOldScopeNames(t *testing.T) {
	t.Parallel()
	_, err := config.Load(given(config.Scopes, "business_basic"))
	refused(t, err, `"business_basic"`, "write instagram_business_basic")
}

func TestSecretHasNoPrintableForm(t *testing.T) {
	t.Parallel()
	c := load(t, environ("LATCHKEY_STORE=mongodb://u:"+canary+"@h/d", "LATCHKEY_KEYRING_FILE=keyring"))
	asJSON, err := json.Marshal(c)
	if err != nil {
		t.Fatal(err)
	}
	var log bytes.Buffer
	slog.New(slog.NewJSONHandler(&log, nil)).Info("start", "config", c, "secret", c.InstagramAppSecret)
	hidden := struct{ c config.Config }{c}
	for _, out := range []string{
		fmt.Sprintf("%v %+v %#v", c, c, c), fmt.Sprintf("%v %+v %#v", hidden, hidden, hidden),
		fmt.Sprintf("%s %d", c.Store.URI, c.Store.URI), c.Store.URI.String(), string(asJSON), log.String(),
	} {
		if strings.Contains(out, canary) || strings.Contains(out, fmt.Sprintf("%x", canary)) {
			t.Errorf("printed %q", out)
		}
	}
	if (config.Secret{}).Reveal() != "" {
		t.Error("a secret that was not given has a value")
	}
}

func FuzzValue(f *testing.F) {
	names := config.ForServe()
	for i := range names {
		for _, text := range []string{
			"", "127.0.0.1:3000", "https://latchkey.example.com/", "sqlite:latchkey.db", "mongodb://u:p@h1,h2:1/d?w=1",
			"instagram_business_basic, x", "@studio_north 178", "v26.0", "http://[::1]:1/x", "-1", "10.0.0.0/8,::1", "combined",
		} {
			f.Add(uint8(i), text)
		}
	}
	f.Fuzz(func(t *testing.T, i uint8, text string) {
		name := names[int(i)%len(names)]
		c, err := config.Load(given(name, text))
		if err != nil {
			if line := err.Error(); !strings.HasPrefix(line, name.Variable()) || !strings.Contains(line, "write ") || strings.ContainsAny(line, "\n\r") {
				t.Errorf("%s = %q: error %q", name, text, line)
			}
			return
		}
		if origin, err := url.Parse(c.PublicURL.String()); err != nil || *origin != *c.PublicURL {
			t.Errorf("%q became the origin %q, %v", text, c.PublicURL, err)
		}
		again := load(t, given(config.PublicURL, c.PublicURL.String()))
		if again.PublicURL.String() != c.PublicURL.String() {
			t.Errorf("the origin %q became %q", c.PublicURL, again.PublicURL)
		}
		if !slices.Contains(c.Scopes, "instagram_business_basic") || c.LoginRate < 0 || c.KeyringFile == "" {
			t.Errorf("%s = %q gave %+v", name, text, c)
		}
	})
}

func FuzzSettingsFile(f *testing.F) {
	f.Add("addr = \"127.0.0.1:3000\"\n")
	f.Add("login_rate = 10\nscopes = [\"instagram_business_basic\"]\n")
	f.Add("[addr]\na = 1979-05-27\n")
	f.Add("addr = \n")
	f.Fuzz(func(t *testing.T, text string) {
		from := environ()
		from.File = file(t, text)
		if _, err := config.Load(from); err != nil && (!strings.HasPrefix(err.Error(), "LATCHKEY_") || strings.Contains(err.Error(), "\n")) {
			t.Errorf("%q: error %q", text, err)
		}
	})
}
