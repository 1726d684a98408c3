package mongo

import (
	"context"
	"encoding/json"
	"errors"

	"go.mongodb.org/mongo-driver/v2/bson"
	driver "go.mongodb.org/mongo-driver/v2/mongo"

	"latchkey/internal/store"
)

// What earlier versions kept and this one does not. Each start brings it forward, beside others that start at
// the same moment, and one that was killed in the midst of it leaves the rest to the next.

// dropOutgrown removes the logins on their way, which now are kept by the browser alone.
func (s *Store) dropOutgrown(ctx context.Context) error {
	return s.records.Database().Collection("auth_requests").Drop(ctx)
}

// oldContact is where the owner of a connection wants to be told, as it was kept before it was a record.
type oldContact struct {
	ConnectionID string         `bson:"_id"`
	Address      string         `bson:"address"`
	AskedAt      *bson.DateTime `bson:"asked_at"`
	ConfirmedAt  *bson.DateTime `bson:"confirmed_at"`
}

// contactsToRecords makes a record of each contact. A server of before that still runs beside this one finds no
// contact any more; what an owner tells it is brought forward by the next start. The collection stays, empty:
// what such a server writes at this very moment would go with it.
func (s *Store) contactsToRecords(ctx context.Context) error {
	old := s.records.Database().Collection("contacts")
	cursor, err := old.Find(ctx, bson.D{})
	if err != nil {
		return err
	}
	var found []oldContact
	if err := cursor.All(ctx, &found); err != nil {
		return err
	}
	for _, c := range found {
		if err := s.contactToRecord(ctx, c); err != nil {
			return err
		}
		if _, err := old.DeleteOne(ctx, c); err != nil { // not one that was written since it was read
			return err
		}
	}
	return nil
}

// contactToRecord makes a record of a contact, in the form that the package notice reads. A record that is there
// is newer, and an address of nobody, as an erase in the midst of a write could leave it, is not kept.
func (s *Store) contactToRecord(ctx context.Context, c oldContact) error {
	body, err := json.Marshal(struct {
		Address     string `json:"address"`
		AskedAt     *int64 `json:"asked_at"`
		ConfirmedAt *int64 `json:"confirmed_at"`
	}{c.Address, (*int64)(c.AskedAt), (*int64)(c.ConfirmedAt)})
	if err != nil {
		return err
	}
	_, err = s.PutRecord(ctx, store.Record{Kind: "contact", Key: c.ConnectionID, Owner: c.ConnectionID, Body: body})
	if errors.Is(err, store.ErrConflict) || errors.Is(err, store.ErrOwnerGone) {
		return nil
	}
	return err
}

// oldSession is a signed-in browser, as it was kept before sessions lay in their connection.
type oldSession struct {
	Secret       store.Hash     `bson:"_id"`
	ConnectionID string         `bson:"connection_id"`
	CreatedAt    *bson.DateTime `bson:"created_at"`
	SeenAt       *bson.DateTime `bson:"seen_at"`
	ExpiresAt    *bson.DateTime `bson:"expires_at"`
}

// oldSessions is where a server of before that still runs beside this one keeps sessions. What it begins there is
// brought forward by the next start of this version; until then its browser is not signed in here.
func (s *Store) oldSessions() *driver.Collection { return s.records.Database().Collection("sessions") }

// sessionsToConnections puts each session into its connection. It is taken away first: one that its browser ends
// at this very moment must not come back, and one that is lost with a process that is killed in between costs a login.
func (s *Store) sessionsToConnections(ctx context.Context) error {
	for {
		var old oldSession
		err := s.oldSessions().FindOneAndDelete(ctx, bson.D{}).Decode(&old)
		if errors.Is(err, driver.ErrNoDocuments) {
			return nil
		}
		if err != nil {
			return err
		}
		push := connectionPush{Sessions: &pushed[sessionFields]{
			[]sessionFields{{old.Secret, old.CreatedAt, old.SeenAt, old.ExpiresAt}},
		}}
		_, err = s.connections.UpdateOne(ctx, byID[string]{old.ConnectionID}, struct {
			Push connectionPush `bson:"$push"`
		}{push})
		if err != nil {
			return err
		}
	}
}
