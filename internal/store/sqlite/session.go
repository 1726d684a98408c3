package sqlite

import (
	"context"
	"fmt"
	"time"

	"latchkey/internal/store"
)

const (
	insertSession = `
		INSERT INTO sessions (secret, connection_id, created_at, seen_at, expires_at)
		SELECT ?2, ?1, ?3, ?4, ?5 WHERE ` + ownerIsThere + ` ON CONFLICT DO NOTHING`

	selectSession = `
		SELECT secret, connection_id, created_at, seen_at, expires_at FROM sessions WHERE secret = ?`

	touchSession = `UPDATE sessions SET seen_at = ?, expires_at = ? WHERE secret = ?`

	deleteSession = `DELETE FROM sessions WHERE secret = ?`

	deleteSessions = `DELETE FROM sessions WHERE connection_id = ?`
)

// CreateSession implements [store.Sessions].
func (s *Store) CreateSession(ctx context.Context, session store.Session) error {
	n, err := s.brief.exec(ctx, insertSession, session.ConnectionID, session.Secret[:],
		millis(session.CreatedAt), millis(session.SeenAt), millis(session.ExpiresAt))
	if err == nil && n == 0 {
		err = s.ownerGoneOr(ctx, session.ConnectionID, store.ErrExists)
	}
	if err != nil {
		return fmt.Errorf("create session of connection %s: %w", session.ConnectionID, err)
	}
	return nil
}

// Session implements [store.Sessions].
func (s *Store) Session(ctx context.Context, secret store.Hash) (store.Session, error) {
	var found store.Session
	err := s.readers.row(ctx, selectSession, []any{secret[:]}, []any{
		hash{&found.Secret},
		&found.ConnectionID,
		timeColumn{&found.CreatedAt},
		timeColumn{&found.SeenAt},
		timeColumn{&found.ExpiresAt},
	})
	if err != nil {
		return store.Session{}, fmt.Errorf("session: %w", orNotFound(err))
	}
	return found, nil
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
