package picture

import (
	"crypto/sha256"
	"sync"
	"time"
)

// maxEntries bounds what is kept: some 3 MiB of pictures.
const maxEntries = 400

// key is the hash of an address.
type key = [sha256.Size]byte

// entry is what came of a fetch: a picture, or why there is none.
type entry struct {
	picture []byte
	err     error
	until   time.Time
}

// cache keeps entries until their time is over, or until there is no room for them.
type cache struct {
	mu      sync.Mutex
	entries map[key]entry
}

func (c *cache) get(k key, now time.Time) (entry, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	e, ok := c.entries[k]
	if !ok || !now.Before(e.until) {
		return entry{}, false
	}
	return e, true
}

// put keeps an entry. When there is no room, the one whose time is over first makes it: those that
// are over already come before all, and failures before pictures.
func (c *cache) put(k key, e entry) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.entries == nil {
		c.entries = make(map[key]entry)
	}
	if _, there := c.entries[k]; !there && len(c.entries) >= maxEntries {
		delete(c.entries, c.first())
	}
	c.entries[k] = e
}

// first finds the entry whose time is over first.
func (c *cache) first() (found key) {
	var earliest time.Time
	for k, e := range c.entries {
		if earliest.IsZero() || e.until.Before(earliest) {
			found, earliest = k, e.until
		}
	}
	return found
}
