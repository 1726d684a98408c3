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
		Usage:        "print a connection's token and leave an event that says so",
		ArgsUsage:    "ID",
		Flags:        settingFlags(config.StoreAndKeyring()...),
		ArgValidator: oneID,
		Action: withKeyring(e, func(ctx context.Context, cmd *cli.Command, v *vault.Vault) error {
			id := cmd.Args().First()
			token, err := v.Token(ctx, vault.CallerCommandLine, id)
			if err != nil {
				return unknown(id, err)
			}
			_, err = fmt.Fprintln(e.stdout, token.Reveal())
			return err
		}),
	}
}
