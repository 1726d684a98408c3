package login

import (
	"crypto/rand"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"strings"
	"time"

	"latchkey/internal/store"
)

// stateForm is the first byte of every state; another form gets another one.
const stateForm = 1

// state is a login on its way, between our redirect to Instagram and the callback. It travels sealed with
// the browser, so that to begin a login costs the store nothing and any process can finish it.
type state struct {
	// Number is random, and tells this login from all others.
	Number [16]byte
	// BegunAt is on the machine's own time, to the millisecond.
	BegunAt time.Time
	// Binding is the hash of the cookie that ties the login to the browser that began it.
	Binding store.Hash
	// Link is the hash of the reconnect link through which the login began; zero when it began
	// without one.
	Link store.Hash
	// Scopes is what the owner was asked for; the settings may change before she comes back.
	Scopes []string
}

func newState(now time.Time, binding string, link store.Hash, scopes []string) state {
	s := state{BegunAt: now, Binding: store.HashOf(binding), Link: link, Scopes: scopes}
	rand.Read(s.Number[:])
	return s
}

// endsAt is when the login can no longer be finished.
func (s state) endsAt() time.Time { return s.BegunAt.Add(RequestLife) }

// key is that of the mark which says that the login came back.
func (s state) key() string { return hex.EncodeToString(s.Number[:]) }

// bytes is the form in which a state is sealed: the fixed parts, then the scopes.
func (s state) bytes() []byte {
	b := append([]byte{stateForm}, s.Number[:]...)
	b = binary.BigEndian.AppendUint64(b, uint64(s.BegunAt.UnixMilli()))
	b = append(b, s.Binding[:]...)
	b = append(b, s.Link[:]...)
	return append(b, strings.Join(s.Scopes, " ")...)
}

var errNoState = errors.New("not a state of this form")

// parseState reads what bytes wrote.
func parseState(b []byte) (s state, err error) {
	const millis = 8
	fixed := 1 + len(s.Number) + millis + len(s.Binding) + len(s.Link)
	if len(b) < fixed || b[0] != stateForm {
		return state{}, errNoState
	}
	rest := b[1:]
	rest = rest[copy(s.Number[:], rest):]
	s.BegunAt = time.UnixMilli(int64(binary.BigEndian.Uint64(rest)))
	rest = rest[millis:]
	rest = rest[copy(s.Binding[:], rest):]
	rest = rest[copy(s.Link[:], rest):]
	s.Scopes = strings.Fields(string(rest))
	return s, nil
}
