package refresh

import (
	"context"
	"slices"
	"time"

	"latchkey/instagram"
	"latchkey/internal/store"
	"latchkey/internal/vault"
)

// verdict is whom a refusal is about.
type verdict int

const (
	// inconclusive: ask again later.
	inconclusive verdict = iota
	ownerNeeded
	appRefused
)

// decide is reached when Instagram has asked for the owner twice, some minutes apart and once at /me.
// Two other accounts are asked first: when they fail alike, it is the app. Then the owner's own token
// is tried a last time, because a wrong word costs her a login: what is said then counts, and nothing but
// a third refusal ends the work on her connection.
func (t *attempt) decide(ctx context.Context, token instagram.Secret, f failure) (result, error) {
	whom, err := t.compareWithOthers(ctx)
	if err != nil {
		return result{}, err
	}
	if whom == ownerNeeded {
		last, err := t.me(ctx, token)
		switch {
		case err != nil:
			return result{}, err
		case last == nil:
			return t.recordFailure(ctx, f, true)
		case !last.asksForOwner():
			return t.recordFailure(ctx, *last, false)
		default:
			return t.markReconnect(ctx, f, *last)
		}
	}
	r, err := t.recordFailure(ctx, f, false)
	if err == nil && whom == appRefused {
		err = t.raise(ctx, store.AlarmApp, f)
	}
	return r, err
}

// markReconnect ends the keeper's work on the connection until its owner comes back. An owner who removed the
// app in her settings has said so herself.
func (t *attempt) markReconnect(ctx context.Context, f, last failure) (result, error) {
	now, jitter := t.Now(), t.jitter()
	c, err := t.save(ctx, t.read, unchangedSince, func(c store.Connection) (store.Connection, []store.Event) {
		if removedApp(f, last, c.Failure) {
			ended, event := t.Vault.Ended(c, vault.CallerRefresh)
			if t.caller == vault.CallerRefresh {
				return ended, []store.Event{event}
			}
			return ended, []store.Event{t.event(store.EventRefreshFailed, now, f.String()), event}
		}
		next := lost(c, f, now, jitter)
		next.Failure.RecordedAt = now
		return next, []store.Event{t.event(store.EventReconnectNeeded, now, next.StatusReason+" ("+f.String()+")")}
	})
	if err != nil {
		return result{connection: c, failure: &f}, ignoreSuperseded(err)
	}
	t.Metrics.Refreshed(string(f.class))
	t.Log.WarnContext(ctx, "a connection needs its owner", "connection", c.ID, "status", string(c.Status), "reason", c.StatusReason, "error", f.err)
	return result{connection: c, failure: &f, told: true}, t.countFailure(ctx, f, true)
}

// removedApp says that the owner removed the app in her settings: every answer since the first suspicion says so.
func removedApp(f, last failure, t store.RefreshFailure) bool {
	return f.cause == instagram.CauseAppRemoved && last.cause == f.cause && t.SuspectedCause == string(f.cause)
}

// healthyFor is how long another account that was found healthy counts: many that are to be given up
// at once ask it once.
const healthyFor = time.Minute

// askedOthers is how many others are asked before an owner is. Where there are fewer, she is believed.
const askedOthers = 2

// compareWithOthers asks others whether Instagram knows them, until one of them is well.
func (t *attempt) compareWithOthers(ctx context.Context) (verdict, error) {
	if t.knownHealthy(t.read.ID) {
		return ownerNeeded, nil
	}
	others, err := t.others(ctx, t.read.ID, askedOthers)
	if err != nil || len(others) < askedOthers {
		return ownerNeeded, err
	}
	var said []*failure
	for _, other := range others {
		if t.waits() { // the app has used up its calls
			return inconclusive, nil
		}
		f, err := t.checkOther(ctx, other)
		if err != nil {
			return inconclusive, err
		}
		said = append(said, f)
		if f == nil {
			t.rememberHealthy(other.ID)
			break
		}
	}
	return verdictOf(said), nil
}

// verdictOf is whom a refusal is about by what Instagram said of others, where nil is that it knows one.
func verdictOf(said []*failure) verdict {
	if slices.Contains(said, nil) {
		return ownerNeeded
	}
	for _, f := range said {
		if !f.asksForOwner() {
			return inconclusive
		}
	}
	return appRefused
}

// healthyOther is that an account was found well.
type healthyOther struct {
	id string
	at time.Time
}

// counts says whether it speaks for another account than its own, at now. One of the future, by a clock
// that ran ahead, does not.
func (w healthyOther) counts(id string, now time.Time) bool {
	age := now.Sub(w.at)
	return w.id != id && age >= 0 && age < healthyFor
}

func (k *Keeper) rememberHealthy(id string) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.lastWell = healthyOther{id, k.Now()}
}

// knownHealthy says whether another account than this one was found well just now.
func (k *Keeper) knownHealthy(id string) bool {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.lastWell.counts(id, k.Now())
}

// checkOther asks Instagram about another connection. Its token is opened for a case that is not its
// own, so that its history says so.
func (k *Keeper) checkOther(ctx context.Context, c store.Connection) (*failure, error) {
	token, err := k.Vault.Token(ctx, vault.CallerRefresh, c.ID)
	if err != nil {
		return nil, err
	}
	w := &attempt{Keeper: k, claimed: claimed{at: time.Now()}, read: c}
	return w.me(ctx, token)
}

// neighbours is how many connections are looked at to find some others.
const neighbours = 50

// others returns up to n other connections that are active and have a token that opens: first those
// without trouble, of them those with which Instagram agreed last, since they are the likeliest to be
// well still. Neighbours by their ids are cheap to find and have nothing to do with each other.
func (k *Keeper) others(ctx context.Context, id string, n int) ([]store.Connection, error) {
	above, err := k.Store.ListConnections(ctx, id, neighbours)
	if err != nil {
		return nil, err
	}
	below, err := k.Store.ListConnections(ctx, "", neighbours)
	if err != nil {
		return nil, err
	}
	var found []store.Connection
	for _, c := range likeliestWell(append(above, below...), id) {
		if len(found) == n {
			break
		}
		if _, err := k.Vault.OpenForRefresh(c); err == nil {
			found = append(found, c)
		}
	}
	return found, nil
}

// likeliestWell is each of the others once that is active and has a token, in the order of others.
func likeliestWell(all []store.Connection, id string) []store.Connection {
	var well, ill []store.Connection
	seen := map[string]bool{id: true}
	for _, c := range all {
		switch {
		case seen[c.ID] || c.Status != store.StatusActive || c.SealedToken == nil:
		case c.Failure.IsZero():
			well = append(well, c)
		default:
			ill = append(ill, c)
		}
		seen[c.ID] = true
	}
	slices.SortStableFunc(well, func(a, b store.Connection) int { return agreedAt(b).Compare(agreedAt(a)) })
	return append(well, ill...)
}

// agreedAt is when Instagram last accepted the connection.
func agreedAt(c store.Connection) time.Time { return later(c.ConnectedAt, c.RefreshedAt) }
