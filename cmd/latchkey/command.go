package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/urfave/cli/v3"
)

// env is what a command sees of the process that it runs in.
type env struct {
	args, environ  []string
	stdout, stderr io.Writer
}

// variable returns an environment variable, empty when it is not set.
func (e env) variable(name string) string {
	for _, v := range e.environ {
		if value, ok := strings.CutPrefix(v, name+"="); ok {
			return value
		}
	}
	return ""
}

// usageError is a command line that cannot be understood.
type usageError struct{ error }

// run runs the command that the arguments name and returns the process's exit status: 0, 1 for
// what failed, 2 for wrong arguments. Errors are one line on stderr.
func run(ctx context.Context, e env) int {
	err := root(e).Run(ctx, e.args)
	_, usage := errors.AsType[usageError](err)
	switch {
	case err == nil:
		return 0
	case usage:
		fmt.Fprintf(e.stderr, "latchkey: %v; see latchkey help\n", err)
		return 2
	default:
		fmt.Fprintf(e.stderr, "latchkey: %v\n", err)
		return 1
	}
}

func root(e env) *cli.Command {
	cmd := &cli.Command{
		Name:  "latchkey",
		Usage: "keeps owners' connections to Instagram safe",
		Commands: []*cli.Command{
			demoCommand(e), serveCommand(e), simulateCommand(e), doctorCommand(e),
			connectionsCommand(e), tokenCommand(e), keysCommand(e), versionCommand(e),
		},
		Writer:                e.stdout,
		ErrWriter:             e.stderr,
		HideVersion:           true,
		EnableShellCompletion: true,
		ExitErrHandler:        func(context.Context, *cli.Command, error) {}, // run decides
	}
	strict(cmd)
	return cmd
}

// strict makes every wrong argument a usageError.
func strict(cmd *cli.Command) {
	if cmd.OnUsageError == nil {
		cmd.OnUsageError = func(_ context.Context, _ *cli.Command, err error, _ bool) error { return usageError{err} }
	}
	if cmd.Action == nil {
		cmd.Action = onlyAlone(func(_ context.Context, cmd *cli.Command) error { return cli.ShowSubcommandHelp(cmd) })
	}
	for _, sub := range cmd.Commands {
		strict(sub)
	}
}

// onlyAlone keeps what a group of commands does by itself from a command that it does not have. An
// ArgValidator would do, if the group's help command did not inherit it.
func onlyAlone(do action) action {
	return func(ctx context.Context, cmd *cli.Command) error {
		if cmd.Args().Present() {
			return usageError{fmt.Errorf("%s has no command %q", cmd.FullName(), cmd.Args().First())}
		}
		return do(ctx, cmd)
	}
}

// noArguments refuses arguments where a command takes none.
func noArguments(_ context.Context, cmd *cli.Command) error {
	if cmd.Args().Present() {
		return usageError{fmt.Errorf("%s takes no argument, not %q", cmd.FullName(), cmd.Args().First())}
	}
	return nil
}

// oneID refuses anything but one argument, the id of a connection.
func oneID(_ context.Context, cmd *cli.Command) error {
	if cmd.Args().Len() != 1 || cmd.Args().First() == "" {
		return usageError{fmt.Errorf("%s takes one argument, the id of a connection", cmd.FullName())}
	}
	return nil
}
