package store

import "crypto/sha256"

// Hash stands for a random secret that a browser holds and the store must not: a state, a binding,
// a session. One round suffices because what is hashed is long and random.
type Hash [sha256.Size]byte

// IsZero says that it is the hash of nothing.
func (h Hash) IsZero() bool { return h == Hash{} }

// HashOf returns the hash of a secret.
func HashOf(secret string) Hash { return sha256.Sum256([]byte(secret)) }
