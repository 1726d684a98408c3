package main

import (
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net/http"
	"os"
	"strconv"
	"strings"
	"sync"
	"time"

	"latchkey/igsim"
)

// clockHand keeps the demo's time in a file, so that commands on its data live in the same time, and so
// does the next demo.
type clockHand struct {
	sim  *igsim.Simulator
	path string

	mu    sync.Mutex
	saved time.Duration
}

// resume moves the simulator to the time in the file. One that cannot be read does not begin time anew: the tokens in
// the folder would be of the future.
func (h *clockHand) resume() error {
	text, err := os.ReadFile(h.path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	seconds, malformed := strconv.ParseInt(strings.TrimSpace(string(text)), 10, 64)
	if err := errors.Join(err, malformed); err != nil {
		return fmt.Errorf("--data: %s does not say by how many seconds the demo's time is ahead; write that number, or name another folder", h.path)
	}
	h.saved = time.Duration(seconds) * time.Second
	h.sim.Advance(h.saved)
	return nil
}

// save writes the simulator's time where it was moved.
func (h *clockHand) save(log *slog.Logger) {
	h.mu.Lock()
	defer h.mu.Unlock()
	offset := time.Until(h.sim.Now()).Round(time.Second)
	if offset == h.saved {
		return
	}
	if err := replaceFile(h.path, fmt.Appendln(nil, int64(offset/time.Second))); err != nil {
		log.Warn("the demo's time was not written, so that commands live in another", "error", err)
		return
	}
	h.saved = offset
}

// after is a handler that saves the time after each request that may have moved it.
func (h *clockHand) after(next http.Handler, log *slog.Logger) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		next.ServeHTTP(w, r)
		if r.Method == http.MethodPost {
			h.save(log)
		}
	})
}
