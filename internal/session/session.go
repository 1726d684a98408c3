package session

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"time"

	"latchkey/internal/store"
)

// ErrOver is a session that is over by our clock and still kept. It is a store.ErrNotFound like one that is
// gone; but a clock that is wrong may be put right, and then it is found again.
var ErrOver = fmt.Errorf("the session is over: %w", store.ErrNotFound)

// Life is how long a session lives at all, however much it is used.
const Life = 180 * 24 * time.Hour

const (
	// idleLife is how long a session lives without being used.
	idleLife = 30 * 24 * time.Hour
	// touchEvery is how exact the time of the last use is, and so how seldom a page costs a write.
	touchEvery = time.Hour
)

// Sessions makes, finds and ends sessions. It is safe for concurrent use.
type Sessions struct {
	Store store.Sessions
	// Now is the machine's own time; nil is time.Now.
	Now func() time.Time
	// Check compares a clock in doubt with another one, before a session is over by it; nil has no
	// other.
	Check func(context.Context)
}

// New makes a session that begins now, and the secret for its cookie. It is one when the login that it is made for has
// stored it with the connection.
func (s *Sessions) New() (secret string, begins store.Session) {
	secret, now := rand.Text(), s.now()
	return secret, store.Session{
		Secret:    store.HashOf(secret),
		CreatedAt: now,
		SeenAt:    now,
		ExpiresAt: now.Add(idleLife),
	}
}

// Find returns the session of a secret and the connection whose owner is signed in with it. A secret that is unknown
// is store.ErrNotFound, one whose session is over ErrOver. Finding is using: it lets the session live on, which costs
// a write once an hour and a single read else.
func (s *Sessions) Find(ctx context.Context, secret string) (store.Session, store.Connection, error) {
	found, c, err := s.find(ctx, secret)
	if err != nil {
		return store.Session{}, store.Connection{}, fmt.Errorf("find a session: %w", err)
	}
	return found, c, nil
}

func (s *Sessions) find(ctx context.Context, secret string) (store.Session, store.Connection, error) {
	if secret == "" {
		return store.Session{}, store.Connection{}, fmt.Errorf("no secret: %w", store.ErrNotFound)
	}
	found, c, err := s.Store.Session(ctx, store.HashOf(secret))
	if err != nil {
		return found, c, err
	}
	now := s.now()
	if !now.Before(found.ExpiresAt) && s.Check != nil {
		s.Check(ctx)
		now = s.now()
	}
	if !now.Before(found.ExpiresAt) {
		return found, c, ErrOver
	}
	if now.Sub(found.SeenAt) >= touchEvery {
		found, err = s.touch(ctx, found, now)
	}
	return found, c, err
}

// touch writes down that a session is in use.
func (s *Sessions) touch(ctx context.Context, found store.Session, now time.Time) (store.Session, error) {
	expires := expiry(found.CreatedAt, now)
	err := s.Store.TouchSession(ctx, found.Secret, now, expires)
	if errors.Is(err, store.ErrNotFound) {
		return found, err // it was ended since it was read
	}
	// The session is good whatever else became of the write: without it, it only ends earlier, and
	// the next use tries again. That is no reason to turn a page away.
	if err == nil {
		found.SeenAt, found.ExpiresAt = now, expires
	}
	return found, nil
}

// expiry is when a session that is used at now is over unless it is used again.
func expiry(created, now time.Time) time.Time {
	idle, whole := now.Add(idleLife), created.Add(Life)
	if whole.Before(idle) {
		return whole
	}
	return idle
}

// End ends the session of a secret. It is no error when there is none, or no secret.
func (s *Sessions) End(ctx context.Context, secret string) error {
	if secret == "" {
		return nil
	}
	if err := s.Store.DeleteSession(ctx, store.HashOf(secret)); err != nil {
		return fmt.Errorf("end a session: %w", err)
	}
	return nil
}

// EndAll ends every session of a connection, in every browser.
func (s *Sessions) EndAll(ctx context.Context, connectionID string) error {
	if err := s.Store.DeleteSessions(ctx, connectionID); err != nil {
		return fmt.Errorf("end the sessions of %s: %w", connectionID, err)
	}
	return nil
}

func (s *Sessions) now() time.Time {
	if s.Now == nil {
		return time.Now()
	}
	return s.Now()
}
