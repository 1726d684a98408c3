package main

import (
	"context"
	"fmt"

	"github.com/urfave/cli/v3"

	"latchkey/internal/config"
	"latchkey/internal/vault"
)

func tokenCommand(e env) *cli.Command {
	return &cli.Command{
		Name:         "token",
		Usage:        "print a connection's token, and record in its history who asked",
		ArgsUsage:    connectionArgument,
		Flags:        settingFlags(config.StoreAndKeyring()...),
		ArgValidator: oneConnection,
		Action: withRing(e, config.StoreAndKeyring(), func(ctx context.Context, cmd *cli.Command, o opened, v *vault.Vault) error {
			c, err := findConnection(ctx, o.store, cmd.Args().First())
			if err != nil {
				return err
			}
			token, err := v.Token(ctx, e.caller(), c.ID)
			if err != nil {
				return err
			}
			_, err = fmt.Fprintln(e.stdout, token.Reveal())
			return err
		}),
	}
}
