package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"

	"latchkey/internal/store"
)

// What [connectionArgs] and [connectionDest] follow.
const (
	connectionColumns = `id, ` + connectionFields

	// connectionFields leaves the key out: to set it, though to what it is, would have SQLite write
	// the key's index anew.
	connectionFields = `app_scoped_id, username, name, account_type, picture_url,
		followers, follows, media, scopes_asked, scopes, status, status_reason,
		connected_at, token_issued_at, token_expires_at, refreshed_at, tried_at, next_refresh_at, notice_at,
		trouble_since, trouble_tries, trouble_class, trouble_cause, doubted_at, doubted_cause, trouble_recorded_at,
		sealed_token`
)

const (
	putConnection = `
		INSERT INTO connections (` + connectionColumns + `, version)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 1)
		ON CONFLICT (id) DO UPDATE SET
			app_scoped_id = excluded.app_scoped_id, username = excluded.username, name = excluded.name,
			account_type = excluded.account_type, picture_url = excluded.picture_url,
			followers = excluded.followers, follows = excluded.follows, media = excluded.media,
			scopes_asked = excluded.scopes_asked, scopes = excluded.scopes,
			status = excluded.status, status_reason = excluded.status_reason,
			connected_at = excluded.connected_at, token_issued_at = excluded.token_issued_at,
			token_expires_at = excluded.token_expires_at, refreshed_at = excluded.refreshed_at,
			tried_at = excluded.tried_at, next_refresh_at = excluded.next_refresh_at, notice_at = excluded.notice_at,
			trouble_since = excluded.trouble_since, trouble_tries = excluded.trouble_tries,
			trouble_class = excluded.trouble_class, trouble_cause = excluded.trouble_cause,
			doubted_at = excluded.doubted_at, doubted_cause = excluded.doubted_cause,
			trouble_recorded_at = excluded.trouble_recorded_at, sealed_token = excluded.sealed_token,
			version = version + 1
		RETURNING version`

	updateConnection = `
		UPDATE connections SET (` + connectionFields + `, version) =
			(?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20,
			?21, ?22, ?23, ?24, ?25, ?26, ?27, ?28, version + 1)
		WHERE id = ?1 AND version = ?29 AND connected_at IS ?14`

	selectConnection = `SELECT ` + connectionColumns + `, version FROM connections WHERE id = ?`

	listConnections = `SELECT ` + connectionColumns + `, version FROM connections
		WHERE id > ? ORDER BY id LIMIT +?`

	hasConnection = `SELECT EXISTS (SELECT 1 FROM connections WHERE id = ?)`

	deleteConnection = `DELETE FROM connections WHERE id = ?`
)

// PutConnection implements [store.Connections].
func (s *Store) PutConnection(ctx context.Context, c store.Connection, e store.Event, begins ...store.Session) (store.Connection, error) {
	stored := asStored(c)
	args := connectionArgs(stored)
	err := s.writer.inTransaction(ctx, func(ctx context.Context, tx *transaction) error {
		if err := tx.row(ctx, putConnection, args, []any{&stored.Version}); err != nil {
			return err
		}
		if _, err := tx.exec(ctx, insertEvent, eventArgs(e)...); err != nil {
			return err
		}
		return addSessions(ctx, tx, c.ID, begins)
	}, putConnection, insertEvent, insertSession, pruneSessions)
	if err != nil {
		return store.Connection{}, fmt.Errorf("put connection %s: %w", c.ID, err)
	}
	return stored, nil
}

// UpdateConnection implements [store.Connections].
func (s *Store) UpdateConnection(ctx context.Context, c store.Connection, events ...store.Event) (store.Connection, error) {
	stored := asStored(c)
	args := append(connectionArgs(stored), c.Version)
	err := s.writer.inTransaction(ctx, func(ctx context.Context, tx *transaction) error {
		n, err := tx.exec(ctx, updateConnection, args...)
		if err != nil {
			return err
		}
		if n == 0 {
			return missed(ctx, tx, c.ID, store.ErrConflict)
		}
		return appendEvents(ctx, tx, events)
	}, updateConnection, hasConnection, insertEvent)
	if err != nil {
		return store.Connection{}, fmt.Errorf("update connection %s: %w", c.ID, err)
	}
	stored.Version++
	return stored, nil
}

// missed says why a write found no row: the connection is not there, or else.
func missed(ctx context.Context, tx *transaction, id string, otherwise error) error {
	var there bool
	if err := tx.row(ctx, hasConnection, []any{id}, []any{&there}); err != nil {
		return err
	}
	if !there {
		return store.ErrNotFound
	}
	return otherwise
}

// Connection implements [store.Connections].
func (s *Store) Connection(ctx context.Context, id string) (store.Connection, error) {
	var c store.Connection
	err := s.readers.row(ctx, selectConnection, []any{id}, connectionDest(&c))
	if err != nil {
		return store.Connection{}, fmt.Errorf("connection %s: %w", id, orNotFound(err))
	}
	return c, nil
}

// ListConnections implements [store.Connections].
func (s *Store) ListConnections(ctx context.Context, after string, limit int) ([]store.Connection, error) {
	found, err := s.connections(ctx, listConnections, after, max(limit, 0))
	if err != nil {
		return nil, fmt.Errorf("list connections after %q: %w", after, err)
	}
	return found, nil
}

// connections returns all that the query finds.
func (s *Store) connections(ctx context.Context, query string, args ...any) ([]store.Connection, error) {
	var found []store.Connection
	err := s.readers.rows(ctx, query, args, func(rows *sql.Rows) error {
		var c store.Connection
		if err := rows.Scan(connectionDest(&c)...); err != nil {
			return err
		}
		found = append(found, c)
		return nil
	})
	return found, err
}

// DeleteConnection implements [store.Connections]. What is left of a connection that is not there
// goes too.
func (s *Store) DeleteConnection(ctx context.Context, id string) error {
	if id == "" {
		return fmt.Errorf("delete connection: %w", store.ErrNotFound)
	}
	var n int64
	err := s.writer.inTransaction(ctx, func(ctx context.Context, tx *transaction) error {
		for _, query := range []string{deleteEvents, deleteSessions, deleteLinks, deleteRecords, deleteEntries} {
			if _, err := tx.exec(ctx, query, id); err != nil {
				return err
			}
		}
		var err error
		n, err = tx.exec(ctx, deleteConnection, id)
		return err
	}, deleteEvents, deleteSessions, deleteLinks, deleteRecords, deleteEntries, deleteConnection)
	if err == nil && n == 0 {
		err = store.ErrNotFound
	}
	if err != nil {
		return fmt.Errorf("delete connection %s: %w", id, err)
	}
	s.emptyLog(ctx)
	return nil
}

// asStored returns the connection as it comes back from the file, its version aside.
func asStored(c store.Connection) store.Connection {
	c.Followers, c.Follows, c.Media = clone(c.Followers), clone(c.Follows), clone(c.Media)
	c.ScopesAsked, c.Scopes = slices.Clone(c.ScopesAsked), slices.Clone(c.Scopes)
	c.ConnectedAt = truncate(c.ConnectedAt)
	c.TokenIssuedAt, c.TokenExpiresAt = truncate(c.TokenIssuedAt), truncate(c.TokenExpiresAt)
	c.RefreshedAt, c.TriedAt = truncate(c.RefreshedAt), truncate(c.TriedAt)
	c.NextRefreshAt, c.NoticeAt = truncate(c.NextRefreshAt), truncate(c.NoticeAt)
	c.Failure.Since, c.Failure.SuspectedAt = truncate(c.Failure.Since), truncate(c.Failure.SuspectedAt)
	c.Failure.RecordedAt = truncate(c.Failure.RecordedAt)
	c.SealedToken = slices.Clone(c.SealedToken)
	return c
}

func clone(n *int64) *int64 {
	if n == nil {
		return nil
	}
	return new(*n)
}

func connectionArgs(c store.Connection) []any {
	return append(make([]any, 0, 29),
		c.ID, c.AppScopedID, c.Username, c.Name, c.AccountType, c.PictureURL,
		c.Followers, c.Follows, c.Media, list(c.ScopesAsked), list(c.Scopes), string(c.Status), c.StatusReason,
		millis(c.ConnectedAt), millis(c.TokenIssuedAt), millis(c.TokenExpiresAt),
		millis(c.RefreshedAt), millis(c.TriedAt), millis(c.NextRefreshAt), millis(c.NoticeAt),
		millis(c.Failure.Since), c.Failure.Tries, c.Failure.Class, c.Failure.Cause,
		millis(c.Failure.SuspectedAt), c.Failure.SuspectedCause, millis(c.Failure.RecordedAt), c.SealedToken)
}

func connectionDest(c *store.Connection) []any {
	return []any{
		&c.ID, &c.AppScopedID, &c.Username, &c.Name, &c.AccountType, &c.PictureURL,
		&c.Followers, &c.Follows, &c.Media,
		texts{&c.ScopesAsked},
		texts{&c.Scopes},
		&c.Status, &c.StatusReason,
		timeColumn{&c.ConnectedAt},
		timeColumn{&c.TokenIssuedAt},
		timeColumn{&c.TokenExpiresAt},
		timeColumn{&c.RefreshedAt},
		timeColumn{&c.TriedAt},
		timeColumn{&c.NextRefreshAt},
		timeColumn{&c.NoticeAt},
		timeColumn{&c.Failure.Since},
		&c.Failure.Tries, &c.Failure.Class, &c.Failure.Cause,
		timeColumn{&c.Failure.SuspectedAt},
		&c.Failure.SuspectedCause,
		timeColumn{&c.Failure.RecordedAt},
		blob{&c.SealedToken},
		&c.Version,
	}
}

// orNotFound turns the driver's word for no row into the contract's.
func orNotFound(err error) error {
	if errors.Is(err, sql.ErrNoRows) {
		return store.ErrNotFound
	}
	return err
}
