// Runtests runs all tests and says at the end what could not run here. With CI=true a test that
// could not run is a failure, unless it needs what CI cannot have and says so by "elsewhere:".
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"slices"
	"strings"
)

// elsewhere begins the reason of a test that needs what only other machines have.
const elsewhere = "elsewhere: "

// event is a line of go test -json.
type event struct{ Action, Package, Test, Output string }

func main() {
	cmd := exec.Command("go", append([]string{"test", "-json"}, append(os.Args[1:], "./...")...)...)
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	skipped := report(bufio.NewScanner(out))
	failed := cmd.Wait() != nil
	for _, s := range skipped {
		fmt.Println("not run:", s)
		failed = failed || os.Getenv("CI") == "true" && !strings.Contains(s, elsewhere)
	}
	if failed {
		os.Exit(1)
	}
}

// report prints the packages' lines and the output of failed tests, and returns the tests that
// were skipped with their reasons.
func report(lines *bufio.Scanner) (skipped []string) {
	lines.Buffer(nil, 16<<20)
	running := map[string]string{} // the output of the tests that have not ended, by package and name
	for lines.Scan() {
		var e event
		if json.Unmarshal(lines.Bytes(), &e) != nil {
			fmt.Println(lines.Text())
			continue
		}
		name := e.Package + " " + e.Test
		switch {
		case e.Action == "build-output", e.Action == "output" && e.Test == "":
			fmt.Print(e.Output)
		case e.Action == "output":
			running[name] += e.Output
		case e.Action == "fail" && e.Test == "":
			unended(running, name)
		case e.Action == "fail":
			fmt.Print(running[name])
		case e.Action == "skip" && e.Test != "":
			skipped = append(skipped, name+": "+reason(running[name]))
		}
		if e.Action == "pass" || e.Action == "fail" || e.Action == "skip" {
			delete(running, name)
		}
	}
	return skipped
}

// unended prints the output of the tests that a package failed under: a panic elsewhere or the
// deadline ended it before they did, and the reason stands in the output of one of them.
func unended(running map[string]string, of string) {
	for _, name := range slices.Sorted(maps.Keys(running)) {
		if strings.HasPrefix(name, of) {
			fmt.Print(running[name])
		}
	}
}

// reason is what a skipped test said, without the lines around it.
func reason(output string) string {
	for line := range strings.Lines(output) {
		if _, said, ok := strings.Cut(line, ".go:"); ok {
			_, said, _ = strings.Cut(said, ": ")
			return strings.TrimSpace(said)
		}
	}
	return "no reason given"
}
