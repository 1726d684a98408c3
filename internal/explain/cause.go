package explain

import (
	"latchkey/instagram"
	"latchkey/internal/store"
)

// Cause says to the operator what the cause of a failure means, as a sentence without its full stop, and
// what to do about it, beginning in lower case. One cause is ours: a token that the keyring does not
// open. All others are Instagram's.
func Cause(cause string) (meaning, cure string) {
	if cause == store.CauseSealed {
		return "The keyring does not open the tokens of some connections",
			"see that LATCHKEY_KEYRING_FILE is the keyring that they were sealed with, and look for an older one; " +
				"where none is left, only a new login of the owner helps"
	}
	k := known(instagram.Cause(cause))
	return k.meaning, k.cure
}

// Advice is Cause in one sentence.
func Advice(cause string) string {
	meaning, cure := Cause(cause)
	return meaning + ": " + cure + "."
}

// Class says what can be done about a cause of Instagram's.
func Class(cause instagram.Cause) instagram.Class { return known(cause).class }

// known is what is known of a cause, be it an error of a call or a symptom.
func known(c instagram.Cause) symptom {
	if s, ok := symptoms[c]; ok {
		return s
	}
	return symptom{c.Class(), c.Meaning(), c.Cure()}
}

// isKnown says whether anything is known of the cause.
func isKnown(c instagram.Cause) bool { return known(c) != known("") }
