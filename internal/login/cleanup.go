package login

import (
	"context"
	"fmt"
	"time"

	"latchkey/internal/work"
)

// cleanUpEvery is the rhythm of Run.
const cleanUpEvery = time.Minute

// Run removes ended records and sessions from the store once a minute of the machine's own time,
// until ctx ends. Processes that share a store may all run it. A store that is away is logged
// once, not every minute.
func (f *Flow) Run(ctx context.Context) {
	loop := work.Loop{
		Every: cleanUpEvery, Now: time.Now, Log: f.Log,
		Do: func(ctx context.Context) error {
			f.warnStalled(ctx)
			return f.cleanUp(ctx)
		},
		Failing:   "the store cannot be tidied up; it is tried again every minute",
		Recovered: "the store is tidied up again",
	}
	loop.Run(ctx)
}

func (f *Flow) warnStalled(ctx context.Context) {
	if f.stalled.tell(time.Now()) {
		f.Log.WarnContext(ctx, "logins were begun and none came back from Instagram",
			"advice", "press the button yourself: if Instagram shows a page such as \"Invalid platform app\" or \"Invalid redirect_uri\", "+
				"compare LATCHKEY_INSTAGRAM_APP_ID and the OAuth redirect URI at Meta, which is LATCHKEY_PUBLIC_URL with /auth")
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
