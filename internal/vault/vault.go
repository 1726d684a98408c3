package vault

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"time"

	"latchkey/internal/seal"
	"latchkey/internal/store"
)

// ErrNoToken says that the connection has no token, because it was disconnected.
var ErrNoToken = errors.New("there is no token; the owner has to log in again")

// Caller is who comes through the door. It stands in the events.
type Caller string

// The callers.
const (
	// CallerLogin is a login that finished.
	CallerLogin Caller = "login"
	// CallerOwner is the owner on her own page.
	CallerOwner Caller = "owner"
	// CallerCommandLine is the operator at the command line.
	CallerCommandLine Caller = "command line"
	// CallerRefresh is the keeper of the tokens.
	CallerRefresh Caller = "refresh"
)

// CommandLineOf is the operator at the command line, with the name of the system's user who asked.
func CommandLineOf(user string) Caller { return CallerCommandLine + Caller(" ("+user+")") }

// Kind is the caller without the name of who asked.
func (c Caller) Kind() Caller {
	kind, _, _ := strings.Cut(string(c), " (")
	return Caller(kind)
}

// Store is what the vault needs of a database.
type Store interface {
	store.Connections
	store.Events
}

// Vault keeps tokens sealed in a store. It is safe for concurrent use.
type Vault struct {
	// Keyring seals and opens. To disconnect and to erase, none is needed.
	Keyring *seal.Keyring
	Store   Store
	// Now is the time of events and of logins; nil is time.Now.
	Now func() time.Time
	// Jitter spreads the due times of a fleet, from 0 to 1; nil is a random number.
	Jitter func() float64
}

// writeTries is how often a write starts anew after somebody else wrote first. Nobody writes one
// connection so often that the last of them fails, unless something is wrong.
const writeTries = 5

func (v *Vault) now() time.Time {
	if v.Now == nil {
		return time.Now()
	}
	return v.Now()
}

func (v *Vault) jitter() float64 {
	if v.Jitter == nil {
		return rand.Float64()
	}
	return v.Jitter()
}

// boundTo is the context of the token of a connection.
func boundTo(id string) seal.Context {
	return seal.Context{Purpose: "instagram token", Owner: id}
}

func (v *Vault) event(kind store.EventKind, by Caller, id string) store.Event {
	return store.Event{ConnectionID: id, At: v.now(), Kind: kind, Caller: string(by)}
}

// about adds to an error what was done, to which connection and for whom.
func about(operation, id string, by Caller, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%s connection %s for %s: %w", operation, id, by, err)
}
