package store

import (
	"context"
	"time"
)

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
}

// Contacts keeps at most one contact a connection. It goes with its connection.
type Contacts interface {
	// PutContact stores the contact, in place of the one there.
	PutContact(ctx context.Context, c Contact) error
	// Contact returns the contact of a connection.
	Contact(ctx context.Context, connectionID string) (Contact, error)
	// DeleteContact removes the contact. It is no error when there is none.
	DeleteContact(ctx context.Context, connectionID string) error
}
