package login

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"latchkey/instagram"
	"latchkey/internal/metrics"
	"latchkey/internal/store"
	"latchkey/internal/vault"
)

const (
	// RequestLife is how long after its begin a login can be finished.
	RequestLife = 10 * time.Minute
	// BindingLife is how long after it the browser needs its binding: as long as its mark is kept,
	// since without the binding a callback that comes late or again looks like another browser's.
	BindingLife = RequestLife + markKept
)

// Store is what a Flow keeps the marks of finished logins in, and finds reconnect links in.
type Store interface {
	store.Records
	store.Links
	store.Admin
}

// Flow begins and finishes logins. Its exported fields are set before the first call and not
// changed after it. Connections live on the vault's time.
type Flow struct {
	Instagram *instagram.Client
	Store     Store
	Vault     *vault.Vault
	Log       *slog.Logger
	// Scopes is what an owner is asked for.
	Scopes []string
	// Allowed holds the accounts that may connect, as ids or as user names in lower case without
	// the at sign; empty means any account that Instagram lets in.
	Allowed []string
	// Process names this process among those that share the store.
	Process string
	// Machine is the time that logins on their way live by, the machine's own; nil is time.Now.
	Machine func() time.Time
	// Now is the time that links live by; nil is time.Now.
	Now func() time.Time
	// Trusted says whether our clock may be decided by, and asks where it is in doubt; nil is always.
	// While it may not, nothing is removed for its age.
	Trusted func(context.Context) bool
	// Metrics counts how logins end; nil counts nothing.
	Metrics *metrics.Metrics

	// running holds the logins that this process is finishing, by the number of their state.
	running sync.Map
	// stalled is how long no login has come back.
	stalled stalledLogins
}

// machine is the time that logins on their way live by.
func (f *Flow) machine() time.Time {
	if f.Machine == nil {
		return time.Now()
	}
	return f.Machine()
}
