// Package api holds the JSON forms in which Latchkey shows what it keeps, to programs and on the
// command line. It holds no behaviour beyond the form, and nothing secret has a place in it.
package api
