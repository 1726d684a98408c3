package main

import (
	"context"
	"fmt"
	"io"

	"github.com/urfave/cli/v3"

	"latchkey/internal/config"
	"latchkey/internal/httpapi"
	"latchkey/internal/store"
)

func disconnectCommand(e env) *cli.Command {
	return &cli.Command{
		Name: "disconnect", Usage: "destroy a connection's token, and keep its entry and history", Flags: []cli.Flag{yesFlag()},
		ArgsUsage: connectionArgument, ArgValidator: e.oneToEnd,
		Action: withOpened(e, config.StoreAlone(), func(ctx context.Context, cmd *cli.Command, o opened) error {
			c, err := findConnection(ctx, o.store, cmd.Args().First())
			if err != nil {
				return err
			}
			if c.Status == store.StatusDisconnected {
				return alreadyDisconnected(ctx, cmd, e.stdout, o, c)
			}
			if err := e.confirm(ctx, cmd, "Disconnect "+called(c)+"? The token is destroyed; only a login of the owner connects the account again."); err != nil {
				return err
			}
			if c, err = o.vault().Disconnect(ctx, e.caller(), c.ID); err != nil {
				return err
			}
			if cmd.Bool("json") {
				return printJSON(e.stdout, httpapi.Connection(c))
			}
			_, err = fmt.Fprintf(e.stdout, "disconnected %s; its token is destroyed\n", called(c))
			return err
		}),
	}
}

// alreadyDisconnected answers who ends a connection that has ended: nothing is done, and it is said since when.
func alreadyDisconnected(ctx context.Context, cmd *cli.Command, out io.Writer, o opened, c store.Connection) error {
	if cmd.Bool("json") {
		return printJSON(out, httpapi.Connection(c))
	}
	end, err := newestEvent(ctx, o.store, c.ID, store.EventDisconnected)
	if err != nil {
		return err
	}
	since := ""
	if end.Kind != "" {
		since = ", on " + moment(end.At) + ", by " + end.Caller
	}
	_, err = fmt.Fprintf(out, "%s was disconnected already%s; it has no token\n", called(c), since)
	return err
}

func eraseCommand(e env) *cli.Command {
	return &cli.Command{
		Name: "erase", Usage: "remove a connection with everything that is stored about it", Flags: []cli.Flag{yesFlag()},
		ArgsUsage: connectionArgument, ArgValidator: e.oneToEnd,
		Action: withOpened(e, config.StoreAlone(), func(ctx context.Context, cmd *cli.Command, o opened) error {
			c, err := findConnection(ctx, o.store, cmd.Args().First())
			if err != nil {
				return err
			}
			if err := e.confirm(ctx, cmd, "Erase "+called(c)+" with everything that is stored about it? This cannot be undone."); err != nil {
				return err
			}
			if err := o.vault().Erase(ctx, e.caller(), c.ID); err != nil {
				return err
			}
			if cmd.Bool("json") {
				return printJSON(e.stdout, map[string]string{"id": c.ID})
			}
			_, err = fmt.Fprintf(e.stdout, "erased %s with everything that was stored about it\n", called(c))
			return err
		}),
	}
}
