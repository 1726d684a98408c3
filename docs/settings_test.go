package docs_test

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"latchkey/internal/config"
)

// TestSettings holds that the table of operating.md names every setting, in the order of the code
// and with its default, and no other.
func TestSettings(t *testing.T) {
	t.Parallel()
	_, table, found := strings.Cut(read(t, "operating.md"), "| setting | default | meaning |\n|---|---|---|\n")
	table, _, ended := strings.Cut(table, "\n\n")
	if !found || !ended {
		t.Fatal("operating.md has no table of settings")
	}
	rows := map[string]string{}
	var names []string
	for row := range strings.SplitSeq(table, "\n") {
		cells := strings.Split(row, " | ")
		secret := strings.Contains(cells[0], "°")
		for name := range strings.SplitSeq(strings.Trim(cells[0], "| °"), ", ") {
			name = strings.Trim(name, "`")
			names = append(names, fmt.Sprint(name, secret))
			rows[name] = cells[1]
		}
	}
	var want []string
	for _, s := range config.Settings() {
		want = append(want, fmt.Sprint(s.Name, s.Secret))
		inWords := s.Default == "" || s.Name == config.Scopes || strings.HasPrefix(string(s.Name), "INSTAGRAM_")
		if !inWords && rows[string(s.Name)] != "`"+s.Default+"`" {
			t.Errorf("%s: operating.md has the default %s, the code %q", s.Name, rows[string(s.Name)], s.Default)
		}
	}
	if got, want := strings.Join(names, " "), strings.Join(want, " "); got != want {
		t.Errorf("the settings in operating.md\n%s\nare not those of the code\n%s", got, want)
	}
}

// TestVariables looks up every variable of ours that a page or a file for servers names, and every path of
// this repository that operating.md names.
func TestVariables(t *testing.T) {
	t.Parallel()
	known := map[string]bool{"LATCHKEY_CONFIG": true}
	for _, s := range config.Settings() {
		known[s.Name.Variable()] = true
		known[s.Name.Variable()+"_FILE"] = s.Secret
	}
	deploy, err := filepath.Glob("../deploy/*")
	if err != nil || len(deploy) < 10 {
		t.Fatalf("%d files to deploy, %v", len(deploy), err)
	}
	for _, file := range append(deploy, "../deploy/.env.example", "operating.md", "../README.md", "../SECURITY.md", "../CHANGELOG.md") {
		for _, name := range variable.FindAllString(read(t, file), -1) {
			if !known[name] && !strings.HasPrefix(name, "LATCHKEY_TEST") {
				t.Errorf("%s: there is no setting %s", file, name)
			}
		}
	}
	for _, match := range deployed.FindAllString(read(t, "operating.md"), -1) {
		if _, err := os.Stat("../" + match); err != nil {
			t.Errorf("operating.md: %s is not there", match)
		}
	}
}

var (
	variable = regexp.MustCompile(`LATCHKEY_[A-Z][A-Z_]*[A-Z]`)
	deployed = regexp.MustCompile(`\bdeploy/[a-z][a-z_.]*[a-z]`)
)

// TestSample loads the settings file that we give as a sample.
func TestSample(t *testing.T) {
	t.Parallel()
	c, err := config.Load(config.Sources{
		File:    "../deploy/latchkey.toml",
		Environ: []string{"LATCHKEY_INSTAGRAM_APP_SECRET=an-invented-app-secret-000000000"},
	}, config.ForServe()...)
	if err != nil {
		t.Fatal(err)
	}
	if got := c.PublicURL.String(); got != "https://latchkey.example.com" {
		t.Errorf("public_url is %s", got)
	}
	if len(c.TrustedProxies) != 2 || len(c.Scopes) != 3 {
		t.Errorf("trusted_proxies is %v, scopes %v", c.TrustedProxies, c.Scopes)
	}
}
