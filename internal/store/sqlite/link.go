package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"latchkey/internal/store"
)

// linkColumns is what [linkDest] follows.
const linkColumns = `secret, purpose, connection_id, address, created_at, expires_at, used_at`

const (
	insertLink = `
		INSERT INTO links (` + linkColumns + `) SELECT ?2, ?3, ?1, ?4, ?5, ?6, ?7
		WHERE ` + ownerIsThere + ` ON CONFLICT DO NOTHING`

	selectLink = `SELECT ` + linkColumns + ` FROM links WHERE secret = ?`

	useLink = `
		UPDATE links SET used_at = ?1
		WHERE secret = ?2 AND used_at IS NULL AND (expires_at IS NULL OR expires_at > ?1)
		RETURNING ` + linkColumns

	countLinks = `SELECT count(*) FROM links WHERE connection_id = ? AND purpose = ? AND created_at > ?`

	deleteLinks = `DELETE FROM links WHERE connection_id = ?`

	deleteExpiredLinks = `DELETE FROM links WHERE secret IN (
		SELECT secret FROM links WHERE expires_at <= ? LIMIT +?)`
)

// CreateLink implements [store.Links].
func (s *Store) CreateLink(ctx context.Context, l store.Link) error {
	n, err := s.writer.exec(ctx, insertLink, l.ConnectionID, l.Secret[:], string(l.Purpose), l.Address,
		millis(l.CreatedAt), millis(l.ExpiresAt), millis(l.UsedAt))
	if err == nil && n == 0 {
		err = s.ownerGoneOr(ctx, l.ConnectionID, store.ErrExists)
	}
	if err != nil {
		return fmt.Errorf("create link of connection %s: %w", l.ConnectionID, err)
	}
	return nil
}

// Link implements [store.Links].
func (s *Store) Link(ctx context.Context, secret store.Hash) (store.Link, error) {
	l, err := s.link(ctx, secret)
	if err != nil {
		return store.Link{}, fmt.Errorf("link: %w", err)
	}
	return l, nil
}

func (s *Store) link(ctx context.Context, secret store.Hash) (store.Link, error) {
	var l store.Link
	err := s.readers.row(ctx, selectLink, []any{secret[:]}, linkDest(&l))
	return l, orNotFound(err)
}

// UseLink implements [store.Links].
func (s *Store) UseLink(ctx context.Context, secret store.Hash, now time.Time) (store.Link, error) {
	var l store.Link
	err := s.writer.row(ctx, useLink, []any{millis(now), secret[:]}, linkDest(&l))
	if errors.Is(err, sql.ErrNoRows) {
		l, err = s.unused(ctx, secret, now)
	}
	if err != nil {
		return l, fmt.Errorf("use link: %w", err)
	}
	return l, nil
}

// unused says why a link could not be used.
func (s *Store) unused(ctx context.Context, secret store.Hash, now time.Time) (store.Link, error) {
	l, err := s.link(ctx, secret)
	switch {
	case err != nil:
		return store.Link{}, err
	case !l.UsedAt.IsZero():
		return l, store.ErrTaken
	case !l.ExpiresAt.IsZero() && !truncate(now).Before(l.ExpiresAt):
		return l, store.ErrExpired
	default: // it came between our two looks
		return store.Link{}, store.ErrNotFound
	}
}

// CountLinks implements [store.Links].
func (s *Store) CountLinks(ctx context.Context, connectionID string, p store.Purpose, since time.Time) (n int, err error) {
	err = s.readers.row(ctx, countLinks, []any{connectionID, string(p), millis(since)}, []any{&n})
	if err != nil {
		return 0, fmt.Errorf("count links of connection %s: %w", connectionID, err)
	}
	return n, nil
}

// DeleteExpiredLinks implements [store.Links]. With an error comes what was removed before it.
func (s *Store) DeleteExpiredLinks(ctx context.Context, now time.Time) (int, error) {
	n, err := s.sweep(ctx, deleteExpiredLinks, millis(now.Add(-store.LinkKept)))
	if err != nil {
		return n, fmt.Errorf("sweep links: %w", err)
	}
	return n, nil
}

func linkDest(l *store.Link) []any {
	return []any{
		hash{&l.Secret},
		&l.Purpose, &l.ConnectionID, &l.Address,
		timeColumn{&l.CreatedAt},
		timeColumn{&l.ExpiresAt},
		timeColumn{&l.UsedAt},
	}
}
