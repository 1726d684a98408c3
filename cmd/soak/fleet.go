package main

import (
	"context"
	"errors"
	"fmt"
	"os/exec"
	"path/filepath"
	"sync"
	"sync/atomic"
	"time"

	"latchkey/igsim"
	"latchkey/internal/seal"
	"latchkey/internal/store"
	"latchkey/internal/store/mongo"
	"latchkey/internal/store/sqlite"
	"latchkey/internal/vault"
)

// skews are how far the clocks of the servers are off Instagram's: two minutes apart.
var skews = []time.Duration{-time.Minute, time.Minute}

// fleet is a few servers on one store, and the look into that store from outside.
type fleet struct {
	dir      string
	world    *world
	replicas []*replica
	store    store.Store
	vault    *vault.Vault
	outage   outage
	killer   killer
	// offset is how far the simulator's clock is ahead of the machine's.
	offset time.Duration
	closed []func() error
	// say writes a line about how it goes.
	say func(format string, args ...any)
	// asideBefore is how many answers had been put aside before the outage.
	asideBefore float64
	// named are those that were found to be lost or wrongly marked.
	named map[string]bool

	// turn lets a login and a kill in the middle of an answer happen one at a time.
	turn sync.Mutex

	// cutting says that the next good answer to a refresh begins the outage, cut that it is on.
	cutting, cut atomic.Bool
	// calling says that the owner of the next good answer logs in before it is delivered.
	calling atomic.Bool

	mu sync.Mutex // guards all below
	// wrong is what was found to be wrong, in words.
	wrong []string
}

// place is where a fleet keeps its connections: a MongoDB address, or when it is empty a SQLite
// file.
type place struct{ mongo string }

// newFleet starts the servers of a fleet on an empty store. What it started ends with close.
func newFleet(ctx context.Context, program, dir string, p plan, connections int, where place) (_ *fleet, err error) {
	f := &fleet{dir: dir, named: map[string]bool{}}
	defer func() {
		if err != nil {
			err = errors.Join(err, f.close())
		}
	}()
	settings, err := f.settings(ctx, program, where)
	if err != nil {
		return nil, err
	}
	var redirects []string
	for i, skew := range skews {
		r, err := f.addReplica(i, program, skew, settings)
		if err != nil {
			return nil, err
		}
		redirects = append(redirects, r.base+"/auth")
	}
	if f.world, err = newWorld(p, connections, redirects); err != nil {
		return nil, err
	}
	for _, r := range f.replicas {
		r.line.world = f.world
		if err := errors.Join(r.setClock(0), r.start(ctx)); err != nil {
			return nil, err
		}
	}
	return f, f.look(ctx, where)
}

// settings makes ready what the servers share, and returns the settings that name it.
func (f *fleet) settings(ctx context.Context, program string, where place) (map[string]string, error) {
	settings := map[string]string{"INSTAGRAM_APP_ID": igsim.AppID, "INSTAGRAM_APP_SECRET": igsim.AppSecret}
	if where.mongo == "" {
		settings["STORE"] = "sqlite:" + f.database()
		return settings, nil
	}
	w, uri, err := newWire(where.mongo)
	if err != nil {
		return nil, err
	}
	f.outage = w
	f.closed = append(f.closed, w.close)
	settings["STORE"], settings["KEYRING_FILE"] = uri, f.keyring()
	make := exec.CommandContext(ctx, program, "keys", "init")
	make.Env = []string{"LATCHKEY_STORE=" + uri, "LATCHKEY_KEYRING_FILE=" + f.keyring()}
	if out, err := make.CombinedOutput(); err != nil {
		return nil, fmt.Errorf("make the keyring: %w: %s", err, out)
	}
	return settings, nil
}

func (f *fleet) database() string { return filepath.Join(f.dir, "latchkey.db") }

func (f *fleet) keyring() string { return f.database() + ".keyring" }

// addReplica gives a server a line to Instagram of its own.
func (f *fleet) addReplica(i int, program string, skew time.Duration, settings map[string]string) (*replica, error) {
	l := &instagramProxy{replica: i, answering: f.answering}
	listener, _, err := reserve()
	if err != nil {
		return nil, err
	}
	r, err := newReplica(i, program, f.dir, l, "http://"+listener.Addr().String(), skew, settings)
	if err != nil {
		listener.Close()
		return nil, err
	}
	f.replicas = append(f.replicas, r)
	l.serve(listener)
	f.closed = append(f.closed, func() error { r.release(); r.kill(); l.close(); return nil })
	return r, nil
}

// look opens the store beside the servers, and the keyring.
func (f *fleet) look(ctx context.Context, where place) error {
	ring, err := seal.Load(f.keyring())
	if err != nil {
		return err
	}
	if where.mongo != "" {
		f.store, err = mongo.Open(ctx, where.mongo)
	} else {
		f.store, err = sqlite.Open(ctx, f.database())
	}
	if err != nil {
		return err
	}
	f.closed = append(f.closed, f.store.Close)
	f.vault = &vault.Vault{Keyring: ring, Store: f.store}
	if err := f.store.Migrate(ctx); err != nil {
		return err
	}
	if where.mongo == "" {
		lock, err := newFileLock(f.database())
		if err != nil {
			return err
		}
		f.outage = lock
		f.closed = append(f.closed, lock.close)
	}
	return nil
}

// close ends everything, the last first.
func (f *fleet) close() error {
	var errs []error
	for i := len(f.closed) - 1; i >= 0; i-- {
		errs = append(errs, f.closed[i]())
	}
	f.closed = nil
	return errors.Join(errs...)
}

// finding adds to what is wrong.
func (f *fleet) finding(format string, args ...any) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.wrong = append(f.wrong, f.world.sim.Now().UTC().Format(time.DateTime)+": "+fmt.Sprintf(format, args...))
}

func (f *fleet) findings() []string {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.wrong
}

// token looks up the token that is stored in a connection; false when there is none.
func (f *fleet) token(c store.Connection) (igsim.Token, bool) {
	secret, err := f.vault.OpenForRefresh(c)
	if err != nil {
		return igsim.Token{}, false
	}
	return f.world.sim.Token(secret.Reveal())
}
