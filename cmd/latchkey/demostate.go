package main

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net/http"
	"os"
	"sync"

	"latchkey/igsim"
)

// simFile keeps what the demo's Instagram knows, so that the connections of a demo with a folder of its own live on in
// the next.
type simFile struct {
	sim  *igsim.Simulator
	path string

	mu    sync.Mutex
	saved []byte
}

// resume makes the simulator know what is in the file. Where that cannot be read nothing is begun anew: the
// connections in the folder would die of it.
func (f *simFile) resume() error {
	text, err := os.ReadFile(f.path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err == nil {
		err = f.sim.Load(bytes.NewReader(text))
	}
	if err != nil {
		return fmt.Errorf("--data: %s: %w; name another folder, or remove the file: then the owners have to log in again", f.path, err)
	}
	f.saved = text
	return nil
}

// save writes what the simulator knows where that has changed.
func (f *simFile) save(log *slog.Logger) {
	f.mu.Lock()
	defer f.mu.Unlock()
	var text bytes.Buffer
	err := f.sim.Save(&text)
	if err == nil && bytes.Equal(text.Bytes(), f.saved) {
		return
	}
	if err == nil {
		err = replaceFile(f.path, text.Bytes())
	}
	if err != nil {
		log.Warn("what the simulated Instagram knows was not written; after a restart the owners may have to log in again", "error", err)
		return
	}
	f.saved = text.Bytes()
}

// after is a handler that saves after each request. A short answer leaves the process when its handler has ended, so
// that a token is written before anybody has it.
func (f *simFile) after(next http.Handler, log *slog.Logger) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		defer f.save(log) // a simulated failure may end in a panic
		next.ServeHTTP(w, r)
	})
}

// mailbox is the simulator's mail box where each mail is saved before its sender hears that it was taken.
func (f *simFile) mailbox(log *slog.Logger) savingBox {
	return savingBox{f.sim, func() { f.save(log) }}
}

type savingBox struct {
	*igsim.Simulator
	save func()
}

func (b savingBox) TakeMail(from string, to []string, raw []byte) error {
	defer b.save()
	return b.Simulator.TakeMail(from, to, raw)
}

// replaceFile writes a file as one whole, so that nobody reads half of it.
func replaceFile(path string, text []byte) error {
	beside := path + ".new"
	if err := os.WriteFile(beside, text, 0o600); err != nil {
		return err
	}
	return os.Rename(beside, path)
}
