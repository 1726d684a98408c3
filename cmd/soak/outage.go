package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"net"
	"net/url"
	"strings"
	"sync"

	_ "modernc.org/sqlite" // the driver "sqlite"
)

// An outage keeps the servers from writing to their store, or from reaching it at all.
type outage interface {
	begin(ctx context.Context) error
	// end lets them again. It may be called when the outage has not begun.
	end() error
	close() error
}

// fileLock is an outage of a SQLite file: another program that keeps the right to write.
type fileLock struct {
	db *sql.DB

	mu   sync.Mutex
	held *sql.Conn
}

func newFileLock(path string) (*fileLock, error) {
	name := url.URL{Scheme: "file", Path: path, RawQuery: url.Values{"mode": {"rw"}, "_timeout": {"10000"}}.Encode()}
	db, err := sql.Open("sqlite", name.String())
	if err != nil {
		return nil, err
	}
	return &fileLock{db: db}, nil
}

func (l *fileLock) begin(ctx context.Context) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.held != nil {
		return nil
	}
	conn, err := l.db.Conn(ctx)
	if err != nil {
		return err
	}
	if _, err := conn.ExecContext(ctx, "BEGIN IMMEDIATE"); err != nil {
		return errors.Join(fmt.Errorf("lock the store: %w", err), conn.Close())
	}
	l.held = conn
	return nil
}

func (l *fileLock) end() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.held == nil {
		return nil
	}
	conn := l.held
	l.held = nil
	_, err := conn.ExecContext(context.Background(), "ROLLBACK")
	return errors.Join(err, conn.Close())
}

func (l *fileLock) close() error { return errors.Join(l.end(), l.db.Close()) }

// wire is the line to a MongoDB, which can be cut.
type wire struct {
	target   string
	listener net.Listener

	mu    sync.Mutex
	down  bool
	conns map[net.Conn]struct{}
}

// newWire returns a wire to the server of a MongoDB address, and the address by way of it.
func newWire(uri string) (*wire, string, error) {
	u, err := url.Parse(uri)
	if err != nil || u.Scheme != "mongodb" || strings.Contains(u.Host, ",") {
		return nil, "", errors.New("the address of the MongoDB must be a mongodb:// one of one server") // it may hold a password
	}
	if u.Port() == "" {
		u.Host = net.JoinHostPort(u.Hostname(), "27017")
	}
	l, err := net.Listen("tcp", "127.0.0.1:0") //nolint:noctx // It is closed with the wire.
	if err != nil {
		return nil, "", err
	}
	w := &wire{target: u.Host, listener: l, conns: map[net.Conn]struct{}{}}
	u.Host = l.Addr().String()
	q := u.Query()
	q.Set("directConnection", "true") // what the server says of its address must not lead around the wire
	u.RawQuery = q.Encode()
	go w.serve()
	return w, u.String(), nil
}

func (w *wire) serve() {
	for {
		in, err := w.listener.Accept()
		if err != nil {
			return
		}
		out, err := net.Dial("tcp", w.target) //nolint:noctx // To this machine; it ends with the wire.
		if err != nil {
			_ = in.Close()
			continue
		}
		if !w.keep(in, out) {
			continue
		}
		go w.pass(in, out)
		go w.pass(out, in)
	}
}

// pass copies one direction; the end of one is the end of both.
func (w *wire) pass(to, from net.Conn) {
	_, _ = io.Copy(to, from) // the error is an ended connection, which both sides see for themselves
	_, _ = to.Close(), from.Close()
	w.mu.Lock()
	defer w.mu.Unlock()
	delete(w.conns, to)
	delete(w.conns, from)
}

// keep remembers connections, unless the wire is cut: then it closes them.
func (w *wire) keep(conns ...net.Conn) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, c := range conns {
		if w.down {
			_ = c.Close()
		} else {
			w.conns[c] = struct{}{}
		}
	}
	return !w.down
}

func (w *wire) begin(context.Context) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.down = true
	for c := range w.conns {
		_ = c.Close()
	}
	clear(w.conns)
	return nil
}

func (w *wire) end() error {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.down = false
	return nil
}

func (w *wire) close() error {
	return errors.Join(w.begin(context.Background()), w.listener.Close())
}
