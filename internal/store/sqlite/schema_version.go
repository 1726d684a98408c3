package sqlite

import (
	"context"
	"fmt"
)

// Form returns the version of the tables in the file, 0 where there are none, and the version that
// this program needs. It changes nothing: tables of an older version are for [Store.Migrate] to
// bring forward, and those of a newer one need a newer program.
func (s *Store) Form(ctx context.Context) (have, need int64, err error) {
	if need, err = latestMigration(); err != nil {
		return 0, 0, fmt.Errorf("form of the store: %w", err)
	}
	made, err := s.made()
	if err != nil || !made {
		return 0, need, err
	}
	there, err := s.hasTable(ctx, historyTable)
	if err == nil && there {
		const query = "SELECT coalesce(max(version_id), 0) FROM migrations"
		err = s.readers.db.QueryRowContext(ctx, query).Scan(&have)
	}
	if err != nil {
		return 0, need, fmt.Errorf("form of the store: %w", s.explain(withContext(ctx, err)))
	}
	return have, need, nil
}
