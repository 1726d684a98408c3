package middleware

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"net/netip"
)

// identity is what a request is known by in every line that tells of it.
type identity struct {
	id     string
	client netip.Addr
}

type identityKey struct{}

func withIdentity(ctx context.Context, i *identity) context.Context {
	return context.WithValue(ctx, identityKey{}, i)
}

// RequestID returns the id by which the log knows the request, eight hexadecimal digits that the
// answer carries as X-Request-Id; empty outside a [Stack].
func RequestID(ctx context.Context) string {
	if i, ok := ctx.Value(identityKey{}).(*identity); ok {
		return i.id
	}
	return ""
}

// Client returns the address that the request came from, without a zone; the zero address when it
// is not known or outside a [Stack].
func Client(ctx context.Context) netip.Addr {
	if i, ok := ctx.Value(identityKey{}).(*identity); ok {
		return i.client
	}
	return netip.Addr{}
}

func newRequestID() string {
	var id [4]byte
	_, _ = rand.Read(id[:]) // it never fails
	return hex.EncodeToString(id[:])
}
