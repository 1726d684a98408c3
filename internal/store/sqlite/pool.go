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
	// queue is what waits for the turn to be written in a transaction.
	queue queue

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

// await waits for the turn to write, and returns what gives it back.
func (p *pool) await(ctx context.Context) (done func(), err error) {
	if p.turn == nil {
		return func() {}, nil
	}
	select {
	case <-p.turn:
		return p.giveBack, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

func (p *pool) giveBack() { p.turn <- struct{}{} }

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
