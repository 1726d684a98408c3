// Package mongo keeps the store in MongoDB.
//
// It owns how a document looks, the queries and the indexes. It leaves to package store what they
// must promise, and to the callers when to ask.
//
// # Documents
//
//	connections    _id is the id of the account; the fields have the names of the JSON API, beside
//	               sealed_token, a binary, and those of trouble, of notices and of the lease; pending
//	               holds its newest events until a sweep brings them to the others, sessions its owner's
//	               signed-in browsers, each by the hash of its cookie
//	events         _id is an object id that grows with the moment of writing (see eventIDs)
//	alarms         _id is the kind
//	links          _id is the hash of the secret in the link, a binary
//	records        _id is the kind and the key; the body is a binary
//	entries        _id is the kind, the owner, the moment and the key, in the order of a series; the body is a binary
//	erasures       _id is the id of a connection that was erased some minutes ago
//	meta           "keyring" holds the fingerprint of the keyring, "sweep" the end of the last sweep,
//	               "identity" the name of this store, and "write_check" counts the writes that were tried
//
// What is not there is null, and every field is always written: a query then means the same whether
// or not an index leaves out missing fields. Dates are BSON dates, which are milliseconds in UTC. A
// field that came later may be missing in a document that was not written since; that reads as null.
//
// # What is asked of the server
//
// Atomicity of one document, and nothing beyond it: no transaction, no update by pipeline, no
// partial index. So a plain MongoDB, a replica set and a sharded cluster serve alike, and so does
// FerretDB as far as the tests need it. Whatever must happen once is one update whose filter
// repeats the condition. Every write is acknowledged by a majority; every read asks the primary.
//
// An index that lets the server expire records and links by itself is made
// where the server has such a thing; DeleteExpired and DeleteExpiredLinks do not rely on it.
//
// # Cost
//
// The usual course of a method is one round trip. A history takes two, and so does a login of an account that this
// process sees for the first time, and an alarm with its event.
// ClaimDue takes two for however many it claims, and a third when somebody else claimed at the same
// moment. Only a refusal asks a second time, to tell why. DeleteConnection asks each collection, and
// CountFailures and Count once for each of their numbers, counted in an index that has all they ask about.
// HoldsSealed alone has no index: it reads connections until it finds a sealed token, once at the
// start of a process.
package mongo
