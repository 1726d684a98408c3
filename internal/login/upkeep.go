package login

import (
	"context"
	"fmt"
	"time"

	"latchkey/internal/panics"
)

const (
	// maxOutstanding is how many logins may be on their way before no more are begun: their requests
	// are some 150 MB. A client at the usual rate, an IPv4 address, has 3,300 on their way at most,
	// and an IPv6 /48 has 13,200 (see middleware.Limiter), so that it takes a flood from 150 addresses, or from
	// 38 such networks, to close the door.
	maxOutstanding = 500_000
	// upkeepEvery is the rhythm of Run.
	upkeepEvery = time.Minute
)

// Run removes ended requests and sessions from the store once a minute of the machine's own time,
// until ctx ends. Processes that share a store may all run it. A store that is away is logged
// once, not every minute.
func (f *Flow) Run(ctx context.Context) {
	tick := time.NewTicker(upkeepEvery)
	defer tick.Stop()
	away := false
	for {
		var err error
		if panicked := panics.Catch(func() { err = f.upkeep(ctx) }); panicked != nil {
			err = panicked
		}
		switch {
		case ctx.Err() != nil:
			return
		case err != nil && !away:
			f.Log.WarnContext(ctx, "the store cannot be tidied up; it is tried again every minute", "error", err)
		case err == nil && away:
			f.Log.InfoContext(ctx, "the store is tidied up again")
		}
		away = err != nil
		if f.silence.tell(time.Now()) {
			f.Log.WarnContext(ctx, "logins were begun and none came back from Instagram",
				"advice", "press the button yourself: if Instagram shows a page such as \"Invalid platform app\" or \"Invalid redirect_uri\", "+
					"compare LATCHKEY_INSTAGRAM_APP_ID and the OAuth redirect URI at Meta, which is LATCHKEY_PUBLIC_URL with /auth")
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// upkeep sweeps the store and counts the logins on their way. Between two counts this process adds
// what it begins and takes off what comes back to it, so with several processes the cap may be passed
// by what the others begin within a minute.
func (f *Flow) upkeep(ctx context.Context) error {
	if f.Trusted != nil && !f.Trusted(ctx) {
		return nil
	}
	now := f.machine()
	if _, err := f.Store.Sweep(ctx, now); err != nil {
		return fmt.Errorf("sweep: %w", err)
	}
	n, err := f.Store.CountAuthRequests(ctx, now)
	if err != nil {
		return fmt.Errorf("count authorization requests: %w", err)
	}
	f.outstanding.Store(int64(n))
	return nil
}
