package metrics

import (
	"context"
	"time"

	"latchkey/internal/store"
)

// timedStore is a store whose operations are timed, each under the name of its method.
type timedStore struct {
	m     *Metrics
	under store.Store
}

// Store returns s with every operation timed and its failures counted. That of a nil *Metrics is s
// itself.
func (m *Metrics) Store(s store.Store) store.Store {
	if m == nil {
		return s
	}
	return &timedStore{m: m, under: s}
}

func (t *timedStore) PutConnection(ctx context.Context, c store.Connection, e store.Event, begins ...store.Session) (_ store.Connection, err error) {
	defer t.m.timed("put_connection", time.Now(), &err)
	return t.under.PutConnection(ctx, c, e, begins...)
}

func (t *timedStore) Connection(ctx context.Context, id string) (_ store.Connection, err error) {
	defer t.m.timed("connection", time.Now(), &err)
	return t.under.Connection(ctx, id)
}

func (t *timedStore) UpdateConnection(ctx context.Context, c store.Connection, events ...store.Event) (_ store.Connection, err error) {
	defer t.m.timed("update_connection", time.Now(), &err)
	return t.under.UpdateConnection(ctx, c, events...)
}

func (t *timedStore) DeleteConnection(ctx context.Context, id string) (err error) {
	defer t.m.timed("delete_connection", time.Now(), &err)
	return t.under.DeleteConnection(ctx, id)
}

func (t *timedStore) ListConnections(ctx context.Context, after string, limit int) (_ []store.Connection, err error) {
	defer t.m.timed("list_connections", time.Now(), &err)
	return t.under.ListConnections(ctx, after, limit)
}

func (t *timedStore) AppendEvent(ctx context.Context, e store.Event) (err error) {
	defer t.m.timed("append_event", time.Now(), &err)
	return t.under.AppendEvent(ctx, e)
}

func (t *timedStore) Events(ctx context.Context, connectionID string, limit int) (_ []store.Event, err error) {
	defer t.m.timed("events", time.Now(), &err)
	return t.under.Events(ctx, connectionID, limit)
}

func (t *timedStore) SweepEvents(ctx context.Context, before time.Time) (_ int, err error) {
	defer t.m.timed("sweep_events", time.Now(), &err)
	return t.under.SweepEvents(ctx, before)
}

func (t *timedStore) ClaimDue(ctx context.Context, holder string, now time.Time, term time.Duration, limit int) (_ []store.Lease, err error) {
	defer t.m.timed("claim_due", time.Now(), &err)
	return t.under.ClaimDue(ctx, holder, now, term, limit)
}

func (t *timedStore) Claim(ctx context.Context, id, holder string, now time.Time, term time.Duration) (_ store.Lease, err error) {
	defer t.m.timed("claim", time.Now(), &err)
	return t.under.Claim(ctx, id, holder, now, term)
}

func (t *timedStore) RenewLease(ctx context.Context, l store.Lease, now time.Time, term time.Duration) (_ store.Lease, err error) {
	defer t.m.timed("renew_lease", time.Now(), &err)
	return t.under.RenewLease(ctx, l, now, term)
}

func (t *timedStore) ReleaseLease(ctx context.Context, l store.Lease) (err error) {
	defer t.m.timed("release_lease", time.Now(), &err)
	return t.under.ReleaseLease(ctx, l)
}

func (t *timedStore) MakeAbandonedDue(ctx context.Context, now time.Time, term time.Duration) (_ int, err error) {
	defer t.m.timed("make_abandoned_due", time.Now(), &err)
	return t.under.MakeAbandonedDue(ctx, now, term)
}

func (t *timedStore) CountFailures(ctx context.Context, cause string, since time.Time) (_ store.FailureCounts, err error) {
	defer t.m.timed("count_failures", time.Now(), &err)
	return t.under.CountFailures(ctx, cause, since)
}

func (t *timedStore) MakeDue(ctx context.Context, now time.Time) (_ int, err error) {
	defer t.m.timed("make_due", time.Now(), &err)
	return t.under.MakeDue(ctx, now)
}

func (t *timedStore) Count(ctx context.Context, ends []time.Time) (_ store.Counts, err error) {
	defer t.m.timed("count", time.Now(), &err)
	return t.under.Count(ctx, ends)
}

func (t *timedStore) DueNotices(ctx context.Context, now time.Time, limit int) (_ []store.Connection, err error) {
	defer t.m.timed("due_notices", time.Now(), &err)
	return t.under.DueNotices(ctx, now, limit)
}

func (t *timedStore) RecordSweep(ctx context.Context, at time.Time) (err error) {
	defer t.m.timed("record_sweep", time.Now(), &err)
	return t.under.RecordSweep(ctx, at)
}

func (t *timedStore) LastSweep(ctx context.Context) (_ time.Time, err error) {
	defer t.m.timed("last_sweep", time.Now(), &err)
	return t.under.LastSweep(ctx)
}

func (t *timedStore) Alarms(ctx context.Context) (_ []store.Alarm, err error) {
	defer t.m.timed("alarms", time.Now(), &err)
	return t.under.Alarms(ctx)
}

func (t *timedStore) PutAlarm(ctx context.Context, a store.Alarm, events ...store.Event) (_ store.Alarm, err error) {
	defer t.m.timed("put_alarm", time.Now(), &err)
	return t.under.PutAlarm(ctx, a, events...)
}

func (t *timedStore) CreateLink(ctx context.Context, l store.Link) (err error) {
	defer t.m.timed("create_link", time.Now(), &err)
	return t.under.CreateLink(ctx, l)
}

func (t *timedStore) Link(ctx context.Context, secret store.Hash) (_ store.Link, err error) {
	defer t.m.timed("link", time.Now(), &err)
	return t.under.Link(ctx, secret)
}

func (t *timedStore) UseLink(ctx context.Context, secret store.Hash, now time.Time) (_ store.Link, err error) {
	defer t.m.timed("use_link", time.Now(), &err)
	return t.under.UseLink(ctx, secret, now)
}

func (t *timedStore) CountLinks(ctx context.Context, connectionID string, p store.Purpose, since time.Time) (_ int, err error) {
	defer t.m.timed("count_links", time.Now(), &err)
	return t.under.CountLinks(ctx, connectionID, p, since)
}

func (t *timedStore) DeleteExpiredLinks(ctx context.Context, now time.Time) (_ int, err error) {
	defer t.m.timed("delete_expired_links", time.Now(), &err)
	return t.under.DeleteExpiredLinks(ctx, now)
}

func (t *timedStore) PutRecord(ctx context.Context, r store.Record) (_ store.Record, err error) {
	defer t.m.timed("put_record", time.Now(), &err)
	return t.under.PutRecord(ctx, r)
}

func (t *timedStore) Record(ctx context.Context, kind store.RecordKind, key string) (_ store.Record, err error) {
	defer t.m.timed("record", time.Now(), &err)
	return t.under.Record(ctx, kind, key)
}

func (t *timedStore) PutEntries(ctx context.Context, kind store.SeriesKind, owner string, entries ...store.Entry) (err error) {
	defer t.m.timed("put_entries", time.Now(), &err)
	return t.under.PutEntries(ctx, kind, owner, entries...)
}

func (t *timedStore) EntriesAfter(ctx context.Context, kind store.SeriesKind, owner string, after store.Place, limit int) (_ []store.Entry, err error) {
	defer t.m.timed("entries_after", time.Now(), &err)
	return t.under.EntriesAfter(ctx, kind, owner, after, limit)
}

func (t *timedStore) EntriesBefore(ctx context.Context, kind store.SeriesKind, owner string, before store.Place, limit int) (_ []store.Entry, err error) {
	defer t.m.timed("entries_before", time.Now(), &err)
	return t.under.EntriesBefore(ctx, kind, owner, before, limit)
}

func (t *timedStore) SweepEntries(ctx context.Context, kind store.SeriesKind, before time.Time) (_ int, err error) {
	defer t.m.timed("sweep_entries", time.Now(), &err)
	return t.under.SweepEntries(ctx, kind, before)
}

func (t *timedStore) Session(ctx context.Context, secret store.Hash) (_ store.Session, _ store.Connection, err error) {
	defer t.m.timed("session", time.Now(), &err)
	return t.under.Session(ctx, secret)
}

func (t *timedStore) TouchSession(ctx context.Context, secret store.Hash, seenAt, expiresAt time.Time) (err error) {
	defer t.m.timed("touch_session", time.Now(), &err)
	return t.under.TouchSession(ctx, secret, seenAt, expiresAt)
}

func (t *timedStore) DeleteSession(ctx context.Context, secret store.Hash) (err error) {
	defer t.m.timed("delete_session", time.Now(), &err)
	return t.under.DeleteSession(ctx, secret)
}

func (t *timedStore) DeleteSessions(ctx context.Context, connectionID string) (err error) {
	defer t.m.timed("delete_sessions", time.Now(), &err)
	return t.under.DeleteSessions(ctx, connectionID)
}

func (t *timedStore) KeyringFingerprint(ctx context.Context) (_ string, err error) {
	defer t.m.timed("keyring_fingerprint", time.Now(), &err)
	return t.under.KeyringFingerprint(ctx)
}

func (t *timedStore) ReplaceKeyringFingerprint(ctx context.Context, old, fingerprint string) (err error) {
	defer t.m.timed("replace_keyring_fingerprint", time.Now(), &err)
	return t.under.ReplaceKeyringFingerprint(ctx, old, fingerprint)
}

func (t *timedStore) HoldsSealed(ctx context.Context) (_ bool, err error) {
	defer t.m.timed("holds_sealed", time.Now(), &err)
	return t.under.HoldsSealed(ctx)
}

func (t *timedStore) Migrate(ctx context.Context) (err error) {
	defer t.m.timed("migrate", time.Now(), &err)
	return t.under.Migrate(ctx)
}

func (t *timedStore) Identity(ctx context.Context) (_ string, err error) {
	defer t.m.timed("identity", time.Now(), &err)
	return t.under.Identity(ctx)
}

func (t *timedStore) CheckWrite(ctx context.Context) (err error) {
	defer t.m.timed("check_write", time.Now(), &err)
	return t.under.CheckWrite(ctx)
}

func (t *timedStore) Ping(ctx context.Context) (err error) {
	defer t.m.timed("ping", time.Now(), &err)
	return t.under.Ping(ctx)
}

func (t *timedStore) DeleteExpired(ctx context.Context, now time.Time) (_ int, err error) {
	defer t.m.timed("delete_expired", time.Now(), &err)
	return t.under.DeleteExpired(ctx, now)
}

func (t *timedStore) Close() (err error) {
	defer t.m.timed("close", time.Now(), &err)
	return t.under.Close()
}
