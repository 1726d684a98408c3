package sqlite

import (
	"context"
	"errors"
	"maps"
	"slices"

	driver "modernc.org/sqlite"
)

// IndexesOf says by which indexes a query finds its rows, for those that do not name a key.
var IndexesOf = map[string][]string{
	claimDue:           {"connections_due"},
	makeAbandonedDue:   {"MULTI-INDEX OR", "connections_leased (lease_until<?)", "connections_leased (lease_until>?)"},
	dueNotices:         {"connections_notice"},
	makePutOffDue:      {"connections_due"},
	makeTriedLaterDue:  {"connections_tried"},
	countFailures:      {"COVERING INDEX connections_tried", "COVERING INDEX connections_trouble"},
	countAll:           {"COVERING INDEX connections_census"},
	holdsSealed:        {"connections_sealed"},
	listConnections:    {"sqlite_autoindex_connections_1"},
	selectEvents:       {"events_of_connection"},
	deleteEvents:       {"events_of_connection"},
	deleteSessions:     {"sessions_of_connection"},
	pruneSessions:      {"sessions_of_connection"},
	countLinks:         {"COVERING INDEX links_of_connection (connection_id=? AND purpose=? AND created_at>?)"},
	deleteLinks:        {"links_of_connection"},
	sweepSessions:      {"sessions_expiry"},
	sweepRecords:       {"records_expiry"},
	deleteRecords:      {"records_of_owner"},
	entriesAfter:       {"PRIMARY KEY (owner=? AND kind=? AND (at,key)>(?,?))"},
	entriesBefore:      {"PRIMARY KEY (owner=? AND kind=? AND (at,key)<(?,?))"},
	deleteEntries:      {"PRIMARY KEY (owner=?)"},
	sweepEntries:       {"entries_of_kind (kind=? AND at<?)"},
	deleteExpiredLinks: {"links_expiry"},
	sweepEvents:        {"events_at"},
}

// MayScan says why a query may go through all that is there.
var MayScan = map[string]string{
	countAll:           "the contract says so",
	selectFingerprint:  "there is one row at most",
	selectIdentity:     "there is one row at most",
	checkWrite:         "there is one row at most",
	replaceFingerprint: "there is one row at most",
	lastSweep:          "there is one row at most",
	listAlarms:         "there is one row of each kind",
	holdsSealed:        "it stops at the first entry of an index of nothing else",
}

// Queries returns what the store has run so far.
func (s *Store) Queries() []string {
	return slices.Concat(slices.Collect(maps.Keys(s.writer.prepared)),
		slices.Collect(maps.Keys(s.brief.prepared)), slices.Collect(maps.Keys(s.readers.prepared)))
}

// Plan returns how SQLite finds what the query asks for, a line a step.
func (s *Store) Plan(ctx context.Context, query string) ([]string, error) {
	unbound := make([]any, 32)
	rows, err := s.writer.db.QueryContext(ctx, "EXPLAIN QUERY PLAN "+query, unbound...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var plan []string
	for rows.Next() {
		var id, parent, unused int
		var detail string
		if err := rows.Scan(&id, &parent, &unused, &detail); err != nil {
			return nil, err
		}
		plan = append(plan, detail)
	}
	return plan, rows.Err()
}

// ExecWriter runs the statement on the connection that writes.
func (s *Store) ExecWriter(ctx context.Context, statement string) error {
	_, err := s.writer.db.ExecContext(ctx, statement)
	return err
}

// MayBeLost holds the writes that need not wait for the disk.
var MayBeLost = map[string]bool{
	insertRecord: true, updateRecord: true, sweepRecords: true,
	touchSession: true, sweepSessions: true,
	claimDue: true, claim: true, hasConnection: true, renewLease: true, releaseLease: true,
	recordSweep: true, deleteExpiredLinks: true, sweepEvents: true, sweepEntries: true,
}

// BriefQueries returns what ran without waiting for the disk so far.
func (s *Store) BriefQueries() []string { return slices.Collect(maps.Keys(s.brief.prepared)) }

// Synchronous returns the level at which the two connections that write commit.
func (s *Store) Synchronous(ctx context.Context) (writer, brief int, err error) {
	err = s.writer.db.QueryRowContext(ctx, "PRAGMA synchronous").Scan(&writer)
	if err == nil {
		err = s.brief.db.QueryRowContext(ctx, "PRAGMA synchronous").Scan(&brief)
	}
	return writer, brief, err
}

// TakeTurn keeps everybody else from writing until the turn is given back.
func (s *Store) TakeTurn() (giveBack func()) {
	<-s.writer.turn
	return s.writer.giveBack
}

// TurnIsFree says whether a write of this process could begin.
func (s *Store) TurnIsFree() bool { return len(s.writer.turn) == 1 }

// CheckpointPatience is how long the connection that empties the log waits for a lock, in milliseconds.
func (s *Store) CheckpointPatience(ctx context.Context) (patience int, err error) {
	err = s.checkpointer.db.QueryRowContext(ctx, "PRAGMA busy_timeout").Scan(&patience)
	return patience, err
}

// EmptyLog empties the log if nobody is in the way.
func (s *Store) EmptyLog(ctx context.Context) { s.emptyLog(ctx) }

// FillUp writes more than the file may hold, and says what an operator would be told.
func (s *Store) FillUp(ctx context.Context) error {
	_, err := s.writer.db.ExecContext(ctx, "INSERT INTO keyring VALUES (1, hex(zeroblob(1000000)))")
	return s.explain(withContext(ctx, err))
}

// Waiting counts the writes that wait to be done in a transaction of the writer.
func (s *Store) Waiting() int {
	s.writer.queue.mu.Lock()
	defer s.writer.queue.mu.Unlock()
	return len(s.writer.queue.waiting)
}

// PanicInTransaction writes, and then panics in the midst of it.
func (s *Store) PanicInTransaction(ctx context.Context, id string) error {
	return s.writer.inTransaction(ctx, func(ctx context.Context, tx *transaction) error {
		if _, err := tx.exec(ctx, deleteEvents, id); err != nil {
			return err
		}
		panic("in the midst of it")
	}, deleteEvents)
}

// PrepareTo makes the file as the program did that knew the migrations up to version only.
func (s *Store) PrepareTo(ctx context.Context, version int64) error {
	if err := errors.Join(s.makeFile(), s.switchToWAL(ctx)); err != nil {
		return err
	}
	provider, err := s.provider(ctx)
	if err != nil {
		return err
	}
	_, err = provider.UpTo(ctx, version)
	return err
}

// OnCommit calls a function for each transaction that a connection which writes commits.
func (s *Store) OnCommit(ctx context.Context, committed func()) error {
	for _, p := range []*pool{s.writer, s.brief} {
		c, err := p.db.Conn(ctx)
		if err != nil {
			return err
		}
		err = c.Raw(func(conn any) error {
			conn.(driver.HookRegisterer).RegisterCommitHook(func() int32 { committed(); return 0 })
			return nil
		})
		if err := errors.Join(err, c.Close()); err != nil {
			return err
		}
	}
	return nil
}
