// Package web is what people see of Latchkey: its pages, the login in a browser, and the files that
// the pages need.
//
// It owns the routes for people, the templates and their words, the cookies, and what a refusal or a
// failure looks like. It leaves the login to login, who is signed in to session, the owner's token
// to vault, and what stands around every request to middleware, which asks it for three pages.
//
// Every page is rendered whole before its first byte, works without a script, and says only what is
// built. Dates on pages follow the domain's clock; cookies and sessions the machine's.
package web
