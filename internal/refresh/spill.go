package refresh

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"maps"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"
)

// Spill keeps answers of Instagram that the store did not take, sealed, in one file each, until it
// does: through an outage of the store, a stop and a restart. Processes that share a folder share
// what is in it. The zero value of Dir keeps them in memory alone.
type Spill struct {
	// Dir is the folder. It is made when it is needed.
	Dir string
	Log *slog.Logger

	mu sync.Mutex
	// store is the identity of the store that the answers are for; empty until it was asked.
	store string
	// held are the answers of this process, by the name of their file.
	held map[string]spilled
	// unsaved are the names of those that could not be put on disk either, so far.
	unsaved map[string]bool
	// foreign are the connections of the other files that were there when the folder was last read,
	// and told the files of which the log has told: that are no answers, or cannot be moved aside.
	foreign map[string]string
	told    map[string]bool
}

// spilled is an answer as it lies on disk.
type spilled struct {
	// Store is the identity of the store that it is for; empty in files of before there were identities.
	Store        string `json:"store"`
	ConnectionID string `json:"connection_id"`
	// ConnectedAt is the login that the token descends from: another one since makes it worthless.
	ConnectedAt    time.Time `json:"connected_at"`
	TokenIssuedAt  time.Time `json:"token_issued_at"`
	TokenExpiresAt time.Time `json:"token_expires_at"`
	ExpiryAssumed  bool      `json:"expiry_assumed"`
	Scopes         []string  `json:"scopes"`
	Caller         string    `json:"caller"`
	SealedToken    []byte    `json:"sealed_token"`
}

const spillEnding = ".spill"

// Has says whether an answer for the connection waits to be written. Until it is, the token in the
// store may be dead, and must not be tried.
func (s *Spill) Has(connectionID string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, e := range s.held {
		if e.ConnectionID == connectionID {
			return true
		}
	}
	for _, id := range s.foreign {
		if id == connectionID {
			return true
		}
	}
	return false
}

// keep puts an answer aside. An error means that it is in memory alone; the disk is tried again
// whenever the entries are asked for.
func (s *Spill) keep(e spilled) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	e.Store = s.store
	name := fmt.Sprintf("%s-%d-%.8s%s", url.PathEscape(e.ConnectionID), e.TokenIssuedAt.UnixMilli(), e.Store, spillEnding)
	if s.held == nil {
		s.held, s.unsaved = map[string]spilled{}, map[string]bool{}
	}
	s.held[name] = e
	err := s.write(name, e)
	if err != nil {
		s.unsaved[name] = true
	}
	return err
}

// flush puts on disk what could not be put there before.
func (s *Spill) flush() {
	for name := range s.unsaved {
		e := s.held[name]
		if s.write(name, e) == nil {
			delete(s.unsaved, name)
			s.Log.Info("a refreshed token that was in memory alone is in the spill folder", "connection", e.ConnectionID)
		}
	}
}

// write makes the file appear as a whole, and stay through a loss of power.
func (s *Spill) write(name string, e spilled) error {
	if s.Dir == "" {
		return errors.New("there is no spill folder")
	}
	body, err := json.Marshal(e)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(s.Dir, 0o700); err != nil {
		return err
	}
	temporary, err := os.CreateTemp(s.Dir, "new-") // 0600
	if err != nil {
		return err
	}
	defer func() { _ = os.Remove(temporary.Name()) }() // gone already when all went well
	_, err = temporary.Write(body)
	if err = errors.Join(err, temporary.Sync(), temporary.Close()); err != nil {
		return err
	}
	if err := os.Rename(temporary.Name(), filepath.Join(s.Dir, name)); err != nil {
		return err
	}
	return syncFolder(s.Dir)
}

// entries returns what waits, in memory and on disk, by file name. A file that is no answer stays
// where it is and is logged; one of another store is moved aside.
func (s *Spill) entries() map[string]spilled {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.flush()
	found := maps.Clone(s.held)
	if found == nil {
		found = map[string]spilled{}
	}
	files, err := os.ReadDir(s.Dir)
	if errors.Is(err, fs.ErrNotExist) {
		s.foreign = nil
		return found
	}
	if err != nil {
		s.Log.Error("the spill folder cannot be read; tokens may wait in it", "error", err)
		return found
	}
	s.foreign = map[string]string{}
	for _, f := range files {
		s.enter(found, f.Name())
	}
	s.enterAside(found)
	return found
}

// enter adds a file of the folder to the entries, if it is for this store or does not say for which.
func (s *Spill) enter(found map[string]spilled, name string) {
	if _, ours := found[name]; ours || !strings.HasSuffix(name, spillEnding) {
		return
	}
	e, err := readSpilled(filepath.Join(s.Dir, name))
	switch {
	case errors.Is(err, fs.ErrNotExist): // another process has written it to the store
	case err != nil:
		s.logUnreadable(name, "a file in the spill folder is no answer; look at it and take it away", err)
	case e.Store != "" && s.store != "" && e.Store != s.store:
		s.moveAside(name)
	default:
		s.foreign[name] = e.ConnectionID
		found[name] = e
	}
}

// logUnreadable logs what is wrong with a file.
func (s *Spill) logUnreadable(name, what string, err error) {
	if s.told[name] {
		return
	}
	if s.told == nil {
		s.told = map[string]bool{}
	}
	s.told[name] = true
	s.Log.Error(what, "file", name, "error", err)
}

func readSpilled(path string) (spilled, error) {
	body, err := os.ReadFile(path)
	if err != nil {
		return spilled{}, err
	}
	return parseSpilled(body)
}

func parseSpilled(body []byte) (spilled, error) {
	var e spilled
	if err := json.Unmarshal(body, &e); err != nil {
		return spilled{}, errors.New("it cannot be read as JSON")
	}
	if e.ConnectionID == "" || len(e.SealedToken) == 0 || e.TokenIssuedAt.IsZero() || e.TokenExpiresAt.IsZero() {
		return spilled{}, errors.New("a member is missing")
	}
	return e, nil
}

// remove takes away what is in the store, or no longer counts.
func (s *Spill) remove(name string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.held, name)
	delete(s.unsaved, name)
	delete(s.foreign, name)
	if s.Dir == "" {
		return nil
	}
	err := os.Remove(filepath.Join(s.Dir, name))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}

func syncFolder(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}
