package login

import (
	"context"
	"fmt"
	"time"

	"latchkey/internal/panics"
)

// cleanUpEvery is the rhythm of Run.
const cleanUpEvery = time.Minute

// Run removes ended records and sessions from the store once a minute of the machine's own time,
// until ctx ends. Processes that share a store may all run it. A store that is away is logged
// once, not every minute.
func (f *Flow) Run(ctx context.Context) {
	tick := time.NewTicker(cleanUpEvery)
	defer tick.Stop()
	away := false
	for {
		var err error
		if panicked := panics.Catch(func() { err = f.cleanUp(ctx) }); panicked != nil {
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
		if f.stalled.tell(time.Now()) {
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

// cleanUp sweeps the store.
func (f *Flow) cleanUp(ctx context.Context) error {
	if f.Trusted != nil && !f.Trusted(ctx) {
		return nil
	}
	if _, err := f.Store.DeleteExpired(ctx, f.machine()); err != nil {
		return fmt.Errorf("sweep: %w", err)
	}
	return nil
}
