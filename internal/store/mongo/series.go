package mongo

import (
	"context"
	"fmt"
	"net/url"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	driver "go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"latchkey/internal/store"
)

// seriesID is the beginning of the keys of all entries of a series. No kind has a slash, and an owner has none once
// it is escaped.
func seriesID(kind store.SeriesKind, owner string) string {
	return string(kind) + "/" + url.PathEscape(owner) + "/"
}

// entryID is the key of the entry at a place. In the order of their bytes the keys of a series are in the order of
// its places: the moment has its sign turned round, so that what was before 1970 comes before what was after.
func entryID(kind store.SeriesKind, owner string, p store.Place) string {
	return fmt.Sprintf("%s%016x/%s", seriesID(kind, owner), uint64(p.At.UnixMilli())^(1<<63), p.Key)
}

// entryFields is what a put writes.
type entryFields struct {
	Owner string           `bson:"connection_id"`
	Kind  store.SeriesKind `bson:"kind"`
	At    bson.DateTime    `bson:"at"`
	Key   string           `bson:"key"`
	Body  []byte           `bson:"body"`
}

type entryDocument struct {
	ID     string      `bson:"_id"`
	Fields entryFields `bson:",inline"`
}

// PutEntries puts all entries with one command. Of two puts at one place at once either may be the last, so that
// an upsert decides nothing here; where both insert, the server may refuse one, which then is an update.
func (s *Store) PutEntries(ctx context.Context, kind store.SeriesKind, owner string, entries ...store.Entry) error {
	if len(entries) == 0 {
		return nil
	}
	writes := make([]driver.WriteModel, len(entries))
	var written among[string]
	for i, e := range entries {
		id := entryID(kind, owner, e.Place())
		fields := entryFields{Owner: owner, Kind: kind, At: date(e.At), Key: e.Key, Body: append([]byte{}, e.Body...)}
		writes[i] = driver.NewUpdateOneModel().SetFilter(byID[string]{id}).SetUpdate(set[entryFields]{fields}).SetUpsert(true)
		written.ID.Among = append(written.ID.Among, id)
	}
	err := s.writeEntries(ctx, writes)
	if err == nil {
		err = s.keepForOwner(ctx, owner, s.entries, written)
	}
	return wrap(ctx, err, "put entries of kind", string(kind), "of", owner)
}

func (s *Store) writeEntries(ctx context.Context, writes []driver.WriteModel) error {
	for {
		_, err := s.entries.BulkWrite(ctx, writes, options.BulkWrite().SetOrdered(false))
		if !driver.IsDuplicateKeyError(err) {
			return err
		}
	}
}

// EntriesAfter reads on from a place, by the key.
func (s *Store) EntriesAfter(
	ctx context.Context, kind store.SeriesKind, owner string, after store.Place, limit int,
) ([]store.Entry, error) {
	found, err := s.findEntries(ctx, entriesFrom(kind, owner, after), limit)
	return found, wrap(ctx, err, "entries of kind", string(kind), "of", owner)
}

// EntriesBefore reads back from a place, by the key.
func (s *Store) EntriesBefore(
	ctx context.Context, kind store.SeriesKind, owner string, before store.Place, limit int,
) ([]store.Entry, error) {
	found, err := s.findEntries(ctx, entriesBackFrom(kind, owner, before), limit)
	return found, wrap(ctx, err, "entries of kind", string(kind), "of", owner)
}

func (s *Store) findEntries(ctx context.Context, q query, limit int) ([]store.Entry, error) {
	if limit <= 0 {
		return nil, nil // to the server, no limit
	}
	cursor, err := s.entries.Find(ctx, q.Filter, q.options(limit))
	if err != nil {
		return nil, err
	}
	var documents []entryDocument
	if err := cursor.All(ctx, &documents); err != nil {
		return nil, err
	}
	found := make([]store.Entry, len(documents))
	for i, d := range documents {
		found[i] = store.Entry{At: timeOf(d.Fields.At), Key: d.Fields.Key, Body: d.Fields.Body}
	}
	return found, nil
}

// SweepEntries removes what is of long ago.
func (s *Store) SweepEntries(ctx context.Context, kind store.SeriesKind, before time.Time) (int, error) {
	result, err := s.entries.DeleteMany(ctx, entriesOfBefore(kind, before))
	if err != nil {
		return 0, wrap(ctx, err, "sweep entries of kind", string(kind))
	}
	return int(result.DeletedCount), nil
}
