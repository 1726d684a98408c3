// Package vault is the only door to a token: the only code that seals one, opens one or destroys
// one. Whoever comes through it names himself, and every opening leaves an event in the history
// of the connection, written before the token is opened.
//
// It owns what a connection looks like after a login and after its end. It leaves to others the
// conversation with Instagram (login), the cipher and the keyring file (seal), the rows (store)
// and the sessions of the owner, which end when their own room is told so.
package vault
