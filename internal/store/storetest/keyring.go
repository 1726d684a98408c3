package storetest

import "latchkey/internal/store"

var keyringCases = []Case{
	{"keyring/no fingerprint at first", script{
		fails(fingerprint(), store.ErrNotFound),
		fails(replaceFingerprint("old", "new"), store.ErrConflict),
		fails(fingerprint(), store.ErrNotFound),
	}.check},

	{"keyring/the first fingerprint is recorded once", script{
		does(replaceFingerprint("", "first")),
		gives(fingerprint(), "first"),
		fails(replaceFingerprint("", "second"), store.ErrConflict),
		fails(replaceFingerprint("", "first"), store.ErrConflict),
		gives(fingerprint(), "first"),
	}.check},

	{"keyring/a fingerprint is replaced by who knows it", script{
		does(replaceFingerprint("", "first")),
		fails(replaceFingerprint("other", "second"), store.ErrConflict),
		gives(fingerprint(), "first"),
		does(replaceFingerprint("first", "second")),
		gives(fingerprint(), "second"),
		fails(replaceFingerprint("first", "third"), store.ErrConflict),
		gives(fingerprint(), "second"),
	}.check},

	{"keyring/sealed is held while a connection has a token", script{
		gives(holdsSealed(), false),
		does(put(bare("17"), happened("17", noon, ""))),
		gives(holdsSealed(), false),
		does(put(full("18"), happened("18", noon, ""))),
		gives(holdsSealed(), true),
		does(update(sameLogin(bare("18")), happened("18", noon, ""))),
		gives(holdsSealed(), false),
		does(update(at(full("18"), 2), happened("18", noon, ""))),
		gives(holdsSealed(), true),
		does(deleteConnection("18")),
		gives(holdsSealed(), false),
	}.check},
}
