package mongo

import (
	"context"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"latchkey/internal/store"
)

// The sessions of a connection lie in its own document: a login writes both at once, a page reads both at once,
// and an erase leaves none behind.

// sessionFields is one of them.
type sessionFields struct {
	Secret    store.Hash     `bson:"secret"`
	CreatedAt *bson.DateTime `bson:"created_at"`
	SeenAt    *bson.DateTime `bson:"seen_at"`
	ExpiresAt *bson.DateTime `bson:"expires_at"`
}

func sessionsOf(begins []store.Session) []sessionFields {
	fields := make([]sessionFields, len(begins))
	for i, b := range begins {
		fields[i] = sessionFields{b.Secret, optionalDate(b.CreatedAt), optionalDate(b.SeenAt), optionalDate(b.ExpiresAt)}
	}
	return fields
}

func (f sessionFields) session(connectionID string) store.Session {
	return store.Session{
		Secret:       f.Secret,
		ConnectionID: connectionID,
		CreatedAt:    optionalTime(f.CreatedAt),
		SeenAt:       optionalTime(f.SeenAt),
		ExpiresAt:    optionalTime(f.ExpiresAt),
	}
}

// withSession is the filter of the connection that has a session, by the index of secrets.
type withSession struct {
	Secret store.Hash `bson:"sessions.secret"`
}

// ofConnection is the filter of what belongs to a connection and has a document of its own.
type ofConnection struct {
	ConnectionID string `bson:"connection_id"`
}

// pull is an update that takes the sessions out that match T.
type pull[T any] struct {
	Pull struct {
		Sessions T `bson:"sessions"`
	} `bson:"$pull"`
}

func pulling[T any](what T) (p pull[T]) {
	p.Pull.Sessions = what
	return p
}

// Session returns the session and its connection.
func (s *Store) Session(ctx context.Context, secret store.Hash) (store.Session, store.Connection, error) {
	var d struct {
		Connection connectionDocument `bson:",inline"`
		Sessions   []sessionFields    `bson:"sessions"`
	}
	if err := s.connections.FindOne(ctx, withSession{secret}).Decode(&d); err != nil {
		return store.Session{}, store.Connection{}, wrap(ctx, notFound(err), "session")
	}
	for _, f := range d.Sessions {
		if f.Secret == secret {
			return f.session(d.Connection.ID), d.Connection.connection(), nil
		}
	}
	return store.Session{}, store.Connection{}, wrap(ctx, store.ErrNotFound, "session")
}

// TouchSession sets when the session was seen and when it is over.
func (s *Store) TouchSession(ctx context.Context, secret store.Hash, seenAt, expiresAt time.Time) error {
	type touch struct {
		SeenAt    bson.DateTime `bson:"sessions.$.seen_at"`
		ExpiresAt bson.DateTime `bson:"sessions.$.expires_at"`
	}
	result, err := s.connections.UpdateOne(ctx, withSession{secret}, set[touch]{touch{date(seenAt), date(expiresAt)}})
	if err == nil && result.MatchedCount == 0 {
		err = store.ErrNotFound
	}
	return wrap(ctx, err, "touch session")
}

// DeleteSession removes the session.
func (s *Store) DeleteSession(ctx context.Context, secret store.Hash) error {
	type one struct {
		Secret store.Hash `bson:"secret"`
	}
	_, err := s.connections.UpdateOne(ctx, withSession{secret}, pulling(one{secret}))
	return wrap(ctx, err, "delete session")
}

// DeleteSessions removes all sessions of a connection.
func (s *Store) DeleteSessions(ctx context.Context, connectionID string) error {
	type none struct {
		Sessions []sessionFields `bson:"sessions"`
	}
	_, err := s.connections.UpdateOne(ctx, byID[string]{connectionID}, set[none]{none{[]sessionFields{}}})
	return wrap(ctx, err, "delete sessions of", connectionID)
}

// deleteSessionsOver removes those that are over, and says how many.
func (s *Store) deleteSessionsOver(ctx context.Context, now time.Time) (int, error) {
	q := sessionsOver(now)
	cursor, err := s.connections.Find(ctx, q.Filter, options.Find().SetProjection(sessionEnds))
	if err != nil {
		return 0, err
	}
	var found []struct {
		Sessions []sessionFields `bson:"sessions"`
	}
	if err := cursor.All(ctx, &found); err != nil || len(found) == 0 {
		return 0, err
	}
	over := 0
	for _, c := range found {
		for _, f := range c.Sessions {
			if f.ExpiresAt != nil && *f.ExpiresAt <= date(now) {
				over++
			}
		}
	}
	type expired struct {
		ExpiresAt upTo `bson:"expires_at"`
	}
	_, err = s.connections.UpdateMany(ctx, q.Filter, pulling(expired{upTo{date(now)}}))
	return over, err
}

// sessionEnds is the projection that leaves when the sessions of a connection are over.
var sessionEnds = struct {
	ID     int `bson:"_id"`
	Expiry int `bson:"sessions.expires_at"`
}{1, 1}
