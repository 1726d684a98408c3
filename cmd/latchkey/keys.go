package main

import (
	"context"
	"fmt"

	"github.com/urfave/cli/v3"

	"latchkey/internal/config"
	"latchkey/internal/seal"
)

func keysCommand(e env) *cli.Command {
	return &cli.Command{
		Name:  "keys",
		Usage: "make the keyring that seals tokens",
		Commands: []*cli.Command{{
			Name:         "init",
			Usage:        "make a keyring where LATCHKEY_KEYRING_FILE says; never replaces one",
			Flags:        settingFlags(config.StoreAddress, config.KeyringFile),
			ArgValidator: noArguments,
			Action: func(_ context.Context, cmd *cli.Command) error {
				c, err := load(e, cmd, config.StoreAddress, config.KeyringFile)
				if err != nil {
					return err
				}
				if _, err := seal.Create(c.KeyringFile); err != nil {
					return fmt.Errorf("%s: %w", config.KeyringFile.Variable(), err)
				}
				_, err = fmt.Fprintf(e.stdout, "made %s; keep a copy of it apart from the database: without it no stored token can be opened\n", c.KeyringFile)
				return err
			},
		}},
	}
}
