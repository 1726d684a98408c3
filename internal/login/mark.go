package login

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"latchkey/internal/store"
)

// markKind is the kind of the records that say which logins came back, each under the number of its state.
const markKind store.RecordKind = "login_mark"

// markKept is how long a mark stays after its login could last be finished, so that a callback that comes
// again is told from one that is too late.
const markKept = time.Hour

// mark says who took a login.
type mark struct {
	// By names the process.
	By string `json:"by"`
	// At is in milliseconds.
	At int64 `json:"at"`
}

// errTaken says that the login came back before.
var errTaken = errors.New("taken already")

// leaveMark marks a login as come back, which succeeds once, however many ask at once. The others get
// errTaken and the mark that is there.
func (f *Flow) leaveMark(ctx context.Context, s state, now time.Time) (mark, error) {
	body, err := json.Marshal(mark{By: f.Process, At: now.UnixMilli()})
	if err != nil {
		return mark{}, err
	}
	_, err = f.Store.PutRecord(ctx, store.Record{
		Kind: markKind, Key: s.key(), Body: body, ExpiresAt: s.endsAt().Add(markKept), Fleeting: true,
	})
	if errors.Is(err, store.ErrConflict) {
		return f.findMark(ctx, s)
	}
	if err != nil {
		return mark{}, fmt.Errorf("mark a login as come back: %w", err)
	}
	return mark{}, nil
}

// findMark looks for the mark of a login: errTaken says that there is one.
func (f *Flow) findMark(ctx context.Context, s state) (m mark, err error) {
	r, err := f.Store.Record(ctx, markKind, s.key())
	switch {
	case errors.Is(err, store.ErrNotFound):
		return mark{}, nil
	case err != nil:
		return mark{}, fmt.Errorf("find the mark of a login: %w", err)
	}
	if err := json.Unmarshal(r.Body, &m); err != nil {
		return mark{}, fmt.Errorf("read the mark of a login: %w", err)
	}
	return m, errTaken
}
