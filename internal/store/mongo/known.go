package mongo

import "sync"

// knownAtMost bounds how many connections are remembered.
const knownAtMost = 10_000

// known remembers of which connections this process has seen that they are there: a guess, since another process may
// have erased them since.
type known struct {
	mu  sync.Mutex
	ids map[string]struct{}
}

func (k *known) has(id string) bool {
	k.mu.Lock()
	defer k.mu.Unlock()
	_, ok := k.ids[id]
	return ok
}

// add remembers one. When there are too many, it begins anew.
func (k *known) add(id string) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.ids == nil || len(k.ids) >= knownAtMost {
		k.ids = make(map[string]struct{})
	}
	k.ids[id] = struct{}{}
}

func (k *known) forget(id string) {
	k.mu.Lock()
	defer k.mu.Unlock()
	delete(k.ids, id)
}
