package docs_test

import (
	"bytes"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"latchkey/internal/login"
	"latchkey/internal/metrics"
)

const (
	alerts    = "../deploy/alerts.yml"
	dashboard = "../deploy/grafana.json"
)

var (
	metricName  = regexp.MustCompile(`\b(latchkey|process|go)_[a-z_]+`)
	selector    = regexp.MustCompile(`\b([a-z_]+)\{([^{}]*)\}`)
	matcher     = regexp.MustCompile(`(\w+)(?:=|!=|=~|!~)"([^"]*)"`)
	exposedLine = regexp.MustCompile(`(?m)^([a-z_]+)(?:\{(.*)\})? `)
	typeLine    = regexp.MustCompile(`(?m)^# TYPE (latchkey_[a-z_]+) `)
	runbookLine = regexp.MustCompile(`(?m)^ +runbook_url: docs/(.+)$`)
	runbookBase = regexp.MustCompile(`(?m)^(?:#   )?sed '(/.*runbook_url.+)' \\$`)
	alertLine   = regexp.MustCompile(`(?m)^ +- alert: (\w+)$`)
)

// exposition is what a process tells Prometheus before anything happened.
func exposition(t *testing.T) string {
	t.Helper()
	m := metrics.New()
	m.Built("v1.2.3")
	m.WatchDisks(map[string]string{"store": ".", "spill": "."})
	for _, kind := range login.Kinds() {
		m.Declare(string(kind))
	}
	w := httptest.NewRecorder()
	m.Handler().ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/metrics", nil))
	return w.Body.String()
}

// exposed are the series by their names, and for each label the values that it has.
func exposed(t *testing.T) map[string]map[string][]string {
	t.Helper()
	all := map[string]map[string][]string{}
	for _, line := range exposedLine.FindAllStringSubmatch(exposition(t), -1) {
		name, labels := line[1], line[2]
		if all[name] == nil {
			all[name] = map[string][]string{}
		}
		for _, label := range matcher.FindAllStringSubmatch(labels, -1) {
			all[name][label[1]] = append(all[name][label[1]], label[2])
		}
	}
	return all
}

// TestMetricsAreThere looks up every metric that the rules, their tests and the dashboard ask for, and
// every value of a label.
func TestMetricsAreThere(t *testing.T) {
	t.Parallel()
	there := exposed(t)
	for _, file := range []string{alerts, "../deploy/alerts_test.yml", dashboard} {
		text := strings.ReplaceAll(read(t, file), `\"`, `"`)
		names := metricName.FindAllString(text, -1)
		if len(names) < 10 {
			t.Errorf("%s: only %d metrics were found", file, len(names))
		}
		for _, name := range names {
			if there[name] == nil {
				t.Errorf("%s: there is no metric %s", file, name)
			}
		}
		for _, of := range selector.FindAllStringSubmatch(text, -1) {
			for _, label := range matcher.FindAllStringSubmatch(of[2], -1) {
				if slices.Contains([]string{"job", "instance", "le"}, label[1]) {
					continue
				}
				for value := range strings.SplitSeq(label[2], "|") {
					if metricName.MatchString(of[1]) && !slices.Contains(there[of[1]][label[1]], value) {
						t.Errorf("%s: %s has no %s %q", file, of[1], label[1], value)
					}
				}
			}
		}
	}
}

// TestMetricsAreShown holds that the dashboard shows every metric, and operating.md explains it.
func TestMetricsAreShown(t *testing.T) {
	t.Parallel()
	board, page := read(t, dashboard), read(t, "operating.md")
	for _, family := range typeLine.FindAllStringSubmatch(exposition(t), -1) {
		if !strings.Contains(board, family[1]) {
			t.Errorf("the dashboard shows no %s", family[1])
		}
		if !strings.Contains(page, "`"+family[1]) {
			t.Errorf("operating.md says nothing of %s", family[1])
		}
	}
}

// TestAlertsAreExplained holds that each alert says what to do, and where to read more.
func TestAlertsAreExplained(t *testing.T) {
	t.Parallel()
	rules, page := read(t, alerts), read(t, "operating.md")
	names := alertLine.FindAllStringSubmatch(rules, -1)
	for _, annotation := range []string{"summary: ", "description: ", "action: ", "severity: "} {
		if n := strings.Count(rules, annotation); n != len(names) || n == 0 {
			t.Errorf("%d alerts have %d times %q", len(names), n, annotation)
		}
	}
	for _, name := range names {
		if !strings.Contains(page, "`"+name[1]+"`") {
			t.Errorf("operating.md says nothing of %s", name[1])
		}
		if !strings.Contains(read(t, "../deploy/alerts_test.yml"), `alertname="`+name[1]+`"`) {
			t.Errorf("no test lets %s fire", name[1])
		}
	}
	runbooks := runbookLine.FindAllStringSubmatch(rules, -1)
	if len(runbooks) != len(names) {
		t.Errorf("%d alerts have %d runbooks", len(names), len(runbooks))
	}
	for _, runbook := range runbooks {
		file, heading, _ := strings.Cut(runbook[1], "#")
		if !anchors(t, file)[heading] {
			t.Errorf("the runbook %s leads nowhere", runbook[1])
		}
	}
}

// TestRunbooksBecomeLinks holds that the line which puts an address before the runbooks does so for each of
// them, leaves the rest as it is, and is the same in the rules and in operating.md.
func TestRunbooksBecomeLinks(t *testing.T) {
	t.Parallel()
	sed, err := exec.LookPath("sed")
	if err != nil {
		t.Skip("elsewhere: sed is not here")
	}
	rules := read(t, alerts)
	for _, file := range []string{alerts, "operating.md"} {
		said := runbookBase.FindStringSubmatch(read(t, file))
		if said == nil {
			t.Fatalf("%s does not say how", file)
		}
		cmd := exec.CommandContext(t.Context(), sed, said[1])
		cmd.Stdin = strings.NewReader(rules)
		out, err := cmd.Output()
		if err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		const base = "https://git.example.com/latchkey/blob/main/"
		want := runbookLine.ReplaceAllStringFunc(rules, func(line string) string {
			return strings.Replace(line, "runbook_url: ", "runbook_url: "+base, 1)
		})
		if string(out) != want || want == rules {
			t.Errorf("%s: the rules become\n%s", file, out)
		}
	}
}

// promtool runs Prometheus's own checker.
func promtool(t *testing.T, args ...string) {
	t.Helper()
	path, err := exec.LookPath("promtool")
	if err != nil {
		t.Skip("elsewhere: promtool is not here; .ci/run takes it from Debian's package prometheus")
	}
	if out, err := exec.CommandContext(t.Context(), path, args...).CombinedOutput(); err != nil {
		t.Errorf("promtool %s: %v\n%s", strings.Join(args, " "), err, out)
	}
}

// TestAlerts holds that the rules fire when they should and at no other time.
func TestAlerts(t *testing.T) {
	t.Parallel()
	promtool(t, "check", "rules", alerts)
	promtool(t, "test", "rules", "../deploy/alerts_test.yml")
}

// TestDashboard lets promtool read every query of the dashboard.
func TestDashboard(t *testing.T) {
	t.Parallel()
	var board struct {
		Panels []struct {
			Title   string
			Type    string
			Targets []struct{ Expr string }
		}
	}
	if err := json.Unmarshal([]byte(read(t, dashboard)), &board); err != nil {
		t.Fatal(err)
	}
	var rules bytes.Buffer
	rules.WriteString("groups:\n  - name: dashboard\n    rules:\n")
	for _, panel := range board.Panels {
		if panel.Type != "row" && len(panel.Targets) == 0 {
			t.Errorf("the panel %q shows nothing", panel.Title)
		}
		for _, target := range panel.Targets {
			expr, _ := json.Marshal(strings.ReplaceAll(target.Expr, "$__rate_interval", "5m"))
			rules.WriteString("      - {record: shown, expr: " + string(expr) + ", labels: {panel: \"" + panel.Title + "\"}}\n")
		}
	}
	file := filepath.Join(t.TempDir(), "rules.yml")
	if err := os.WriteFile(file, rules.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	promtool(t, "check", "rules", file)
}
