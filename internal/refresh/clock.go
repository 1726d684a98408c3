package refresh

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"latchkey/internal/store"
)

// checkClock is the beginning of a round: while our clock is off, Instagram is asked now and then.
//
// That it is off shows in two ways. One that ran ahead makes due what is not: the first try, which goes
// before all others (claimRound), brings a Date. One that was set back leaves undone what is due, and lies
// behind the last sweep (askIfBehindLastSweep).
func (k *Keeper) checkClock(ctx context.Context) {
	if k.Clock.Off() != 0 {
		k.Clock.Check(ctx)
	}
}

// healClock is the end of a round: it makes due again what a wrong clock put off, and says when ours
// begins to be off and when it is right again.
func (k *Keeper) healClock(ctx context.Context) error {
	if k.Clock.Doubted() {
		if err := k.askIfBehindLastSweep(ctx); err != nil {
			return err
		}
	}
	if _, err := k.Store.MakeDue(ctx, k.Now()); err != nil {
		return fmt.Errorf("make due what a wrong clock put off: %w", err)
	}
	k.tellClock(ctx)
	return nil
}

// askIfBehindLastSweep is for a clock in doubt by which nothing is due: when a sweep was recorded that is
// still to come, the clock may be the reason. What is due then has its turn in the next sweep.
func (k *Keeper) askIfBehindLastSweep(ctx context.Context) error {
	last, err := k.Store.LastSweep(ctx)
	switch {
	case errors.Is(err, store.ErrNotFound):
		return nil
	case err != nil:
		return fmt.Errorf("read when the last sweep was: %w", err)
	case stillToCome(last, k.Now()):
		k.Clock.Check(ctx)
	}
	return nil
}

// stillToCome says that a moment which somebody wrote down when it was now lies ahead of now, by more than
// the clocks of two processes may be apart.
func stillToCome(written, now time.Time) bool { return written.Sub(now) > store.ClockTolerance }

// tellClock tells the operator when our clock begins to be off and when it is right again. Nobody is
// mailed by a wrong clock, and each process has a clock of its own: so this alarm is in the log and in
// the metrics of the process, and not in the store.
func (k *Keeper) tellClock(ctx context.Context) {
	off := k.Clock.Off()
	k.Metrics.ClockOff(off != 0)
	switch was := k.clockOff.Swap(off != 0); {
	case off != 0 && !was:
		k.Log.ErrorContext(ctx, "alarm: the clock of this server is wrong: set it right, and let it be kept right by NTP; "+
			"until then Instagram's time counts, and nobody is mailed", "alarm", "clock", "off", offText(off))
	case off == 0 && was:
		k.Log.InfoContext(ctx, "the alarm is over: the clock of this server agrees with Instagram's again", "alarm", "clock")
	}
}

func offText(off time.Duration) string {
	side := " ahead of Instagram's"
	if off < 0 {
		off, side = -off, " behind Instagram's"
	}
	if days := off.Round(time.Hour) / (24 * time.Hour); days > 1 {
		return fmt.Sprintf("%d days%s", days, side)
	}
	return strings.TrimSuffix(off.Round(time.Minute).String(), "0s") + side
}

// timeAsks is how many connections are asked for at most to hear a Date.
const timeAsks = 3

// AskTime asks Instagram about a connection, for the Date of the answer, and about another one when it
// is refused: only a good answer shows that our clock is off. Those that are well are asked first. What
// is said about the connection changes nothing, and is not worth a line of its history.
func (k *Keeper) AskTime(ctx context.Context) {
	all, err := k.Store.ListConnections(ctx, "", neighbours)
	if err != nil {
		return
	}
	ill := func(c store.Connection) int {
		if c.Status == store.StatusActive && c.Failure.IsZero() {
			return 0
		}
		return 1
	}
	slices.SortStableFunc(all, func(a, b store.Connection) int { return ill(a) - ill(b) })
	asked := 0
	for _, c := range all {
		token, err := k.Vault.OpenForRefresh(c)
		if err != nil {
			continue
		}
		if _, err := k.client(c.ID).Me(ctx, token); err == nil {
			return
		}
		if asked++; asked == timeAsks {
			return
		}
	}
}

// tooYoung says that by Instagram's clock the token is younger than it may be refreshed at, so that a
// refusal says nothing but that: it was tried by a clock that ran ahead.
func tooYoung(c store.Connection, now time.Time) bool { return now.Before(ripeAt(c)) }
