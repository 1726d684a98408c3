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

type linkDocument struct {
	Secret       store.Hash     `bson:"_id"`
	Purpose      store.Purpose  `bson:"purpose"`
	ConnectionID string         `bson:"connection_id"`
	Address      string         `bson:"address"`
	CreatedAt    *bson.DateTime `bson:"created_at"`
	ExpiresAt    *bson.DateTime `bson:"expires_at"`
	UsedAt       *bson.DateTime `bson:"used_at"`
}

// usable is the filter of a link that may be used; one without an expiry does not expire.
type usable struct {
	Secret    store.Hash     `bson:"_id"`
	UsedAt    *bson.DateTime `bson:"used_at"`
	ExpiresAt notUpTo        `bson:"expires_at"`
}

// CreateLink adds a link.
func (s *Store) CreateLink(ctx context.Context, l store.Link) error {
	_, err := s.links.InsertOne(ctx, linkDocument{
		Secret:       l.Secret,
		Purpose:      l.Purpose,
		ConnectionID: l.ConnectionID,
		Address:      l.Address,
		CreatedAt:    optionalDate(l.CreatedAt),
		ExpiresAt:    optionalDate(l.ExpiresAt),
		UsedAt:       optionalDate(l.UsedAt),
	})
	if err == nil {
		err = s.keepForOwner(ctx, l.ConnectionID, s.links, byID[store.Hash]{l.Secret})
	}
	return wrap(ctx, exists(err), "create link of", l.ConnectionID)
}

// Link returns the link.
func (s *Store) Link(ctx context.Context, secret store.Hash) (store.Link, error) {
	d, err := s.findLink(ctx, secret)
	if err != nil {
		return store.Link{}, wrap(ctx, err, "link")
	}
	return d.link(), nil
}

// UseLink uses the link up with one update, whose filter is the whole condition.
func (s *Store) UseLink(ctx context.Context, secret store.Hash, now time.Time) (store.Link, error) {
	type used struct {
		At bson.DateTime `bson:"used_at"`
	}
	var d linkDocument
	err := s.links.FindOneAndUpdate(ctx,
		usable{Secret: secret, ExpiresAt: notUpTo{upTo{date(now)}}}, set[used]{used{date(now)}},
		options.FindOneAndUpdate().SetReturnDocument(options.After)).Decode(&d)
	if errors.Is(err, driver.ErrNoDocuments) {
		d, err = s.whyNotUsed(ctx, secret)
	}
	if err != nil && !errors.Is(err, store.ErrTaken) && !errors.Is(err, store.ErrExpired) {
		return store.Link{}, wrap(ctx, err, "use link")
	}
	return d.link(), wrap(ctx, err, "use link")
}

// whyNotUsed tells why a link could not be used.
func (s *Store) whyNotUsed(ctx context.Context, secret store.Hash) (linkDocument, error) {
	d, err := s.findLink(ctx, secret)
	switch {
	case err != nil:
		return d, err
	case d.UsedAt != nil:
		return d, store.ErrTaken
	default: // it was there before its secret left for the owner
		return d, store.ErrExpired
	}
}

// CountLinks counts in the index of links, which has all that is asked.
func (s *Store) CountLinks(ctx context.Context, connectionID string, p store.Purpose, since time.Time) (int, error) {
	n, err := s.links.CountDocuments(ctx, linksSince(connectionID, p, since))
	return int(n), wrap(ctx, err, "count links of", connectionID)
}

// DeleteExpiredLinks removes the links that ended long ago; a server may do the same by itself, or not.
func (s *Store) DeleteExpiredLinks(ctx context.Context, now time.Time) (int, error) {
	result, err := s.links.DeleteMany(ctx, over(now.Add(-store.LinkKept)).Filter)
	if err != nil {
		return 0, wrap(ctx, err, "sweep links")
	}
	return int(result.DeletedCount), nil
}

func (s *Store) findLink(ctx context.Context, secret store.Hash) (d linkDocument, err error) {
	err = s.links.FindOne(ctx, byID[store.Hash]{secret}).Decode(&d)
	return d, notFound(err)
}

func (d *linkDocument) link() store.Link {
	return store.Link{
		Secret:       d.Secret,
		Purpose:      d.Purpose,
		ConnectionID: d.ConnectionID,
		Address:      d.Address,
		CreatedAt:    optionalTime(d.CreatedAt),
		ExpiresAt:    optionalTime(d.ExpiresAt),
		UsedAt:       optionalTime(d.UsedAt),
	}
}

// exists replaces the server's words about a taken key, which quote the key.
func exists(err error) error {
	if driver.IsDuplicateKeyError(err) {
		return store.ErrExists
	}
	return err
}
