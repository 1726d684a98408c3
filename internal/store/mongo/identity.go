package mongo

import (
	"context"
	"crypto/rand"

	driver "go.mongodb.org/mongo-driver/v2/mongo"
)

// identityID is the key of the document in meta that names this store.
const identityID = "identity"

type identityDocument struct {
	ID   string `bson:"_id"`
	Name string `bson:"name"`
}

// Identity returns the name of this store.
func (s *Store) Identity(ctx context.Context) (string, error) {
	var d identityDocument
	err := s.meta.FindOne(ctx, byID[string]{identityID}).Decode(&d)
	return d.Name, wrap(ctx, notFound(err), "identity")
}

// makeIdentity names the store unless it has a name. Of several that do so at once the key lets one
// through: an upsert would not do, since not every server that speaks MongoDB tries it again.
func (s *Store) makeIdentity(ctx context.Context) error {
	_, err := s.meta.InsertOne(ctx, identityDocument{identityID, rand.Text()})
	if driver.IsDuplicateKeyError(err) {
		return nil
	}
	return err
}
