package refresh

import (
	"context"
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

	"latchkey/internal/metrics"
	"latchkey/internal/panics"
	"latchkey/internal/store"
	"latchkey/internal/vault"
)

// Spill keeps answers of Instagram that the store did not take, sealed, in one file each, until it
// does: through an outage of the store, a stop and a restart. Processes that share a folder share
// what is in it. The zero value of Dir keeps them in memory alone.
type Spill struct {
	// Dir is the folder. It is made when it is needed.
	Dir string
	Log *slog.Logger

	mu sync.Mutex
	// held are the answers of this process, by the name of their file.
	held map[string]spilled
	// unsaved are the names of those that could not be put on disk either, so far.
	unsaved map[string]bool
	// foreign are the connections of the other files that were there when the folder was last read,
	// and strange the files that are no answers, of which each is told once.
	foreign map[string]string
	strange map[string]bool
}

// spilled is an answer as it lies on disk.
type spilled struct {
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
	name := fmt.Sprintf("%s-%d%s", url.PathEscape(e.ConnectionID), e.TokenIssuedAt.UnixMilli(), spillEnding)
	s.mu.Lock()
	defer s.mu.Unlock()
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

// saveLate puts on disk what could not be put there before.
func (s *Spill) saveLate() {
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
// where it is and is logged.
func (s *Spill) entries() map[string]spilled {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.saveLate()
	found := maps.Clone(s.held)
	if found == nil {
		found = map[string]spilled{}
	}
	files, err := os.ReadDir(s.Dir)
	if s.Dir == "" || errors.Is(err, fs.ErrNotExist) {
		s.foreign = nil
		return found
	}
	if err != nil {
		s.Log.Error("the spill folder cannot be read; tokens may wait in it", "error", err)
		return found
	}
	s.foreign = map[string]string{}
	for _, f := range files {
		name := f.Name()
		if _, ours := found[name]; ours || !strings.HasSuffix(name, spillEnding) {
			continue
		}
		e, err := readSpilled(filepath.Join(s.Dir, name))
		if errors.Is(err, fs.ErrNotExist) { // another process has written it to the store
			continue
		}
		if err != nil {
			s.tellStrange(name, err)
			continue
		}
		s.foreign[name] = e.ConnectionID
		found[name] = e
	}
	return found
}

func (s *Spill) tellStrange(name string, err error) {
	if s.strange[name] {
		return
	}
	if s.strange == nil {
		s.strange = map[string]bool{}
	}
	s.strange[name] = true
	s.Log.Error("a file in the spill folder is no answer; look at it and take it away", "file", name, "error", err)
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

// spill puts the answer for a connection aside.
func (k *Keeper) spill(ctx context.Context, read store.Connection, f fresh, by vault.Caller) {
	err := k.Spill.keep(spilled{
		ConnectionID: read.ID, ConnectedAt: read.ConnectedAt, TokenIssuedAt: f.issued, TokenExpiresAt: f.expires,
		ExpiryAssumed: f.assumed, Scopes: f.scopes, Caller: string(by), SealedToken: f.sealed,
	})
	if err != nil {
		k.Log.ErrorContext(ctx, "a refreshed token is in memory alone: do not stop this process until the store answers, "+
			"or mend LATCHKEY_SPILL_DIR", "connection", read.ID, "error", err)
	}
}

// settleFailures is how many answers the store may refuse until it is taken for away. They come in
// no order, so that none of them keeps the others waiting for long.
const settleFailures = 8

// settle writes what was put aside to the store, as far as the store takes it. Of two answers for
// one connection the later one counts, whichever comes first.
func (k *Keeper) settle(ctx context.Context) {
	var failed []error
	for name, e := range k.Spill.entries() {
		if ctx.Err() != nil {
			return
		}
		if err := k.settleOne(ctx, e); err != nil {
			if failed = append(failed, err); len(failed) == settleFailures {
				break
			}
			continue
		}
		if err := k.Spill.remove(name); err != nil {
			k.Log.WarnContext(ctx, "a written answer cannot be taken out of the spill folder", "file", name, "error", err)
		}
	}
	if len(failed) > 0 {
		k.Log.WarnContext(ctx, "refreshed tokens still wait in the spill folder", "error", failed[0])
	}
}

func (k *Keeper) settleOne(ctx context.Context, e spilled) error {
	cur, err := k.Store.Connection(ctx, e.ConnectionID)
	if errors.Is(err, store.ErrNotFound) {
		return nil // erased since
	}
	if err != nil {
		return err
	}
	read := store.Connection{ID: e.ConnectionID, ConnectedAt: e.ConnectedAt}
	if !issuedAt(e.TokenIssuedAt)(read, cur) {
		return nil
	}
	f := fresh{sealed: e.SealedToken, issued: e.TokenIssuedAt, expires: e.TokenExpiresAt, assumed: e.ExpiryAssumed, scopes: e.Scopes}
	var c store.Connection
	if panicked := panics.Catch(func() { c, err = k.writeToken(ctx, cur, f, vault.Caller(e.Caller), k.Now()) }); panicked != nil {
		return panicked
	}
	if err != nil {
		return gaveWay(err)
	}
	k.Metrics.Refreshed(metrics.Refreshed)
	k.Log.InfoContext(ctx, "a refreshed token that had to wait is written", "connection", c.ID, "safe_until", c.TokenExpiresAt)
	return nil
}
