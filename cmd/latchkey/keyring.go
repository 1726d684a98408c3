package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"

	"latchkey/internal/config"
	"latchkey/internal/seal"
	"latchkey/internal/store"
)

// prepare brings the keyring and the store together: nothing is written to the store unless the
// keyring is the one that sealed what is in it. A SQLite store that holds nothing sealed gets a
// keyring of its own when there is none.
func prepare(ctx context.Context, st store.Store, c config.Store, keyringPath string) (*seal.Keyring, error) {
	recorded, err := recordedIn(ctx, st)
	if err != nil {
		return nil, err
	}
	ring, made, err := loadOrMake(ctx, st, c, keyringPath, recorded)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", config.KeyringFile.Variable(), err)
	}
	if !made {
		if err := fits(ring, recorded, keyringPath); err != nil {
			return nil, err
		}
	}
	if err := st.Prepare(ctx); err != nil {
		return nil, fmt.Errorf("%s: %w", config.StoreAddress.Variable(), err)
	}
	if recorded == "" || made {
		if err := record(ctx, st, ring, recorded, keyringPath); err != nil {
			return nil, err
		}
	}
	return ring, nil
}

// recordedIn returns the fingerprint of the keyring that the store is tied to, empty when it is tied to
// none yet.
func recordedIn(ctx context.Context, st store.Store) (string, error) {
	recorded, err := st.KeyringFingerprint(ctx)
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return "", fmt.Errorf("%s: %w", config.StoreAddress.Variable(), err)
	}
	return recorded, nil
}

// fits refuses a keyring that is not the recorded one; where none is recorded, any will do.
func fits(ring *seal.Keyring, recorded, path string) error {
	if recorded == "" || ring.Has(recorded) {
		return nil
	}
	return fmt.Errorf("%s: %s is another keyring than the one that sealed this store; "+
		"put the right one in its place, from your backup", config.KeyringFile.Variable(), path)
}

// loadOrMake reads the keyring, or makes it where design and safety allow.
func loadOrMake(ctx context.Context, st store.Store, c config.Store, path, recorded string) (ring *seal.Keyring, made bool, err error) {
	ring, err = seal.Load(path)
	if !errors.Is(err, fs.ErrNotExist) {
		return ring, false, err
	}
	if c.Kind != config.SQLite {
		return nil, false, err
	}
	if recorded != "" {
		sealed, askErr := st.HoldsSealed(ctx)
		if askErr != nil {
			return nil, false, fmt.Errorf("ask the store what it holds: %w", askErr)
		}
		if sealed {
			return nil, false, err
		}
	}
	ring, err = seal.Create(path)
	if errors.Is(err, fs.ErrExist) { // another process was first
		ring, err = seal.Load(path)
	}
	return ring, err == nil, err
}

// record ties the store to the keyring. Another process that starts at the same moment may have
// done so already.
func record(ctx context.Context, st store.Store, ring *seal.Keyring, old, path string) error {
	err := st.ReplaceKeyringFingerprint(ctx, old, ring.Fingerprint())
	if !errors.Is(err, store.ErrConflict) {
		return err
	}
	now, err := st.KeyringFingerprint(ctx)
	if err == nil && !ring.Has(now) {
		err = fmt.Errorf("%s: another process just tied this store to another keyring than %s; give both the same one",
			config.KeyringFile.Variable(), path)
	}
	return err
}
