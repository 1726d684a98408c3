package sqlite

import (
	"context"
	"fmt"

	"latchkey/internal/store"
)

const (
	selectFingerprint = `SELECT fingerprint FROM keyring`

	insertFingerprint = `INSERT INTO keyring (one, fingerprint) VALUES (1, ?) ON CONFLICT DO NOTHING`

	replaceFingerprint = `UPDATE keyring SET fingerprint = ? WHERE fingerprint = ?`

	holdsSealed = `SELECT EXISTS (SELECT 1 FROM connections WHERE sealed_token IS NOT NULL)`
)

// KeyringFingerprint implements [store.KeyringRecord]. It makes neither a file nor a table.
func (s *Store) KeyringFingerprint(ctx context.Context) (string, error) {
	fingerprint, err := s.only(ctx, "keyring", selectFingerprint)
	if err != nil {
		return "", fmt.Errorf("keyring fingerprint: %w", s.explain(withContext(ctx, err)))
	}
	return fingerprint, nil
}

// ReplaceKeyringFingerprint implements [store.KeyringRecord].
func (s *Store) ReplaceKeyringFingerprint(ctx context.Context, old, fingerprint string) error {
	query, args := replaceFingerprint, []any{fingerprint, old}
	if old == "" {
		query, args = insertFingerprint, []any{fingerprint}
	}
	n, err := s.writer.exec(ctx, query, args...)
	if err == nil && n == 0 {
		err = store.ErrConflict
	}
	if err != nil {
		return fmt.Errorf("replace keyring fingerprint: %w", err)
	}
	return nil
}

// HoldsSealed implements [store.KeyringRecord].
func (s *Store) HoldsSealed(ctx context.Context) (holds bool, err error) {
	if err := s.readers.row(ctx, holdsSealed, nil, []any{&holds}); err != nil {
		return false, fmt.Errorf("look for sealed values: %w", err)
	}
	return holds, nil
}
