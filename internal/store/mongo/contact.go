package mongo

import (
	"context"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"latchkey/internal/store"
)

type contactFields struct {
	Address     string         `bson:"address"`
	AskedAt     *bson.DateTime `bson:"asked_at"`
	ConfirmedAt *bson.DateTime `bson:"confirmed_at"`
}

type contactDocument struct {
	ConnectionID string        `bson:"_id"`
	Fields       contactFields `bson:",inline"`
}

// PutContact creates or replaces the contact. Of two at once that create it the server tries the
// second one again as an update, because the filter is the key alone.
func (s *Store) PutContact(ctx context.Context, c store.Contact) error {
	fields := contactFields{
		Address:     c.Address,
		AskedAt:     optionalDate(c.AskedAt),
		ConfirmedAt: optionalDate(c.ConfirmedAt),
	}
	_, err := s.contacts.UpdateOne(ctx, byID[string]{c.ConnectionID}, set[contactFields]{fields},
		options.UpdateOne().SetUpsert(true))
	return wrap(ctx, err, "put contact of", c.ConnectionID)
}

// Contact returns the contact of a connection.
func (s *Store) Contact(ctx context.Context, connectionID string) (store.Contact, error) {
	var d contactDocument
	if err := s.contacts.FindOne(ctx, byID[string]{connectionID}).Decode(&d); err != nil {
		return store.Contact{}, wrap(ctx, notFound(err), "contact of", connectionID)
	}
	return store.Contact{
		ConnectionID: d.ConnectionID,
		Address:      d.Fields.Address,
		AskedAt:      optionalTime(d.Fields.AskedAt),
		ConfirmedAt:  optionalTime(d.Fields.ConfirmedAt),
	}, nil
}

// DeleteContact removes the contact.
func (s *Store) DeleteContact(ctx context.Context, connectionID string) error {
	_, err := s.contacts.DeleteOne(ctx, byID[string]{connectionID})
	return wrap(ctx, err, "delete contact of", connectionID)
}
