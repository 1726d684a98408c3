package main

import (
	"context"
	"errors"
	"net/http"
	"sync"
	"time"
)

// A stop takes ten seconds at most, whatever hangs. Counted from the order to stop, each step is over by
// its moment or is given up: nothing of it is needed for what was promised, and the next start makes good
// what it left.
const (
	// workedBy is for requests, refreshes and mails in hand. A refresh needs up to 9.5 seconds: for the
	// answer, which may be the only living token, for writing it, and for giving back its lease.
	workedBy = 9500 * time.Millisecond
	// flushedBy is for the last traces, which get flushWithin at most.
	flushedBy   = 9700 * time.Millisecond
	flushWithin = time.Second
	// closedBy is for the store.
	closedBy = 9900 * time.Millisecond
)

// stopping is the end of a server.
type stopping struct {
	// order gives the order to stop, if nobody did.
	order context.CancelFunc
	// ordered is closed when at is set.
	ordered <-chan struct{}
	at      time.Time
}

// untilStopped returns a context that ends with ctx or at the order to stop.
func untilStopped(ctx context.Context) (context.Context, *stopping) {
	ctx, cancel := context.WithCancel(ctx)
	ordered := make(chan struct{})
	s := &stopping{order: cancel, ordered: ordered}
	context.AfterFunc(ctx, func() {
		s.at = time.Now()
		close(ordered)
	})
	return ctx, s
}

// by gives the order to stop, if nobody did, and returns a context that ends that long after it.
func (s *stopping) by(d time.Duration) (context.Context, context.CancelFunc) {
	s.order()
	<-s.ordered
	return context.WithDeadline(context.Background(), s.at.Add(d))
}

// inTime does what may hang. That it was not done when ctx ended is the error of ctx.
func inTime(ctx context.Context, do func() error) error {
	done := make(chan error, 1)
	go func() { done <- do() }()
	select {
	case err := <-done:
		return err
	case <-ctx.Done():
		return ctx.Err()
	}
}

// finish lets requests and work in hand come to their end.
func (s *server) finish(stop *stopping, h *http.Server, work *sync.WaitGroup) error {
	ctx, cancel := stop.by(workedBy)
	defer cancel()
	s.log.Info("stopping: finishing what is in hand")
	worked := make(chan struct{})
	go func() {
		work.Wait()
		close(worked)
	}()
	err := h.Shutdown(ctx)
	if errors.Is(err, context.DeadlineExceeded) {
		s.log.Warn("stopped with requests unfinished", "after", workedBy.String())
		err = errors.Join(h.Close(), errors.New("requests were still unfinished"))
	}
	select {
	case <-worked:
		return err
	case <-ctx.Done():
	}
	select {
	case <-worked: // while requests were waited for
	default:
		s.log.Warn("stopped with work unfinished, which the next start takes up", "after", workedBy.String())
	}
	return err
}

// flush sends the last traces.
func (s *server) flush(stop *stopping, send func(context.Context) error) {
	last, cancel := stop.by(flushedBy)
	defer cancel()
	ctx, cancel := context.WithTimeout(last, flushWithin)
	defer cancel()
	if err := inTime(ctx, func() error { return send(ctx) }); err != nil {
		s.log.Warn("the last traces were not sent", "error", err)
	}
}

// close closes the store.
func (s *server) close(stop *stopping) {
	ctx, cancel := stop.by(closedBy)
	defer cancel()
	if err := inTime(ctx, s.store.Close); err != nil {
		s.log.Warn("the store did not close well; what was written is safe", "error", err)
	}
	s.log.Info("stopped")
}
