package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"slices"
	"strings"
	"time"
)

// realGo is the variable with the path of the go command that this program stands in for.
const realGo = "MUTANTS_GO"

// leastRun is how long the first run of the tests takes at least. Gremlins gives each mutant a multiple of
// it, and of a second or two there would not be enough for its build on a machine that is busy.
const leastRun = 8 * time.Second

func wait(until time.Time) { time.Sleep(time.Until(until)) }

// inPlaceOfGo runs the go command for gremlins and returns its exit status, with two changes: all that
// is in a covered package counts as covered, and what does not build ends with status 2, by which
// gremlins tells a mutant that cannot be from one that the tests caught.
func inPlaceOfGo(args []string) int {
	covering := slices.Index(args, "-coverprofile")
	if covering >= 0 {
		args = slices.Insert(args, covering, "-count=1") // what the cache answers takes no time
		covering++
		defer wait(time.Now().Add(leastRun))
	}
	var out bytes.Buffer
	cmd := exec.Command(os.Getenv(realGo), args...)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stdin, io.MultiWriter(os.Stdout, &out), os.Stderr
	err := cmd.Run()
	var exit *exec.ExitError
	switch {
	case errors.As(err, &exit) && bytes.Contains(out.Bytes(), []byte("[build failed]")):
		return 2
	case errors.As(err, &exit):
		return max(1, exit.ExitCode())
	case err != nil:
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	if covering >= 0 {
		if err := coverAll(args[covering+1]); err != nil {
			fmt.Fprintln(os.Stderr, err)
			return 1
		}
	}
	return 0
}

// coverAll makes of the coverage of each file one block with all that is in it.
func coverAll(profile string) error {
	text, err := os.ReadFile(profile)
	if err != nil {
		return err
	}
	var files []string
	for line := range strings.Lines(string(text)) {
		if file, _, ok := strings.Cut(line, ".go:"); ok && !slices.Contains(files, file) {
			files = append(files, file)
		}
	}
	all := "mode: set\n"
	for _, file := range files {
		all += file + ".go:1.1,99999.1 1 1\n"
	}
	return os.WriteFile(profile, []byte(all), 0o600)
}
