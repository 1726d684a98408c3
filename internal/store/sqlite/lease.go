package sqlite

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"time"

	"latchkey/internal/store"
)

const (
	claimDue = `
		UPDATE connections SET lease_holder = ?1, lease_term = lease_term + 1, lease_until = ?2
		WHERE rowid IN (
			SELECT rowid FROM connections
			WHERE next_refresh_at <= ?3 AND (lease_until IS NULL OR lease_until <= ?3 OR lease_until > ?4)
			ORDER BY next_refresh_at LIMIT +?5)
		RETURNING id, lease_term, next_refresh_at`

	claim = `
		UPDATE connections SET lease_holder = ?1, lease_term = lease_term + 1, lease_until = ?2
		WHERE id = ?5 AND (lease_until IS NULL OR lease_until <= ?3 OR lease_until > ?4)
		RETURNING lease_term`

	renewLease = `
		UPDATE connections SET lease_until = ?
		WHERE id = ? AND lease_holder = ? AND lease_term = ? AND lease_until >= ?`

	releaseLease = `
		UPDATE connections SET lease_holder = NULL, lease_until = NULL
		WHERE id = ? AND lease_holder = ? AND lease_term = ?`

	// The plus keeps SQLite from reading all that is due later.
	makeAbandonedDue = `
		UPDATE connections SET next_refresh_at = ?1, version = version + 1
		WHERE (lease_until <= ?1 OR lease_until > ?2) AND +next_refresh_at > ?1
			AND coalesce(tried_at, connected_at, 0) < lease_until - ?3`
)

// ClaimDue implements [store.Leases].
func (s *Store) ClaimDue(ctx context.Context, holder string, now time.Time, term time.Duration, limit int) ([]store.Lease, error) {
	type due struct {
		lease store.Lease
		since int64
	}
	until := now.Add(term)
	var claimed []due
	args := []any{holder, millis(until), millis(now), millis(now.Add(2 * term)), max(limit, 0)}
	err := s.brief.rows(ctx, claimDue, args, func(rows *sql.Rows) error {
		d := due{lease: store.Lease{Holder: holder, Until: truncate(until)}}
		if err := rows.Scan(&d.lease.ConnectionID, &d.lease.Term, &d.since); err != nil {
			return err
		}
		claimed = append(claimed, d)
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("claim due connections: %w", err)
	}
	// RETURNING has no order.
	slices.SortFunc(claimed, func(a, b due) int {
		return cmp.Or(cmp.Compare(a.since, b.since), cmp.Compare(a.lease.ConnectionID, b.lease.ConnectionID))
	})
	leases := make([]store.Lease, len(claimed))
	for i, d := range claimed {
		leases[i] = d.lease
	}
	return leases, nil
}

// Claim implements [store.Leases].
func (s *Store) Claim(ctx context.Context, id, holder string, now time.Time, term time.Duration) (store.Lease, error) {
	until := now.Add(term)
	l := store.Lease{ConnectionID: id, Holder: holder, Until: truncate(until)}
	args := []any{holder, millis(until), millis(now), millis(now.Add(2 * term)), id}
	err := s.brief.inTransaction(ctx, func(ctx context.Context, tx *transaction) error {
		err := tx.row(ctx, claim, args, []any{&l.Term})
		if errors.Is(err, sql.ErrNoRows) {
			return missed(ctx, tx, id, store.ErrLeaseLost)
		}
		return err
	}, claim, hasConnection)
	if err != nil {
		return store.Lease{}, fmt.Errorf("claim connection %s: %w", id, err)
	}
	return l, nil
}

// RenewLease implements [store.Leases].
func (s *Store) RenewLease(ctx context.Context, l store.Lease, now time.Time, term time.Duration) (store.Lease, error) {
	until := now.Add(term)
	n, err := s.brief.exec(ctx, renewLease, millis(until), l.ConnectionID, l.Holder, l.Term, millis(now))
	if err == nil && n == 0 {
		err = store.ErrLeaseLost
	}
	if err != nil {
		return store.Lease{}, fmt.Errorf("renew lease of connection %s: %w", l.ConnectionID, err)
	}
	l.Until = truncate(until)
	return l, nil
}

// ReleaseLease implements [store.Leases].
func (s *Store) ReleaseLease(ctx context.Context, l store.Lease) error {
	n, err := s.brief.execInTransaction(ctx, releaseLease, l.ConnectionID, l.Holder, l.Term)
	if err == nil && n == 0 {
		err = store.ErrLeaseLost
	}
	if err != nil {
		return fmt.Errorf("release lease of connection %s: %w", l.ConnectionID, err)
	}
	return nil
}

// MakeAbandonedDue implements [store.Leases].
func (s *Store) MakeAbandonedDue(ctx context.Context, now time.Time, term time.Duration) (int, error) {
	n, err := s.writer.exec(ctx, makeAbandonedDue, millis(now), millis(now.Add(2*term)), term.Milliseconds())
	if err != nil {
		return 0, fmt.Errorf("make due what was abandoned: %w", err)
	}
	return int(n), nil
}
