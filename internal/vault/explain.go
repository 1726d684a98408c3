package vault

import (
	"latchkey/instagram"
	"latchkey/internal/store"
)

// Explain says to the operator what the cause of a failure means, as a sentence without its full stop, and
// what to do about it, beginning in lower case. One cause is ours: a token that the keyring does not
// open. All others are Instagram's.
func Explain(cause string) (meaning, cure string) {
	if cause == store.CauseSealed {
		return "The keyring does not open the tokens of some connections",
			"see that LATCHKEY_KEYRING_FILE is the keyring that they were sealed with, and look for an older one; " +
				"where none is left, only a new login of the owner helps"
	}
	c := instagram.Cause(cause)
	return c.Meaning(), c.Cure()
}

// Advice is Explain in one sentence.
func Advice(cause string) string {
	meaning, cure := Explain(cause)
	return meaning + ": " + cure + "."
}
