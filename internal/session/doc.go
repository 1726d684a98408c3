// Package session keeps people signed in: a browser holds a random secret, the store its hash.
//
// It owns how long a session lives and when its use is written down. It leaves to others the
// cookie that carries the secret (web) and the rows (store), and it does not ask whether the
// connection that a session belongs to is still there. Its time is the machine's own, so that a
// test clock signs nobody out.
package session
