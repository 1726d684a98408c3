package refresh

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"latchkey/internal/metrics"
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
	// held are the answers of this process, by the name of their file. What could not be put on
	// disk either is only here.
	held map[string]spilled
	// foreign are the connections of which files were there when the folder was last read.
	foreign map[string]bool
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
	return s.foreign[connectionID]
}

// keep puts an answer aside. An error means that it is in memory alone.
func (s *Spill) keep(e spilled) error {
	name := fmt.Sprintf("%s-%d%s", url.PathEscape(e.ConnectionID), e.TokenIssuedAt.UnixMilli(), spillEnding)
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.held == nil {
		s.held = map[string]spilled{}
	}
	s.held[name] = e
	return s.write(name, e)
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

// entries returns what waits, in memory and on disk, the earliest issue first, by file name. A file
// that is no answer stays where it is and is logged.
func (s *Spill) entries() map[string]spilled {
	s.mu.Lock()
	defer s.mu.Unlock()
	found := map[string]spilled{}
	for name, e := range s.held {
		found[name] = e
	}
	s.foreign = nil
	files, err := os.ReadDir(s.Dir)
	if err != nil {
		if s.Dir != "" && !errors.Is(err, fs.ErrNotExist) {
			s.Log.Error("the spill folder cannot be read; tokens may wait in it", "error", err)
		}
		return found
	}
	for _, f := range files {
		if _, ours := found[f.Name()]; ours || !strings.HasSuffix(f.Name(), spillEnding) {
			continue
		}
		e, err := readSpilled(filepath.Join(s.Dir, f.Name()))
		if errors.Is(err, fs.ErrNotExist) { // another process has written it to the store
			continue
		}
		if err != nil {
			s.Log.Error("a file in the spill folder is no answer; look at it and take it away", "file", f.Name(), "error", err)
			continue
		}
		if s.foreign == nil {
			s.foreign = map[string]bool{}
		}
		s.foreign[e.ConnectionID] = true
		found[f.Name()] = e
	}
	return found
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

// settle writes what was put aside to the store, as far as the store takes it.
func (k *Keeper) settle(ctx context.Context) {
	waiting := k.Spill.entries()
	names := make([]string, 0, len(waiting))
	for name := range waiting {
		names = append(names, name)
	}
	slices.SortFunc(names, func(a, b string) int {
		return waiting[a].TokenIssuedAt.Compare(waiting[b].TokenIssuedAt)
	})
	for _, name := range names {
		if err := k.settleOne(ctx, waiting[name]); err != nil {
			k.Log.WarnContext(ctx, "a refreshed token still waits in the spill folder", "connection", waiting[name].ConnectionID, "error", err)
			return // the store does not answer: the others wait too
		}
		if err := k.Spill.remove(name); err != nil {
			k.Log.WarnContext(ctx, "a written answer cannot be taken out of the spill folder", "file", name, "error", err)
		}
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
	c, err := k.writeToken(ctx, cur, f, vault.Caller(e.Caller), k.Now())
	if err != nil {
		return gaveWay(err)
	}
	k.Metrics.Refreshed(metrics.Refreshed)
	k.Log.InfoContext(ctx, "a refreshed token that had to wait is written", "connection", c.ID, "safe_until", c.TokenExpiresAt)
	return nil
}
