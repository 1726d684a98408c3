package sqlite

import (
	"context"
	"fmt"

	"latchkey/internal/store"
)

const (
	putContact = `
		INSERT INTO contacts (connection_id, address, asked_at, confirmed_at) VALUES (?, ?, ?, ?)
		ON CONFLICT (connection_id) DO UPDATE SET address = excluded.address,
			asked_at = excluded.asked_at, confirmed_at = excluded.confirmed_at`

	selectContact = `
		SELECT connection_id, address, asked_at, confirmed_at FROM contacts WHERE connection_id = ?`

	deleteContact = `DELETE FROM contacts WHERE connection_id = ?`
)

// PutContact implements [store.Contacts].
func (s *Store) PutContact(ctx context.Context, c store.Contact) error {
	_, err := s.writer.exec(ctx, putContact, c.ConnectionID, c.Address, millis(c.AskedAt), millis(c.ConfirmedAt))
	if err != nil {
		return fmt.Errorf("put contact of connection %s: %w", c.ConnectionID, err)
	}
	return nil
}

// Contact implements [store.Contacts].
func (s *Store) Contact(ctx context.Context, connectionID string) (store.Contact, error) {
	var c store.Contact
	err := s.readers.row(ctx, selectContact, []any{connectionID}, []any{
		&c.ConnectionID, &c.Address,
		timeColumn{&c.AskedAt},
		timeColumn{&c.ConfirmedAt},
	})
	if err != nil {
		return store.Contact{}, fmt.Errorf("contact of connection %s: %w", connectionID, orNotFound(err))
	}
	return c, nil
}

// DeleteContact implements [store.Contacts].
func (s *Store) DeleteContact(ctx context.Context, connectionID string) error {
	if _, err := s.writer.exec(ctx, deleteContact, connectionID); err != nil {
		return fmt.Errorf("delete contact of connection %s: %w", connectionID, err)
	}
	return nil
}
