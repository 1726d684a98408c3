package refresh

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"latchkey/instagram"
	"latchkey/internal/explain"
	"latchkey/internal/store"
)

// newToken is the token of a good answer, sealed.
type newToken struct {
	sealed          []byte
	issued, expires time.Time
	// assumed says that Instagram did not name the life.
	assumed bool
	scopes  []string
}

// failure is an answer without a token, or none.
type failure struct {
	class      instagram.Class
	cause      instagram.Cause
	retryAfter time.Duration
	// mayHaveWorked says that Instagram may have given a token that did not reach us.
	mayHaveWorked bool
	// literal is Instagram's own text; empty when it gave none.
	literal string
	err     error
}

// failureOf reads an error of a call with the scopes that the owner granted.
func failureOf(err error, granted []string) failure {
	e, ok := errors.AsType[*instagram.Error](err)
	if !ok {
		return failure{class: instagram.ClassRetry, err: err}
	}
	f := failure{class: e.ClassFor(granted), cause: e.Cause, retryAfter: e.RetryAfter, literal: e.Message, err: err}
	if f.class == instagram.ClassIgnore { // there is no item that could be left out
		f.class = instagram.ClassRetry
	}
	return f
}

// unsealable is the failure of a token that cannot be opened: whoever runs the server mends that.
func unsealable(err error) failure {
	return failure{class: instagram.ClassOperator, cause: store.CauseSealed, err: err}
}

// advice says what it is and what to do about it.
func (f failure) advice() string { return explain.Advice(string(f.cause)) }

// String names class, numbers and trace, for the history: no word of it is Instagram's text.
func (f failure) String() string {
	said := []string{"class " + string(f.class)}
	e, ok := errors.AsType[*instagram.Error](f.err)
	switch {
	case !ok && f.cause != "":
		said = append(said, string(f.cause))
	case !ok:
	case e.Status == 0:
		said = append(said, "no answer")
	default:
		said = append(said, fmt.Sprintf("status %d", e.Status))
		if e.Code != 0 {
			said = append(said, fmt.Sprintf("code %d/%d", e.Code, e.Subcode))
		}
		if e.Cause != "" {
			said = append(said, string(e.Cause))
		}
		if e.TraceID != "" {
			said = append(said, "trace "+e.TraceID)
		}
	}
	return strings.Join(said, ", ")
}

// suspicious says whether many such failures at once point at the app, not at owners.
func (f failure) suspicious() bool {
	switch f.class {
	case instagram.ClassReconnect, instagram.ClassOperator, instagram.ClassHold, instagram.ClassPermanent:
		return true
	default:
		return false
	}
}

// asksForOwner says that Instagram refused the token, so that nothing but a login would help. No failure
// asks for nobody.
func (f *failure) asksForOwner() bool { return f != nil && f.class == instagram.ClassReconnect }

// repeats says that the last failed try failed alike.
func (f failure) repeats(before store.RefreshFailure) bool {
	return before.Class == string(f.class) && before.Cause == string(f.cause)
}

// callWithin bounds one call.
const callWithin = 30 * time.Second

// stopPatience is how long a call in hand goes on after the order to stop: nearly all of the ten
// seconds that a stop may take, for an answer that nobody waits for may be the only living token.
// What is left is for writing it.
const stopPatience = 8 * time.Second

// inHand returns the context of a call: it outlives ctx by stopPatience.
func inHand(ctx context.Context) (context.Context, context.CancelFunc) {
	call, cancel := context.WithTimeout(context.WithoutCancel(ctx), callWithin)
	stop := context.AfterFunc(ctx, func() { time.AfterFunc(stopPatience, cancel) })
	return call, func() { stop(); cancel() }
}

// givenUp says that a call in hand was broken off because the process stops, which says nothing about the
// token. One that took too long does.
func givenUp(ctx, hand context.Context) bool { return ctx.Err() != nil && hand.Err() != nil }
