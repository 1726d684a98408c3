package main

import (
	"context"
	"crypto/rand"
	"fmt"
	"log/slog"

	"github.com/urfave/cli/v3"

	"latchkey/instagram"
	"latchkey/internal/clock"
	"latchkey/internal/config"
	"latchkey/internal/httpapi"
	"latchkey/internal/refresh"
	"latchkey/internal/usage"
	"latchkey/internal/vault"
)

// refreshCommand refreshes a connection beside a running server, under the same lease.
func refreshCommand(e env) *cli.Command {
	return &cli.Command{
		Name: "refresh", Usage: "refresh a connection's token now", ArgsUsage: connectionArgument, ArgValidator: oneConnection,
		Flags: flagsBeside(config.StoreAlone(), config.ForRefresh()),
		Action: withRing(e, config.ForRefresh(), func(ctx context.Context, cmd *cli.Command, o opened, v *vault.Vault) error {
			c, err := findConnection(ctx, o.store, cmd.Args().First())
			if err != nil {
				return err
			}
			if c, err = commandKeeper(e, o, v).Refresh(ctx, e.caller(), c.ID); err != nil {
				return err
			}
			if cmd.Bool("json") {
				return printJSON(e.stdout, httpapi.Connection(c))
			}
			_, err = fmt.Fprintf(e.stdout, "refreshed %s; safe until %s\n", c.ID, moment(c.TokenExpiresAt))
			return err
		}),
	}
}

// commandKeeper is a keeper for one refresh. What it has to say beside its error is only what must
// not be missed.
func commandKeeper(e env, o opened, v *vault.Vault) *refresh.Keeper {
	reference := &clock.Reference{Now: o.now}
	log := slog.New(slog.NewTextHandler(e.stderr, &slog.HandlerOptions{Level: slog.LevelError}))
	return &refresh.Keeper{
		Instagram: &instagram.Client{Endpoints: endpoints(o.config), Now: o.now, OnDate: reference.Heard},
		Store:     o.store, Vault: v,
		Spill: &refresh.Spill{Dir: o.config.SpillDir, Log: log},
		Usage: &usage.Meter{}, Holder: rand.Text(), Clock: reference, Log: log,
	}
}
