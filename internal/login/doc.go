// Package login begins and finishes a login with Instagram.
//
// It owns the login on its way (state, binding, mark, their end), the order of the calls that turn
// a callback into a connection, which account gets in through a reconnect link, and the decision
// which refusal an owner sees. It leaves cookies, sessions and pages to web, making such links to
// notice, sealing and storing to vault, and every fact about Instagram's answers to instagram.
package login
