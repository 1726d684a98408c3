// Package storetest is the contract of [store] as a test: what [Run] passes on, a database may be
// used for.
//
// It owns the cases. Most are scripts: operations in the order in which a caller does them, each
// with what must come of it, so that they read as a specification; the others race several callers.
// It leaves to each database what only that database promises: how it is opened, what its files
// look like, and that its queries use an index.
//
// Where the contract speaks of a moment, the cases settle the moment itself: what ends at T is over
// at T, what is due at T is due at T, and what is after T is later than T.
package storetest
