package refresh

import (
	"context"
	"slices"
	"time"

	"latchkey/instagram"
	"latchkey/internal/store"
	"latchkey/internal/vault"
)

// judgement is whom a refusal is about.
type judgement int

const (
	// unclear: ask again later.
	unclear judgement = iota
	theOwner
	theApp
)

// decide is reached when Instagram has asked for the owner twice, some minutes apart and once at /me.
// Two other accounts are asked first: when they fail alike, it is the app. Then the owner's own token
// is tried a last time, because a wrong word costs her a login: what is said then counts, and nothing but
// a third refusal ends the work on her connection.
func (t *try) decide(ctx context.Context, token instagram.Secret, f failure) (result, error) {
	whom, err := t.judge(ctx)
	if err != nil {
		return result{}, err
	}
	if whom == theOwner {
		last, err := t.me(ctx, token)
		switch {
		case err != nil:
			return result{}, err
		case last == nil:
			return t.fail(ctx, f, true)
		case !last.asksForOwner():
			return t.fail(ctx, *last, false)
		default:
			return t.part(ctx, f, *last)
		}
	}
	r, err := t.fail(ctx, f, false)
	if err == nil && whom == theApp {
		err = t.raise(ctx, store.AlarmApp, f)
	}
	return r, err
}

// part ends the keeper's work on the connection until its owner comes back. An owner who removed the
// app in her settings has said so herself.
func (t *try) part(ctx context.Context, f, last failure) (result, error) {
	now, jitter := t.Now(), t.jitter()
	c, err := t.save(ctx, t.read, undecided, func(c store.Connection) (store.Connection, []store.Event) {
		if removedApp(f, last, c.Trouble) {
			ended, event := t.Vault.Ended(c, vault.CallerRefresh)
			return ended, []store.Event{event}
		}
		next := lost(c, f, now, jitter)
		next.Trouble.RecordedAt = now
		return next, []store.Event{t.event(store.EventReconnectNeeded, now, next.StatusReason+" ("+f.String()+")")}
	})
	if err != nil {
		return result{connection: c, failure: &f}, gaveWay(err)
	}
	t.Metrics.Refreshed(string(f.class))
	t.Log.WarnContext(ctx, "a connection needs its owner", "connection", c.ID, "status", string(c.Status), "reason", c.StatusReason, "error", f.err)
	return result{connection: c, failure: &f}, t.suspect(ctx, f, true)
}

// removedApp says that the owner removed the app in her settings: every answer since the first doubt says so.
func removedApp(f, last failure, t store.Trouble) bool {
	return f.cause == instagram.CauseAppRemoved && last.cause == f.cause && t.DoubtedCause == string(f.cause)
}

// goodWordLasts is how long the good word of another account counts: many that are to be parted with
// at once ask it once.
const goodWordLasts = time.Minute

// askedOthers is how many others are asked before an owner is. Where there are fewer, she is believed.
const askedOthers = 2

// judge asks others whether Instagram knows them, until one of them is well.
func (t *try) judge(ctx context.Context) (judgement, error) {
	if t.vouchedFor(t.read.ID) {
		return theOwner, nil
	}
	others, err := t.others(ctx, t.read.ID, askedOthers)
	if err != nil || len(others) < askedOthers {
		return theOwner, err
	}
	var said []*failure
	for _, other := range others {
		if t.waits() { // the app has used up its calls
			return unclear, nil
		}
		f, err := t.witness(ctx, other)
		if err != nil {
			return unclear, err
		}
		said = append(said, f)
		if f == nil {
			t.vouch(other.ID)
			break
		}
	}
	return judged(said), nil
}

// judged is whom a refusal is about by what Instagram said of others, where nil is that it knows one.
func judged(said []*failure) judgement {
	if slices.Contains(said, nil) {
		return theOwner
	}
	for _, f := range said {
		if !f.asksForOwner() {
			return unclear
		}
	}
	return theApp
}

// goodWord is that an account was found well.
type goodWord struct {
	id string
	at time.Time
}

// counts says whether it speaks for another account than its own, at now. One of the future, by a clock
// that ran ahead, does not.
func (w goodWord) counts(id string, now time.Time) bool {
	age := now.Sub(w.at)
	return w.id != id && age >= 0 && age < goodWordLasts
}

func (k *Keeper) vouch(id string) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.lastWell = goodWord{id, k.Now()}
}

// vouchedFor says whether another account than this one was found well just now.
func (k *Keeper) vouchedFor(id string) bool {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.lastWell.counts(id, k.Now())
}

// witness asks Instagram about another connection. Its token is opened for a case that is not its
// own, so that its history says so.
func (k *Keeper) witness(ctx context.Context, c store.Connection) (*failure, error) {
	token, err := k.Vault.Token(ctx, vault.CallerRefresh, c.ID)
	if err != nil {
		return nil, err
	}
	w := &try{Keeper: k, claimed: claimed{at: time.Now()}, read: c}
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
		if _, err := k.Vault.Lend(c); err == nil {
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
		case c.Trouble.IsZero():
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
