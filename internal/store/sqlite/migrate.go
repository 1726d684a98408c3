package sqlite

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"time"

	"github.com/pressly/goose/v3"
)

// migrations only ever grows: a released file is never changed, and there is no way back.
//
//go:embed migrations/*.sql
var migrations embed.FS

// historyTable is where goose keeps which migrations a file has had.
const historyTable = "migrations"

// createHistory is the table as goose reads and writes it, and a key besides: of two processes that
// run the same migration at once, one fails as a whole instead of running it again.
const createHistory = `
CREATE TABLE IF NOT EXISTS migrations (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    version_id INTEGER NOT NULL UNIQUE,
    is_applied INTEGER NOT NULL,
    tstamp     TIMESTAMP DEFAULT (datetime('now'))
);
INSERT INTO migrations (version_id, is_applied) VALUES (0, 1) ON CONFLICT DO NOTHING;
`

// Migrate makes the file when it is not there, readable by its owner only, and brings its tables to
// the form that this program needs. A file that a newer program wrote is an error.
func (s *Store) Migrate(ctx context.Context) error {
	if err := s.prepare(ctx); err != nil {
		return fmt.Errorf("prepare store: %w", s.explain(withContext(ctx, err)))
	}
	s.prepared.Store(true)
	return nil
}

func (s *Store) prepare(ctx context.Context) error {
	if err := s.makeFile(); err != nil {
		return err
	}
	if err := s.switchToWAL(ctx); err != nil {
		return err
	}
	latest, err := latestMigration()
	if err != nil {
		return err
	}
	have, err := s.version(ctx)
	if err != nil {
		return err
	}
	if have > latest {
		return fmt.Errorf("%s was written by a newer latchkey (its tables are of version %d, this one knows %d); "+
			"use that latchkey or a newer one", s.path, have, latest)
	}
	return s.migrate(ctx, have, latest)
}

// switchToWAL asks again for as long as other writes wait: of two processes that switch a fresh
// file at once, SQLite tells one that the file is busy without waiting for the other.
func (s *Store) switchToWAL(ctx context.Context) error {
	const again = 10 * time.Millisecond
	for begun := time.Now(); ; {
		var mode string
		err := s.writer.db.QueryRowContext(ctx, "PRAGMA journal_mode = wal").Scan(&mode)
		switch {
		case err == nil && mode == "wal":
			return nil
		case err == nil:
			return fmt.Errorf("%s keeps the journal mode %q instead of wal; put the file on a local disk", s.path, mode)
		case !isBusy(err) || time.Since(begun) > busyTimeout:
			return err
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(again):
		}
	}
}

func (s *Store) makeFile() error {
	made, err := s.made()
	if err != nil || made {
		return err
	}
	f, err := os.OpenFile(s.path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if errors.Is(err, fs.ErrExist) { // another process was faster
		return nil
	}
	if err != nil {
		return err
	}
	return f.Close()
}

// version returns the number of the last migration that the file has had, 0 for none.
func (s *Store) version(ctx context.Context) (version int64, err error) {
	there, err := s.hasTable(ctx, historyTable)
	if err != nil || !there {
		return 0, err
	}
	err = s.writer.db.QueryRowContext(ctx, "SELECT coalesce(max(version_id), 0) FROM migrations").Scan(&version)
	return version, err
}

// migrate runs the migrations after have. Another process may be at the same: then ours fails, and
// we look how far it came.
func (s *Store) migrate(ctx context.Context, have, latest int64) error {
	for have < latest {
		failed := s.runMigrations(ctx)
		now, err := s.version(ctx)
		if err != nil {
			return errors.Join(failed, err)
		}
		if failed != nil && now == have {
			return failed
		}
		have = now
	}
	return nil
}

func (s *Store) runMigrations(ctx context.Context) error {
	provider, err := s.provider(ctx)
	if err != nil {
		return err
	}
	_, err = provider.Up(ctx)
	return err
}

// provider returns what runs the migrations, having made its table.
func (s *Store) provider(ctx context.Context) (*goose.Provider, error) {
	if _, err := s.writer.db.ExecContext(ctx, createHistory); err != nil {
		return nil, err
	}
	files, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return nil, err
	}
	return goose.NewProvider(goose.DialectSQLite3, s.writer.db, files,
		goose.WithTableName(historyTable), goose.WithDisableGlobalRegistry(true))
}

func latestMigration() (int64, error) {
	names, err := fs.Glob(migrations, "migrations/*.sql")
	if err != nil {
		return 0, err
	}
	return goose.NumericComponent(path.Base(names[len(names)-1]))
}

// hasTable also works on a file without any.
func (s *Store) hasTable(ctx context.Context, name string) (there bool, err error) {
	const query = "SELECT EXISTS (SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = ?)"
	err = s.readers.db.QueryRowContext(ctx, query, name).Scan(&there)
	return there, err
}
