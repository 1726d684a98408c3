package igsim

import (
	"net/http"
	"strconv"
)

// unknownApp is how the text of an app that is not there goes on, by the value of the switch.
var unknownApp = map[string]string{
	"system_error": "Cannot get application info due to a system error.",
	"deleted":      "Application has been deleted.",
	"invalid_id":   "Invalid application ID.",
}

// appTrouble is the error of every call while the switches say that the app may not call, or the account has to
// wait; nil is none. The caller holds the lock.
func (s *Simulator) appTrouble() *graphError {
	switch w := s.switches; {
	case w.AppDeactivated:
		e := because(200, 0, typeOAuth, "API access deactivated. To reactivate, go to the app dashboard.")
		e.status = http.StatusOK
		return &e
	case w.AppUnknown != "":
		return fail(because(101, 0, typeOAuth, "Error validating application. %s", unknownApp[w.AppUnknown]))
	case w.Wait != "":
		status, _ := strconv.Atoi(w.Wait) // the switch has numbers alone
		return &graphError{status: status, typ: typeOAuth, message: "Please wait a few minutes before you try again."}
	}
	return nil
}

// secretTrouble is the error of a token call while the switches say that the app secret is wrong; nil is none. The
// caller holds the lock.
func (s *Simulator) secretTrouble() *graphError {
	switch s.switches.SecretRefused {
	case "1":
		return fail(errorFor(1, 33))
	case "100":
		return fail(wrongSecret())
	}
	return nil
}

func wrongSecret() graphError {
	return because(100, 0, typeOAuth, "Error validating client secret.")
}

// tokenTrouble is the refusal of the code exchange for one of those reasons. What has no code comes in that
// endpoint's own envelope. The caller holds the lock.
func (s *Simulator) tokenTrouble() (answer, bool) {
	e := s.appTrouble()
	if e == nil {
		e = s.secretTrouble()
	}
	switch {
	case e == nil:
		return answer{}, false
	case e.code == 0:
		return tokenError(e.status, e.typ, e.message), true
	}
	return e.answer(s.trace()), true
}
