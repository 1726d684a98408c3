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

type authRequestDocument struct {
	State     store.Hash     `bson:"_id"`
	Binding   store.Hash     `bson:"binding"`
	Link      *store.Hash    `bson:"link"`
	Scopes    []string       `bson:"scopes"`
	CreatedAt *bson.DateTime `bson:"created_at"`
	ExpiresAt *bson.DateTime `bson:"expires_at"`
	TakenAt   *bson.DateTime `bson:"taken_at"`
	TakenBy   string         `bson:"taken_by"`
}

// takeable is the filter of a request that may be taken; one without an expiry does not expire.
type takeable struct {
	State     store.Hash     `bson:"_id"`
	Binding   store.Hash     `bson:"binding"`
	TakenAt   *bson.DateTime `bson:"taken_at"`
	ExpiresAt notUpTo        `bson:"expires_at"`
}

// outstanding is the filter of the requests that can be taken, whosever they are.
type outstanding struct {
	TakenAt   *bson.DateTime `bson:"taken_at"`
	ExpiresAt notUpTo        `bson:"expires_at"`
}

// CreateAuthRequest adds a request.
func (s *Store) CreateAuthRequest(ctx context.Context, r store.AuthRequest) error {
	_, err := s.authRequests.InsertOne(ctx, authRequestDocument{
		State:     r.State,
		Binding:   r.Binding,
		Link:      optional(r.Link),
		Scopes:    r.Scopes,
		CreatedAt: optionalDate(r.CreatedAt),
		ExpiresAt: optionalDate(r.ExpiresAt),
		TakenAt:   optionalDate(r.TakenAt),
		TakenBy:   r.TakenBy,
	})
	return wrap(ctx, exists(err), "create authorization request")
}

// TakeAuthRequest takes the request with one update, whose filter is the whole condition.
func (s *Store) TakeAuthRequest(ctx context.Context, state, binding store.Hash, by string, now time.Time) (store.AuthRequest, error) {
	type taken struct {
		At bson.DateTime `bson:"taken_at"`
		By string        `bson:"taken_by"`
	}
	var d authRequestDocument
	err := s.authRequests.FindOneAndUpdate(ctx,
		takeable{State: state, Binding: binding, ExpiresAt: notUpTo{upTo{date(now)}}},
		set[taken]{taken{date(now), by}},
		options.FindOneAndUpdate().SetReturnDocument(options.After)).Decode(&d)
	if errors.Is(err, driver.ErrNoDocuments) {
		d, err = s.whyNotTaken(ctx, state, binding)
	}
	if err != nil && !errors.Is(err, store.ErrTaken) {
		return store.AuthRequest{}, wrap(ctx, err, "take authorization request")
	}
	return d.authRequest(), wrap(ctx, err, "take authorization request")
}

// whyNotTaken tells why a request could not be taken.
func (s *Store) whyNotTaken(ctx context.Context, state, binding store.Hash) (d authRequestDocument, err error) {
	err = s.authRequests.FindOne(ctx, byID[store.Hash]{state}).Decode(&d)
	switch {
	case err != nil:
		return d, notFound(err)
	case d.Binding != binding:
		return d, store.ErrOtherBinding
	case d.TakenAt != nil:
		return d, store.ErrTaken
	default: // it was there before its state left for the browser
		return d, store.ErrExpired
	}
}

// CountAuthRequests counts the documents that can be taken.
func (s *Store) CountAuthRequests(ctx context.Context, now time.Time) (int, error) {
	n, err := s.authRequests.CountDocuments(ctx, outstanding{ExpiresAt: notUpTo{upTo{date(now)}}})
	return int(n), wrap(ctx, err, "count authorization requests")
}

// exists replaces the server's words about a taken key, which quote the key.
func exists(err error) error {
	if driver.IsDuplicateKeyError(err) {
		return store.ErrExists
	}
	return err
}

func (d *authRequestDocument) authRequest() store.AuthRequest {
	return store.AuthRequest{
		State:     d.State,
		Binding:   d.Binding,
		Link:      valueOf(d.Link),
		Scopes:    d.Scopes,
		CreatedAt: optionalTime(d.CreatedAt),
		ExpiresAt: optionalTime(d.ExpiresAt),
		TakenAt:   optionalTime(d.TakenAt),
		TakenBy:   d.TakenBy,
	}
}
