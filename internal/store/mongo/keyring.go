package mongo

import (
	"context"
	"errors"

	driver "go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"latchkey/internal/store"
)

// keyringID is the key of the document in meta that records the keyring.
const keyringID = "keyring"

type keyringDocument struct {
	ID          string `bson:"_id"`
	Fingerprint string `bson:"fingerprint"`
}

// KeyringFingerprint returns the recorded fingerprint.
func (s *Store) KeyringFingerprint(ctx context.Context) (string, error) {
	var d keyringDocument
	err := s.meta.FindOne(ctx, byID[string]{keyringID}).Decode(&d)
	return d.Fingerprint, wrap(ctx, notFound(err), "keyring fingerprint")
}

// ReplaceKeyringFingerprint records the fingerprint if the recorded one is old.
func (s *Store) ReplaceKeyringFingerprint(ctx context.Context, old, fingerprint string) error {
	return wrap(ctx, s.replaceKeyring(ctx, old, fingerprint), "replace keyring fingerprint")
}

func (s *Store) replaceKeyring(ctx context.Context, old, fingerprint string) error {
	if old == "" {
		_, err := s.meta.InsertOne(ctx, keyringDocument{keyringID, fingerprint})
		if driver.IsDuplicateKeyError(err) {
			return store.ErrConflict
		}
		return err
	}
	type change struct {
		Fingerprint string `bson:"fingerprint"`
	}
	result, err := s.meta.UpdateOne(ctx, keyringDocument{keyringID, old}, set[change]{change{fingerprint}})
	if err == nil && result.MatchedCount == 0 {
		err = store.ErrConflict
	}
	return err
}

// HoldsSealed looks for one sealed token.
func (s *Store) HoldsSealed(ctx context.Context) (bool, error) {
	type sealed struct {
		Token struct {
			Not *struct{} `bson:"$ne"`
		} `bson:"sealed_token"`
	}
	err := s.connections.FindOne(ctx, sealed{}, options.FindOne().SetProjection(byID[int]{1})).Err()
	if errors.Is(err, driver.ErrNoDocuments) {
		return false, nil
	}
	return err == nil, wrap(ctx, err, "holds sealed")
}
