package sqlite

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sync/atomic"

	"latchkey/internal/disk"
	"latchkey/internal/store"
)

var _ store.Store = (*Store)(nil)

// Store is one SQLite file. It is safe for concurrent use.
type Store struct {
	path          string
	writer, brief *pool
	readers       *pool
	checkpointer  *pool
	// prepared tells a file that is not there yet from one that was taken away.
	prepared atomic.Bool
}

// Open returns the store in the file at path. It makes nothing: a file that is not there yet comes
// with [Store.Migrate]. What cannot become a store, such as a folder or a file of another kind, is
// an error that names the path and says what to do.
func Open(ctx context.Context, path string) (*Store, error) {
	if path == "" {
		return nil, errors.New("open store: no path: name a file, such as latchkey.db")
	}
	full, err := filepath.Abs(path)
	if err != nil {
		return nil, fmt.Errorf("open store %s: %w", path, err)
	}
	s := &Store{path: full, readers: newReaders(full), checkpointer: newCheckpointer(full)}
	s.writer, s.brief = newWriters(full)
	if err := s.Ping(ctx); err != nil {
		return nil, errors.Join(fmt.Errorf("open store: %w", err), s.Close())
	}
	return s, nil
}

// Ping reads from the file. A file that Migrate has yet to make is well; one that was taken away
// afterwards is not, though SQLite would go on writing to what nobody will find again.
func (s *Store) Ping(ctx context.Context) error {
	made, err := s.checkFile()
	if err != nil || !made {
		return err
	}
	var version int
	if err := s.readers.db.QueryRowContext(ctx, "PRAGMA schema_version").Scan(&version); err != nil {
		return s.explain(withContext(ctx, err))
	}
	return nil
}

// checkFile says whether the file is there, which it must be once it was prepared.
func (s *Store) checkFile() (made bool, err error) {
	made, err = s.made()
	if err == nil && !made && s.prepared.Load() {
		err = fmt.Errorf("%s is gone (%w); put it back and start again", s.path, fs.ErrNotExist)
	}
	return made, err
}

// made says whether the file is there. It is an error when it cannot ever be.
func (s *Store) made() (bool, error) {
	info, err := os.Stat(s.path)
	switch {
	case err == nil && info.IsDir():
		return false, fmt.Errorf("%s is a folder; name a file in it, such as %s",
			s.path, filepath.Join(s.path, "latchkey.db"))
	case err == nil && !info.Mode().IsRegular():
		return false, fmt.Errorf("%s is not a file; name another path", s.path)
	case err == nil:
		return true, nil
	case !errors.Is(err, fs.ErrNotExist):
		return false, disk.Explain(err, s.path)
	}
	if _, err := os.Stat(filepath.Dir(s.path)); err != nil {
		return false, disk.Explain(err, s.path)
	}
	return false, nil
}

// Close ends the connections to the file. Calls in hand are waited for.
func (s *Store) Close() error {
	// The writer goes last: whoever closes last tidies the write-ahead log away, and may write.
	if err := errors.Join(s.readers.close(), s.checkpointer.close(), s.brief.close(), s.writer.close()); err != nil {
		return fmt.Errorf("close store %s: %w", s.path, err)
	}
	return nil
}
