package mongo

import (
	"context"
	"strings"

	"go.mongodb.org/mongo-driver/v2/bson"
	driver "go.mongodb.org/mongo-driver/v2/mongo"

	"latchkey/internal/store"
)

// recordID is the key of a record among those of all kinds; no kind has a slash.
func recordID(kind store.RecordKind, key string) string { return string(kind) + "/" + key }

// recordFields is what a write of a record replaces.
type recordFields struct {
	Owner     string         `bson:"connection_id"`
	ExpiresAt *bson.DateTime `bson:"expires_at"`
	Body      []byte         `bson:"body"`
}

type recordDocument struct {
	ID      string       `bson:"_id"`
	Fields  recordFields `bson:",inline"`
	Version int64        `bson:"version"`
}

// recordAt is the filter of a record at one version.
type recordAt struct {
	ID      string `bson:"_id"`
	Version int64  `bson:"version"`
}

type recordWrite struct {
	Set recordFields `bson:"$set"`
	Inc struct {
		Version int64 `bson:"version"`
	} `bson:"$inc"`
}

// PutRecord inserts the record, or replaces it at its version.
func (s *Store) PutRecord(ctx context.Context, r store.Record) (store.Record, error) {
	d := recordDocument{
		ID:      recordID(r.Kind, r.Key),
		Fields:  recordFields{Owner: r.Owner, ExpiresAt: optionalDate(r.ExpiresAt), Body: append([]byte{}, r.Body...)},
		Version: r.Version + 1,
	}
	err := s.writeRecord(ctx, d)
	if err == nil {
		err = s.keepForOwner(ctx, r.Owner, s.records, recordAt{d.ID, d.Version})
	}
	if err != nil {
		return store.Record{}, wrap(ctx, err, "put record of kind", string(r.Kind))
	}
	return d.record(r.Kind), nil
}

func (s *Store) writeRecord(ctx context.Context, d recordDocument) error {
	if d.Version == 1 {
		_, err := s.records.InsertOne(ctx, d)
		if driver.IsDuplicateKeyError(err) {
			return store.ErrConflict // the server's own words quote the key
		}
		return err
	}
	write := recordWrite{Set: d.Fields}
	write.Inc.Version = 1
	result, err := s.records.UpdateOne(ctx, recordAt{d.ID, d.Version - 1}, write)
	if err == nil && result.MatchedCount == 0 {
		return store.ErrConflict
	}
	return err
}

// Record returns the record.
func (s *Store) Record(ctx context.Context, kind store.RecordKind, key string) (store.Record, error) {
	var d recordDocument
	err := s.records.FindOne(ctx, byID[string]{recordID(kind, key)}).Decode(&d)
	if err != nil {
		return store.Record{}, wrap(ctx, notFound(err), "record of kind", string(kind))
	}
	return d.record(kind), nil
}

func (d *recordDocument) record(kind store.RecordKind) store.Record {
	return store.Record{
		Kind: kind, Key: strings.TrimPrefix(d.ID, recordID(kind, "")), Owner: d.Fields.Owner, Body: d.Fields.Body,
		ExpiresAt: optionalTime(d.Fields.ExpiresAt), Version: d.Version,
	}
}
