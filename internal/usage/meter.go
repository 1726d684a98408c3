package usage

import (
	"sync"
	"time"

	"latchkey/instagram"
)

// kept is how long what was heard counts: Instagram counts over a rolling hour
// (docs/instagram.md, Rate limits).
const kept = time.Hour

// Meter remembers usage. The zero value is ready, a nil one knows nothing, and one Meter serves any
// number of goroutines.
type Meter struct {
	// Now stands in for time.Now, which nil means: the machine's own time.
	Now func() time.Time

	mu       sync.Mutex
	app      reading
	accounts map[string]reading
	sweepAt  time.Time
}

// reading is what was heard last of one counter.
type reading struct {
	percent float64
	// until is when it is forgotten; zero when nothing was heard.
	until time.Time
}

// heard is a reading made now. Where Instagram says when calls work again, they do not work before,
// whatever the percentages: all is used up, and that counts for as long.
func heard(percent float64, regain time.Duration, now time.Time) reading {
	if regain > 0 {
		percent = max(percent, 100)
	}
	return reading{percent, now.Add(max(kept, regain))}
}

// at returns the percentage that counts at now, 0 when that is not known.
func (r reading) at(now time.Time) float64 {
	if !now.Before(r.until) {
		return 0
	}
	return r.percent
}

// Heard takes what an answer to a call for an account told; the empty account is a call for none,
// such as one of a login. What it does not tell stays as it was heard before.
func (m *Meter) Heard(account string, u instagram.Usage) {
	if m == nil || u.IsZero() {
		return
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	now := m.now()
	if u.App != nil {
		m.app = heard(u.App.Percent(), u.App.Regain, now)
	}
	if account == "" || len(u.Business) == 0 {
		return
	}
	m.forget(now)
	u.App = nil
	m.accounts[account] = heard(u.Percent(), u.Regain(), now)
}

// forget drops, once an hour, the accounts of which nothing was heard for long, so that a Meter
// holds no more than were asked about lately.
func (m *Meter) forget(now time.Time) {
	if m.accounts == nil {
		m.accounts = map[string]reading{}
	}
	if now.Before(m.sweepAt) {
		return
	}
	m.sweepAt = now.Add(kept)
	for account, r := range m.accounts {
		if !now.Before(r.until) {
			delete(m.accounts, account)
		}
	}
}

// Pace says how fast to call for an account: by the worse of the app's usage and its own.
func (m *Meter) Pace(account string) Pace {
	if m == nil {
		return Free
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	now := m.now()
	return paceAt(max(m.app.at(now), m.accounts[account].at(now)))
}

// Highest returns the usage of the app and the highest of an account, as ratios: 1 is all that is
// allowed, and there can be more; 0 when it is not known. It costs as much as there are accounts.
func (m *Meter) Highest() (app, account float64) {
	if m == nil {
		return 0, 0
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	now := m.now()
	for _, r := range m.accounts {
		account = max(account, r.at(now))
	}
	return m.app.at(now) / 100, account / 100
}

func (m *Meter) now() time.Time {
	if m.Now == nil {
		return time.Now()
	}
	return m.Now()
}
