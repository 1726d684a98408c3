package mongo

import (
	"context"

	driver "go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"
)

// writeCheckID is the key of the document in meta that CheckWrite writes.
const writeCheckID = "write_check"

// CheckWrite counts up, acknowledged by a majority. That two at once may count as one, as with an
// upsert on some servers, matters to nobody.
func (s *Store) CheckWrite(ctx context.Context) error {
	type count struct {
		N int64 `bson:"n"`
	}
	type counted struct {
		Inc count `bson:"$inc"`
	}
	_, err := s.meta.UpdateOne(ctx, byID[string]{writeCheckID}, counted{count{1}}, options.UpdateOne().SetUpsert(true))
	if driver.IsDuplicateKeyError(err) { // another process wrote it just now
		return nil
	}
	return wrap(ctx, err, "check write")
}
