// Package mongotest gives tests a MongoDB of their own.
//
// Where LATCHKEY_TEST_MONGODB_URI names a server, that one is used; else the stand-in of
// internal/store/mongo/standin, which is built on first use and kept in the user's cache folder.
// Either way a test gets a database that nothing else uses and that is dropped at its end.
package mongotest
