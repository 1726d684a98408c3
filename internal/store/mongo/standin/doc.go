// Command standin is the database that the tests of the MongoDB store use where no MongoDB is at
// hand: FerretDB on SQLite, in a folder that is gone when it ends.
//
// It prints its address and runs until its stdin closes, or until SIGINT or SIGTERM.
//
// FerretDB is not atomic: of two updates of a document at once, one may be lost. So everything goes
// through a proxy that lets one command through at a time (see proxy.go); with it, the promises of a
// single document hold, and a test of them means something. What FerretDB lacks besides is listed
// at the MongoDB store (internal/store/mongo/doc.go).
//
// It is a module of its own, so that nothing of FerretDB gets into Latchkey's go.mod.
package main
