package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"latchkey/internal/store"
)

const (
	insertAuthRequest = `
		INSERT INTO auth_requests (state, binding, link, scopes, created_at, expires_at, taken_at, taken_by)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`

	takeAuthRequest = `
		UPDATE auth_requests SET taken_at = ?1, taken_by = ?2
		WHERE state = ?3 AND binding = ?4 AND taken_at IS NULL AND (expires_at IS NULL OR expires_at > ?1)
		RETURNING ` + authRequestColumns

	selectAuthRequest = `SELECT ` + authRequestColumns + ` FROM auth_requests WHERE state = ?`

	authRequestColumns = `state, binding, link, scopes, created_at, expires_at, taken_at, taken_by`

	countAuthRequests = `
		SELECT count(*) FROM auth_requests WHERE taken_at IS NULL AND (expires_at IS NULL OR expires_at > ?)`
)

// CreateAuthRequest implements [store.AuthRequests].
func (s *Store) CreateAuthRequest(ctx context.Context, r store.AuthRequest) error {
	n, err := s.brief.exec(ctx, insertAuthRequest, r.State[:], r.Binding[:], hashOrNull(r.Link), list(r.Scopes),
		millis(r.CreatedAt), millis(r.ExpiresAt), millis(r.TakenAt), r.TakenBy)
	if err == nil && n == 0 {
		err = store.ErrExists
	}
	if err != nil {
		return fmt.Errorf("create auth request: %w", err)
	}
	return nil
}

// TakeAuthRequest implements [store.AuthRequests].
func (s *Store) TakeAuthRequest(
	ctx context.Context, state, binding store.Hash, by string, now time.Time,
) (store.AuthRequest, error) {
	var r store.AuthRequest
	err := s.brief.row(ctx, takeAuthRequest, []any{millis(now), by, state[:], binding[:]}, authRequestDest(&r))
	if errors.Is(err, sql.ErrNoRows) {
		r, err = s.untaken(ctx, state, binding, now)
	}
	if err != nil {
		return r, fmt.Errorf("take auth request: %w", err)
	}
	return r, nil
}

// untaken says why a request could not be taken.
func (s *Store) untaken(ctx context.Context, state, binding store.Hash, now time.Time) (store.AuthRequest, error) {
	var r store.AuthRequest
	if err := s.readers.row(ctx, selectAuthRequest, []any{state[:]}, authRequestDest(&r)); err != nil {
		return store.AuthRequest{}, orNotFound(err)
	}
	switch {
	case r.Binding != binding:
		return store.AuthRequest{}, store.ErrOtherBinding
	case !r.TakenAt.IsZero():
		return r, store.ErrTaken
	case !r.ExpiresAt.IsZero() && !cut(now).Before(r.ExpiresAt):
		return store.AuthRequest{}, store.ErrExpired
	default: // it came between our two looks
		return store.AuthRequest{}, store.ErrNotFound
	}
}

// CountAuthRequests implements [store.AuthRequests].
func (s *Store) CountAuthRequests(ctx context.Context, now time.Time) (n int, err error) {
	if err := s.readers.row(ctx, countAuthRequests, []any{millis(now)}, []any{&n}); err != nil {
		return 0, fmt.Errorf("count auth requests: %w", err)
	}
	return n, nil
}

func authRequestDest(r *store.AuthRequest) []any {
	return []any{
		hash{&r.State},
		hash{&r.Binding},
		optionalHash{&r.Link},
		texts{&r.Scopes},
		moment{&r.CreatedAt},
		moment{&r.ExpiresAt},
		moment{&r.TakenAt},
		&r.TakenBy,
	}
}
