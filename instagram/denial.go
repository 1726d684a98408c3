package instagram

import "strings"

// Denial is the refusal that Instagram puts into the query of a callback, in place of a code: its
// error, error_reason and error_description. Instagram says access_denied both for an owner who
// cancels and for an app that she may not use; with the latter Cause says so
// (docs/instagram.md, Authorize).
//
// The texts came through a browser, so anybody may have written them.
func Denial(kind, reason, description string) *Error {
	said := strings.Trim(reason+": "+description, ": ")
	cause := Recognize(said)
	var q call
	return &Error{
		Class:   cause.Class(),
		Cause:   cause,
		Call:    "authorization",
		Type:    q.clean(kind),
		Message: q.clean(said),
	}
}
