// Command soak shows that connections stay alive: it lets real servers keep the tokens of a
// thousand made-up owners for sixty simulated days, while the simulated Instagram answers wrongly,
// servers are killed and stores go away, and in the end compares what the servers believe with what
// is so.
//
// It owns what goes wrong and when, and what counts as lost. The servers are the program itself,
// built once and run as it is run anywhere; the simulator is igsim, in this process, where its truth
// can be looked up. There is one handler of it per server, so that it is known which of them asked.
//
// # What goes wrong
//
// A share of the answers to a refresh and to /me is wrong, in every class and form (faults.go). What
// happens to the old token differs from refresh to refresh (mode.go). One server is killed each day in
// the middle of its work (killer.go), the store is cut off for an hour twice (cut.go), and some owners
// really change their password or remove the app, or log in again while a server is at work for them
// (owner.go). Every few days an answer goes astray while the old token has minutes left. Once Instagram
// asks for every owner at the same time, for six hours. The clocks of two servers are two minutes apart, and
// every few days that of one is wrong by up to three months for a while (jump.go).
//
// The other course is kills alone, each between an answer and its write (-kills).
//
// # What does not
//
// Nobody can save a token when Instagram ends the old one with a refresh whose answer is lost, or before
// the lease of who lost it is over. A kill does so, and is counted apart. Wrong answers do not: they leave a token that would die of
// them in peace until it is safe. Nor does Instagram say of one owner twice in a row that she has to
// log in, by the refresh and by /me, when that is not so: nobody could tell that from the truth.
//
// # What counts as wrong
//
// A connection that is lost, or was given up, or whose owner was told of trouble, though she had done
// nothing (oracle.go); a next refresh more than eight days away; an answer that a server had and did not
// write. The report tells each with all that is known of the connection, call by call: when by
// Instagram's clock, which server asked, what Instagram did, what the server saw, and what was written.
//
// # The clock
//
// Time stands still, but for its ordinary pace, until every server has said by its metrics that it
// looked after everything that was due; then it jumps, by hours, or by minutes and less while a token dies.
//
// # What repeats
//
// With the same seed, the nth refresh and the nth /me of an owner meet the same fault and are done in the
// same mode, the same owners leave, return and log in meanwhile, the servers are killed over the same
// owners' answers if those come on the same day, and the store, Instagram and the clocks fail on the same
// steps. What does not repeat belongs to the servers: the random part of their waits, which of them takes
// which connection, and with that in which order and on which step calls come. A fault that would be
// hopeless at its moment is replaced by another.
package main
