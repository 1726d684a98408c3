package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/urfave/cli/v3"

	"latchkey/instagram"
	"latchkey/internal/clock"
	"latchkey/internal/config"
)

func serveCommand(e env) *cli.Command {
	return &cli.Command{
		Name:         "serve",
		Usage:        "run the server",
		Flags:        settingFlags(config.ForServe()...),
		ArgValidator: noArguments,
		Action: func(ctx context.Context, cmd *cli.Command) error {
			c, err := load(e, cmd, config.ForServe()...)
			if err != nil {
				return err
			}
			s, err := start(ctx, e, c, clock.FromFile(c.TestClock))
			if err != nil {
				return err
			}
			defer s.close()
			l, err := listen(ctx, c.Addr, config.Addr.Variable())
			if err != nil {
				return err
			}
			return s.run(ctx, l)
		},
	}
}

// start opens the store and the keyring and wires a server that does not listen yet.
func start(ctx context.Context, e env, c config.Config, now func() time.Time) (_ *server, err error) {
	format := logFormat(c.LogFormat, e.stderr)
	log := newLogger(format, e.stderr)
	st, err := openStore(ctx, c.Store)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", config.StoreAddress.Variable(), err)
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, st.Close())
		}
	}()
	if err := waitForStore(ctx, st, log); err != nil {
		return nil, err
	}
	ring, err := prepare(ctx, st, c.Store, c.KeyringFile)
	if err != nil {
		return nil, err
	}
	var combined io.Writer
	if format == "combined" {
		combined = e.stdout
	}
	return newServer(parts{config: c, store: st, keyring: ring, now: now, log: log, combined: combined})
}

func endpoints(c config.Config) instagram.Endpoints {
	return instagram.Endpoints{
		Authorize: c.InstagramAuthorizeURL, Token: c.InstagramTokenURL,
		Graph: c.InstagramGraphURL, Version: c.GraphVersion,
	}
}
