package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"slices"
	"strings"

	"golang.org/x/term"

	"latchkey/internal/config"
)

// status is how a check ended.
type status string

const (
	statusOK      status = "ok"
	statusWarn    status = "warn"
	statusFail    status = "fail"
	statusSkipped status = "skipped"
	// statusUnseen is that of what this user may not read and the server may. It is no failure.
	statusUnseen status = "unseen"
)

// check is one thing that the doctor looked at.
type check struct {
	Name    string `json:"name"`
	Status  status `json:"status"`
	Message string `json:"message"`
	// Cure is what to do; empty where nothing is to be done.
	Cure string `json:"cure"`

	// denied says that this user had no right to look.
	denied bool
}

func well(name, message string, args ...any) check {
	return check{Name: name, Status: statusOK, Message: fmt.Sprintf(message, args...)}
}

func skipped(name, message string, args ...any) check {
	return check{Name: name, Status: statusSkipped, Message: fmt.Sprintf(message, args...)}
}

// unset skips a check for a setting that it needs. Where the settings file cannot be read, nobody knows whether the
// setting is there.
func (d *doctor) unset(name, because string) check {
	for _, err := range d.faults {
		if _, ok := errors.AsType[config.UnreadFile](err); ok {
			return skipped(name, "not looked at: it needs the settings, and their file cannot be read")
		}
	}
	return skipped(name, "%s", because)
}

func warning(name, cure, message string, args ...any) check {
	return check{Name: name, Status: statusWarn, Message: fmt.Sprintf(message, args...), Cure: cure}
}

func failure(name, cure, message string, args ...any) check {
	denied := slices.ContainsFunc(args, func(arg any) bool {
		err, ok := arg.(error)
		return ok && errors.Is(err, fs.ErrPermission)
	})
	return check{Name: name, Status: statusFail, Message: fmt.Sprintf(message, args...), Cure: cure, denied: denied}
}

// failedBy is the failure that an error tells. Errors that say what to do say it after their last
// semicolon; cure stands in for the others.
func failedBy(name string, err error, cure string) check {
	c := failure(name, cure, "%v", err)
	if i := strings.LastIndex(c.Message, "; "); i >= 0 {
		c.Message, c.Cure = c.Message[:i], c.Message[i+2:]
	}
	return c
}

// unseen is what a check that was denied comes to where the server is another user: it may well be right.
func unseen(name, message string, args ...any) check {
	return check{
		Name: name, Status: statusUnseen, Message: "cannot be seen from here: " + fmt.Sprintf(message, args...),
		Cure: "run the doctor as the server runs, with its user, its settings and its secrets (docs/operating.md, The command line)",
	}
}

// foundWrong is the error of an examination in which a check failed.
type foundWrong struct{ failed, of int }

func (f foundWrong) Error() string { return fmt.Sprintf("%d of %d checks failed", f.failed, f.of) }

// report prints the checks; an error means that one of them failed. Warnings are none.
func report(out io.Writer, checks []check, asJSON bool) error {
	failed := 0
	for _, c := range checks {
		if c.Status == statusFail {
			failed++
		}
	}
	var err error
	if asJSON {
		err = printJSON(out, struct {
			OK     bool    `json:"ok"`
			Checks []check `json:"checks"`
		}{failed == 0, checks})
	} else {
		err = printChecks(out, checks)
	}
	if err == nil && failed > 0 {
		return foundWrong{failed, len(checks)}
	}
	return err
}

const (
	// reportWidth is where lines of a report are broken.
	reportWidth = 100
	// nameAt and textAt are the columns in which a check's name and text begin.
	nameAt, textAt = 9, 26
)

// printChecks prints a line a check, and what to do under it.
func printChecks(out io.Writer, checks []check) error {
	colours := isTerminal(out) && os.Getenv("NO_COLOR") == ""
	var b strings.Builder
	for _, c := range checks {
		word := fmt.Sprintf("%-*s", nameAt, c.Status)
		if colours {
			word = colour[c.Status] + word + "\x1b[0m"
		}
		fmt.Fprintf(&b, "%s%-*s%s\n", word, textAt-nameAt, strings.ReplaceAll(c.Name, "_", " "), indented(plain(c.Message), textAt))
		if c.Cure != "" {
			fmt.Fprintf(&b, "%*s%s\n", textAt, "", indented("-> "+plain(c.Cure), textAt))
		}
	}
	_, err := io.WriteString(out, b.String())
	return err
}

var colour = map[status]string{
	statusOK: "\x1b[32m", statusWarn: "\x1b[33m", statusFail: "\x1b[1;31m", statusUnseen: "\x1b[36m", statusSkipped: "\x1b[2m",
}

// indented breaks a text into lines that begin at a column.
func indented(text string, at int) string {
	var b strings.Builder
	column := at
	for i, word := range strings.Fields(text) {
		switch {
		case i == 0:
		case column+1+len(word) > reportWidth:
			b.WriteString("\n" + strings.Repeat(" ", at))
			column = at
		default:
			b.WriteByte(' ')
			column++
		}
		b.WriteString(word)
		column += len(word)
	}
	return b.String()
}

func isTerminal(out io.Writer) bool {
	f, ok := out.(*os.File)
	return ok && term.IsTerminal(int(f.Fd()))
}
