// Mutants changes a room in many small ways, one at a time, and says which changes its tests do not
// notice. It is gremlins with what that lacks: it tries every mutant, also in the conditions of a
// switch and in constants, which Go's coverage knows nothing of; it counts none as killed that does not
// compile; and it compares what lived with the room's testdata/mutants.md, where each mutant that may
// live is named with its reason.
//
// It ends with status 1 when fewer than 95 in 100 are killed, when one lives that is not named, or when
// one is named that does not live.
package main

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
)

// efficacy is how many in 100 of the mutants the tests have to kill.
const efficacy = 95

func main() {
	if filepath.Base(os.Args[0]) == "go" {
		os.Exit(inPlaceOfGo(os.Args[1:]))
	}
	if len(os.Args) < 3 || len(os.Args) > 4 {
		fmt.Fprintln(os.Stderr, "mutants: write make mutants PKG=./internal/ROOM, and DIFF=main for what was changed since then alone")
		os.Exit(2)
	}
	diff := ""
	if len(os.Args) == 4 {
		diff = os.Args[3]
	}
	if err := run(os.Args[1], filepath.Clean(os.Args[2]), diff); err != nil {
		fmt.Fprintln(os.Stderr, "mutants:", err)
		os.Exit(1)
	}
}

// run lets gremlins loose on a room, and judges what lived.
func run(gremlins, room, diff string) error {
	if diff != "" && exec.Command("git", "diff", "--quiet", diff, "--", room).Run() == nil {
		fmt.Printf("%s: nothing was changed since %s\n", room, diff) // gremlins would take that for everything
		return nil
	}
	dir, err := os.MkdirTemp("", "latchkey-mutants-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	report := filepath.Join(dir, "report.json")
	if err := unleash(gremlins, room, diff, dir, report); err != nil {
		return err
	}
	results, err := read(report)
	if err != nil {
		return err
	}
	names, err := readNamed(filepath.Join(room, "testdata", "mutants.md"))
	if err != nil {
		return err
	}
	return judge(room, results, names, diff == "")
}

// unleash runs gremlins with this program in the place of go.
func unleash(gremlins, room, diff, dir, report string) error {
	self, err := os.Executable()
	if err != nil {
		return err
	}
	real, err := exec.LookPath("go")
	if err != nil {
		return err
	}
	if err := os.Symlink(self, filepath.Join(dir, "go")); err != nil {
		return err
	}
	args := []string{
		"unleash", "--workers", cmp.Or(os.Getenv("WORKERS"), "2"), "--timeout-coefficient", "5", "--output", report,
		"--output-statuses", "lt", "--invert-logical",
		"--invert-negatives=false", // each minus is ARITHMETIC_BASE's already
	}
	if diff != "" {
		args = append(args, "--diff", diff)
	}
	cmd := exec.Command(gremlins, args...)
	cmd.Dir = room
	cmd.Env = append(os.Environ(), realGo+"="+real, "PATH="+dir+string(os.PathListSeparator)+os.Getenv("PATH"),
		// Gremlins names the files of a room by their place in it, and git is to do the same.
		"GIT_CONFIG_COUNT=1", "GIT_CONFIG_KEY_0=diff.relative", "GIT_CONFIG_VALUE_0=true")
	cmd.Stdout, cmd.Stderr = os.Stdout, os.Stderr
	if err := cmd.Run(); err != nil {
		return fmt.Errorf("gremlins: %w; do the room's tests pass?", err)
	}
	return nil
}

// mutant is one change of the code.
type mutant struct {
	file         string
	line, column int
	kind, status string
}

// read returns the mutants of gremlins' report, in the order of the code. There is no report when there
// was nothing to change.
func read(report string) (all []mutant, err error) {
	text, err := os.ReadFile(report)
	if errors.Is(err, os.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	var r struct {
		Files []struct {
			Name      string `json:"file_name"`
			Mutations []struct {
				Kind   string `json:"type"`
				Status string `json:"status"`
				Line   int    `json:"line"`
				Column int    `json:"column"`
			} `json:"mutations"`
		} `json:"files"`
	}
	if err := json.Unmarshal(text, &r); err != nil {
		return nil, fmt.Errorf("the report of gremlins: %w", err)
	}
	for _, f := range r.Files {
		for _, m := range f.Mutations {
			all = append(all, mutant{f.Name, m.Line, m.Column, m.Kind, m.Status})
		}
	}
	slices.SortFunc(all, func(a, b mutant) int {
		return cmp.Or(strings.Compare(a.file, b.file), a.line-b.line, a.column-b.column, strings.Compare(a.kind, b.kind))
	})
	return all, nil
}

// judge prints what lived, and says in an error what is wrong with that. A name without a survivor is
// wrong only when the whole room was tried.
func judge(room string, all []mutant, names []name, whole bool) error {
	counts := map[string]int{}
	var faults []string
	for _, m := range all {
		counts[m.status]++
		if m.status != "LIVED" && m.status != "TIMED OUT" {
			continue
		}
		p, err := placeOf(room, m)
		if err != nil {
			return err
		}
		reason := "NOT NAMED"
		if at := slices.IndexFunc(names, func(n name) bool { return n.is(p, m) }); at >= 0 {
			reason = names[at].reason
			names = slices.Delete(names, at, at+1)
		} else if m.status == "LIVED" {
			faults = append(faults, fmt.Sprintf("%s:%d:%d lives and is not named", filepath.Join(room, m.file), m.line, m.column))
		}
		fmt.Printf("%s %s:%d:%d · %s · %s · %s · %s\n", m.status, filepath.Join(room, m.file), m.line, m.column, p.within, m.kind, p.text, reason)
	}
	for _, n := range names {
		if whole {
			faults = append(faults, fmt.Sprintf("%s %s is named and does not live", n.where, n.kind))
		}
	}
	killed, lived := counts["KILLED"], counts["LIVED"]
	share := 100 * float64(killed) / float64(max(1, killed+lived))
	fmt.Printf("%s: %d killed, %d lived (%.1f in 100 killed), %d timed out, %d do not compile, %d not touched\n",
		room, killed, lived, share, counts["TIMED OUT"], counts["NOT VIABLE"], counts["SKIPPED"])
	if killed+lived > 0 && share < efficacy && whole {
		faults = append(faults, fmt.Sprintf("fewer than %d in 100 are killed", efficacy))
	}
	if len(faults) > 0 {
		return errors.New(strings.Join(faults, "\nmutants: "))
	}
	return nil
}
