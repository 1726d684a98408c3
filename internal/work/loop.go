// Package work runs what happens by itself.
//
// It owns the rhythm of such work, its panics, and the log of its failures: once when they begin and once
// when they are over. It leaves to its callers what is done, and for whom.
package work

import (
	"context"
	"log/slog"
	"time"

	"latchkey/internal/panics"
)

// Loop does one thing again and again. Its fields are set before Run and not changed after it.
type Loop struct {
	// Every is the pause between two rounds, on the machine's own time.
	Every time.Duration
	// Now is a clock whose jumps end the pause.
	Now func() time.Time
	// Do is one round. A panic is a round that failed.
	Do func(context.Context) error
	// Log is told Failing with the error when rounds begin to fail, and Recovered when they succeed again.
	Log                *slog.Logger
	Failing, Recovered string
}

// Run does a round at once and then one after each pause, until ctx ends. A round that the end of ctx
// cuts off is not logged.
func (l *Loop) Run(ctx context.Context) {
	failing := false
	repeat(ctx, l.Now, l.Every, func() {
		var err error
		if panicked := panics.Catch(func() { err = l.Do(ctx) }); panicked != nil {
			err = panicked
		}
		switch {
		case ctx.Err() != nil:
			return
		case err != nil && !failing:
			l.Log.WarnContext(ctx, l.Failing, "error", err)
		case err == nil && failing:
			l.Log.InfoContext(ctx, l.Recovered)
		}
		failing = err != nil
	})
}
