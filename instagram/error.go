package instagram

import (
	"cmp"
	"fmt"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"time"
)

// Class says what can be done about an error.
type Class string

// The classes (docs/instagram.md, Errors). An error that is not known is [ClassRetry], never
// [ClassReconnect]: nobody is asked to log in again on a guess.
const (
	ClassReconnect Class = "reconnect" // only the owner can cure it, by logging in again
	ClassRetry     Class = "retry"     // the same call may work later
	ClassHold      Class = "hold"      // stop calling for hours or days; the token stays good
	ClassOperator  Class = "operator"  // the app or its configuration is wrong; the owner can do nothing
	ClassPermanent Class = "permanent" // this call will never work; the account is fine
	ClassIgnore    Class = "ignore"    // there is no data for this item, and that is all
)

// Error is every failure of a call: a refusal by Instagram, an answer that cannot be understood,
// or no answer at all. Get it with errors.AsType[*instagram.Error].
//
// No text in it contains the code, the token or the app secret of the call. With errors.Is it
// answers for what went wrong underneath, context.Canceled and context.DeadlineExceeded included.
type Error struct {
	Class Class  // see also ClassFor
	Cause Cause  // the known case that this is; "" when it is none
	Call  string // what was asked, like "code exchange", "me" or "{id}/insights"

	Status        int    // of HTTP; 0 when no answer came
	Code, Subcode int    // Instagram's own; 0 when it named none
	Type          string // Instagram's own, like "OAuthException"; says nothing about the class
	Message       string // Instagram's literal text, at most 500 bytes, for the operator's eyes
	TraceID       string // what Meta's support asks for (fbtrace_id)

	// Scope is what the owner must have granted for this call; "" when it depends.
	Scope string

	// RetryAfter is how long Instagram asks to wait, 0 when it did not say. Calling on while it
	// lasts prolongs it.
	RetryAfter time.Duration

	err error
	// unsent says that the question did not leave this machine.
	unsent bool
	// transient says that Instagram called the failure transient.
	transient bool
}

// MayHaveWorked says that Instagram may have done what was asked for, although the answer does not say
// so: none came, or one that says no more than that something went wrong. After a refresh that may
// have worked the old token may live for minutes only (docs/instagram.md, Refresh). What was refused
// for a limit was not done, even where Instagram calls that transient.
func (e *Error) MayHaveWorked() bool {
	switch {
	case e.unsent, e.Status == http.StatusTooManyRequests, slices.Contains([]Cause{CauseAppLimit, CauseRateLimit, CauseWait}, e.Cause):
		return false
	case e.Status == 0, e.Status >= 500, e.transient:
		return true
	default:
		return slices.Contains([]Cause{causeUnreachable, causeUnreadable, causeTooLarge, causeNoToken, causeServer}, e.Cause)
	}
}

// Error names the call, the numbers and the known case. It leaves Message out, which is foreign
// text: whoever logs it does so knowingly.
func (e *Error) Error() string {
	var said []string
	if e.Status != 0 {
		said = append(said, fmt.Sprintf("status %d", e.Status))
	}
	switch {
	case e.Subcode != 0:
		said = append(said, fmt.Sprintf("code %d/%d", e.Code, e.Subcode))
	case e.Code != 0:
		said = append(said, fmt.Sprintf("code %d", e.Code))
	}
	said = append(said, cmp.Or(string(e.Cause), "unknown cause"))
	text := "instagram: " + e.Call + ": " + strings.Join(said, ", ")
	if e.err != nil {
		text += ": " + e.err.Error()
	}
	return text
}

// Unwrap returns what went wrong underneath, nil when Instagram refused.
func (e *Error) Unwrap() error { return e.err }

// Advice is a sentence for the operator: what this is and what to do about it.
func (e *Error) Advice() string { return e.Cause.Advice() }

// ClassFor decides the class with the scopes that the owner granted, nil when they are not known.
// It differs from Class for a missing permission alone (codes 10 and 200 to 299): that is for the
// owner to cure when she did not grant the scope, and for the operator when she did, because then
// the app lacks the access. Class itself takes the scopes as not known, which means the operator.
func (e *Error) ClassFor(granted []string) Class {
	missing := e.Scope != "" && granted != nil && !slices.Contains(granted, e.Scope)
	if e.Cause == causePermission && e.Class == ClassOperator && missing {
		return ClassReconnect
	}
	return e.Class
}

// LogValue is a group with everything that the operator may need, Message included.
func (e *Error) LogValue() slog.Value {
	attrs := []slog.Attr{
		slog.String("call", e.Call),
		slog.String("class", string(e.Class)),
		slog.String("cause", string(e.Cause)),
		slog.Int("status", e.Status),
		slog.Int("code", e.Code),
		slog.Int("subcode", e.Subcode),
		slog.String("type", e.Type),
		slog.String("message", e.Message),
		slog.String("trace_id", e.TraceID),
	}
	if e.err != nil {
		attrs = append(attrs, slog.String("error", e.err.Error()))
	}
	return slog.GroupValue(attrs...)
}
