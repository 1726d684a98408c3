// Package egress is the way out to an address that somebody else chose: a picture's, a webhook's.
//
// It owns which networks may be dialled, and that this is decided by the address that a name turned out to have. It
// leaves to its callers which hosts and paths they want, how much they read, and what they send.
package egress
