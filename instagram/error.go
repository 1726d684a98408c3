package instagram

import "time"

// Class says what can be done about an error.
type Class string

// The classes.
const (
	ClassReconnect Class = "reconnect" // only the owner can cure it, by logging in again
	ClassRetry     Class = "retry"     // the same call may work later
	ClassHold      Class = "hold"      // stop calling for hours or days; the token stays good
	ClassOperator  Class = "operator"  // the app or its configuration is wrong; the owner can do nothing
	ClassPermanent Class = "permanent" // this call will never work; the account is fine
	ClassIgnore    Class = "ignore"    // there is no data for this item
)

// Cause names a known case of an error; "" is an unknown one.
type Cause string

// The causes that callers act on.
const (
	CauseCodeSpent  Cause = "code_spent"  // the code is wrong, expired or was used already
	CauseNoRole     Cause = "no_role"     // the account has no role on the app
	CauseAppRemoved Cause = "app_removed" // the owner removed the app
)

// Error is an answer of Instagram that is not a success, or the lack of any answer.
type Error struct {
	Class      Class
	Cause      Cause
	Call       string // what was asked, like "code exchange"
	Status     int    // of HTTP; 0 when no answer came
	Code       int
	Subcode    int
	Type       string
	Message    string
	TraceID    string
	RetryAfter time.Duration // how long Instagram asks to wait; 0 when it did not say
}

func (e *Error) Error() string { return e.Call }

// Advice is a sentence for the operator.
func (e *Error) Advice() string { return "" }

// ClassFor decides the class again with the granted scopes in hand (nil: unknown).
func (e *Error) ClassFor(granted []string) Class { return e.Class }

// Recognize finds the known case in a text that Instagram shows, "" when there is none.
func Recognize(text string) Cause { return "" }

// Class is what can be done about it.
func (c Cause) Class() Class { return ClassRetry }

// Advice is a sentence for the operator.
func (c Cause) Advice() string { return "" }
