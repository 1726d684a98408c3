package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"

	"latchkey/internal/config"
	"latchkey/internal/disk"
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
		return nil, keyringFault(err)
	}
	if !made {
		if err := fits(ring, recorded, keyringPath); err != nil {
			return nil, err
		}
	}
	if err := st.Migrate(ctx); err != nil {
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
	return fmt.Errorf("%s: %s is another keyring (fingerprint %s) than the one that sealed this store (%s); "+
		"put the right one in its place, from your backup", config.KeyringFile.Variable(), path, ring.Fingerprint(), recorded)
}

// keyringFault names the setting that an error is about.
func keyringFault(err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%s: %w", config.KeyringFile.Variable(), err)
}

// loadOrMake reads the keyring, or makes it where design and safety allow.
func loadOrMake(ctx context.Context, st store.Store, c config.Store, path, recorded string) (ring *seal.Keyring, made bool, err error) {
	ring, err = seal.Load(path)
	if !errors.Is(err, fs.ErrNotExist) {
		return ring, false, err
	}
	sealed, askErr := holdsSealed(ctx, st, recorded)
	switch {
	case askErr != nil:
		return nil, false, askErr
	case sealed || c.Kind != config.SQLite:
		return nil, false, missing(path, recorded, sealed)
	}
	ring, err = makeKeyring(path)
	if errors.Is(err, fs.ErrExist) { // another process was first
		ring, err = seal.Load(path)
	}
	return ring, err == nil, err
}

// loadKeyring reads the keyring of a store that a server has used.
func loadKeyring(ctx context.Context, o opened) (*seal.Keyring, error) {
	ring, err := seal.Load(o.config.KeyringFile)
	if !errors.Is(err, fs.ErrNotExist) {
		return ring, err
	}
	sealed, err := holdsSealed(ctx, o.store, o.recorded)
	if err != nil {
		return nil, err
	}
	return nil, missing(o.config.KeyringFile, o.recorded, sealed)
}

// holdsSealed says whether anything in the store was sealed, which a store that is tied to no keyring
// cannot hold. Its tables may not be there yet.
func holdsSealed(ctx context.Context, st store.Store, recorded string) (bool, error) {
	if recorded == "" {
		return false, nil
	}
	sealed, err := st.HoldsSealed(ctx)
	if err != nil {
		return false, fmt.Errorf("ask the store what it holds: %w", err)
	}
	return sealed, nil
}

// missing is the error of a keyring that is not there. A new one is of use only where nothing is sealed.
func missing(path, recorded string, sealed bool) error {
	if sealed {
		return fmt.Errorf("keyring %s is not there (%w), and only the one with the fingerprint %s opens the tokens in this store; "+
			"put the copy from your backup in its place, and make no new one", path, fs.ErrNotExist, recorded)
	}
	return fmt.Errorf("keyring %s is not there (%w), and nothing is sealed yet; make it with: latchkey keys init", path, fs.ErrNotExist)
}

// makeKeyring is seal.Create with an error that says what is in the way of the file.
func makeKeyring(path string) (*seal.Keyring, error) {
	ring, err := seal.Create(path)
	if err != nil && !errors.Is(err, fs.ErrExist) {
		return nil, disk.Explain(err, path)
	}
	return ring, err
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
