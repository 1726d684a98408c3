// Package health knows whether what a server keeps can be written.
//
// It owns when a write is tried, for all who ask together, and what the log says when that changes. It
// leaves the try itself to the store, the numbers to metrics, and the answer to a probe to httpapi.
package health
