package mongo

import (
	"context"
	"errors"

	"go.mongodb.org/mongo-driver/v2/bson"
	driver "go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"latchkey/internal/store"
)

// connectionFields is what a write of a connection replaces. The names are promised.
type connectionFields struct {
	AppScopedID    string         `bson:"app_scoped_id"`
	Username       string         `bson:"username"`
	Name           string         `bson:"name"`
	AccountType    string         `bson:"account_type"`
	PictureURL     string         `bson:"picture_url"`
	Followers      *int64         `bson:"followers"`
	Follows        *int64         `bson:"follows"`
	Media          *int64         `bson:"media"`
	ScopesAsked    []string       `bson:"scopes_asked"`
	Scopes         []string       `bson:"scopes"`
	Status         store.Status   `bson:"status"`
	StatusReason   string         `bson:"status_reason"`
	ConnectedAt    *bson.DateTime `bson:"connected_at"`
	TokenIssuedAt  *bson.DateTime `bson:"token_issued_at"`
	TokenExpiresAt *bson.DateTime `bson:"token_expires_at"`
	RefreshedAt    *bson.DateTime `bson:"refreshed_at"`
	NextRefreshAt  *bson.DateTime `bson:"next_refresh_at"`
	SealedToken    []byte         `bson:"sealed_token"`
}

// connectionDocument is a connection as it is read; its lease is read apart.
type connectionDocument struct {
	ID      string           `bson:"_id"`
	Fields  connectionFields `bson:",inline"`
	Version int64            `bson:"version"`
}

// connectionWrite replaces every field, counts the version, and leaves a lease alone.
type connectionWrite struct {
	Set connectionFields `bson:"$set"`
	Inc struct {
		Version int64 `bson:"version"`
	} `bson:"$inc"`
	SetOnInsert *leaseFields `bson:"$setOnInsert,omitempty"`
}

// connectionAt is the filter of a connection at one version.
type connectionAt struct {
	ID      string `bson:"_id"`
	Version int64  `bson:"version"`
}

// PutConnection stores a login. Of two at once that create the same connection the server tries the
// second one again as an update, because the filter is the key alone.
func (s *Store) PutConnection(ctx context.Context, c store.Connection, e store.Event) (store.Connection, error) {
	write := writeOf(c)
	write.SetOnInsert = &leaseFields{}
	stored, err := s.write(ctx, byID[string]{c.ID}, write, options.FindOneAndUpdate().SetUpsert(true))
	if err == nil {
		err = s.insertEvent(ctx, e)
	}
	if err != nil {
		return store.Connection{}, wrap(ctx, err, "put connection", c.ID)
	}
	return stored, nil
}

// Connection returns the connection.
func (s *Store) Connection(ctx context.Context, id string) (store.Connection, error) {
	var d connectionDocument
	err := s.connections.FindOne(ctx, byID[string]{id}).Decode(&d)
	if err != nil {
		return store.Connection{}, wrap(ctx, notFound(err), "connection", id)
	}
	return d.connection(), nil
}

// UpdateConnection replaces the connection at its version, then writes the event.
func (s *Store) UpdateConnection(ctx context.Context, c store.Connection, e store.Event) (store.Connection, error) {
	stored, err := s.write(ctx, connectionAt{c.ID, c.Version}, writeOf(c), options.FindOneAndUpdate())
	switch {
	case err == nil:
		err = s.insertEvent(ctx, e)
	case errors.Is(err, driver.ErrNoDocuments):
		err = s.whyNot(ctx, c.ID, store.ErrConflict)
	}
	if err != nil {
		return store.Connection{}, wrap(ctx, err, "update connection", c.ID)
	}
	return stored, nil
}

// DeleteConnection removes what hangs on the connection first and the connection itself last.
func (s *Store) DeleteConnection(ctx context.Context, id string) error {
	for _, c := range []*driver.Collection{s.events, s.sessions} {
		if _, err := c.DeleteMany(ctx, ofConnection{id}); err != nil {
			return wrap(ctx, err, "delete connection", id)
		}
	}
	result, err := s.connections.DeleteOne(ctx, byID[string]{id})
	if err == nil && result.DeletedCount == 0 {
		err = store.ErrNotFound
	}
	return wrap(ctx, err, "delete connection", id)
}

// ListConnections returns a page in the order of the ids.
func (s *Store) ListConnections(ctx context.Context, after string, limit int) ([]store.Connection, error) {
	if limit <= 0 {
		return nil, nil // to the server, no limit
	}
	q := connectionsAfter(after)
	cursor, err := s.connections.Find(ctx, q.Filter, q.options(limit))
	if err != nil {
		return nil, wrap(ctx, err, "list connections")
	}
	var documents []connectionDocument
	if err := cursor.All(ctx, &documents); err != nil {
		return nil, wrap(ctx, err, "list connections")
	}
	connections := make([]store.Connection, len(documents))
	for i := range documents {
		connections[i] = documents[i].connection()
	}
	return connections, nil
}

// write is one step of the server; ErrNoDocuments says that nothing matched.
func (s *Store) write(ctx context.Context, filter any, write connectionWrite, opts *options.FindOneAndUpdateOptionsBuilder) (store.Connection, error) {
	var d connectionDocument
	err := s.connections.FindOneAndUpdate(ctx, filter, write, opts.SetReturnDocument(options.After)).Decode(&d)
	return d.connection(), err
}

// whyNot tells why an update matched no connection: there is none, or the reason.
func (s *Store) whyNot(ctx context.Context, id string, reason error) error {
	err := s.connections.FindOne(ctx, byID[string]{id}, options.FindOne().SetProjection(byID[int]{1})).Err()
	if err != nil {
		return notFound(err)
	}
	return reason
}

func notFound(err error) error {
	if errors.Is(err, driver.ErrNoDocuments) {
		return store.ErrNotFound
	}
	return err
}

func writeOf(c store.Connection) connectionWrite {
	w := connectionWrite{Set: connectionFields{
		AppScopedID:    c.AppScopedID,
		Username:       c.Username,
		Name:           c.Name,
		AccountType:    c.AccountType,
		PictureURL:     c.PictureURL,
		Followers:      c.Followers,
		Follows:        c.Follows,
		Media:          c.Media,
		ScopesAsked:    c.ScopesAsked,
		Scopes:         c.Scopes,
		Status:         c.Status,
		StatusReason:   c.StatusReason,
		ConnectedAt:    optionalDate(c.ConnectedAt),
		TokenIssuedAt:  optionalDate(c.TokenIssuedAt),
		TokenExpiresAt: optionalDate(c.TokenExpiresAt),
		RefreshedAt:    optionalDate(c.RefreshedAt),
		NextRefreshAt:  optionalDate(c.NextRefreshAt),
		SealedToken:    c.SealedToken,
	}}
	w.Inc.Version = 1
	return w
}

func (d *connectionDocument) connection() store.Connection {
	f := &d.Fields
	return store.Connection{
		ID:             d.ID,
		AppScopedID:    f.AppScopedID,
		Username:       f.Username,
		Name:           f.Name,
		AccountType:    f.AccountType,
		PictureURL:     f.PictureURL,
		Followers:      f.Followers,
		Follows:        f.Follows,
		Media:          f.Media,
		ScopesAsked:    f.ScopesAsked,
		Scopes:         f.Scopes,
		Status:         f.Status,
		StatusReason:   f.StatusReason,
		ConnectedAt:    optionalTime(f.ConnectedAt),
		TokenIssuedAt:  optionalTime(f.TokenIssuedAt),
		TokenExpiresAt: optionalTime(f.TokenExpiresAt),
		RefreshedAt:    optionalTime(f.RefreshedAt),
		NextRefreshAt:  optionalTime(f.NextRefreshAt),
		SealedToken:    f.SealedToken,
		Version:        d.Version,
	}
}
