package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"net/url"
	"strconv"
	"sync"

	_ "modernc.org/sqlite" // the driver "sqlite"
)

// readerCount bounds the connections that read. A read takes microseconds, so that more of them
// would only hold memory.
const readerCount = 4

// pool is the connections of one kind and the statements prepared on them.
//
// There are two connections that write. What the writer says is done is on the disk. What the brief
// one says is done is in the file, where a crash of this process leaves it, and is on the disk with
// the writer's next commit: it is for what is worth no more than a press of the login button, and a
// wait for the disk is most of what a small write costs (docs/decisions/0005).
//
// A query whose limit is a parameter writes LIMIT +?: SQLite plans by the value of a bare one, and
// so would prepare the statement again at each call, which costs more than to run it.
type pool struct {
	db *sql.DB
	// turn holds a token while nobody of this process writes; nil for connections that only read.
	// Without it the two that write would find each other's lock and sleep.
	turn chan struct{}

	mu       sync.RWMutex
	prepared map[string]*sql.Stmt
}

// newWriters returns the writer and the brief one.
func newWriters(path string) (writer, brief *pool) {
	open := func(synchronous string) *pool {
		return newPool(path, 1, url.Values{
			"_txlock":  {"immediate"},
			"_pragma":  {"synchronous(" + synchronous + ")", "secure_delete(on)"},
			"_timeout": {waitText},
		})
	}
	writer, brief = open("full"), open("normal")
	writer.turn = make(chan struct{}, 1)
	writer.turn <- struct{}{}
	brief.turn = writer.turn
	return writer, brief
}

func newReaders(path string) *pool {
	return newPool(path, readerCount, url.Values{
		"_query_only": {"true"},
		"_timeout":    {waitText},
	})
}

// waitText is busyTimeout as the driver wants it, in milliseconds.
var waitText = strconv.FormatInt(busyTimeout.Milliseconds(), 10)

// await waits for the turn to write, and returns what gives it back.
func (p *pool) await(ctx context.Context) (done func(), err error) {
	if p.turn == nil {
		return func() {}, nil
	}
	select {
	case <-p.turn:
		return func() { p.turn <- struct{}{} }, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// newPool opens nothing yet. The mode keeps SQLite from making a file that is not there.
func newPool(path string, size int, options url.Values) *pool {
	options.Set("mode", "rw")
	options.Set("_error_rc", "true") // no error text of an earlier operation
	name := url.URL{Scheme: "file", Path: path, RawQuery: options.Encode()}
	db, err := sql.Open("sqlite", name.String())
	if err != nil {
		panic(err) // only when the driver is not there: it opens lazily
	}
	db.SetMaxOpenConns(size)
	db.SetMaxIdleConns(size)
	return &pool{db: db, prepared: map[string]*sql.Stmt{}}
}

// statement returns the query prepared; the first call of a query prepares it.
func (p *pool) statement(ctx context.Context, query string) (*sql.Stmt, error) {
	p.mu.RLock()
	s := p.prepared[query]
	p.mu.RUnlock()
	if s != nil {
		return s, nil
	}
	s, err := p.db.PrepareContext(ctx, query)
	if err != nil {
		return nil, err
	}
	return p.keep(query, s)
}

// keep returns the statement that stays, which is the first one when two were prepared at once.
func (p *pool) keep(query string, s *sql.Stmt) (*sql.Stmt, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if first := p.prepared[query]; first != nil {
		return first, s.Close()
	}
	p.prepared[query] = s
	return s, nil
}

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

// inTransaction runs work in a transaction, which is undone when work fails. The queries are those
// that work runs: they are prepared before it begins, since it then holds the only connection.
func (p *pool) inTransaction(ctx context.Context, work func(*transaction) error, queries ...string) error {
	t := transaction{statements: make(map[string]*sql.Stmt, len(queries))}
	for _, query := range queries {
		s, err := p.statement(ctx, query) //nolint:sqlclosecheck // it stays for the next transaction
		if err != nil {
			return withContext(ctx, err)
		}
		t.statements[query] = s
	}
	done, err := p.await(ctx)
	if err != nil {
		return err
	}
	defer done()
	tx, err := p.db.BeginTx(ctx, nil)
	if err != nil {
		return withContext(ctx, err)
	}
	t.tx = tx
	if err := work(&t); err != nil {
		return errors.Join(err, undo(tx))
	}
	return withContext(ctx, tx.Commit())
}

// undo rolls back, unless the end of the context did so already.
func undo(tx *sql.Tx) error {
	if err := tx.Rollback(); !errors.Is(err, sql.ErrTxDone) {
		return err
	}
	return nil
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

func (p *pool) close() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	var errs []error
	for _, s := range p.prepared {
		errs = append(errs, s.Close())
	}
	clear(p.prepared)
	return errors.Join(append(errs, p.db.Close())...)
}
