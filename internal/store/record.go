package store

import (
	"context"
	"time"
)

// RecordKind names a kind of record, and the room that owns it knows what its body says.
type RecordKind string

// Record is a small thing that a room keeps under a key.
type Record struct {
	Kind RecordKind
	// Key is unique within its kind. Where it stands for a secret, it is made of the secret's hash.
	Key string
	// Owner is the connection that the record belongs to and goes with; empty when it is nobody's.
	Owner string
	// Body is what the room wrote; the store does not read it. Nil and empty are the same.
	Body []byte
	// ExpiresAt is when the record may be removed; zero means never. Until then it is there, also for
	// whoever asks later than that: what is over is for its room to say.
	ExpiresAt time.Time
	// Version counts the writes of this record, from 1.
	Version int64
	// Fleeting says that a loss of power may take this write back, for what is worth no more than a
	// press of a button. It is not kept.
	Fleeting bool
}

// Records keeps records by their kind and key. They go with their owner.
type Records interface {
	// PutRecord replaces every field if the stored version is still r.Version, where 0 means that
	// nothing is kept under the key yet. It returns the record as stored, its version one more. Of many
	// that put the same at once, one succeeds. Another version is ErrConflict, and an owner who is no
	// connection, or is none any more, ErrOwnerGone; then nothing is changed.
	PutRecord(ctx context.Context, r Record) (Record, error)
	// Record returns the record, over or not.
	Record(ctx context.Context, kind RecordKind, key string) (Record, error)
}
