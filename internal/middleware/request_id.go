package middleware

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"net/netip"
)

// requestInfo is what a request is known by in every line that tells of it.
type requestInfo struct {
	id     string
	client netip.Addr
}

type requestInfoKey struct{}

func withRequestInfo(ctx context.Context, i *requestInfo) context.Context {
	return context.WithValue(ctx, requestInfoKey{}, i)
}

// RequestID returns the id by which the log knows the request, eight hexadecimal digits that the
// answer carries as X-Request-Id; empty outside a [Stack].
func RequestID(ctx context.Context) string {
	if i, ok := ctx.Value(requestInfoKey{}).(*requestInfo); ok {
		return i.id
	}
	return ""
}

// Client returns the address that the request came from, without a zone; the zero address when it
// is not known or outside a [Stack].
func Client(ctx context.Context) netip.Addr {
	if i, ok := ctx.Value(requestInfoKey{}).(*requestInfo); ok {
		return i.client
	}
	return netip.Addr{}
}

func newRequestID() string {
	var id [4]byte
	_, _ = rand.Read(id[:]) // it never fails
	return hex.EncodeToString(id[:])
}
