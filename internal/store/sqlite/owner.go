package sqlite

import (
	"context"

	"latchkey/internal/store"
)

// The condition that what is written belongs to a connection that is there, or to none, by the parameter that
// has its id. As a part of the write it is true in the same moment.
const (
	ownerIsThere1 = `(?1 = '' OR EXISTS (SELECT 1 FROM connections WHERE id = ?1))`
	ownerIsThere2 = `(?2 = '' OR EXISTS (SELECT 1 FROM connections WHERE id = ?2))`
	ownerIsThere3 = `(?3 = '' OR EXISTS (SELECT 1 FROM connections WHERE id = ?3))`
)

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
