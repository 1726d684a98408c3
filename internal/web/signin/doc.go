// Package signin is the way in and out: the front page with its button, the login in a browser, and signing out.
//
// It owns the routes /, /login, /auth, /logout and the login through a reconnect link, the cookies of a login on its
// way, and what a refusal looks like. It leaves the login itself to login, and what an owner sees who is signed in to
// owner.
package signin
