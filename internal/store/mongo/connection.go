package mongo

import (
	"context"
	"errors"

	driver "go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"latchkey/internal/store"
)

// PutConnection stores a login: it replaces the connection that is there, or adds it. No upsert does both,
// since not every server that speaks MongoDB keeps two of them apart that come at the same moment. Which of the two is
// tried first is a guess by what this process has seen: a wrong one costs a command more.
func (s *Store) PutConnection(ctx context.Context, c store.Connection, e store.Event, begins ...store.Session) (store.Connection, error) {
	write := s.writeOf(c, []store.Event{e})
	if len(begins) > 0 {
		write.Push.Sessions = &pushed[sessionFields]{sessionsOf(begins)}
	}
	stored, err := s.putConnection(ctx, c.ID, write)
	if err != nil {
		return store.Connection{}, wrap(ctx, err, "put connection", c.ID)
	}
	s.known.add(c.ID)
	if len(stored.List.Sessions) > store.MaxSessions {
		err := s.changeSessions(ctx, signedInAt{c.ID, stored.List}, newestSessions)
		if err != nil && !errors.Is(err, store.ErrNotFound) { // erased meanwhile, which ended all of them
			return store.Connection{}, wrap(ctx, err, "end the oldest sessions of", c.ID)
		}
	}
	return stored.Connection.connection(), nil
}

// putTries is how often a put tries to replace or to add: one of them works unless somebody else erases the account and
// logs it in all the time.
const putTries = 4

func (s *Store) putConnection(ctx context.Context, id string, write connectionWrite) (stored signedInDocument, err error) {
	there := s.known.has(id)
	for range putTries {
		if there {
			stored, err = s.replaceConnection(ctx, id, write)
			there = !errors.Is(err, driver.ErrNoDocuments)
		} else if err = s.endErasureBefore(ctx, id); err == nil {
			stored, err = s.addConnection(ctx, id, write)
			there = driver.IsDuplicateKeyError(err)
		}
		if !errors.Is(err, driver.ErrNoDocuments) && !driver.IsDuplicateKeyError(err) {
			break
		}
	}
	return stored, err
}

func (s *Store) replaceConnection(ctx context.Context, id string, write connectionWrite) (stored signedInDocument, err error) {
	err = s.connections.FindOneAndUpdate(ctx, byID[string]{id}, write,
		options.FindOneAndUpdate().SetReturnDocument(options.After)).Decode(&stored)
	return stored, err
}

func (s *Store) addConnection(ctx context.Context, id string, write connectionWrite) (signedInDocument, error) {
	added := signedInDocument{connectionDocument{ID: id, Fields: write.Set.Fields.clone(), Version: 1}, sessionList{[]sessionFields{}}}
	if begins := write.Push.Sessions; begins != nil {
		added.List.Sessions = begins.Each
	}
	_, err := s.connections.InsertOne(ctx, struct {
		SignedIn signedInDocument `bson:",inline"`
		Lease    leaseFields      `bson:",inline"`
		Pending  pendingFields    `bson:",inline"`
	}{added, leaseFields{}, pendingFields{write.Push.Pending.Each, write.Set.PendingAt}})
	return added, err
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

// UpdateConnection replaces the connection at its version, its events with it. What is stored is
// known without the server's telling: an update alone is cheaper there than one that answers with
// the document, which it must keep for the case that the answer is asked for again.
func (s *Store) UpdateConnection(ctx context.Context, c store.Connection, events ...store.Event) (store.Connection, error) {
	write := s.writeOf(c, events)
	result, err := s.connections.UpdateOne(ctx, connectionOfLogin{connectionAt{c.ID, c.Version}, write.Set.Fields.ConnectedAt}, write)
	if err == nil && result.MatchedCount == 0 {
		err = s.whyNot(ctx, c.ID, store.ErrConflict)
	}
	if err != nil {
		return store.Connection{}, wrap(ctx, err, "update connection", c.ID)
	}
	stored := connectionDocument{ID: c.ID, Fields: write.Set.Fields.clone(), Version: c.Version + 1}
	return stored.connection(), nil
}

// ListConnections returns a page in the order of the ids.
func (s *Store) ListConnections(ctx context.Context, after string, limit int) ([]store.Connection, error) {
	connections, err := s.find(ctx, connectionsAfter(after), limit)
	return connections, wrap(ctx, err, "list connections")
}

// find returns the connections of a query, at most limit.
func (s *Store) find(ctx context.Context, q query, limit int) ([]store.Connection, error) {
	if limit <= 0 {
		return nil, nil // to the server, no limit
	}
	cursor, err := s.connections.Find(ctx, q.Filter, q.options(limit))
	if err != nil {
		return nil, err
	}
	var documents []connectionDocument
	if err := cursor.All(ctx, &documents); err != nil {
		return nil, err
	}
	connections := make([]store.Connection, len(documents))
	for i := range documents {
		connections[i] = documents[i].connection()
	}
	return connections, nil
}

// whyNot tells why an update matched no connection: there is none, or the reason.
func (s *Store) whyNot(ctx context.Context, id string, reason error) error {
	switch gone, err := s.gone(ctx, id); {
	case err != nil:
		return err
	case gone:
		return store.ErrNotFound
	}
	return reason
}

// gone says that a connection is not there.
func (s *Store) gone(ctx context.Context, id string) (bool, error) {
	err := s.connections.FindOne(ctx, byID[string]{id}, options.FindOne().SetProjection(byID[int]{1})).Err()
	if errors.Is(err, driver.ErrNoDocuments) {
		return true, nil
	}
	return false, err
}

func notFound(err error) error {
	if errors.Is(err, driver.ErrNoDocuments) {
		return store.ErrNotFound
	}
	return err
}
