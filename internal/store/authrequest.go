package store

import (
	"context"
	"time"
)

// AuthRequestKept is how long a request stays after its expiry, so that an expired and a used one
// are told from one that never was.
const AuthRequestKept = time.Hour

// AuthRequest is one login on its way: between our redirect to Instagram and the callback. Its
// times are the machine's own.
type AuthRequest struct {
	// State is the hash of the state in the redirect, and the key.
	State Hash
	// Binding is the hash of the cookie that ties the request to the browser that began it.
	Binding Hash
	// Link is the hash of the reconnect link through which the login began; zero when it began
	// without one. Through a link only the account of its connection gets in.
	Link Hash
	// Scopes is what the owner was asked for.
	Scopes               []string
	CreatedAt, ExpiresAt time.Time
	// TakenAt is when the callback came; zero until then.
	TakenAt time.Time
	// TakenBy names the process that took the request; empty until then.
	TakenBy string
}

// AuthRequests keeps the logins that are on their way.
type AuthRequests interface {
	// CreateAuthRequest adds a request. A state that is there already is ErrExists.
	CreateAuthRequest(ctx context.Context, r AuthRequest) error
	// TakeAuthRequest marks the request as taken by the process at now and returns it, if it has
	// this binding, was not taken and is not expired at now; it does so once, however many ask at
	// once. Otherwise nothing changes, and the error is, the first that applies: ErrNotFound,
	// ErrOtherBinding, ErrTaken, ErrExpired. With ErrTaken comes the request as it was taken.
	TakeAuthRequest(ctx context.Context, state, binding Hash, by string, now time.Time) (AuthRequest, error)
	// CountAuthRequests says how many requests are outstanding at now: neither taken nor expired. It may
	// cost as much as are kept.
	CountAuthRequests(ctx context.Context, now time.Time) (int, error)
}
