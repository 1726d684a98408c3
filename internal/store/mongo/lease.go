package mongo

import (
	"context"
	"errors"
	"slices"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	driver "go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"latchkey/internal/store"
)

// leaseFields stand in the document of the connection. The zero value is a connection that never
// was under a lease; a released one keeps its term, so that the next is greater.
type leaseFields struct {
	Holder *string        `bson:"lease_holder"`
	Term   int64          `bson:"lease_term"`
	Until  *bson.DateTime `bson:"lease_until"`
	// Claim names the call of ClaimDue that gave the lease out; nil when it was Claim.
	Claim *bson.ObjectID `bson:"lease_claim"`
}

type leaseDocument struct {
	ID    string      `bson:"_id"`
	Lease leaseFields `bson:",inline"`
}

func (d *leaseDocument) lease() store.Lease {
	l := store.Lease{ConnectionID: d.ID, Term: d.Lease.Term, Until: optionalTime(d.Lease.Until)}
	if d.Lease.Holder != nil {
		l.Holder = *d.Lease.Holder
	}
	return l
}

// dueAtTerm is the filter that lets one claim win: the connection is still due, still free, and
// nobody claimed it since its term was read.
type dueAtTerm struct {
	ID   string `bson:"_id"`
	Due  due    `bson:",inline"`
	Term int64  `bson:"lease_term"`
}

// free is the filter of a connection under no lease that runs.
type free struct {
	ID    string     `bson:"_id"`
	Until notBetween `bson:"lease_until"`
}

// held is the filter of a lease that is still its holder's.
type held struct {
	ID     string `bson:"_id"`
	Holder string `bson:"lease_holder"`
	Term   int64  `bson:"lease_term"`
}

// running is held, and the lease has not ended.
type running struct {
	Held  held `bson:",inline"`
	Until from `bson:"lease_until"`
}

// wonBy is the filter of those candidates that a call of ClaimDue got.
type wonBy struct {
	ID struct {
		Among []string `bson:"$in"`
	} `bson:"_id"`
	Claim bson.ObjectID `bson:"lease_claim"`
}

type claimWrite struct {
	Set struct {
		Holder string         `bson:"lease_holder"`
		Until  bson.DateTime  `bson:"lease_until"`
		Claim  *bson.ObjectID `bson:"lease_claim"`
	} `bson:"$set"`
	Inc struct {
		Term int64 `bson:"lease_term"`
	} `bson:"$inc"`
}

func claimOf(holder string, until bson.DateTime, claim *bson.ObjectID) claimWrite {
	var w claimWrite
	w.Set.Holder, w.Set.Until, w.Set.Claim, w.Inc.Term = holder, until, claim, 1
	return w
}

// ClaimDue reads candidates by the index of due times and claims all of them with one command, in
// which each has an update of its own. Several callers at once read the same candidates; each goes
// to one of them, and who did not get all asks again which. With an error come no leases; what was
// won before it nobody gets until it ends.
func (s *Store) ClaimDue(ctx context.Context, holder string, now time.Time, term time.Duration, limit int) ([]store.Lease, error) {
	leases, err := s.claimDue(ctx, holder, now, term, limit)
	return leases, wrap(ctx, err, "claim due connections")
}

func (s *Store) claimDue(ctx context.Context, holder string, now time.Time, term time.Duration, limit int) ([]store.Lease, error) {
	if limit <= 0 {
		return nil, nil // to the server, no limit
	}
	q := dueConnections(now, term)
	candidates, err := s.findLeases(ctx, q.Filter, q.options(limit))
	if err != nil || len(candidates) == 0 {
		return nil, err
	}
	claim, until := bson.NewObjectID(), date(now.Add(term))
	write := claimOf(holder, until, &claim)
	updates := make([]driver.WriteModel, len(candidates))
	for i, c := range candidates {
		updates[i] = driver.NewUpdateOneModel().SetFilter(dueAtTerm{c.ID, dueAt(now, term), c.Lease.Term}).SetUpdate(write)
	}
	result, err := s.connections.BulkWrite(ctx, updates, options.BulkWrite().SetOrdered(false))
	if err == nil && result.MatchedCount < int64(len(candidates)) {
		candidates, err = s.won(ctx, candidates, claim)
	}
	if err != nil {
		return nil, err
	}
	leases := make([]store.Lease, len(candidates))
	for i, c := range candidates {
		leases[i] = store.Lease{ConnectionID: c.ID, Holder: holder, Term: c.Lease.Term + 1, Until: timeOf(until)}
	}
	return leases, nil
}

// won returns those of the candidates that the claim got, in their order.
func (s *Store) won(ctx context.Context, candidates []leaseDocument, claim bson.ObjectID) ([]leaseDocument, error) {
	filter := wonBy{Claim: claim}
	for _, c := range candidates {
		filter.ID.Among = append(filter.ID.Among, c.ID)
	}
	claimed, err := s.findLeases(ctx, filter, options.Find())
	ours := make(map[string]bool, len(claimed))
	for _, c := range claimed {
		ours[c.ID] = true
	}
	return slices.DeleteFunc(candidates, func(c leaseDocument) bool { return !ours[c.ID] }), err
}

func (s *Store) findLeases(ctx context.Context, filter any, opts *options.FindOptionsBuilder) ([]leaseDocument, error) {
	cursor, err := s.connections.Find(ctx, filter, opts.SetProjection(leaseTerm))
	if err != nil {
		return nil, err
	}
	var found []leaseDocument
	err = cursor.All(ctx, &found)
	return found, err
}

// leaseTerm is the projection that leaves the id and the term.
var leaseTerm = struct {
	Term int `bson:"lease_term"`
}{1}

// Claim claims one connection.
func (s *Store) Claim(ctx context.Context, id, holder string, now time.Time, term time.Duration) (store.Lease, error) {
	var d leaseDocument
	err := s.connections.FindOneAndUpdate(ctx, free{id, noLease(now, term)}, claimOf(holder, date(now.Add(term)), nil),
		options.FindOneAndUpdate().SetReturnDocument(options.After)).Decode(&d)
	if errors.Is(err, driver.ErrNoDocuments) {
		err = s.whyNot(ctx, id, store.ErrLeaseLost)
	}
	if err != nil {
		return store.Lease{}, wrap(ctx, err, "claim", id)
	}
	return d.lease(), nil
}

// RenewLease lets the lease run on.
func (s *Store) RenewLease(ctx context.Context, l store.Lease, now time.Time, term time.Duration) (store.Lease, error) {
	type renewal struct {
		Until bson.DateTime `bson:"lease_until"`
	}
	until := date(now.Add(term))
	err := s.writeLease(ctx, running{held{l.ConnectionID, l.Holder, l.Term}, from{date(now)}}, set[renewal]{renewal{until}})
	if err != nil {
		return store.Lease{}, wrap(ctx, err, "renew the lease of", l.ConnectionID)
	}
	l.Until = timeOf(until)
	return l, nil
}

// ReleaseLease gives the lease back; its term stays.
func (s *Store) ReleaseLease(ctx context.Context, l store.Lease) error {
	type release struct {
		Holder *string        `bson:"lease_holder"`
		Until  *bson.DateTime `bson:"lease_until"`
		Claim  *bson.ObjectID `bson:"lease_claim"`
	}
	err := s.writeLease(ctx, held{l.ConnectionID, l.Holder, l.Term}, set[release]{})
	return wrap(ctx, err, "release the lease of", l.ConnectionID)
}

func (s *Store) writeLease(ctx context.Context, filter, write any) error {
	result, err := s.connections.UpdateOne(ctx, filter, write)
	if err != nil {
		return err
	}
	if result.MatchedCount == 0 {
		return store.ErrLeaseLost
	}
	return nil
}
