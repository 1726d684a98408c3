package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"

	"github.com/urfave/cli/v3"

	"latchkey/internal/config"
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
			Action: func(ctx context.Context, cmd *cli.Command) error {
				c, err := load(e, cmd, config.StoreAddress, config.KeyringFile)
				if err != nil {
					return err
				}
				if err := initKeyring(ctx, c); err != nil {
					return err
				}
				_, err = fmt.Fprintf(e.stdout, "made %s; keep a copy of it apart from the database: without it no stored token can be opened\n", c.KeyringFile)
				return err
			},
		}},
	}
}

// initKeyring makes a keyring for the store of the settings, whether it is there yet or not, unless the
// store needs the one that it had.
func initKeyring(ctx context.Context, c config.Config) (err error) {
	if _, err := os.Lstat(c.KeyringFile); err == nil {
		return keyringFault(fmt.Errorf("keyring %s is there already (%w) and stays as it is", c.KeyringFile, fs.ErrExist))
	}
	st, err := openStore(ctx, c.Store)
	if c.Store.Kind == config.SQLite && errors.Is(err, fs.ErrNotExist) { // not even its folder is there
		_, err = makeKeyring(c.KeyringFile)
		return keyringFault(err)
	}
	if err != nil {
		return fmt.Errorf("%s: %w", config.StoreAddress.Variable(), err)
	}
	defer func() { err = errors.Join(err, st.Close()) }()
	recorded, err := recordedIn(ctx, st)
	if err != nil {
		return fmt.Errorf("whether a keyring may be made depends on what the store holds: %w", err)
	}
	sealed, err := holdsSealed(ctx, st, recorded)
	if err == nil && sealed {
		err = missing(c.KeyringFile, recorded, sealed)
	}
	if err != nil {
		return keyringFault(err)
	}
	ring, err := makeKeyring(c.KeyringFile)
	if err != nil || recorded == "" { // the first start ties the store to it
		return keyringFault(err)
	}
	return record(ctx, st, ring, recorded, c.KeyringFile)
}
