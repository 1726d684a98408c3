package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/urfave/cli/v3"

	"latchkey/internal/clock"
	"latchkey/internal/config"
	"latchkey/internal/seal"
	"latchkey/internal/store"
	"latchkey/internal/vault"
)

// settingFlags are the flags of settings, and the one that names the settings file.
func settingFlags(names ...config.Name) []cli.Flag {
	flags := []cli.Flag{&cli.StringFlag{Name: "config", Usage: "a TOML file with settings [LATCHKEY_CONFIG]"}}
	for _, s := range config.Settings(names...) {
		flags = append(flags, &cli.StringFlag{
			Name: s.Name.Flag(), Usage: s.Usage + " [" + s.Name.Variable() + "]", DefaultText: s.Default,
		})
	}
	return flags
}

// load reads the settings that a command uses.
func load(e env, cmd *cli.Command, names ...config.Name) (config.Config, error) {
	given := map[string]string{}
	for _, name := range names {
		if cmd.IsSet(name.Flag()) {
			given[string(name)] = cmd.String(name.Flag())
		}
	}
	return config.Load(config.Sources{Flags: given, Environ: e.environ, File: cmd.String("config")}, names...)
}

// action is what a command does.
type action = func(context.Context, *cli.Command) error

// withStore opens the store around an action.
func withStore(e env, do func(context.Context, *cli.Command, store.Store) error) action {
	return func(ctx context.Context, cmd *cli.Command) error {
		c, err := load(e, cmd, config.StoreAlone()...)
		if err != nil {
			return err
		}
		return useStore(ctx, c.Store, func(st store.Store, _ string) error { return do(ctx, cmd, st) })
	}
}

// withVault opens the store around an action that ends connections, for which no key is needed.
func withVault(e env, do func(context.Context, *cli.Command, *vault.Vault) error) action {
	return func(ctx context.Context, cmd *cli.Command) error {
		c, err := load(e, cmd, config.StoreAlone()...)
		if err != nil {
			return err
		}
		return useStore(ctx, c.Store, func(st store.Store, _ string) error {
			return do(ctx, cmd, &vault.Vault{Store: st, Now: clock.FromFile(c.TestClock)})
		})
	}
}

// withKeyring opens the store and the keyring around an action that opens tokens.
func withKeyring(e env, do func(context.Context, *cli.Command, *vault.Vault) error) action {
	return func(ctx context.Context, cmd *cli.Command) error {
		c, err := load(e, cmd, config.StoreAndKeyring()...)
		if err != nil {
			return err
		}
		return useStore(ctx, c.Store, func(st store.Store, recorded string) error {
			ring, err := seal.Load(c.KeyringFile)
			if err != nil {
				return fmt.Errorf("%s: %w", config.KeyringFile.Variable(), err)
			}
			if err := fits(ring, recorded, c.KeyringFile); err != nil {
				return err // before the vault writes an event about a token that it cannot open
			}
			return do(ctx, cmd, &vault.Vault{Keyring: ring, Store: st, Now: clock.FromFile(c.TestClock)})
		})
	}
}

// useStore opens a store that a server has used, hands it over with the fingerprint of its keyring,
// and closes it. What no server has used is a wrong address: nothing is made there.
func useStore(ctx context.Context, c config.Store, use func(st store.Store, recorded string) error) (err error) {
	st, err := openStore(ctx, c)
	if err != nil {
		return fmt.Errorf("%s: %w", config.StoreAddress.Variable(), err)
	}
	defer func() { err = errors.Join(err, st.Close()) }()
	recorded, err := recordedIn(ctx, st)
	if err != nil {
		return err
	}
	if recorded == "" {
		place := "in that database"
		if c.Kind == config.SQLite {
			place = "at " + c.Path
		}
		return fmt.Errorf("%s: there is no store %s; name the one that the server uses, or start the server first",
			config.StoreAddress.Variable(), place)
	}
	if err := st.Prepare(ctx); err != nil {
		return fmt.Errorf("%s: %w", config.StoreAddress.Variable(), err)
	}
	return use(st, recorded)
}
