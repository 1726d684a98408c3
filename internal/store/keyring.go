package store

import "context"

// KeyringRecord ties a store to the keyring that seals what is in it.
type KeyringRecord interface {
	// KeyringFingerprint returns the recorded fingerprint. It also works on a store that was never
	// prepared, writes nothing, and answers ErrNotFound there.
	KeyringFingerprint(ctx context.Context) (string, error)
	// ReplaceKeyringFingerprint records fingerprint if the recorded one is still old; the empty
	// old means that none is recorded yet. Otherwise it is ErrConflict.
	ReplaceKeyringFingerprint(ctx context.Context, old, fingerprint string) error
	// HoldsSealed says whether anything sealed is stored.
	HoldsSealed(ctx context.Context) (bool, error)
}
