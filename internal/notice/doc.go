// Package notice tells people in time: owners that their connection needs them, and the operator
// that something is wrong with the installation as a whole.
//
// It owns what such a mail says, the rule that nobody is told twice of one cause and nobody is
// forgotten, the mail addresses of owners and how they are confirmed and taken back, and the links
// in the mails. It leaves to others when an owner is needed (store.Connection.NoticeAt, which
// refresh and vault set), when an alarm is raised and cleared (refresh), how a mail travels (mail),
// and the pages behind the links (web).
//
// # Told once
//
// Whoever tells writes first that it is told, at the version that was read, and only the one whose
// write counts sends the mail. When the mail then cannot be sent, what was written is taken back,
// and it is tried again ten minutes later. A process that dies between the two has told nobody of
// this mark; the next one tells again.
//
// The words go by mail to an owner who confirmed an address, and to the operator who set one. Of owners
// without an address, or whose mail is refused for good, the operator is told in their place: one mail
// for those who are due together, with a link for each to pass on. Where the operator gets no mail
// either, a line in the log is the telling. Neither the log nor the history ever holds a link or an
// address in full.
package notice
