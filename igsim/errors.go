package igsim

import (
	"cmp"
	"fmt"
	"net/http"
	"strconv"
	"time"
)

// graphError is an error of the graph role.
type graphError struct {
	status    int
	code      int
	subcode   int
	typ       string
	message   string
	transient bool
	// zeroSubcode shows error_subcode although it is 0, as Instagram does for expired tokens.
	zeroSubcode bool
}

const (
	typeOAuth  = "OAuthException"
	typeIG     = "IGApiException"
	typeMethod = "GraphMethodException"
)

// pair is a code and its subcode.
type pair struct{ code, subcode int }

// knownErrors are the texts and types that Instagram has been seen to send, so that a fault needs
// the numbers only. What a type or a status is left out for is OAuthException and 400.
var knownErrors = map[pair]graphError{
	{190, 0}:   {message: "Error validating access token: The user must log in again."},
	{190, 458}: {message: "Error validating access token: The user has not authorized application."},
	{190, 459}: {message: "Error validating access token: You cannot access the app till you log in to www.instagram.com and follow the instructions given."},
	{190, 460}: {message: "Error validating access token: The session has been invalidated because the user changed their password or Facebook has changed the session for security reasons."},
	{190, 463}: {message: "Error validating access token: Session has expired."},
	{190, 464}: {message: "Error validating access token: Sessions for the user are not allowed because the user is not a confirmed user."},
	{190, 467}: {message: "Error validating access token: This may be because the user logged out or may be due to a system error."},
	{190, 492}: {message: "Error validating access token: The session is invalid because the user does not have a role on the app."},

	{102, 0}: {message: "Session key invalid or no longer valid"},
	{104, 0}: {message: "An access token is required to request this resource."},
	{10, 0}:  {status: http.StatusForbidden, message: "(#10) Application does not have permission for this action"},
	{200, 0}: {message: "API access blocked."},
	{3, 0}:   {message: "(#3) Application does not have the capability to make this API call."},

	{100, 0}:  {typ: typeIG, message: "Unsupported request - method type: get"},
	{100, 33}: {typ: typeMethod, message: "Unsupported get request. Object with ID '0' does not exist, cannot be loaded due to missing permissions, or does not support this operation"},
	{101, 0}:  {message: "Error validating application. Cannot get application info due to a system error."},
	{1, 33}:   {message: "Error validating client secret."},
	{803, 0}:  {message: "(#803) Some of the aliases you requested do not exist"},

	{1, 0}: {status: http.StatusInternalServerError, message: "An unknown error occurred"},
	{2, 0}: {status: http.StatusInternalServerError, transient: true, message: "An unexpected error has occurred. Please retry your request later."},

	{4, 0}:     {message: "(#4) Application request limit reached"},
	{17, 0}:    {message: "(#17) User request limit reached"},
	{32, 0}:    {message: "(#32) Page request limit reached"},
	{341, 0}:   {message: "(#341) Feed action request limit reached"},
	{613, 0}:   {message: "(#613) Calls to this api have exceeded the rate limit."},
	{80002, 0}: {message: "(#80002) There have been too many calls to this Instagram account. Wait a bit and try again."},
	{368, 0}:   {message: "The action attempted has been deemed abusive or is otherwise disallowed"},

	{4, 2207051}:   {message: "Action is blocked"},
	{9, 2207042}:   {message: "The user has reached the maximum number of posts for one day"},
	{24, 2207006}:  {message: "The requested resource does not exist"},
	{25, 2207050}:  {message: "The Instagram account is restricted"},
	{-1, 2207001}:  {message: "Instagram server error"},
	{-2, 2207003}:  {message: "Timeout downloading media"},
	{20, 1772107}:  {message: "This API call does not support the requested response format"},
	{100, 2108006}: {typ: typeIG, message: "Media posted before business account conversion"},
}

// errorFor is the known error of a pair, or one without a text of Instagram's.
func errorFor(code, subcode int) graphError {
	e, ok := knownErrors[pair{code, subcode}]
	if !ok {
		e = knownErrors[pair{code, 0}]
	}
	e.code, e.subcode = code, subcode
	e.typ = cmp.Or(e.typ, typeOAuth)
	e.status = cmp.Or(e.status, http.StatusBadRequest)
	e.message = cmp.Or(e.message, "An unknown error has occurred.")
	return e
}

// because is the error of a pair with another message.
func because(code, subcode int, typ, format string, args ...any) graphError {
	e := errorFor(code, subcode)
	e.status, e.typ, e.message = http.StatusBadRequest, typ, fmt.Sprintf(format, args...)
	return e
}

// unsupported is what Instagram says when the account or the app may not use the API at all, as
// well as for a wrong method.
func unsupported(method string) graphError {
	return because(100, 0, typeIG, "Unsupported request - method type: %s", method)
}

func noObject(verb, id string) graphError {
	return because(100, 33, typeMethod,
		"Unsupported %s request. Object with ID '%s' does not exist, cannot be loaded due to missing permissions, or does not support this operation", verb, id)
}

func sessionExpired(at, now time.Time) graphError {
	const layout = "Monday, 02-Jan-06 15:04:05 MST"
	e := because(190, 0, typeOAuth, "Error validating access token: Session has expired on %s. The current time is %s.",
		pacific(at).Format(layout), pacific(now).Format(layout))
	e.zeroSubcode = true
	return e
}

func cannotParse() graphError {
	return because(190, 0, typeOAuth, "Invalid OAuth access token - Cannot parse access token")
}

// answer is the error in the envelope of the graph role.
func (e graphError) answer(trace string) answer {
	body := map[string]any{"message": e.message, "type": e.typ, "fbtrace_id": trace}
	if e.code != 0 {
		body["code"] = e.code
	}
	if e.subcode != 0 || e.zeroSubcode {
		body["error_subcode"] = e.subcode
	}
	if e.transient {
		body["is_transient"] = true
	}
	return answer{status: e.status, body: map[string]any{"error": body}}
}

// tokenError is an error in the envelope that only the code exchange has.
func tokenError(status int, typ, message string) answer {
	return answer{status: status, body: map[string]any{"error_type": typ, "code": status, "error_message": message}}
}

// trace gives a new fbtrace_id. The caller holds the lock.
func (s *Simulator) trace() string {
	s.traces++
	return "A" + strconv.FormatUint(mix(s.traces, 0x7ace, 0)|1<<63, 36) + "Sim"
}
