// Package mail sends plain-text mails through one mail server.
//
// It owns the way to the server (encrypted, but to this machine itself), the headers of a mail that
// a machine wrote, and what counts as a mail address. It leaves to others what a mail says, whom it
// goes to, and when a mail that could not be sent is tried again.
//
// The answers of a mail server are foreign text: a spam filter quotes links, and a careless server
// repeats what it was sent. So errors hold the numbers of an answer and never its words.
package mail
