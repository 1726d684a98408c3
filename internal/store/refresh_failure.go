package store

import "time"

// RefreshFailure is why a token was not refreshed when it was due. The zero value is none: one success
// clears all of it.
type RefreshFailure struct {
	// Since is the first failed try since the last good one; zero means no trouble.
	Since time.Time
	// Tries counts the failed tries since then.
	Tries int64
	// Class and Cause are those of the last failed try that said what is wrong, as the package
	// instagram names them; one that says no more than "later" does not cover up what is known.
	Class, Cause string
	// SuspectedAt is when Instagram first said that the owner has to log in again, and SuspectedCause
	// why. Such an answer counts only once another one agrees; zero means that there is no doubt.
	SuspectedAt    time.Time
	SuspectedCause string
	// RecordedAt is when the history last told of a failed try. Not every try is worth a line.
	RecordedAt time.Time
}

// CauseSealed is the cause of a token that the keyring does not open: none of Instagram's.
const CauseSealed = "sealed"

// IsZero says that all is well.
func (t RefreshFailure) IsZero() bool { return t == RefreshFailure{} }
