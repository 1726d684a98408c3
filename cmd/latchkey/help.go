package main

import (
	"context"
	"fmt"
	"strings"

	"github.com/urfave/cli/v3"

	"latchkey/internal/config"
)

// helpCommand explains the commands of a group, however deep they are: "help A B" is "A B --help".
func helpCommand(e env, group *cli.Command) *cli.Command {
	return &cli.Command{
		Name: "help", Aliases: []string{"h"},
		Usage:     "explain a command",
		ArgsUsage: "[COMMAND]…",
		Action: func(_ context.Context, cmd *cli.Command) error {
			at := group
			for _, name := range cmd.Args().Slice() {
				sub := at.Command(name)
				if sub == nil {
					return noCommand(at, name)
				}
				at = sub
			}
			line := append(strings.Fields(group.FullName()), cmd.Args().Slice()...)
			// The context of this run would make its commands subcommands of help.
			return root(e).Run(context.Background(), append(line, "--help"))
		},
	}
}

// noCommand refuses a command that a group does not have, with the one that was probably meant.
func noCommand(group *cli.Command, name string) error {
	var names []string
	for _, sub := range group.VisibleCommands() {
		names = append(names, sub.Name)
	}
	return usageError{fmt.Errorf("%s has no command %q%s", group.FullName(), name, didYouMean("", config.Nearest(name, names)))}
}

// wrongFlag is the error of a flag that cannot be understood, with the one that was probably meant.
func wrongFlag(cmd *cli.Command, err error) error {
	name, unknown := strings.CutPrefix(err.Error(), "flag provided but not defined: -")
	if !unknown {
		return usageError{err}
	}
	var names []string
	for _, of := range cmd.Lineage() {
		for _, flag := range of.Flags {
			names = append(names, flag.Names()...)
		}
	}
	return usageError{fmt.Errorf("%s has no flag --%s%s", cmd.FullName(), strings.TrimLeft(name, "-"), didYouMean("--", config.Nearest(name, names)))}
}

func didYouMean(before, nearest string) string {
	if nearest == "" {
		return ""
	}
	return "; did you mean " + before + nearest + "?"
}

// completionText says in the help of "completion" how each shell is taught.
const completionText = `The script makes the Tab key complete commands and flags.

bash        source <(latchkey completion bash)                 in ~/.bashrc; needs bash-completion
zsh         source <(latchkey completion zsh)                  in ~/.zshrc, after compinit
fish        latchkey completion fish > ~/.config/fish/completions/latchkey.fish
PowerShell  latchkey completion pwsh > latchkey.ps1            and run that file in $PROFILE`
