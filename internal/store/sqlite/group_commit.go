package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"slices"
	"sync"
)

// write is work that waits to be done in a transaction, and from then on for the disk.
type write struct {
	work       func(context.Context, *transaction) error
	statements map[string]*sql.Stmt
	// done gets the outcome, once.
	done chan error
}

// transaction runs the queries that it was begun for.
type transaction struct {
	tx         *sql.Tx
	statements map[string]*sql.Stmt
}

func (t *transaction) exec(ctx context.Context, query string, args ...any) (int64, error) {
	return changed(ctx, t.tx.StmtContext(ctx, t.statements[query]), args)
}

func (t *transaction) row(ctx context.Context, query string, args, dest []any) error {
	return one(ctx, t.tx.StmtContext(ctx, t.statements[query]), args, dest)
}

// errRetryAlone is the outcome of a write that was undone for the sake of another one.
var errRetryAlone = errors.New("undone with another write")

// inTransaction runs work in a transaction, which is undone when work fails. The queries are those
// that work runs: they are prepared before it begins, since it then holds the only connection.
//
// All that waits for the turn when a transaction begins goes into it, since the wait for the disk
// is most of what a small write costs and one wait serves them all. When one of them fails, all are
// undone and each goes by itself: so the outcome of a write is its own.
//
// Work may run in the goroutine of another caller, with that one's context.
func (p *pool) inTransaction(
	ctx context.Context, work func(context.Context, *transaction) error, queries ...string,
) error {
	w := &write{work: work, statements: make(map[string]*sql.Stmt, len(queries)), done: make(chan error, 1)}
	for _, query := range queries {
		s, err := p.statement(ctx, query) //nolint:sqlclosecheck // it stays for the next transaction
		if err != nil {
			return withContext(ctx, err)
		}
		w.statements[query] = s
	}
	err := p.joinOrLead(ctx, w)
	if errors.Is(err, errRetryAlone) {
		err = p.retryAlone(ctx, w)
	}
	return err
}

// execInTransaction runs the query as inTransaction would, and says how many rows it changed. It is
// for what many call at once: alone, exec costs less.
func (p *pool) execInTransaction(ctx context.Context, query string, args ...any) (n int64, err error) {
	err = p.inTransaction(ctx, func(ctx context.Context, tx *transaction) (err error) {
		n, err = tx.exec(ctx, query, args...)
		return err
	}, query)
	return n, err
}

// joinOrLead does the write with all others that wait, or has one of their callers do it.
func (p *pool) joinOrLead(ctx context.Context, w *write) error {
	p.queue.join(w)
	select {
	case err := <-w.done:
		return err
	case <-ctx.Done():
		if p.queue.leave(w) {
			return ctx.Err()
		}
		return <-w.done // it is under way
	case <-p.turn:
	}
	defer p.giveBack()
	if !p.queue.leave(w) {
		return <-w.done // it was done just now
	}
	return p.commit(ctx, w, p.queue.take)
}

// retryAlone does the write by itself.
func (p *pool) retryAlone(ctx context.Context, w *write) error {
	done, err := p.await(ctx)
	if err != nil {
		return err
	}
	defer done()
	return p.commit(ctx, w, func() []*write { return nil })
}

// commit does the write and the others of its group in one transaction, and tells them. Who is in the group
// is asked when the transaction has begun, which may take long.
func (p *pool) commit(ctx context.Context, w *write, group func() []*write) error {
	tx, err := p.db.BeginTx(ctx, nil)
	if err != nil {
		return withContext(ctx, err)
	}
	others := group()
	if len(others) == 0 {
		return carryOut(ctx, tx, w)
	}
	outcome := commitGroup(ctx, tx, append(others, w))
	for _, other := range others {
		other.done <- outcome
	}
	return outcome
}

// commitGroup is carryOut where whatever goes wrong is errRetryAlone, also a panic: by itself, the
// write panics again, and in the goroutine of its own caller.
func commitGroup(ctx context.Context, tx *sql.Tx, writes []*write) (err error) {
	defer func() {
		if recover() != nil {
			err = errRetryAlone
		}
	}()
	if carryOut(ctx, tx, writes...) != nil {
		return errRetryAlone
	}
	return nil
}

// carryOut does the writes and ends the transaction: all of them are kept or none.
func carryOut(ctx context.Context, tx *sql.Tx, writes ...*write) (err error) {
	defer func() { err = errors.Join(err, undo(tx)) }() // also when one panics
	for _, w := range writes {
		if err := w.work(ctx, &transaction{tx, w.statements}); err != nil {
			return err
		}
	}
	return withContext(ctx, tx.Commit())
}

// undo rolls back, unless the transaction ended before.
func undo(tx *sql.Tx) error {
	if err := tx.Rollback(); !errors.Is(err, sql.ErrTxDone) {
		return err
	}
	return nil
}

// queue is the writes that nobody does yet.
type queue struct {
	mu      sync.Mutex
	waiting []*write
}

func (q *queue) join(w *write) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.waiting = append(q.waiting, w)
}

// take empties the queue.
func (q *queue) take() []*write {
	q.mu.Lock()
	defer q.mu.Unlock()
	all := q.waiting
	q.waiting = nil
	return all
}

// leave says whether the write still waited.
func (q *queue) leave(w *write) bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	before := len(q.waiting)
	q.waiting = slices.DeleteFunc(q.waiting, func(other *write) bool { return other == w })
	return len(q.waiting) < before
}
