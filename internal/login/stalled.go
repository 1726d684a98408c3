package login

import (
	"sync"
	"time"
)

// silentFrom is how many logins in a row must not come back before the operator is told.
const silentFrom = 3

// stalledLogins counts the logins that were begun since one last came back. Some mistakes in the app's
// registration never reach us: Instagram shows the owner a page of its own and sends nobody back
// (docs/instagram.md, Authorize).
type stalledLogins struct {
	mu    sync.Mutex
	begun int
	// since is when there were enough of them.
	since time.Time
	told  bool
}

// begin counts a login that was begun.
func (s *stalledLogins) begin(now time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.begun++
	if s.begun == silentFrom {
		s.since = now
	}
}

// broken forgets what was counted: a login came back.
func (s *stalledLogins) broken() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.begun, s.told = 0, false
}

// tell says, once, that enough logins were begun and that even the last of those can no longer come
// back.
func (s *stalledLogins) tell(now time.Time) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.told || s.begun < silentFrom || now.Sub(s.since) <= RequestLife {
		return false
	}
	s.told = true
	return true
}
