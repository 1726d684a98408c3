package main

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/urfave/cli/v3"

	"latchkey/internal/config"
	"latchkey/internal/store"
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
			if dead := deadToken(c, o.now()); dead != "" {
				fmt.Fprintf(e.stderr, "latchkey: %s. Its owner has to log in again; latchkey connections link %s makes a link for her\n", dead, c.ID)
			}
			_, err = fmt.Fprintln(e.stdout, token.Reveal())
			return err
		}),
	}
}

// deadToken says why a token will hardly work, though it is there; empty when nothing is known against it.
func deadToken(c store.Connection, now time.Time) string {
	switch {
	case c.Status == store.StatusReconnect:
		return "Instagram does not take this token any more: " + strings.TrimSuffix(plain(c.StatusReason), ".")
	case !c.TokenExpiresAt.IsZero() && !c.TokenExpiresAt.After(now):
		return "this token ran out on " + moment(c.TokenExpiresAt)
	default:
		return ""
	}
}
