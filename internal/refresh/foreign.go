package refresh

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
)

// AsideFolder is the folder within a spill folder to which answers for other stores are moved. They are
// never removed: another store may have no other living token of its connections.
const AsideFolder = "other-store"

// identify asks for the identity of the store until it is known.
func (s *Spill) identify(ctx context.Context, st Store) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.store != "" {
		return nil
	}
	identity, err := st.Identity(ctx)
	if err == nil {
		s.store = identity
	}
	return err
}

// setAside moves an answer aside that this store does not know.
func (s *Spill) setAside(name string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.moveAside(name)
}

func (s *Spill) moveAside(name string) {
	aside := filepath.Join(s.Dir, AsideFolder)
	err := os.MkdirAll(aside, 0o700)
	if err == nil {
		err = os.Rename(filepath.Join(s.Dir, name), filepath.Join(aside, name))
	}
	if err == nil {
		err = errors.Join(syncFolder(aside), syncFolder(s.Dir))
	}
	if err != nil {
		s.logUnreadable(name, "a refreshed token in the spill folder is for another store and cannot be moved aside; it stays", err)
		return
	}
	s.Log.Warn("a refreshed token in the spill folder is for another store, and was moved aside: give each store a folder of its own in "+
		"LATCHKEY_SPILL_DIR, and move the file into that of its store, whose server writes it; delete it only when that store is no more",
		"file", filepath.Join(aside, name))
}

// enterAside adds what another store's server took for its own neighbour's and moved aside, though it is
// for this store.
func (s *Spill) enterAside(found map[string]spilled) {
	files, err := os.ReadDir(filepath.Join(s.Dir, AsideFolder))
	if err != nil {
		return // mostly there is none, and nothing of this store has to be in it
	}
	for _, f := range files {
		name := filepath.Join(AsideFolder, f.Name())
		if !strings.HasSuffix(name, spillEnding) {
			continue
		}
		if e, err := readSpilled(filepath.Join(s.Dir, name)); err == nil && s.store != "" && e.Store == s.store {
			s.foreign[name] = e.ConnectionID
			found[name] = e
		}
	}
}
