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
	stdin          io.Reader
	stdout, stderr io.Writer
	// interactive says that a person sits at stdin, who can be asked.
	interactive bool
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
		Description: "latchkey help COMMAND explains a command, and so does latchkey COMMAND --help.\n" +
			"The manual is docs/operating.md.",
		Commands: []*cli.Command{
			demoCommand(e), serveCommand(e), simulateCommand(e), doctorCommand(e),
			connectionsCommand(e), tokenCommand(e), keysCommand(e), versionCommand(e),
		},
		Flags:                 []cli.Flag{&cli.BoolFlag{Name: "version", Usage: "say which version this is", Local: true}},
		Writer:                e.stdout,
		ErrWriter:             e.stderr,
		HideVersion:           true, // ours says more
		EnableShellCompletion: true,
		ConfigureShellCompletionCommand: func(cmd *cli.Command) {
			cmd.Hidden, cmd.Usage, cmd.Description = false, "print a script that makes a shell complete commands", completionText
			strict(e, cmd)
		},
		ExitErrHandler: func(context.Context, *cli.Command, error) {}, // run decides
	}
	cmd.Action = onlyAlone(func(_ context.Context, cmd *cli.Command) error {
		if cmd.Bool("version") {
			return printVersion(e.stdout)
		}
		return cli.ShowRootCommandHelp(cmd)
	})
	strict(e, cmd)
	return cmd
}

// strict makes every wrong argument a usageError, and gives every group of commands its help.
func strict(e env, cmd *cli.Command) {
	if cmd.OnUsageError == nil {
		cmd.OnUsageError = func(_ context.Context, cmd *cli.Command, err error, _ bool) error { return wrongFlag(cmd, err) }
	}
	if cmd.Action == nil {
		cmd.Action = onlyAlone(func(_ context.Context, cmd *cli.Command) error { return cli.ShowSubcommandHelp(cmd) })
	}
	for _, sub := range cmd.Commands {
		strict(e, sub)
	}
	if cmd.HideHelpCommand = true; len(cmd.Commands) > 0 {
		help := helpCommand(e, cmd)
		strict(e, help)
		cmd.Commands = append(cmd.Commands, help)
	}
}

// onlyAlone keeps what a group of commands does by itself from a command that it does not have. An
// ArgValidator would do, if the group's help command did not inherit it.
func onlyAlone(do action) action {
	return func(ctx context.Context, cmd *cli.Command) error {
		if cmd.Args().Present() {
			return noCommand(cmd, cmd.Args().First())
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

// connectionArgument is what stands in the help for the argument of oneConnection.
const connectionArgument = "ID|USERNAME"

// oneConnection refuses anything but one argument, the name of a connection.
func oneConnection(_ context.Context, cmd *cli.Command) error {
	if cmd.Args().Len() != 1 || cmd.Args().First() == "" {
		return usageError{fmt.Errorf("%s takes one argument, the id or the username of a connection", cmd.FullName())}
	}
	return nil
}
