package sqlite

import (
	"context"
	"fmt"
	"time"

	"latchkey/internal/store"
)

const (
	insertSession = `
		INSERT INTO sessions (secret, connection_id, created_at, seen_at, expires_at) VALUES (?, ?, ?, ?, ?)`

	// pruneSessions removes those of a connection that began first, but for a number of them. It has +? where a plain
	// parameter would have SQLite plan it anew for each value, and so has the next.
	pruneSessions = `
		DELETE FROM sessions WHERE secret IN (
			SELECT secret FROM sessions WHERE connection_id = +? ORDER BY created_at DESC LIMIT -1 OFFSET +?)`

	selectSession = `
		SELECT secret, created_at, seen_at, expires_at, ` + connectionColumns + `, version
		FROM sessions JOIN connections ON id = connection_id WHERE secret = +?`

	touchSession = `UPDATE sessions SET seen_at = ?, expires_at = ? WHERE secret = ?`

	deleteSession = `DELETE FROM sessions WHERE secret = ?`

	deleteSessions = `DELETE FROM sessions WHERE connection_id = ?`
)

// addSessions adds sessions to a connection, beyond which the oldest go.
func addSessions(ctx context.Context, tx *transaction, connectionID string, begins []store.Session) error {
	for _, b := range begins {
		_, err := tx.exec(ctx, insertSession, b.Secret[:], connectionID, millis(b.CreatedAt), millis(b.SeenAt), millis(b.ExpiresAt))
		if err != nil {
			return err
		}
	}
	if len(begins) == 0 {
		return nil
	}
	_, err := tx.exec(ctx, pruneSessions, connectionID, store.MaxSessions)
	return err
}

// Session implements [store.Sessions].
func (s *Store) Session(ctx context.Context, secret store.Hash) (store.Session, store.Connection, error) {
	var found store.Session
	var c store.Connection
	err := s.readers.row(ctx, selectSession, []any{secret[:]}, append([]any{
		hash{&found.Secret},
		timeColumn{&found.CreatedAt},
		timeColumn{&found.SeenAt},
		timeColumn{&found.ExpiresAt},
	}, connectionDest(&c)...))
	if err != nil {
		return store.Session{}, store.Connection{}, fmt.Errorf("session: %w", orNotFound(err))
	}
	found.ConnectionID = c.ID
	return found, c, nil
}

// TouchSession implements [store.Sessions].
func (s *Store) TouchSession(ctx context.Context, secret store.Hash, seenAt, expiresAt time.Time) error {
	n, err := s.brief.exec(ctx, touchSession, millis(seenAt), millis(expiresAt), secret[:])
	if err == nil && n == 0 {
		err = store.ErrNotFound
	}
	if err != nil {
		return fmt.Errorf("touch session: %w", err)
	}
	return nil
}

// DeleteSession implements [store.Sessions].
func (s *Store) DeleteSession(ctx context.Context, secret store.Hash) error {
	if _, err := s.writer.exec(ctx, deleteSession, secret[:]); err != nil {
		return fmt.Errorf("delete session: %w", err)
	}
	return nil
}

// DeleteSessions implements [store.Sessions].
func (s *Store) DeleteSessions(ctx context.Context, connectionID string) error {
	if _, err := s.writer.exec(ctx, deleteSessions, connectionID); err != nil {
		return fmt.Errorf("delete sessions of connection %s: %w", connectionID, err)
	}
	return nil
}
