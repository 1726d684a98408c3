// Package middleware is what every request passes on its way to a page or to the JSON API, and on
// its way back.
//
// It owns the address of the client behind proxies, the id of a request, the request log, what
// becomes of a panic, the headers that keep a browser strict, the refusal of requests that another
// site sent, and the limit on how often one client may do a thing. [Stack] puts all but the limit
// around a handler, in the one order that works; a [Limiter] goes around single routes.
//
// It leaves to its callers what a page looks like: it asks them to write one.
//
// Everything here is on the machine's own time.
package middleware
