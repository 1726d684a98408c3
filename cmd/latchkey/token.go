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
			needed, _ := newestEvent(ctx, o.store, c.ID, store.EventReconnectNeeded) // else it is not said since when
			if dead := deadToken(c, needed.At, o.now()); dead != "" {
				fmt.Fprintf(e.stderr, "latchkey: %s. Its owner has to log in again; latchkey connections link %s makes a link for her\n", dead, c.ID)
			}
			_, err = fmt.Fprintln(e.stdout, token.Reveal())
			return err
		}),
	}
}

// deadToken says why a token will hardly work, though it is there; empty when nothing is known against it. needed is
// since when the connection needs its owner, zero when that is not known.
func deadToken(c store.Connection, needed, now time.Time) string {
	switch {
	case c.Status == store.StatusReconnect:
		since := ""
		if !needed.IsZero() {
			since = " since " + moment(needed)
		}
		return fmt.Sprintf("the connection has the status %s%s, and Instagram does not take this token: %s",
			c.Status, since, strings.TrimSuffix(plain(c.StatusReason), "."))
	case !c.TokenExpiresAt.IsZero() && !c.TokenExpiresAt.After(now):
		return fmt.Sprintf("the connection has the status %s, and this token ran out on %s", c.Status, moment(c.TokenExpiresAt))
	default:
		return ""
	}
}
