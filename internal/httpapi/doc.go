// Package httpapi is what software sees of Latchkey: the health checks, and the JSON forms of what
// is stored. Pages for people are web's.
package httpapi
