package mongo

import (
	"context"
	"errors"
	"slices"
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

// signedInDocument is a connection as it is read with its sessions.
type signedInDocument struct {
	Connection connectionDocument `bson:",inline"`
	List       sessionList        `bson:",inline"`
}

// withSession is the filter of the connection that has a session, by the index of secrets.
type withSession struct {
	Secret store.Hash `bson:"sessions.secret"`
}

// ofConnection is the filter of what belongs to a connection and has a document of its own.
type ofConnection struct {
	ConnectionID string `bson:"connection_id"`
}

// signedInAt is a connection with its sessions.
type signedInAt struct {
	ID   string      `bson:"_id"`
	List sessionList `bson:",inline"`
}

type sessionList struct {
	Sessions []sessionFields `bson:"sessions"`
}

// sessionTries is how often a change of sessions tries again because somebody else changed others of the connection.
const sessionTries = 20

// sessionsOnly is the projection that leaves a signedInAt.
var sessionsOnly = struct {
	Sessions int `bson:"sessions"`
}{1}

// Session returns the session and its connection.
func (s *Store) Session(ctx context.Context, secret store.Hash) (store.Session, store.Connection, error) {
	var d signedInDocument
	if err := s.connections.FindOne(ctx, withSession{secret}).Decode(&d); err != nil {
		return store.Session{}, store.Connection{}, wrap(ctx, notFound(err), "session")
	}
	for _, f := range d.List.Sessions {
		if f.Secret == secret {
			return f.session(d.Connection.ID), d.Connection.connection(), nil
		}
	}
	return store.Session{}, store.Connection{}, wrap(ctx, store.ErrNotFound, "session")
}

// changeSessions changes the sessions of a connection as they are now. Not every server that speaks MongoDB changes a
// single one in its list, so they are replaced as a whole where they still are what was read.
func (s *Store) changeSessions(ctx context.Context, of signedInAt, change func([]sessionFields) []sessionFields) error {
	for range sessionTries {
		changed := sessionList{change(slices.Clone(of.List.Sessions))}
		result, err := s.connections.UpdateOne(ctx, of, set[sessionList]{changed})
		if err != nil || result.MatchedCount > 0 {
			return err
		}
		of.List = sessionList{}
		err = s.connections.FindOne(ctx, byID[string]{of.ID}, options.FindOne().SetProjection(sessionsOnly)).Decode(&of)
		if err != nil {
			return notFound(err)
		}
	}
	return store.ErrConflict
}

// changeSession changes one session, or removes it where change says so. One that is not there is [store.ErrNotFound].
func (s *Store) changeSession(ctx context.Context, secret store.Hash, change func(*sessionFields) (stays bool)) error {
	var of signedInAt
	if err := s.connections.FindOne(ctx, withSession{secret}, options.FindOne().SetProjection(sessionsOnly)).Decode(&of); err != nil {
		return notFound(err)
	}
	found := false
	err := s.changeSessions(ctx, of, func(all []sessionFields) []sessionFields {
		i := slices.IndexFunc(all, func(f sessionFields) bool { return f.Secret == secret })
		if found = i >= 0; found && !change(&all[i]) {
			return slices.Delete(all, i, i+1)
		}
		return all
	})
	if err == nil && !found {
		err = store.ErrNotFound // it was ended meanwhile
	}
	return err
}

// TouchSession sets when the session was seen and when it is over.
func (s *Store) TouchSession(ctx context.Context, secret store.Hash, seenAt, expiresAt time.Time) error {
	err := s.changeSession(ctx, secret, func(f *sessionFields) bool {
		f.SeenAt, f.ExpiresAt = optionalDate(seenAt), optionalDate(expiresAt)
		return true
	})
	return wrap(ctx, err, "touch session")
}

// DeleteSession removes the session.
func (s *Store) DeleteSession(ctx context.Context, secret store.Hash) error {
	err := s.changeSession(ctx, secret, func(*sessionFields) bool { return false })
	if errors.Is(err, store.ErrNotFound) {
		return nil
	}
	return wrap(ctx, err, "delete session")
}

// DeleteSessions removes all sessions of a connection.
func (s *Store) DeleteSessions(ctx context.Context, connectionID string) error {
	_, err := s.connections.UpdateOne(ctx, byID[string]{connectionID}, set[sessionList]{sessionList{[]sessionFields{}}})
	return wrap(ctx, err, "delete sessions of", connectionID)
}

// deleteSessionsOver removes those that are over, and says how many.
func (s *Store) deleteSessionsOver(ctx context.Context, now time.Time) (removed int, err error) {
	cursor, err := s.connections.Find(ctx, sessionsOver(now).Filter, options.Find().SetProjection(sessionsOnly))
	if err != nil {
		return 0, err
	}
	var found []signedInAt
	if err := cursor.All(ctx, &found); err != nil {
		return 0, err
	}
	for _, of := range found {
		gone := 0
		err := s.changeSessions(ctx, of, func(all []sessionFields) []sessionFields {
			left := slices.DeleteFunc(all, func(f sessionFields) bool { return f.ExpiresAt != nil && *f.ExpiresAt <= date(now) })
			gone = len(all) - len(left)
			return left
		})
		if err != nil && !errors.Is(err, store.ErrNotFound) { // her sessions went with her
			return removed, err
		}
		removed += gone
	}
	return removed, nil
}

// newestSessions leaves as many as a connection may have; they are in the order in which they began.
func newestSessions(all []sessionFields) []sessionFields {
	return all[max(0, len(all)-store.MaxSessions):]
}
