package mongo

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	driver "go.mongodb.org/mongo-driver/v2/mongo"

	"latchkey/internal/store"
)

// wrap names the operation, and the id where there is one, and puts the contract's word for a failure
// into the chain. Of a call that was tried again when its context ended the driver tells the first
// failure only; the context's error is added there.
func wrap(ctx context.Context, err error, operation ...string) error {
	if err == nil {
		return nil
	}
	if ended := ctx.Err(); ended != nil && !errors.Is(err, ended) {
		err = fmt.Errorf("%w: %w", ended, err)
	}
	if word := wordFor(err); word != nil {
		err = fmt.Errorf("%w: %w", word, err)
	}
	return fmt.Errorf("mongo: %s: %w", strings.Join(operation, " "), err)
}

// wordFor is the contract's word for a failure, nil for what the server said that has none and for what
// is the contract's own word already. Whatever is not the server's, such as a connection that broke or a
// pool that was cleared for it, is of the way there.
func wordFor(err error) error {
	if driver.IsNetworkError(err) || driver.IsTimeout(err) { // some of these look like the server's
		return store.ErrAway
	}
	if said, ok := errors.AsType[driver.ServerError](err); ok && !ofTheDriver(said) {
		return wordOf(said)
	}
	for _, word := range []error{
		store.ErrNotFound, store.ErrExists, store.ErrConflict, store.ErrLeaseLost,
		store.ErrExpired, store.ErrTaken, store.ErrOwnerGone,
	} {
		if errors.Is(err, word) {
			return nil
		}
	}
	return store.ErrAway
}

// ofTheDriver says whether an error looks like the server's and is the driver's own, as that of a pool that was
// cleared while a call waited for a connection: what a server says has a code.
func ofTheDriver(said driver.ServerError) bool {
	failed, ok := errors.AsType[driver.CommandError](said)
	return ok && failed.Code == 0
}

// What servers say of themselves (https://www.mongodb.com/docs/manual/reference/error-codes/).
var (
	// codesAway are of a server that stops, or is not or no longer the primary, and of a write that too
	// few others took.
	codesAway = []int{
		64,    // WriteConcernFailed
		91,    // ShutdownInProgress
		100,   // UnsatisfiableWriteConcern
		189,   // PrimarySteppedDown
		10107, // NotWritablePrimary
		11600, // InterruptedAtShutdown
		11602, // InterruptedDueToReplStateChange
		13435, // NotPrimaryNoSecondaryOk
		13436, // NotPrimaryOrSecondary
	}
	codesReadOnly = []int{
		13,  // Unauthorized
		371, // UserWritesBlocked
	}
	codesFull = []int{
		14031, // OutOfDiskSpace
	}
	// textsFull are of servers that have no code for it: plans of Atlas, and databases on PostgreSQL.
	textsFull = []string{"over your space quota", "No space left on device"}
)

// wordOf is wordFor of what a server said.
func wordOf(said driver.ServerError) error {
	has := func(codes []int) bool { return slices.ContainsFunc(codes, said.HasErrorCode) }
	switch {
	case has(codesFull) || slices.ContainsFunc(textsFull, said.HasErrorMessage):
		return store.ErrFull
	case has(codesReadOnly):
		return store.ErrReadOnly
	case has(codesAway):
		return store.ErrAway
	}
	return nil
}
