package mongo

import (
	"context"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"

	"latchkey/internal/store"
)

type sessionDocument struct {
	Secret       store.Hash     `bson:"_id"`
	ConnectionID string         `bson:"connection_id"`
	CreatedAt    *bson.DateTime `bson:"created_at"`
	SeenAt       *bson.DateTime `bson:"seen_at"`
	ExpiresAt    *bson.DateTime `bson:"expires_at"`
}

// ofConnection is the filter of the events or sessions of a connection.
type ofConnection struct {
	ConnectionID string `bson:"connection_id"`
}

// CreateSession adds a session.
func (s *Store) CreateSession(ctx context.Context, session store.Session) error {
	_, err := s.sessions.InsertOne(ctx, sessionDocument{
		Secret:       session.Secret,
		ConnectionID: session.ConnectionID,
		CreatedAt:    optionalDate(session.CreatedAt),
		SeenAt:       optionalDate(session.SeenAt),
		ExpiresAt:    optionalDate(session.ExpiresAt),
	})
	if err == nil {
		err = s.keepForOwner(ctx, session.ConnectionID, s.sessions, byID[store.Hash]{session.Secret})
	}
	return wrap(ctx, exists(err), "create session of", session.ConnectionID)
}

// Session returns the session.
func (s *Store) Session(ctx context.Context, secret store.Hash) (store.Session, error) {
	var d sessionDocument
	if err := s.sessions.FindOne(ctx, byID[store.Hash]{secret}).Decode(&d); err != nil {
		return store.Session{}, wrap(ctx, notFound(err), "session")
	}
	return store.Session{
		Secret:       d.Secret,
		ConnectionID: d.ConnectionID,
		CreatedAt:    optionalTime(d.CreatedAt),
		SeenAt:       optionalTime(d.SeenAt),
		ExpiresAt:    optionalTime(d.ExpiresAt),
	}, nil
}

// TouchSession sets when the session was seen and when it is over.
func (s *Store) TouchSession(ctx context.Context, secret store.Hash, seenAt, expiresAt time.Time) error {
	type touch struct {
		SeenAt    bson.DateTime `bson:"seen_at"`
		ExpiresAt bson.DateTime `bson:"expires_at"`
	}
	result, err := s.sessions.UpdateOne(ctx, byID[store.Hash]{secret}, set[touch]{touch{date(seenAt), date(expiresAt)}})
	if err == nil && result.MatchedCount == 0 {
		err = store.ErrNotFound
	}
	return wrap(ctx, err, "touch session")
}

// DeleteSession removes the session.
func (s *Store) DeleteSession(ctx context.Context, secret store.Hash) error {
	_, err := s.sessions.DeleteOne(ctx, byID[store.Hash]{secret})
	return wrap(ctx, err, "delete session")
}

// DeleteSessions removes all sessions of a connection.
func (s *Store) DeleteSessions(ctx context.Context, connectionID string) error {
	_, err := s.sessions.DeleteMany(ctx, ofConnection{connectionID})
	return wrap(ctx, err, "delete sessions of", connectionID)
}
