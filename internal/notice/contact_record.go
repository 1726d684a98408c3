package notice

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"latchkey/internal/i18n"
	"latchkey/internal/store"
)

// contactKind is the kind of the records that say where owners want to be told, each under the id of its
// connection, which it belongs to.
const contactKind store.RecordKind = "contact"

// Contact is where the owner of a connection wants to be told when she is needed.
type Contact struct {
	// ConnectionID is the key.
	ConnectionID string
	// Address is her mail address.
	Address string
	// AskedAt is when she gave it.
	AskedAt time.Time
	// ConfirmedAt is when she followed the link that was sent there; zero until then, and until
	// then nothing else is sent.
	ConfirmedAt time.Time
	// Language is the one in which she reads; empty is English.
	Language string
	// Version counts the writes, those that took an address back among them; 0 while none was ever given.
	Version int64
}

// confirms says that mail goes to the address.
func (c Contact) confirms(address string) bool {
	return c.Address == address && !c.ConfirmedAt.IsZero()
}

// language is the one in which the owner reads.
func (c Contact) language() *i18n.Language {
	if l, ok := i18n.Find(c.Language); ok {
		return l
	}
	return i18n.English()
}

// contactBody is what the record says; times are in milliseconds, 0 means never. Of an address that was taken
// back nothing is left but the empty record: its version counts on, so that no write which began before can
// bring the address back.
type contactBody struct {
	Address     string `json:"address,omitempty"`
	AskedAt     int64  `json:"asked_at,omitempty"`
	ConfirmedAt int64  `json:"confirmed_at,omitempty"`
	Language    string `json:"language,omitempty"`
}

// FindContact returns the contact of a connection. None is [store.ErrNotFound].
func FindContact(ctx context.Context, records store.Records, connectionID string) (Contact, error) {
	c, err := readContact(ctx, records, connectionID)
	if err == nil && c.Address == "" {
		err = fmt.Errorf("contact of connection %s: %w", connectionID, store.ErrNotFound)
	}
	if err != nil {
		return Contact{}, err
	}
	return c, nil
}

// PutContact replaces every field if the stored version is still c.Version, and returns the contact as stored. An
// empty address is none. The errors are those of [store.Records.PutRecord].
func PutContact(ctx context.Context, records store.Records, c Contact) (Contact, error) {
	body, err := json.Marshal(contactBody{c.Address, millis(c.AskedAt), millis(c.ConfirmedAt), c.Language})
	if err != nil {
		return Contact{}, err
	}
	r, err := records.PutRecord(ctx, store.Record{
		Kind: contactKind, Key: c.ConnectionID, Owner: c.ConnectionID, Body: body, Version: c.Version,
	})
	if err != nil {
		return Contact{}, fmt.Errorf("contact of connection %s: %w", c.ConnectionID, err)
	}
	return contactOf(r)
}

// readContact returns the contact of a connection, without an address where there is none.
func readContact(ctx context.Context, records store.Records, connectionID string) (Contact, error) {
	r, err := records.Record(ctx, contactKind, connectionID)
	switch {
	case errors.Is(err, store.ErrNotFound):
		return Contact{ConnectionID: connectionID}, nil
	case err != nil:
		return Contact{}, fmt.Errorf("contact of connection %s: %w", connectionID, err)
	}
	return contactOf(r)
}

func contactOf(r store.Record) (Contact, error) {
	var body contactBody
	if err := json.Unmarshal(r.Body, &body); err != nil {
		return Contact{}, fmt.Errorf("contact of connection %s: %w", r.Key, err)
	}
	return Contact{
		ConnectionID: r.Key, Address: body.Address, Language: body.Language,
		AskedAt: fromMillis(body.AskedAt), ConfirmedAt: fromMillis(body.ConfirmedAt), Version: r.Version,
	}, nil
}

func millis(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMilli()
}

func fromMillis(ms int64) time.Time {
	if ms == 0 {
		return time.Time{}
	}
	return time.UnixMilli(ms).UTC()
}
