package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/urfave/cli/v3"

	"latchkey/internal/clock"
	"latchkey/internal/config"
	"latchkey/internal/store"
	"latchkey/internal/vault"
)

// settingFlags are the flags of settings, and the one that names the settings file.
func settingFlags(names ...config.Name) []cli.Flag {
	flags := []cli.Flag{&cli.StringFlag{Name: "config", Usage: "a TOML file with settings [LATCHKEY_CONFIG]"}}
	return append(flags, flagsBeside(nil, names)...)
}

// flagsBeside are the flags of those settings that a command has and its parent has not.
func flagsBeside(parent, names []config.Name) []cli.Flag {
	var flags []cli.Flag
	for _, s := range config.Settings(names...) {
		if slices.Contains(parent, s.Name) {
			continue
		}
		flags = append(flags, &cli.StringFlag{
			Name: s.Name.Flag(), Usage: s.Usage + " [" + s.Name.Variable() + "]", DefaultText: s.Default,
		})
	}
	return flags
}

// hidden keeps the flags of settings out of a help that they would bury; --config stays.
func hidden(flags []cli.Flag) []cli.Flag {
	for _, f := range flags {
		if of, ok := f.(*cli.StringFlag); ok && of.Name != "config" {
			of.Hidden = true
		}
	}
	return flags
}

// load reads the settings that a command uses.
func load(e env, cmd *cli.Command, names ...config.Name) (config.Config, error) {
	return config.Load(sources(e, cmd, names...), names...)
}

// sources are where the values of a command's settings come from.
func sources(e env, cmd *cli.Command, names ...config.Name) config.Sources {
	given := map[string]string{}
	for _, name := range names {
		if cmd.IsSet(name.Flag()) {
			given[string(name)] = cmd.String(name.Flag())
		}
	}
	return config.Sources{Flags: given, Environ: e.environ, File: cmd.String("config")}
}

// action is what a command does.
type action = func(context.Context, *cli.Command) error

// withRing opens the store and the keyring around an action that opens tokens.
func withRing(e env, names []config.Name, do func(context.Context, *cli.Command, opened, *vault.Vault) error) action {
	return withOpened(e, names, func(ctx context.Context, cmd *cli.Command, o opened) error {
		ring, err := loadKeyring(ctx, o)
		if err != nil {
			return keyringFault(err)
		}
		if err := fits(ring, o.recorded, o.config.KeyringFile); err != nil {
			return err // before the vault writes an event about a token that it cannot open
		}
		return do(ctx, cmd, o, &vault.Vault{Keyring: ring, Store: o.store, Now: o.now})
	})
}

// opened is a store that a server has used.
type opened struct {
	config config.Config
	store  store.Store
	// recorded is the fingerprint of the keyring that the store is tied to.
	recorded string
	// now is the time that tokens live on.
	now func() time.Time
}

// vault ends connections, for which no key is needed.
func (o opened) vault() *vault.Vault { return &vault.Vault{Store: o.store, Now: o.now} }

// withOpened reads the settings, opens the store for an action and closes it after. What no server
// has used is a wrong address: nothing is made there.
func withOpened(e env, names []config.Name, do func(context.Context, *cli.Command, opened) error) action {
	return func(ctx context.Context, cmd *cli.Command) (err error) {
		c, err := load(e, cmd, names...)
		if err != nil {
			return err
		}
		st, err := openStore(ctx, c.Store)
		if err != nil {
			return fmt.Errorf("%s: %w", config.StoreAddress.Variable(), err)
		}
		defer func() { err = advised(c.Store, errors.Join(err, st.Close())) }()
		recorded, err := recordedIn(ctx, st)
		if err != nil {
			return err
		}
		if recorded == "" {
			return neverUsed(c.Store)
		}
		if err := st.Migrate(ctx); err != nil {
			return fmt.Errorf("%s: %w", config.StoreAddress.Variable(), err)
		}
		return do(ctx, cmd, opened{config: c, store: st, recorded: recorded, now: clock.FromFile(c.TestClock)})
	}
}

// neverUsed is the error of an address at which there is no store; MongoDB's may hold a password.
func neverUsed(c config.Store) error {
	place := "in that database"
	if c.Kind == config.SQLite {
		place = "at " + c.Path
	}
	return fmt.Errorf("%s: there is no store %s; name the one that the server uses, or start the server first",
		config.StoreAddress.Variable(), place)
}
