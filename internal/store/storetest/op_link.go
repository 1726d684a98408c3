package storetest

import (
	"context"
	"fmt"
	"time"

	"latchkey/internal/store"
)

func createLink(l store.Link) op {
	return op{"create link of " + l.ConnectionID, func(ctx context.Context, s store.Store) (any, error) {
		return nil, s.CreateLink(ctx, l)
	}}
}

func link(secret store.Hash) op {
	return op{"link", func(ctx context.Context, s store.Store) (any, error) {
		return s.Link(ctx, secret)
	}}
}

func useLink(secret store.Hash, now time.Time) op {
	return op{fmt.Sprintf("use link at %v", now), func(ctx context.Context, s store.Store) (any, error) {
		return s.UseLink(ctx, secret, now)
	}}
}

func countLinks(id string, p store.Purpose, since time.Time) op {
	return op{fmt.Sprintf("count links of %s to %s since %v", id, p, since), func(ctx context.Context, s store.Store) (any, error) {
		return s.CountLinks(ctx, id, p, since)
	}}
}

func deleteExpiredLinks(now time.Time) op {
	return op{fmt.Sprintf("sweep links at %v", now), func(ctx context.Context, s store.Store) (any, error) {
		return s.DeleteExpiredLinks(ctx, now)
	}}
}
