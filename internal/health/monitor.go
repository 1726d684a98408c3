package health

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"

	"latchkey/internal/panics"
	"latchkey/internal/store"
)

const (
	// keepGood and keepBad are how long an outcome is good. However many ask, a write is tried no more often.
	keepGood, keepBad = 2 * time.Second, time.Second
	// tryWithin bounds one try.
	tryWithin = 2 * time.Second
	// tryEvery is the rhythm of Run, on the machine's own time.
	tryEvery = 30 * time.Second
)

// Monitor knows whether the store takes writes, and whether there is room on disk. Its fields are set before the first call.
type Monitor struct {
	Store interface {
		CheckWrite(ctx context.Context) error
	}
	// Folders are what Run watches the room of, by what lies in them; empty paths are left out.
	Folders map[string]string
	// Broken hears each outcome: whether the store takes nothing until somebody mends it. Nil hears
	// nothing.
	Broken func(broken bool)
	Log    *slog.Logger

	mu sync.Mutex
	// err is the outcome of the last try, which ended at a moment; the zero time is none.
	err   error
	ended time.Time
	// trying is closed when the try that is under way ends; nil when none is.
	trying chan struct{}
	// low are the folders of which the log has told that there is little room.
	low map[string]bool
}

// Check tries a write, or says how the last one went while that is good. The error is the store's.
func (m *Monitor) Check(ctx context.Context) error {
	trying := m.begin()
	if trying != nil {
		select {
		case <-trying:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.err
}

// begin begins a try unless one is under way or the last outcome is good; it returns nil when there is
// nothing to wait for.
func (m *Monitor) begin() <-chan struct{} {
	m.mu.Lock()
	defer m.mu.Unlock()
	keep := keepGood
	if m.err != nil {
		keep = keepBad
	}
	if m.trying == nil && (m.ended.IsZero() || time.Since(m.ended) >= keep) {
		m.trying = make(chan struct{})
		go m.try(m.trying)
	}
	return m.trying
}

func (m *Monitor) try(done chan<- struct{}) {
	ctx, cancel := context.WithTimeout(context.Background(), tryWithin)
	defer cancel()
	var err error
	if panicked := panics.Catch(func() { err = m.Store.CheckWrite(ctx) }); panicked != nil {
		err = panicked
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	before := m.err
	m.err, m.ended, m.trying = err, time.Now(), nil
	close(done)
	if m.Broken != nil {
		m.Broken(worst(err).broken)
	}
	m.tell(before, err)
}

// Run tries a write and looks at the room every half minute until ctx ends, so that the log tells of what
// is wrong even where nobody asks.
func (m *Monitor) Run(ctx context.Context) {
	tick := time.NewTicker(tryEvery)
	defer tick.Stop()
	for {
		_ = m.Check(ctx) // the log has it
		m.look()
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// ailment is one way in which a store takes no writes.
type ailment struct {
	word error
	// broken says that somebody has to mend it; the others may end by themselves.
	broken       bool
	says, advice string
}

var ailments = []ailment{
	{
		store.ErrFull, true, "the store takes no writes: there is no room for it",
		"make room where it lies; latchkey doctor says where. Until then logins fail and refreshed tokens wait in the spill folder",
	},
	{
		store.ErrReadOnly, true, "the store takes no writes: it may only be read",
		"let this user write it; latchkey doctor says what is in the way. Until then logins fail and refreshed tokens wait in the spill folder",
	},
	{
		store.ErrDamaged, true, "the store takes no writes: it is damaged",
		"stop the server, and put a backup in its place; keep the spill folder, in which refreshed tokens wait",
	},
}

// unknown is the ailment of every other failure.
var unknown = ailment{says: "the store takes no writes", advice: "it is tried again; if it stays so, latchkey doctor may say why"}

// worst is the ailment that an error tells of; the zero one for nil.
func worst(err error) ailment {
	for _, a := range ailments {
		if errors.Is(err, a.word) {
			return a
		}
	}
	if err != nil {
		return unknown
	}
	return ailment{}
}

// tell logs what has changed.
func (m *Monitor) tell(before, now error) {
	was, is := worst(before), worst(now)
	switch {
	case was == is:
	case now == nil:
		m.Log.Info("the store takes writes again")
	case is.broken:
		m.Log.Error(is.says, "advice", is.advice, "error", now)
	default:
		m.Log.Warn(is.says, "advice", is.advice, "error", now)
	}
}
