package sqlite

import (
	"context"

	"latchkey/internal/store"
)

// ownerIsThere is the condition that what is written belongs to a connection that is there, or to none; its first
// parameter is the id. As a part of the write it is true in the same moment.
const ownerIsThere = `(?1 = '' OR EXISTS (SELECT 1 FROM connections WHERE id = ?1))`

// ownerGoneOr says why nothing was written: the owner is gone, or else.
func (s *Store) ownerGoneOr(ctx context.Context, owner string, otherwise error) error {
	if owner == "" {
		return otherwise
	}
	var there bool
	if err := s.readers.row(ctx, hasConnection, []any{owner}, []any{&there}); err != nil {
		return err
	}
	if !there {
		return store.ErrOwnerGone
	}
	return otherwise
}
