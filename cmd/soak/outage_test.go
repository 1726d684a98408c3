package main

import (
	"context"
	"io"
	"net"
	"path/filepath"
	"testing"
	"time"

	"latchkey/internal/store"
	"latchkey/internal/store/sqlite"
)

func TestFileLock(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "latchkey.db")
	st, err := sqlite.Open(t.Context(), path)
	must(t, err)
	defer st.Close()
	must(t, st.Migrate(t.Context()))
	lock, err := newFileLock(path)
	must(t, err)
	defer lock.close()
	write := func() error {
		ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
		defer cancel()
		return st.AppendEvent(ctx, store.Event{At: day60, Kind: store.EventNotified})
	}
	must(t, lock.begin(t.Context()))
	must(t, lock.begin(t.Context())) // it is held already
	if write() == nil {
		t.Error("the store took a write while it was locked")
	}
	if _, err := st.Events(t.Context(), "", 1); err != nil {
		t.Errorf("it cannot be read: %v", err)
	}
	must(t, lock.end())
	must(t, lock.end())
	must(t, st.AppendEvent(t.Context(), store.Event{At: day60, Kind: store.EventNotified}))
}

func TestWire(t *testing.T) {
	t.Parallel()
	echo, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	defer echo.Close()
	go func() {
		for {
			c, err := echo.Accept()
			if err != nil {
				return
			}
			go func() { io.Copy(c, c); c.Close() }()
		}
	}()
	w, uri, err := newWire("mongodb://" + echo.Addr().String() + "/d?w=1")
	must(t, err)
	defer w.close()
	if want := "mongodb://" + w.listener.Addr().String() + "/d?directConnection=true&w=1"; uri != want {
		t.Errorf("the address is %s, want %s", uri, want)
	}
	dial := func() (net.Conn, error) {
		c, err := net.Dial("tcp", w.listener.Addr().String())
		must(t, err)
		t.Cleanup(func() { c.Close() })
		if _, err := c.Write([]byte("x")); err != nil {
			return c, err
		}
		_, err = io.ReadFull(c, make([]byte, 1))
		return c, err
	}
	before, err := dial()
	must(t, err)
	must(t, w.begin(t.Context()))
	if _, err := before.Read(make([]byte, 1)); err == nil {
		t.Error("a connection outlived the cut")
	}
	if _, err := dial(); err == nil {
		t.Error("a new connection got through")
	}
	must(t, w.end())
	if _, err := dial(); err != nil {
		t.Errorf("after the outage: %v", err)
	}
}

func TestWireToOneServer(t *testing.T) {
	t.Parallel()
	for uri, want := range map[string]string{
		"mongodb://db.example/d":     "db.example:27017",
		"mongodb://db.example:1/d":   "db.example:1",
		"mongodb://a:1,b:2/d":        "",
		"mongodb+srv://db.example/d": "",
		"mongodb://%zz":              "",
	} {
		w, _, err := newWire(uri)
		switch {
		case (err == nil) != (want != ""):
			t.Errorf("%s: %v", uri, err)
		case err == nil:
			if w.target != want {
				t.Errorf("%s leads to %s", uri, w.target)
			}
			w.close()
		}
	}
}

func TestReadMetric(t *testing.T) {
	t.Parallel()
	const body = "# TYPE a gauge\na 1.7e+09\na_b 2\nc{outcome=\"x\"} 3\n"
	for series, want := range map[string]float64{"a": 1.7e9, "a_b": 2, `c{outcome="x"}`: 3} {
		if got, err := readMetric(body, series); err != nil || got != want {
			t.Errorf("%s is %v, %v", series, got, err)
		}
	}
	if _, err := readMetric(body, "c"); err == nil {
		t.Error("what is not there has a value")
	}
}
