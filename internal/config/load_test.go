package config_test

import (
	"net/netip"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"latchkey/instagram"
	"latchkey/internal/config"
)

// app is the least that a server needs.
var app = []string{"LATCHKEY_INSTAGRAM_APP_ID=1180000000000042", "LATCHKEY_INSTAGRAM_APP_SECRET=" + canary}

const canary = "recognisable0secret0value"

// simulator puts a simulator in Instagram's place.
var simulator = []string{
	"LATCHKEY_INSTAGRAM_AUTHORIZE_URL=http://127.0.0.1:3001/oauth/authorize",
	"LATCHKEY_INSTAGRAM_TOKEN_URL=http://localhost:3001/oauth/access_token",
	"LATCHKEY_INSTAGRAM_GRAPH_URL=http://[::1]:3001/",
}

// environ is the environment of a server with some more variables.
func environ(more ...string) config.Sources {
	return config.Sources{Environ: slices.Concat(app, more)}
}

func file(t testing.TB, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "latchkey.toml")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func load(t *testing.T, from config.Sources, names ...config.Name) config.Config {
	t.Helper()
	c, err := config.Load(from, names...)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// refused checks the form of an error, which is one line that says all of what is wanted.
func refused(t *testing.T, err error, wanted ...string) {
	t.Helper()
	if err == nil {
		t.Errorf("accepted, want an error with %q", wanted)
		return
	}
	for _, want := range wanted {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("error %q lacks %q", err, want)
		}
	}
	if strings.ContainsAny(err.Error(), "\n\r") || strings.Contains(err.Error(), canary) {
		t.Errorf("error %q is not one line, or tells a secret", err)
	}
}

var compare = cmp.Comparer(func(a, b config.Secret) bool { return a.Reveal() == b.Reveal() })

func TestDefaults(t *testing.T) {
	t.Parallel()
	want := config.Config{
		Addr:                  "127.0.0.1:3000",
		PublicURL:             &url.URL{Scheme: "http", Host: "localhost:3000"},
		Store:                 config.Store{Kind: config.SQLite, Path: "latchkey.db"},
		KeyringFile:           "latchkey.db.keyring",
		SpillDir:              "latchkey.db.spill",
		InstagramAppID:        "1180000000000042",
		Scopes:                []string{instagram.ScopeBasic, instagram.ScopeInsights, instagram.ScopeComments},
		ServiceName:           "Latchkey",
		GraphVersion:          instagram.Production.Version,
		InstagramAuthorizeURL: instagram.Production.Authorize,
		InstagramTokenURL:     instagram.Production.Token,
		InstagramGraphURL:     instagram.Production.Graph,
		LoginRate:             300,
		KeepEvents:            730 * 24 * time.Hour,
	}
	got := load(t, environ())
	if got.InstagramAppSecret.Reveal() != canary {
		t.Error("the app secret is another one")
	}
	got.InstagramAppSecret = config.Secret{}
	if diff := cmp.Diff(want, got, compare); diff != "" {
		t.Error(diff)
	}
}

func TestEverythingGiven(t *testing.T) {
	t.Parallel()
	got := load(t, environ(slices.Concat(simulator, []string{
		"LATCHKEY_ADDR=:8080",
		"LATCHKEY_PUBLIC_URL=https://latchkey.example.com/",
		"LATCHKEY_STORE=mongodb://user:secret@db1,db2:27018/owners?replicaSet=rs0",
		"LATCHKEY_KEYRING_FILE=/run/keyring",
		"LATCHKEY_SCOPES=instagram_business_basic instagram_business_manage_messages,instagram_business_basic",
		"LATCHKEY_ALLOWED_ACCOUNTS=@Studio_North, 17841400000000000",
		"LATCHKEY_SERVICE_NAME= Café Nord ",
		"LATCHKEY_SERVICE_PURPOSE= We send you a report every Monday. ",
		"LATCHKEY_SERVICE_HOST=10.0.0.1", // by Kubernetes
		"LATCHKEY_OPERATOR_CONTACT= help@example.com ",
		"LATCHKEY_GRAPH_VERSION=v25.0",
		"LATCHKEY_LOGIN_RATE=0",
		"LATCHKEY_KEEP_EVENTS=30d",
		"LATCHKEY_TRUSTED_PROXIES=10.1.2.3/8,192.0.2.7,fd00::/8",
		"LATCHKEY_LOG_FORMAT=combined",
		"LATCHKEY_METRICS_ADDR=127.0.0.1:9464",
		"LATCHKEY_SMTP_URL=smtps://latchkey:" + canary + "@mail.example.com:465",
		"LATCHKEY_MAIL_FROM=Latchkey <latchkey@example.com>",
		"LATCHKEY_OPERATOR_EMAIL=operator@example.com",
		"LATCHKEY_TEST_CLOCK=/tmp/clock",
	})...))
	uri := got.Store.URI.Reveal()
	want := config.Config{
		Addr:                  ":8080",
		PublicURL:             &url.URL{Scheme: "https", Host: "latchkey.example.com"},
		Store:                 config.Store{Kind: config.MongoDB, URI: got.Store.URI},
		KeyringFile:           "/run/keyring",
		SpillDir:              "/run/keyring.spill",
		InstagramAppID:        "1180000000000042",
		InstagramAppSecret:    got.InstagramAppSecret,
		Scopes:                []string{"instagram_business_basic", "instagram_business_manage_messages"},
		AllowedAccounts:       []string{"studio_north", "17841400000000000"},
		ServiceName:           "Café Nord",
		ServicePurpose:        "We send you a report every Monday.",
		OperatorContact:       "help@example.com",
		GraphVersion:          "v25.0",
		InstagramAuthorizeURL: "http://127.0.0.1:3001/oauth/authorize",
		InstagramTokenURL:     "http://localhost:3001/oauth/access_token",
		InstagramGraphURL:     "http://[::1]:3001",
		KeepEvents:            30 * 24 * time.Hour,
		TrustedProxies: []netip.Prefix{
			netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("192.0.2.7/32"), netip.MustParsePrefix("fd00::/8"),
		},
		LogFormat:     "combined",
		MetricsAddr:   "127.0.0.1:9464",
		SMTPURL:       got.SMTPURL,
		MailFrom:      `"Latchkey" <latchkey@example.com>`,
		OperatorEmail: "operator@example.com",
		TestClock:     "/tmp/clock",
	}
	byText := cmp.Comparer(func(a, b netip.Prefix) bool { return a == b })
	if diff := cmp.Diff(want, got, compare, byText); diff != "" {
		t.Error(diff)
	}
	if uri != "mongodb://user:secret@db1,db2:27018/owners?replicaSet=rs0" {
		t.Errorf("store address %q", uri)
	}
}

func TestOrderOfTheSources(t *testing.T) {
	t.Parallel()
	path := file(t, "addr = \"127.0.0.1:1\"\nlogin_rate = 1\nlog_format = \"json\"\n")
	from := config.Sources{
		Flags:   map[string]string{"ADDR": "127.0.0.1:3"},
		Environ: []string{"LATCHKEY_ADDR=127.0.0.1:2", "LATCHKEY_LOGIN_RATE=2", "LATCHKEY_LOG_FORMAT=", "HOME=/"},
		File:    path,
	}
	c := load(t, from, config.Addr, config.LoginRate, config.LogFormat, config.GraphVersion)
	if c.Addr != "127.0.0.1:3" || c.LoginRate != 2 || c.LogFormat != "json" || c.GraphVersion != "v26.0" {
		t.Errorf("flag %q, variable %d, file %q, default %q", c.Addr, c.LoginRate, c.LogFormat, c.GraphVersion)
	}
}

func TestSettingsFile(t *testing.T) {
	t.Parallel()
	path := file(t, `
# a comment
public_url = "https://latchkey.example.com"
instagram_app_id = 1180000000000042
instagram_app_secret = "`+canary+`"
login_rate = 10
scopes = [
  "instagram_business_basic",
  "instagram_business_manage_insights",
]
trusted_proxies = []
`)
	for name, from := range map[string]config.Sources{
		"named by the flag":     {File: path, Environ: []string{"LATCHKEY_CONFIG=/nowhere"}},
		"named by the variable": {Environ: []string{"LATCHKEY_CONFIG=" + path}},
	} {
		c := load(t, from)
		if c.PublicURL.String() != "https://latchkey.example.com" || c.InstagramAppID != "1180000000000042" ||
			c.LoginRate != 10 || len(c.Scopes) != 2 || c.TrustedProxies != nil || c.InstagramAppSecret.Reveal() != canary {
			t.Errorf("%s: %+v", name, c)
		}
	}
}

func TestBadSettingsFile(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct{ text, want string }{
		"not TOML":              {"addr = \"127.0.0.1:3000\"\ninstagram_app_secret = " + canary + "\n", "in line 2"},
		"twice":                 {"addr = \"a:1\"\naddr = \"a:1\"\n", "in line 2"},
		"an unknown key":        {"adr = \"127.0.0.1:3000\"\n", "write addr"},
		"a variable's name":     {"LATCHKEY_ADDR = \"127.0.0.1:3000\"\n", `"LATCHKEY_ADDR", which is no setting`},
		"in upper case":         {"PUBLIC_URL = \"https://latchkey.example.com\"\n", "write public_url"},
		"no secret's file":      {"public_url_file = \"/run/url\"\n", "only secrets are read from files; write the value itself into public_url"},
		"a slip in a file's":    {"instagram_app_secrt_file = \"/run/secret\"\n", "write instagram_app_secret_file, or remove it"},
		"a table":               {"[instagram]\napp_id = \"1\"\n", "no setting"},
		"a table for a setting": {"[addr]\nport = 3000\n", "LATCHKEY_ADDR (addr in "},
		"a truth":               {"log_format = true\n", "LATCHKEY_LOG_FORMAT (log_format in "},
		"a fraction":            {"login_rate = 1.5\n", "LATCHKEY_LOGIN_RATE (login_rate in "},
		"a list of lists":       {"scopes = [[\"instagram_business_basic\"]]\n", "LATCHKEY_SCOPES (scopes in "},
		"a bad value":           {"addr = \"3000\"\n", "LATCHKEY_ADDR (addr in "},
		"nobody":                {"allowed_accounts = []\n", "LATCHKEY_ALLOWED_ACCOUNTS (allowed_accounts in "},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			from := environ()
			from.File = file(t, tt.text)
			_, err := config.Load(from)
			refused(t, err, "LATCHKEY_", tt.want)
		})
	}
	_, err := config.Load(environ("LATCHKEY_CONFIG=/nowhere/latchkey.toml"))
	refused(t, err, "LATCHKEY_CONFIG", "/nowhere/latchkey.toml", "no such file")
}

func TestSecretsFromFiles(t *testing.T) {
	t.Parallel()
	id := app[0]
	for _, end := range []string{"", "\n", "\r\n"} {
		c := load(t, config.Sources{Environ: []string{
			id, "LATCHKEY_INSTAGRAM_APP_SECRET_FILE=" + file(t, canary+end),
			"LATCHKEY_STORE_FILE=" + file(t, "sqlite:elsewhere.db"+end),
		}})
		if c.InstagramAppSecret.Reveal() != canary || c.Store.Path != "elsewhere.db" {
			t.Errorf("end %q: another secret or store %q", end, c.Store.Path)
		}
	}
	for name, tt := range map[string]struct{ variable, want string }{
		"absent":            {"LATCHKEY_INSTAGRAM_APP_SECRET_FILE=/nowhere", "cannot be read"},
		"a folder":          {"LATCHKEY_INSTAGRAM_APP_SECRET_FILE=/", "cannot be read"},
		"empty":             {"LATCHKEY_INSTAGRAM_APP_SECRET_FILE=" + file(t, "\n"), "is empty"},
		"two lines":         {"LATCHKEY_INSTAGRAM_APP_SECRET_FILE=" + file(t, canary+"\n\n"), "is no app secret"},
		"not for this one":  {"LATCHKEY_INSTAGRAM_APP_ID_FILE=/run/id", "into LATCHKEY_INSTAGRAM_APP_ID"},
		"a bad store":       {"LATCHKEY_STORE_FILE=" + file(t, "postgres://u:"+canary+"@h/d"), "LATCHKEY_STORE"},
		"both ways at once": {"LATCHKEY_STORE_FILE=/run/store", "LATCHKEY_STORE and LATCHKEY_STORE_FILE are both set"},
	} {
		more := []string{id, tt.variable}
		if name == "both ways at once" {
			more = append(more, "LATCHKEY_STORE=sqlite:latchkey.db")
		}
		_, err := config.Load(config.Sources{Environ: more})
		t.Run(name, func(t *testing.T) { refused(t, err, "LATCHKEY_", tt.want) })
	}
	for name, tt := range map[string]struct{ text, want string }{
		"absent":            {"instagram_app_secret_file = \"/nowhere\"", `LATCHKEY_INSTAGRAM_APP_SECRET (instagram_app_secret_file in "`},
		"empty":             {"instagram_app_secret_file = \"" + file(t, "\n") + "\"", "is empty; write the value into it"},
		"the secret itself": {"instagram_app_secret_file = \"" + canary + "\"", "the file cannot be read"},
		"an address itself": {"store_file = \"mongodb://u:" + canary + "@h/d\"", "the file cannot be read"},
		"no path":           {"instagram_app_secret_file = [[1]]", "LATCHKEY_INSTAGRAM_APP_SECRET (instagram_app_secret_file in "},
		"both ways at once": {"store = \"sqlite:a\"\nstore_file = \"/run/store\"", "holds store and store_file; write one of them"},
		"a bad value":       {"store_file = \"" + file(t, "postgres://u:"+canary+"@h/d") + "\"", `LATCHKEY_STORE (store_file in "`},
	} {
		_, err := config.Load(config.Sources{Environ: []string{id}, File: file(t, tt.text)})
		t.Run("in the settings file, "+name, func(t *testing.T) { refused(t, err, "LATCHKEY_", tt.want) })
	}
	c := load(t, config.Sources{
		Environ: []string{id, "LATCHKEY_STORE_FILE=" + file(t, "sqlite:variable.db")},
		File:    file(t, "instagram_app_secret_file = \""+file(t, canary+"\n")+"\"\nstore_file = \"/nowhere\"\n"),
	})
	if c.InstagramAppSecret.Reveal() != canary || c.Store.Path != "variable.db" {
		t.Errorf("by the settings file: another secret or store %q", c.Store.Path)
	}
	c = load(t, config.Sources{
		Flags: map[string]string{"STORE": "sqlite:flag.db"}, Environ: []string{"LATCHKEY_STORE_FILE=/nowhere"},
	}, config.StoreAlone()...)
	if c.Store.Path != "flag.db" {
		t.Errorf("store %q, want the flag's", c.Store.Path)
	}
}

func TestUnknownVariables(t *testing.T) {
	t.Parallel()
	for variable, want := range map[string]string{
		"LATCHKEY_PUBLIC_ULR=x":      "write LATCHKEY_PUBLIC_URL, or",
		"LATCHKEY_ALLOWED_ACCOUNT=x": "write LATCHKEY_ALLOWED_ACCOUNTS, or",
		"LATCHKEY_ADDR_FILE=x":       "write the value itself into LATCHKEY_ADDR",
		"LATCHKEY_public_url=x":      "write LATCHKEY_PUBLIC_URL, or",
		"LATCHKEY_FOO=x":             "remove it, or write the right name",
		"LATCHKEY_META_APP_SECRET=x": "remove it, or write the right name",
		"LATCHKEY_=x":                "remove it",
		"LATCHKEY_A\nB=x":            "remove it",
	} {
		_, err := config.Load(environ(variable))
		refused(t, err, "LATCHKEY_", "is no setting", want)
	}
	load(t, environ(
		"LATCHKEY_TEST_MONGODB_URI=mongodb://localhost", "LATCHKEY_SERVICE_HOST=10.0.0.1", "LATCHKEY_SERVICE_PORT=80", "LATCHKEY_SERVICE_PORT_HTTP=80",
		"LATCHKEY_PORT=tcp://10.0.0.1:80", "LATCHKEY_PORT_80_TCP_ADDR=10.0.0.1", "LATCHKEY_CONFIG=", "LATCHKEY_EMPTY=",
		"LATCHKEYS=x", "XLATCHKEY_ADR=x", "LATCHKEY",
	))
}

func TestCommandChecksOnlyWhatItUses(t *testing.T) {
	t.Parallel()
	bad := config.Sources{Environ: []string{
		"LATCHKEY_ADDR=nonsense", "LATCHKEY_SCOPES=nonsense", "LATCHKEY_INSTAGRAM_GRAPH_URL=nonsense",
		"LATCHKEY_STORE=sqlite:here.db", "LATCHKEY_INSTAGRAM_APP_SECRET_FILE=/nowhere",
	}}
	c := load(t, bad, config.StoreAlone()...)
	if c.Store.Path != "here.db" || c.KeyringFile != "" || c.Addr != "" {
		t.Errorf("%+v", c)
	}
	c = load(t, bad, config.StoreAndKeyring()...)
	if c.KeyringFile != "here.db.keyring" {
		t.Errorf("keyring %q", c.KeyringFile)
	}
	if _, err := config.Load(bad, config.ForServe()...); err == nil {
		t.Error("a server starts with it")
	}
	bad.Environ = append(bad.Environ, "LATCHKEY_STORE=nonsense")
	_, err := config.Load(bad, config.KeyringFile)
	refused(t, err, "LATCHKEY_STORE: the value begins with neither")
}

func TestServeNeedsTheApp(t *testing.T) {
	t.Parallel()
	for _, missing := range app {
		name, _, _ := strings.Cut(missing, "=")
		without := slices.DeleteFunc(slices.Clone(app), func(v string) bool { return v == missing })
		_, err := config.Load(config.Sources{Environ: without}, config.ForServe()...)
		refused(t, err, name+" is not set; write the Instagram App ")
	}
}

func TestKeyringOfMongoDBHasNoDefault(t *testing.T) {
	t.Parallel()
	_, err := config.Load(environ("LATCHKEY_STORE=mongodb://h/latchkey"), config.KeyringFile)
	refused(t, err, "LATCHKEY_KEYRING_FILE is not set", "latchkey keys init")
	load(t, environ("LATCHKEY_STORE=mongodb://h/latchkey"), config.StoreAlone()...)
}

func TestMovedClockNeedsASimulator(t *testing.T) {
	t.Parallel()
	for i, address := range simulator {
		name, _, _ := strings.Cut(address, "=")
		two := slices.Delete(slices.Clone(simulator), i, i+1)
		_, err := config.Load(config.Sources{Environ: append(two, "LATCHKEY_TEST_CLOCK=clock")}, config.StoreAlone()...)
		refused(t, err, "LATCHKEY_TEST_CLOCK", name)
	}
	c := load(t, config.Sources{Environ: append(slices.Clone(simulator), "LATCHKEY_TEST_CLOCK=clock")}, config.StoreAlone()...)
	if c.TestClock != "clock" {
		t.Errorf("clock %q", c.TestClock)
	}
	_, err := config.Load(environ("LATCHKEY_TEST_CLOCK=clock", "LATCHKEY_INSTAGRAM_GRAPH_URL=nonsense"), config.TestClock)
	refused(t, err, "LATCHKEY_INSTAGRAM_GRAPH_URL")
}

func TestNamesOfSettings(t *testing.T) {
	t.Parallel()
	form := regexp.MustCompile(`^[A-Z]+(_[A-Z]+)*$`)
	for _, s := range config.Settings() {
		if !form.MatchString(string(s.Name)) || s.Usage == "" {
			t.Errorf("setting %q, usage %q", s.Name, s.Usage)
		}
	}
	if n := config.PublicURL; n.Flag() != "public-url" || n.Key() != "public_url" || n.Variable() != "LATCHKEY_PUBLIC_URL" {
		t.Errorf("flag %q, key %q, variable %q", n.Flag(), n.Key(), n.Variable())
	}
	if got := config.Settings(config.TestClock, config.Addr); len(got) != 2 || got[0].Name != config.Addr {
		t.Errorf("settings %+v", got)
	}
}

// TestNearest holds how unlike two names may be for a "did you mean": a third of the letters.
func TestNearest(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ unknown, want string }{
		{"conections", "connections"},
		{"serv", "serve"},
		{"sarve", "serve"},
		{"sirvo", ""},
		{"sirvex", "serve"},
		{"savant", ""},
		{"", ""},
		{"connections", "connections"},
	} {
		if got := config.Nearest(tt.unknown, []string{"serve", "connections", "server"}); got != tt.want {
			t.Errorf("%q is nearest to %q, want %q", tt.unknown, got, tt.want)
		}
	}
}
