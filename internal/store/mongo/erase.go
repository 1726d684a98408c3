package mongo

import (
	"context"
	"errors"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	driver "go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"latchkey/internal/store"
)

// longestCall is how long after an erasure a write may still arrive that began before it: every call of
// the house ends sooner.
const longestCall = 5 * time.Minute

// erasure says that a connection was erased, until nothing that began before can leave anything behind.
type erasure struct {
	ID string        `bson:"_id"`
	At bson.DateTime `bson:"at"`
}

// DeleteConnection first notes that the connection is erased, so that an erase that breaks off is ended by a
// later sweep. Then the connection goes, and after it what belonged to it: whoever writes something
// for an owner looks for her afterwards, and so either sees that she is gone or is found here. Once
// more it is looked through by the sweep, after the longest call.
func (s *Store) DeleteConnection(ctx context.Context, id string) error {
	err := s.deleteConnection(ctx, id)
	return wrap(ctx, err, "delete connection", id)
}

func (s *Store) deleteConnection(ctx context.Context, id string) error {
	if id == "" {
		return store.ErrNotFound
	}
	s.known.forget(id)
	if err := s.noteErasure(ctx, id); err != nil {
		return err
	}
	was, err := s.deleteUntilGone(ctx, id)
	if err != nil {
		return err
	}
	if err := s.deleteOwned(ctx, id); err != nil {
		return err
	}
	if !was {
		return store.ErrNotFound
	}
	return nil
}

// deleteUntilGone removes a connection, and says whether there was one. Engines that speak MongoDB may answer
// that they deleted nothing where somebody else writes the same document at that moment.
func (s *Store) deleteUntilGone(ctx context.Context, id string) (was bool, err error) {
	for {
		result, err := s.connections.DeleteOne(ctx, byID[string]{id})
		if err != nil || result.DeletedCount > 0 {
			return err == nil, err
		}
		if gone, err := s.gone(ctx, id); err != nil || gone {
			return was, err
		}
		was = true
	}
}

// noteErasure notes the moment. One that is noted already gets the later one.
func (s *Store) noteErasure(ctx context.Context, id string) error {
	_, err := s.erasures.ReplaceOne(ctx, byID[string]{id}, erasure{id, date(time.Now())}, options.Replace().SetUpsert(true))
	if driver.IsDuplicateKeyError(err) { // somebody else noted it at the same moment
		return nil
	}
	return err
}

// deleteOwned removes what belongs to a connection.
func (s *Store) deleteOwned(ctx context.Context, id string) error {
	for _, c := range []*driver.Collection{s.events, s.oldSessions(), s.links, s.records, s.entries} {
		if _, err := c.DeleteMany(ctx, ofConnection{id}); err != nil {
			return err
		}
	}
	return nil
}

// keepForOwner takes back what was written for an owner who is gone. Since an erase removes the
// connection first and the rest after it, whatever is written beside it is found by the one or the other.
func (s *Store) keepForOwner(ctx context.Context, owner string, in *driver.Collection, written any) error {
	if owner == "" {
		return nil
	}
	gone, err := s.gone(ctx, owner)
	if err != nil || !gone {
		return err
	}
	_, err = in.DeleteMany(ctx, written)
	return errors.Join(store.ErrOwnerGone, err)
}

// endErasureBefore is for a login of somebody who may have been erased just now: what an erase that broke off has
// left behind goes before she comes back, or it would be hers again.
func (s *Store) endErasureBefore(ctx context.Context, id string) error {
	err := s.erasures.FindOne(ctx, byID[string]{id}).Err()
	if errors.Is(err, driver.ErrNoDocuments) {
		return nil
	}
	if err != nil {
		return err
	}
	return s.deleteOwned(ctx, id)
}

// endErasures looks once more through what was erased long enough ago. Who logged in again since has
// what she has now.
func (s *Store) endErasures(ctx context.Context, now time.Time) error {
	q := erasedUpTo(now.Add(-longestCall))
	cursor, err := s.erasures.Find(ctx, q.Filter)
	if err != nil {
		return wrap(ctx, err, "find erasures")
	}
	var due []erasure
	if err := cursor.All(ctx, &due); err != nil {
		return wrap(ctx, err, "find erasures")
	}
	for _, e := range due {
		if err := s.endErasure(ctx, e); err != nil {
			return wrap(ctx, err, "end the erasure of", e.ID)
		}
	}
	return nil
}

func (s *Store) endErasure(ctx context.Context, e erasure) error {
	switch gone, err := s.gone(ctx, e.ID); {
	case err != nil:
		return err
	case gone:
		if err := s.deleteOwned(ctx, e.ID); err != nil {
			return err
		}
	}
	_, err := s.erasures.DeleteOne(ctx, e)
	return err
}
