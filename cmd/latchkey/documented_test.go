package main

import (
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/urfave/cli/v3"
)

var (
	// written are the places of a page in which commands stand: code in a line, and blocks of it.
	written = regexp.MustCompile("(?s)```.*?```|`[^`\n]+`|(?m:^    .*$)")
	// calledBy is how a page calls the program.
	calledBy = regexp.MustCompile(`(?:^|[\s"(` + "`" + `]|\./|bin/|cmd/)latchkey(?:ctl)? ([^\n` + "`" + `|#>)]+)`)
	word     = regexp.MustCompile(`^[a-z][a-z-]*$`)
)

// TestDocumentedCommands looks up every command, and every flag of one, that our pages, our files for
// servers and the alerts name.
func TestDocumentedCommands(t *testing.T) {
	t.Parallel()
	all := root(env{})
	found := 0
	for _, page := range []string{
		"README.md", "SECURITY.md", "CHANGELOG.md", "docs/operating.md", "docs/instagram.md", "deploy/alerts.yml",
	} {
		text, err := os.ReadFile("../../" + page)
		must(t, err)
		places := []string{string(text)}
		if strings.HasSuffix(page, ".md") {
			places = written.FindAllString(string(text), -1)
		}
		for _, place := range places {
			for _, line := range calledBy.FindAllStringSubmatch(place, -1) {
				if names(t, page, all, line[1]) {
					found++
				}
			}
		}
	}
	if found < 40 {
		t.Errorf("only %d commands were found", found)
	}
}

// names looks up the words of a command line, as far as they are commands and flags of ours.
func names(t *testing.T, page string, at *cli.Command, line string) bool {
	t.Helper()
	path := []*cli.Command{at}
	for i, name := range strings.Fields(line) {
		flag, isFlag := strings.CutPrefix(name, "--")
		flag, _, _ = strings.Cut(strings.Trim(flag, "[]"), "=")
		switch sub := at.Command(name); {
		case i == 0 && isFlag && flag != "version":
			return false
		case isFlag && flag != "" && flag != "help" && !hasFlag(path, flag):
			t.Errorf("%s: %q: there is no flag --%s", page, line, flag)
		case isFlag:
		case sub != nil:
			at = sub
			path = append(path, at)
		case i == 0 && !word.MatchString(name), i == 0 && name == "sh": // no command of ours is meant
			return false
		case i == 0 && name != "help" && name != "completion", len(at.Commands) > 0 && at != path[0] && word.MatchString(name):
			t.Errorf("%s: %q: %s has no command %q", page, line, at.Name, name)
			return false
		default:
			return true // arguments, or what is not ours
		}
	}
	return true
}

func hasFlag(path []*cli.Command, name string) bool {
	for _, of := range path {
		for _, flag := range of.Flags {
			for _, n := range flag.Names() {
				if n == name {
					return true
				}
			}
		}
	}
	return false
}
