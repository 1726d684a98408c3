package main

import (
	"context"
	"fmt"

	"github.com/urfave/cli/v3"

	"latchkey/internal/config"
	"latchkey/internal/notice"
)

// linkCommand makes a reconnect link, for an owner who is reached by other ways than mail.
func linkCommand(e env) *cli.Command {
	return &cli.Command{
		Name: "link", Usage: "print a one-time link through which the owner can log in again", ArgsUsage: connectionArgument, ArgValidator: oneConnection,
		Flags: flagsBeside(config.StoreAlone(), config.ForLink()),
		Action: withOpened(e, config.ForLink(), func(ctx context.Context, cmd *cli.Command, o opened) error {
			c, err := findConnection(ctx, o.store, cmd.Args().First())
			if err != nil {
				return err
			}
			n := &notice.Notifier{Store: o.store, PublicURL: o.config.PublicURL.String(), Now: o.now}
			link, err := n.ReconnectLink(ctx, e.caller(), c.ID)
			if err != nil {
				return err
			}
			if cmd.Bool("json") {
				return printJSON(e.stdout, map[string]string{"id": c.ID, "url": link})
			}
			_, err = fmt.Fprintln(e.stdout, link)
			return err
		}),
	}
}
