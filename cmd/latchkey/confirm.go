package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/urfave/cli/v3"
)

// yesFlag answers the question of a command that asks before it ends something.
func yesFlag() cli.Flag { return &cli.BoolFlag{Name: "yes", Usage: "do not ask"} }

// oneToEnd refuses anything but one connection, and where nobody can be asked anything without --yes.
func (e env) oneToEnd(ctx context.Context, cmd *cli.Command) error {
	if err := oneConnection(ctx, cmd); err != nil {
		return err
	}
	if !e.interactive && !cmd.Bool("yes") {
		return usageError{fmt.Errorf("%s asks before it does anything, and there is no terminal here; nothing was changed; add --yes", cmd.FullName())}
	}
	return nil
}

// confirm asks before something ends. Only "yes" goes on.
func (e env) confirm(ctx context.Context, cmd *cli.Command, question string) error {
	if cmd.Bool("yes") {
		return nil
	}
	fmt.Fprintf(e.stderr, "%s\nType yes to go on: ", question)
	answered := make(chan string, 1)
	go func() { // a terminal that is being read does not see ctx end
		line, _ := bufio.NewReader(e.stdin).ReadString('\n')
		answered <- line
	}()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case line := <-answered:
		if strings.TrimSpace(line) != "yes" {
			return errors.New("nothing was changed")
		}
		return nil
	}
}
