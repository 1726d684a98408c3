package refresh

import (
	"context"
	"log/slog"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/time/rate"

	"latchkey/instagram"
	"latchkey/internal/clock"
	"latchkey/internal/metrics"
	"latchkey/internal/store"
	"latchkey/internal/usage"
	"latchkey/internal/vault"
	"latchkey/internal/work"
)

const (
	// lookEvery is the rhythm of Run, on the machine's own time.
	lookEvery = 30 * time.Second
	// leaseTerm is how long a claim keeps others away.
	leaseTerm = 10 * time.Minute
	// trust is how long the holder counts on its lease, so that clocks may be three minutes apart.
	trust = 7 * time.Minute
	// atOnce is how many connections are attended at the same time.
	atOnce = 16
	// perClaim is how many are claimed in one step.
	perClaim = 64
	// usualRate and slowRate are how many calls go out a second. The usual one bounds what answers at
	// once, such as an error page nearby: otherwise atOnce and the way to Instagram make it about a
	// hundred. The slow one is for an app that has used most of what it may.
	usualRate = 2000
	slowRate  = 2
)

// Store is what a Keeper needs of a database.
type Store interface {
	store.Connections
	store.Events
	store.Leases
	store.Stats
	store.Alarms
	// Identity is as in [store.Admin].
	Identity(ctx context.Context) (string, error)
}

// Keeper keeps the tokens in a store alive. Processes that share the store may each run one. Its
// fields are set before the first call and not changed after it.
type Keeper struct {
	Instagram *instagram.Client
	Store     Store
	Vault     *vault.Vault
	// Spill keeps the answers that could not be written.
	Spill *Spill
	// Usage hears of the call limits, and slows the Keeper down.
	Usage *usage.Meter
	// Metrics counts; nil counts nothing.
	Metrics *metrics.Metrics
	// Holder names this process among those that share the store.
	Holder string
	// Clock is the time of tokens: ours, and Instagram's while ours is off.
	Clock *clock.Reference
	Log   *slog.Logger

	prepare sync.Once
	limiter *rate.Limiter
	// sweeping lets one sweep of this process go at a time.
	sweeping sync.Mutex
	// stopped says that the app's alarm lasts, as far as this process knows.
	stopped atomic.Bool
	mu      sync.Mutex
	// held is until when the whole app waits, because Instagram said so.
	held time.Time
	// lastWell is the account that was last found well on behalf of another.
	lastWell healthyOther
	// leaveBy is until when leases are given back at a stop; zero until then.
	leaveBy time.Time
	// clockOff says that the operator was told that our clock is off.
	clockOff atomic.Bool
}

// Now is the time of tokens.
func (k *Keeper) Now() time.Time { return k.Clock.Time() }

// Run sweeps every 30 seconds of the machine's own time, and soon after the clock of the tokens
// jumped, until ctx ends; then it finishes what is in hand. A sweep that fails is logged when it
// begins to fail and when it is over.
func (k *Keeper) Run(ctx context.Context) {
	loop := work.Loop{
		Every: lookEvery, Now: k.Now, Do: k.Sweep, Log: k.Log,
		Failing:   "tokens cannot be looked after; it is tried again every half minute",
		Recovered: "tokens are looked after again",
	}
	loop.Run(ctx)
}

func (k *Keeper) setUp() {
	// A burst of more would be left over for the moment in which Instagram asks to be slow.
	k.limiter = rate.NewLimiter(usualRate, perClaim)
}

// pace waits for a turn to call. Refreshes go on whatever the limits say, only slower.
func (k *Keeper) pace(ctx context.Context) error {
	limit := rateAt(k.Usage.Pace(""))
	if k.limiter.Limit() != limit {
		k.limiter.SetLimit(limit)
	}
	return k.limiter.Wait(ctx)
}

// rateAt is how many calls go out a second at a pace.
func rateAt(p usage.Pace) rate.Limit {
	if p == usage.Free {
		return usualRate
	}
	return slowRate
}

// client is the client for one account, whose limits are told apart from those of others.
func (k *Keeper) client(id string) *instagram.Client {
	c := *k.Instagram
	c.OnUsage = func(u instagram.Usage) { k.Usage.Heard(id, u) }
	return &c
}

func (k *Keeper) jitter() float64 { return rand.Float64() }
