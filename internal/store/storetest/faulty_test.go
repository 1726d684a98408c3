package storetest_test

import (
	"context"
	"time"

	"latchkey/internal/store"
)

// faulty is a sound store of which single methods can be replaced.
type faulty struct {
	store.Store

	// deaf names the method that does not hear the end of its context.
	deaf string

	put              func(context.Context, store.Connection, store.Event, ...store.Session) (store.Connection, error)
	connection       func(context.Context, string) (store.Connection, error)
	update           func(context.Context, store.Connection, ...store.Event) (store.Connection, error)
	deleteConnection func(context.Context, string) error
	list             func(context.Context, string, int) ([]store.Connection, error)

	appendEvent func(context.Context, store.Event) error
	events      func(context.Context, string, int) ([]store.Event, error)
	sweepEvents func(context.Context, time.Time) (int, error)

	claimDue func(context.Context, string, time.Time, time.Duration, int) ([]store.Lease, error)
	claim    func(context.Context, string, string, time.Time, time.Duration) (store.Lease, error)
	renew    func(context.Context, store.Lease, time.Time, time.Duration) (store.Lease, error)
	release  func(context.Context, store.Lease) error

	makeAbandonedDue func(context.Context, time.Time, time.Duration) (int, error)

	countFailures func(context.Context, string, time.Time) (store.FailureCounts, error)
	makeDue       func(context.Context, time.Time) (int, error)
	countAll      func(context.Context, []time.Time) (store.Counts, error)
	dueNotices    func(context.Context, time.Time, int) ([]store.Connection, error)
	recordSweep   func(context.Context, time.Time) error
	lastSweep     func(context.Context) (time.Time, error)

	alarms   func(context.Context) ([]store.Alarm, error)
	putAlarm func(context.Context, store.Alarm, ...store.Event) (store.Alarm, error)

	createLink         func(context.Context, store.Link) error
	link               func(context.Context, store.Hash) (store.Link, error)
	useLink            func(context.Context, store.Hash, time.Time) (store.Link, error)
	countLinks         func(context.Context, string, store.Purpose, time.Time) (int, error)
	deleteExpiredLinks func(context.Context, time.Time) (int, error)

	putRecord func(context.Context, store.Record) (store.Record, error)
	record    func(context.Context, store.RecordKind, string) (store.Record, error)

	putEntries    func(context.Context, store.SeriesKind, string, ...store.Entry) error
	entriesAfter  func(context.Context, store.SeriesKind, string, store.Place, int) ([]store.Entry, error)
	entriesBefore func(context.Context, store.SeriesKind, string, store.Place, int) ([]store.Entry, error)
	sweepEntries  func(context.Context, store.SeriesKind, time.Time) (int, error)

	session        func(context.Context, store.Hash) (store.Session, store.Connection, error)
	touchSession   func(context.Context, store.Hash, time.Time, time.Time) error
	deleteSession  func(context.Context, store.Hash) error
	deleteSessions func(context.Context, string) error

	fingerprint        func(context.Context) (string, error)
	replaceFingerprint func(context.Context, string, string) error
	holdsSealed        func(context.Context) (bool, error)

	migrateAs     func(context.Context) error
	identity      func(context.Context) (string, error)
	ping          func(context.Context) error
	checkWrite    func(context.Context) error
	deleteExpired func(context.Context, time.Time) (int, error)
}

// newFaulty returns a faulty store without a fault.
func newFaulty(s store.Store) *faulty {
	return &faulty{
		Store: s,
		put:   s.PutConnection, connection: s.Connection, update: s.UpdateConnection,
		deleteConnection: s.DeleteConnection, list: s.ListConnections,
		appendEvent: s.AppendEvent, events: s.Events, sweepEvents: s.SweepEvents,
		claimDue: s.ClaimDue, claim: s.Claim, renew: s.RenewLease, release: s.ReleaseLease,
		makeAbandonedDue: s.MakeAbandonedDue,
		countFailures:    s.CountFailures, makeDue: s.MakeDue, countAll: s.Count, dueNotices: s.DueNotices, recordSweep: s.RecordSweep, lastSweep: s.LastSweep,
		alarms: s.Alarms, putAlarm: s.PutAlarm,
		createLink: s.CreateLink, link: s.Link, useLink: s.UseLink, countLinks: s.CountLinks, deleteExpiredLinks: s.DeleteExpiredLinks,
		putRecord: s.PutRecord, record: s.Record,
		putEntries: s.PutEntries, entriesAfter: s.EntriesAfter, entriesBefore: s.EntriesBefore, sweepEntries: s.SweepEntries,
		session: s.Session, touchSession: s.TouchSession,
		deleteSession: s.DeleteSession, deleteSessions: s.DeleteSessions,
		fingerprint: s.KeyringFingerprint, replaceFingerprint: s.ReplaceKeyringFingerprint, holdsSealed: s.HoldsSealed,
		migrateAs: s.Migrate, identity: s.Identity, ping: s.Ping, checkWrite: s.CheckWrite, deleteExpired: s.DeleteExpired,
	}
}

// methods are all names that deaf may have.
var methods = []string{
	"PutConnection", "Connection", "UpdateConnection", "DeleteConnection", "ListConnections",
	"AppendEvent", "Events", "SweepEvents", "ClaimDue", "Claim", "RenewLease", "ReleaseLease", "MakeAbandonedDue",
	"CountFailures", "MakeDue", "Count", "DueNotices", "RecordSweep", "LastSweep", "Alarms", "PutAlarm",
	"CreateLink", "Link", "UseLink", "CountLinks", "DeleteExpiredLinks",
	"PutRecord", "Record", "PutEntries", "EntriesAfter", "EntriesBefore", "SweepEntries",
	"Session", "TouchSession", "DeleteSession", "DeleteSessions",
	"KeyringFingerprint", "ReplaceKeyringFingerprint", "HoldsSealed",
	"Migrate", "Identity", "Ping", "CheckWrite", "DeleteExpired",
}

func (f *faulty) hear(ctx context.Context, method string) context.Context {
	if f.deaf == method {
		return context.WithoutCancel(ctx)
	}
	return ctx
}

func (f *faulty) PutConnection(ctx context.Context, c store.Connection, e store.Event, begins ...store.Session) (store.Connection, error) {
	return f.put(f.hear(ctx, "PutConnection"), c, e, begins...)
}

func (f *faulty) Connection(ctx context.Context, id string) (store.Connection, error) {
	return f.connection(f.hear(ctx, "Connection"), id)
}

func (f *faulty) UpdateConnection(
	ctx context.Context, c store.Connection, events ...store.Event,
) (store.Connection, error) {
	return f.update(f.hear(ctx, "UpdateConnection"), c, events...)
}

func (f *faulty) DeleteConnection(ctx context.Context, id string) error {
	return f.deleteConnection(f.hear(ctx, "DeleteConnection"), id)
}

func (f *faulty) ListConnections(ctx context.Context, after string, limit int) ([]store.Connection, error) {
	return f.list(f.hear(ctx, "ListConnections"), after, limit)
}

func (f *faulty) AppendEvent(ctx context.Context, e store.Event) error {
	return f.appendEvent(f.hear(ctx, "AppendEvent"), e)
}

func (f *faulty) Events(ctx context.Context, id string, limit int) ([]store.Event, error) {
	return f.events(f.hear(ctx, "Events"), id, limit)
}

func (f *faulty) SweepEvents(ctx context.Context, before time.Time) (int, error) {
	return f.sweepEvents(f.hear(ctx, "SweepEvents"), before)
}

func (f *faulty) ClaimDue(
	ctx context.Context, holder string, now time.Time, term time.Duration, limit int,
) ([]store.Lease, error) {
	return f.claimDue(f.hear(ctx, "ClaimDue"), holder, now, term, limit)
}

func (f *faulty) Claim(
	ctx context.Context, id, holder string, now time.Time, term time.Duration,
) (store.Lease, error) {
	return f.claim(f.hear(ctx, "Claim"), id, holder, now, term)
}

func (f *faulty) RenewLease(
	ctx context.Context, l store.Lease, now time.Time, term time.Duration,
) (store.Lease, error) {
	return f.renew(f.hear(ctx, "RenewLease"), l, now, term)
}

func (f *faulty) ReleaseLease(ctx context.Context, l store.Lease) error {
	return f.release(f.hear(ctx, "ReleaseLease"), l)
}

func (f *faulty) MakeAbandonedDue(ctx context.Context, now time.Time, term time.Duration) (int, error) {
	return f.makeAbandonedDue(f.hear(ctx, "MakeAbandonedDue"), now, term)
}

func (f *faulty) CountFailures(ctx context.Context, cause string, since time.Time) (store.FailureCounts, error) {
	return f.countFailures(f.hear(ctx, "CountFailures"), cause, since)
}

func (f *faulty) MakeDue(ctx context.Context, now time.Time) (int, error) {
	return f.makeDue(f.hear(ctx, "MakeDue"), now)
}

func (f *faulty) Count(ctx context.Context, ends []time.Time) (store.Counts, error) {
	return f.countAll(f.hear(ctx, "Count"), ends)
}

func (f *faulty) DueNotices(ctx context.Context, now time.Time, limit int) ([]store.Connection, error) {
	return f.dueNotices(f.hear(ctx, "DueNotices"), now, limit)
}

func (f *faulty) RecordSweep(ctx context.Context, at time.Time) error {
	return f.recordSweep(f.hear(ctx, "RecordSweep"), at)
}

func (f *faulty) LastSweep(ctx context.Context) (time.Time, error) {
	return f.lastSweep(f.hear(ctx, "LastSweep"))
}

func (f *faulty) Alarms(ctx context.Context) ([]store.Alarm, error) {
	return f.alarms(f.hear(ctx, "Alarms"))
}

func (f *faulty) PutAlarm(ctx context.Context, a store.Alarm, events ...store.Event) (store.Alarm, error) {
	return f.putAlarm(f.hear(ctx, "PutAlarm"), a, events...)
}

func (f *faulty) CreateLink(ctx context.Context, l store.Link) error {
	return f.createLink(f.hear(ctx, "CreateLink"), l)
}

func (f *faulty) Link(ctx context.Context, secret store.Hash) (store.Link, error) {
	return f.link(f.hear(ctx, "Link"), secret)
}

func (f *faulty) UseLink(ctx context.Context, secret store.Hash, now time.Time) (store.Link, error) {
	return f.useLink(f.hear(ctx, "UseLink"), secret, now)
}

func (f *faulty) CountLinks(ctx context.Context, id string, p store.Purpose, since time.Time) (int, error) {
	return f.countLinks(f.hear(ctx, "CountLinks"), id, p, since)
}

func (f *faulty) DeleteExpiredLinks(ctx context.Context, now time.Time) (int, error) {
	return f.deleteExpiredLinks(f.hear(ctx, "DeleteExpiredLinks"), now)
}

func (f *faulty) PutRecord(ctx context.Context, r store.Record) (store.Record, error) {
	return f.putRecord(f.hear(ctx, "PutRecord"), r)
}

func (f *faulty) Record(ctx context.Context, kind store.RecordKind, key string) (store.Record, error) {
	return f.record(f.hear(ctx, "Record"), kind, key)
}

func (f *faulty) PutEntries(ctx context.Context, kind store.SeriesKind, owner string, entries ...store.Entry) error {
	return f.putEntries(f.hear(ctx, "PutEntries"), kind, owner, entries...)
}

func (f *faulty) EntriesAfter(
	ctx context.Context, kind store.SeriesKind, owner string, after store.Place, limit int,
) ([]store.Entry, error) {
	return f.entriesAfter(f.hear(ctx, "EntriesAfter"), kind, owner, after, limit)
}

func (f *faulty) EntriesBefore(
	ctx context.Context, kind store.SeriesKind, owner string, before store.Place, limit int,
) ([]store.Entry, error) {
	return f.entriesBefore(f.hear(ctx, "EntriesBefore"), kind, owner, before, limit)
}

func (f *faulty) SweepEntries(ctx context.Context, kind store.SeriesKind, before time.Time) (int, error) {
	return f.sweepEntries(f.hear(ctx, "SweepEntries"), kind, before)
}

func (f *faulty) Session(ctx context.Context, secret store.Hash) (store.Session, store.Connection, error) {
	return f.session(f.hear(ctx, "Session"), secret)
}

func (f *faulty) TouchSession(ctx context.Context, secret store.Hash, seenAt, expiresAt time.Time) error {
	return f.touchSession(f.hear(ctx, "TouchSession"), secret, seenAt, expiresAt)
}

func (f *faulty) DeleteSession(ctx context.Context, secret store.Hash) error {
	return f.deleteSession(f.hear(ctx, "DeleteSession"), secret)
}

func (f *faulty) DeleteSessions(ctx context.Context, id string) error {
	return f.deleteSessions(f.hear(ctx, "DeleteSessions"), id)
}

func (f *faulty) KeyringFingerprint(ctx context.Context) (string, error) {
	return f.fingerprint(f.hear(ctx, "KeyringFingerprint"))
}

func (f *faulty) ReplaceKeyringFingerprint(ctx context.Context, old, fingerprint string) error {
	return f.replaceFingerprint(f.hear(ctx, "ReplaceKeyringFingerprint"), old, fingerprint)
}

func (f *faulty) HoldsSealed(ctx context.Context) (bool, error) {
	return f.holdsSealed(f.hear(ctx, "HoldsSealed"))
}

func (f *faulty) Migrate(ctx context.Context) error { return f.migrateAs(f.hear(ctx, "Migrate")) }

func (f *faulty) Identity(ctx context.Context) (string, error) {
	return f.identity(f.hear(ctx, "Identity"))
}

func (f *faulty) CheckWrite(ctx context.Context) error {
	return f.checkWrite(f.hear(ctx, "CheckWrite"))
}

func (f *faulty) Ping(ctx context.Context) error { return f.ping(f.hear(ctx, "Ping")) }

func (f *faulty) DeleteExpired(ctx context.Context, now time.Time) (int, error) {
	return f.deleteExpired(f.hear(ctx, "DeleteExpired"), now)
}
