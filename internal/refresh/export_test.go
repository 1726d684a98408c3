package refresh

import (
	"context"
	"time"

	"latchkey/internal/store"
)

// AttendSince attends a connection under a lease that was had at a moment.
func (k *Keeper) AttendSince(ctx context.Context, l store.Lease, at time.Time) {
	k.prepare.Do(k.setUp)
	k.attend(ctx, claimed{l, at})
}

var ParseSpilled = parseSpilled
