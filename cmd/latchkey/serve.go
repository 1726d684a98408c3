package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/urfave/cli/v3"
	"golang.org/x/sync/errgroup"

	"latchkey/instagram"
	"latchkey/internal/clock"
	"latchkey/internal/config"
	"latchkey/internal/tracing"
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
			return serve(ctx, e, c)
		},
	}
}

// serve runs a server, and beside it the listener for scrapes where there is one.
func serve(ctx context.Context, e env, c config.Config) error {
	var moved func() time.Time
	if c.TestClock != "" {
		moved = clock.FromFile(c.TestClock)
	}
	s, err := start(ctx, e, c, moved)
	if err != nil {
		return err
	}
	ctx, stop := untilStopped(ctx)
	defer s.close(stop)
	flush, err := tracing.Start(ctx, e.variable, s.log)
	if err != nil {
		return err
	}
	defer s.flush(stop, flush)
	l, err := listen(ctx, c.Addr, config.Addr.Variable())
	if err != nil {
		return err
	}
	defer l.Close()
	group, ctx := errgroup.WithContext(ctx)
	if c.MetricsAddr != "" {
		scrapes, err := listen(ctx, c.MetricsAddr, config.MetricsAddr.Variable())
		if err != nil {
			return err
		}
		group.Go(func() error { return serveMetrics(ctx, s.metrics, scrapes) })
	}
	group.Go(func() error { return s.run(ctx, stop, l) })
	return group.Wait()
}

// start opens the store and the keyring and wires a server that does not listen yet.
func start(ctx context.Context, e env, c config.Config, now func() time.Time) (_ *server, err error) {
	format := logFormat(c.LogFormat, e.stderr)
	log := newLogger(format, e.stderr)
	for _, warning := range c.Warnings {
		log.Warn(warning)
	}
	st, err := openStore(ctx, c.Store)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", config.StoreAddress.Variable(), err)
	}
	defer func() {
		if err != nil {
			err = advised(c.Store, errors.Join(err, st.Close()))
		}
	}()
	if err := waitForStore(ctx, st, log); err != nil {
		return nil, err
	}
	was, form := formOf(ctx, st)
	ring, err := prepare(ctx, st, c.Store, c.KeyringFile)
	if err != nil {
		return nil, err
	}
	if 0 < was && was < form {
		log.Info("the store was brought to this version's form", "from", was, "to", form)
	}
	if err := spillable(c.SpillDir); err != nil {
		log.Warn("a new token would be lost if the store went away just then: name a folder that can be written in "+
			config.SpillDir.Variable(), "folder", c.SpillDir, "error", err)
	}
	m := newMetrics()
	var combined io.Writer
	if format == "combined" {
		combined = e.stdout
	}
	return newServer(parts{
		config: c, store: m.Store(st), keyring: ring, metrics: m, now: now, log: log, combined: combined,
	})
}

func endpoints(c config.Config) instagram.Endpoints {
	return instagram.Endpoints{
		Authorize: c.InstagramAuthorizeURL, Token: c.InstagramTokenURL,
		Graph: c.InstagramGraphURL, Version: c.GraphVersion,
	}
}
