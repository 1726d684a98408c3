package sqlite

import (
	"context"
	"database/sql"
	"errors"
)

// exec runs the query and says how many rows it changed.
func (p *pool) exec(ctx context.Context, query string, args ...any) (int64, error) {
	s, err := p.statement(ctx, query)
	if err != nil {
		return 0, withContext(ctx, err)
	}
	done, err := p.await(ctx)
	if err != nil {
		return 0, err
	}
	defer done()
	return changed(ctx, s, args)
}

// row runs the query and scans its one row into dest. No row is [sql.ErrNoRows].
func (p *pool) row(ctx context.Context, query string, args, dest []any) error {
	s, err := p.statement(ctx, query)
	if err != nil {
		return withContext(ctx, err)
	}
	done, err := p.await(ctx)
	if err != nil {
		return err
	}
	defer done()
	return one(ctx, s, args, dest)
}

// rows runs the query and calls scan for each row.
func (p *pool) rows(ctx context.Context, query string, args []any, scan func(*sql.Rows) error) error {
	s, err := p.statement(ctx, query)
	if err != nil {
		return withContext(ctx, err)
	}
	done, err := p.await(ctx)
	if err != nil {
		return err
	}
	defer done()
	return each(ctx, s, args, scan)
}

func changed(ctx context.Context, s *sql.Stmt, args []any) (int64, error) {
	result, err := s.ExecContext(ctx, args...)
	if err != nil {
		return 0, withContext(ctx, err)
	}
	return result.RowsAffected()
}

func one(ctx context.Context, s *sql.Stmt, args, dest []any) error {
	found := false
	err := each(ctx, s, args, func(rows *sql.Rows) error {
		found = true
		return rows.Scan(dest...)
	})
	if err == nil && !found {
		err = sql.ErrNoRows
	}
	return err
}

// each goes to the last row in any case: a write that returns rows is committed behind it.
func each(ctx context.Context, s *sql.Stmt, args []any, scan func(*sql.Rows) error) error {
	rows, err := s.QueryContext(ctx, args...)
	if err != nil {
		return withContext(ctx, err)
	}
	defer rows.Close()
	for rows.Next() {
		if err := scan(rows); err != nil {
			return withContext(ctx, err)
		}
	}
	return withContext(ctx, errors.Join(rows.Err(), rows.Close()))
}
