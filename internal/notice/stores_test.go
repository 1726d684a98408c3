package notice_test

import (
	"context"
	"errors"
	"sync"

	"latchkey/internal/store"
)

var errStore = errors.New("the disk is full")

// meddling is a store on which somebody else does something between the first read and the first
// write of a connection.
type meddling struct {
	store.Store
	once   sync.Once
	meddle func()
}

func meddled(s store.Store, meddle func()) *meddling { return &meddling{Store: s, meddle: meddle} }

func (m *meddling) UpdateConnection(ctx context.Context, c store.Connection, events ...store.Event) (store.Connection, error) {
	m.once.Do(m.meddle)
	return m.Store.UpdateConnection(ctx, c, events...)
}

func (m *meddling) PutAlarm(ctx context.Context, a store.Alarm, events ...store.Event) (store.Alarm, error) {
	m.once.Do(m.meddle)
	return m.Store.PutAlarm(ctx, a, events...)
}

// failing is a store on which writes fail as a test decides.
type failing struct {
	store.Store
	// fails says whether the nth write of a connection or an alarm, counted from 1, fails.
	fails func(id string, n int) bool
	// late lets such a write do its work all the same, but for its events.
	late bool

	mu sync.Mutex
	n  int
}

func (f *failing) failNow(id string) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.n++
	return f.fails(id, f.n)
}

func (f *failing) UpdateConnection(ctx context.Context, c store.Connection, events ...store.Event) (store.Connection, error) {
	if !f.failNow(c.ID) {
		return f.Store.UpdateConnection(ctx, c, events...)
	}
	if f.late {
		if _, err := f.Store.UpdateConnection(ctx, c); err != nil {
			return store.Connection{}, err
		}
	}
	return store.Connection{}, errStore
}

func (f *failing) PutAlarm(ctx context.Context, a store.Alarm, events ...store.Event) (store.Alarm, error) {
	if !f.failNow(string(a.Kind)) {
		return f.Store.PutAlarm(ctx, a, events...)
	}
	if f.late {
		if _, err := f.Store.PutAlarm(ctx, a); err != nil {
			return store.Alarm{}, err
		}
	}
	return store.Alarm{}, errStore
}
