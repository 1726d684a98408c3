// Package seal closes small secrets so that they can lie in a database, and opens them again.
//
// It owns the keyring file and the form of a sealed value: AES-256-GCM by a Tink keyset, bound by
// its associated data to a purpose and an owner, so that a sealed value which was moved to another
// row or another field does not open. It leaves to others where sealed values are kept, who may
// open one, and which keyring belongs to which store.
//
// The keyring file is the keyset in clear, as Tink's JSON, in a file that only its user can read.
// Whoever has it and the database has every token: a backup keeps the two apart.
package seal
