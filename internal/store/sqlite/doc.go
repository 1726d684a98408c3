// Package sqlite keeps what [store] describes in one SQLite file.
//
// It owns the tables, their migrations, the statements and how the file is opened. It leaves to
// its callers every decision, and to [store] what is promised.
//
// # The file
//
// The file is in WAL mode on a local disk; several processes of this kind may share it. Each has
// two connections that write, in turns, and a few that only read. A write begins by taking the lock
// of the file and waits up to ten seconds for it, so that no transaction fails half-way because
// somebody else wrote first. A commit is on disk before a call returns, but for marks
// of logins, sessions that go on, leases, and sweeps (docs/decisions/0005). Calls that wait
// to write at once share a transaction and its wait for the disk. What is deleted or replaced is
// overwritten with zeros, so that a destroyed token does not linger in free pages; the write-ahead
// log has it until it comes round, or what was erased until nobody reads an older state.
//
// Times are milliseconds since 1970, the zero time and what is nil are NULL, and lists of scopes
// are JSON. The names are those of the JSON API.
package sqlite
