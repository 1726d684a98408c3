package storetest

import (
	"context"
	"fmt"

	"latchkey/internal/store"
)

func putRecord(r store.Record) op {
	name := fmt.Sprintf("put record %s/%s at version %d", r.Kind, r.Key, r.Version)
	return op{name, func(ctx context.Context, s store.Store) (any, error) {
		return s.PutRecord(ctx, r)
	}}
}

func record(kind store.RecordKind, key string) op {
	return op{fmt.Sprintf("record %s/%s", kind, key), func(ctx context.Context, s store.Store) (any, error) {
		return s.Record(ctx, kind, key)
	}}
}
