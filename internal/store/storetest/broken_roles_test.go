package storetest_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"latchkey/internal/store"
)

var eventBreakages = []breakage{
	{"events/none is no error", "no event is an error", func(f *faulty) {
		f.events = func(ctx context.Context, id string, limit int) ([]store.Event, error) {
			all, err := f.Store.Events(ctx, id, limit)
			if len(all) == 0 {
				err = store.ErrNotFound
			}
			return all, err
		}
	}},
	{"events/every field is kept", "the caller is forgotten", func(f *faulty) {
		f.appendEvent = func(ctx context.Context, e store.Event) error {
			e.Caller = ""
			return f.Store.AppendEvent(ctx, e)
		}
	}},
	{"events/a connection must be there, or the event is of none", "every event needs a connection", func(f *faulty) {
		f.appendEvent = func(ctx context.Context, e store.Event) error {
			if _, err := f.Store.Connection(ctx, e.ConnectionID); err != nil {
				return errors.Join(store.ErrOwnerGone, err)
			}
			return f.Store.AppendEvent(ctx, e)
		}
	}},
	{"events/a connection must be there, or the event is of none", "an event of nobody is no error", func(f *faulty) {
		f.appendEvent = func(ctx context.Context, e store.Event) error {
			return but(f.Store.AppendEvent(ctx, e), store.ErrOwnerGone, nil)
		}
	}},
	{"links/a connection must be there, or the link is of none", "a link to nobody is no error", func(f *faulty) {
		f.createLink = func(ctx context.Context, l store.Link) error {
			return but(f.Store.CreateLink(ctx, l), store.ErrOwnerGone, nil)
		}
	}},
	{"parallel/nothing that is written beside an erase outlives it", "an event does", func(f *faulty) {
		f.deleteConnection = func(ctx context.Context, id string) error {
			err := f.Store.DeleteConnection(ctx, id)
			_, putErr := f.Store.PutConnection(ctx, store.Connection{ID: id}, store.Event{ConnectionID: id})
			return errors.Join(err, putErr)
		}
	}},
	{"events/the newest come first, not those added last", "those added last come first", func(f *faulty) {
		var added []store.Event
		f.appendEvent = func(ctx context.Context, e store.Event) error {
			added = append([]store.Event{e}, added...)
			return f.Store.AppendEvent(ctx, e)
		}
		f.events = func(context.Context, string, int) ([]store.Event, error) { return added, nil }
	}},
	{"events/of the same moment, the one added last comes first", "of the same moment the first comes first", func(f *faulty) {
		f.events = func(ctx context.Context, id string, limit int) ([]store.Event, error) {
			all, err := f.Store.Events(ctx, id, limit)
			slices.Reverse(all)
			return all, err
		}
	}},
	{"events/at most limit, the newest of them", "the limit leaves the oldest", func(f *faulty) {
		f.events = func(ctx context.Context, id string, limit int) ([]store.Event, error) {
			all, err := f.Store.Events(ctx, id, 1000)
			return all[max(len(all)-limit, 0):], err
		}
	}},
	{"events/each connection has its own", "an id may be the beginning of another", func(f *faulty) {
		f.events = func(ctx context.Context, id string, limit int) ([]store.Event, error) {
			own, err := f.Store.Events(ctx, id, limit)
			others, _ := f.Store.Events(ctx, id+"7", limit)
			return append(own, others...), err
		}
	}},
}

const sweptEvents = "events/a sweep removes what happened before a moment, whosever it is"

var sweptEventBreakages = []breakage{
	{sweptEvents, "a sweep comes a moment too early", func(f *faulty) {
		f.sweepEvents = func(ctx context.Context, before time.Time) (int, error) {
			return f.Store.SweepEvents(ctx, before.Add(time.Millisecond))
		}
	}},
	{sweptEvents, "a sweep comes a moment too late", func(f *faulty) {
		f.sweepEvents = func(ctx context.Context, before time.Time) (int, error) {
			return f.Store.SweepEvents(ctx, before.Add(-time.Millisecond))
		}
	}},
	{sweptEvents, "a sweep does not count", func(f *faulty) {
		f.sweepEvents = func(ctx context.Context, before time.Time) (int, error) {
			_, err := f.Store.SweepEvents(ctx, before)
			return 0, err
		}
	}},
	{sweptEvents, "what happened at no time happened long ago", func(f *faulty) {
		f.appendEvent = func(ctx context.Context, e store.Event) error {
			if e.At.IsZero() {
				e.At = time.UnixMilli(0)
			}
			return f.Store.AppendEvent(ctx, e)
		}
	}},
	{sweptEvents, "what tells of a login stays", func(f *faulty) {
		f.put = func(ctx context.Context, c store.Connection, e store.Event, begins ...store.Session) (store.Connection, error) {
			e.At = e.At.Add(365 * 24 * time.Hour)
			return f.Store.PutConnection(ctx, c, e, begins...)
		}
	}},
	{sweptEvents, "the connection goes too", func(f *faulty) {
		f.sweepEvents = func(ctx context.Context, before time.Time) (int, error) {
			n, err := f.Store.SweepEvents(ctx, before)
			return n, errors.Join(err, f.Store.DeleteConnection(ctx, "17"))
		}
	}},
}

var sessionBreakages = []breakage{
	{"sessions/one that is not there", "to delete nothing is an error", func(f *faulty) {
		f.deleteSession = func(ctx context.Context, secret store.Hash) error {
			_, _, err := f.Store.Session(ctx, secret)
			return errors.Join(err, f.Store.DeleteSession(ctx, secret))
		}
	}},
	{"sessions/one that is not there", "a touch makes a session", func(f *faulty) {
		f.touchSession = func(ctx context.Context, secret store.Hash, seenAt, expiresAt time.Time) error {
			return but(f.Store.TouchSession(ctx, secret, seenAt, expiresAt), store.ErrNotFound, nil)
		}
	}},
	{"sessions/every field is kept", "a session was seen when it was created", func(f *faulty) {
		f.put = withSessions(f, func(s *store.Session) { s.SeenAt = s.CreatedAt })
	}},
	{"sessions/one comes with its connection, as it is now", "it comes with the connection of its login", func(f *faulty) {
		var login store.Connection
		f.put = func(ctx context.Context, c store.Connection, e store.Event, begins ...store.Session) (store.Connection, error) {
			stored, err := f.Store.PutConnection(ctx, c, e, begins...)
			login = stored
			return stored, err
		}
		f.session = func(ctx context.Context, secret store.Hash) (store.Session, store.Connection, error) {
			s, _, err := f.Store.Session(ctx, secret)
			return s, login, err
		}
	}},
	{"sessions/no write of one is a write of its connection", "a touch counts as one", func(f *faulty) {
		f.touchSession = func(ctx context.Context, secret store.Hash, seenAt, expiresAt time.Time) error {
			_, c, err := f.Store.Session(ctx, secret)
			_, updateErr := f.Store.UpdateConnection(ctx, c)
			return errors.Join(err, updateErr, f.Store.TouchSession(ctx, secret, seenAt, expiresAt))
		}
	}},
	{"sessions/a login leaves those that are there", "a login signs out everywhere else", func(f *faulty) {
		f.put = func(ctx context.Context, c store.Connection, e store.Event, begins ...store.Session) (store.Connection, error) {
			err := f.Store.DeleteSessions(ctx, c.ID)
			stored, putErr := f.Store.PutConnection(ctx, c, e, begins...)
			return stored, errors.Join(err, putErr)
		}
	}},
	{"sessions/of too many those that began first are over", "any number may be there", func(f *faulty) {
		var kept []store.Session
		f.put = func(ctx context.Context, c store.Connection, e store.Event, begins ...store.Session) (store.Connection, error) {
			kept = append(kept, begins...)
			return f.Store.PutConnection(ctx, c, e, begins...)
		}
		f.session = func(ctx context.Context, secret store.Hash) (store.Session, store.Connection, error) {
			for _, s := range kept {
				if s.Secret == secret {
					return s, store.Connection{}, nil
				}
			}
			return f.Store.Session(ctx, secret)
		}
	}},
	{"sessions/of too many those that began first are over", "the newest are", func(f *faulty) {
		begun := 0
		f.put = func(ctx context.Context, c store.Connection, e store.Event, begins ...store.Session) (store.Connection, error) {
			if begun += len(begins); begun > store.MaxSessions {
				begins = nil
			}
			return f.Store.PutConnection(ctx, c, e, begins...)
		}
	}},
	{"sessions/one goes with its connection", "an erase leaves it", func(f *faulty) {
		f.deleteConnection = func(ctx context.Context, id string) error {
			s, c, _ := f.Store.Session(ctx, store.HashOf("phone"))
			err := f.Store.DeleteConnection(ctx, id)
			_, putErr := f.Store.PutConnection(ctx, c, store.Event{ConnectionID: id}, s)
			return errors.Join(err, putErr)
		}
	}},
	{"sessions/a touch moves two times and nothing else", "a touch begins anew", func(f *faulty) {
		f.touchSession = func(ctx context.Context, secret store.Hash, seenAt, expiresAt time.Time) error {
			s, c, err := f.Store.Session(ctx, secret)
			s.CreatedAt, s.SeenAt, s.ExpiresAt = seenAt, seenAt, expiresAt
			err = errors.Join(err, f.Store.DeleteSession(ctx, secret))
			_, putErr := f.Store.PutConnection(ctx, c, store.Event{ConnectionID: c.ID}, s)
			return errors.Join(err, putErr)
		}
	}},
	{"sessions/a delete removes the one", "a delete removes all of the connection", func(f *faulty) {
		f.deleteSession = func(ctx context.Context, secret store.Hash) error {
			s, _, err := f.Store.Session(ctx, secret)
			return errors.Join(but(err, store.ErrNotFound, nil), f.Store.DeleteSessions(ctx, s.ConnectionID))
		}
	}},
	{"sessions/all of a connection are removed, and nobody else's", "an id may be the beginning of another", func(f *faulty) {
		f.deleteSessions = func(ctx context.Context, id string) error {
			return errors.Join(f.Store.DeleteSessions(ctx, id), f.Store.DeleteSessions(ctx, id[:1]))
		}
	}},
	{"sessions/one that is over is there until it is swept", "what is over is hidden", func(f *faulty) {
		f.session = func(ctx context.Context, secret store.Hash) (store.Session, store.Connection, error) {
			s, c, err := f.Store.Session(ctx, secret)
			if err == nil && s.ExpiresAt.Before(s.SeenAt) {
				err = store.ErrNotFound
			}
			return s, c, err
		}
	}},
}

var keyringBreakages = []breakage{
	{"keyring/no fingerprint at first", "no fingerprint is an empty one", func(f *faulty) {
		f.fingerprint = func(ctx context.Context) (string, error) {
			s, err := f.Store.KeyringFingerprint(ctx)
			return s, but(err, store.ErrNotFound, nil)
		}
	}},
	{"keyring/the first fingerprint is recorded once", "the empty one stands for any", func(f *faulty) {
		f.replaceFingerprint = func(ctx context.Context, old, fingerprint string) error {
			if old == "" {
				old, _ = f.Store.KeyringFingerprint(ctx)
			}
			return f.Store.ReplaceKeyringFingerprint(ctx, old, fingerprint)
		}
	}},
	{"keyring/a fingerprint is replaced by who knows it", "nobody asks for the old one", func(f *faulty) {
		f.replaceFingerprint = func(ctx context.Context, _, fingerprint string) error {
			old, _ := f.Store.KeyringFingerprint(ctx)
			return f.Store.ReplaceKeyringFingerprint(ctx, old, fingerprint)
		}
	}},
	{"keyring/sealed is held while a connection has a token", "a connection counts as sealed", func(f *faulty) {
		f.holdsSealed = func(ctx context.Context) (bool, error) {
			all, err := f.ListConnections(ctx, "", 1)
			return len(all) > 0, err
		}
	}},
}

var upkeepBreakages = []breakage{
	{"upkeep/a store answers", "a store does not answer", func(f *faulty) {
		f.ping = func(context.Context) error { return errors.New("nobody there") }
	}},
	{"upkeep/a store has one identity", "a store has none", func(f *faulty) {
		f.identity = func(context.Context) (string, error) { return "", nil }
	}},
	{"upkeep/a store has one identity", "each asker gets another", func(f *faulty) {
		n := 0
		f.identity = func(context.Context) (string, error) { n++; return fmt.Sprint(n), nil }
	}},
	{"upkeep/a write can be tried", "no write goes", func(f *faulty) {
		f.checkWrite = func(context.Context) error { return store.ErrFull }
	}},
	{"upkeep/a write can be tried", "a try shows", func(f *faulty) {
		f.checkWrite = func(ctx context.Context) error { return f.Store.RecordSweep(ctx, time.UnixMilli(1)) }
	}},
	{"upkeep/to prepare again changes nothing", "to prepare is to begin anew", func(f *faulty) {
		f.migrateAs = func(ctx context.Context) error { return f.Store.DeleteConnection(ctx, "17") }
	}},
	{"upkeep/a sweep removes the sessions that are over", "a sweep comes a moment too early", func(f *faulty) {
		f.deleteExpired = func(ctx context.Context, now time.Time) (int, error) {
			return f.Store.DeleteExpired(ctx, now.Add(time.Millisecond))
		}
	}},
	{"upkeep/a sweep removes the sessions that are over", "a sweep comes a moment too late", func(f *faulty) {
		f.deleteExpired = func(ctx context.Context, now time.Time) (int, error) {
			return f.Store.DeleteExpired(ctx, now.Add(-time.Millisecond))
		}
	}},
	{"upkeep/a sweep removes the sessions that are over", "a sweep does not count", func(f *faulty) {
		f.deleteExpired = func(ctx context.Context, now time.Time) (int, error) {
			_, err := f.Store.DeleteExpired(ctx, now)
			return 0, err
		}
	}},
	{"upkeep/a sweep leaves everything else", "a sweep takes the links", func(f *faulty) {
		f.deleteExpired = func(ctx context.Context, now time.Time) (int, error) {
			_, linkErr := f.Store.DeleteExpiredLinks(ctx, now)
			n, err := f.Store.DeleteExpired(ctx, now)
			return n, errors.Join(err, linkErr)
		}
	}},
	{"upkeep/a sweep leaves everything else", "a sweep takes old connections", func(f *faulty) {
		f.deleteExpired = func(ctx context.Context, now time.Time) (int, error) {
			n, err := f.Store.DeleteExpired(ctx, now)
			return n, errors.Join(err, f.Store.DeleteConnection(ctx, "17"))
		}
	}},
}

// deafBreakages is one store for each method, which does not hear the end of its context.
func deafBreakages() []breakage {
	var all []breakage
	for _, method := range methods {
		all = append(all, breakage{"everywhere/an ended context ends every call", method + " does not hear", func(f *faulty) {
			f.deaf = method
		}})
	}
	return all
}

// withSessions is a put that changes the sessions which begin.
func withSessions(f *faulty, change func(*store.Session)) func(context.Context, store.Connection, store.Event, ...store.Session) (store.Connection, error) {
	return func(ctx context.Context, c store.Connection, e store.Event, begins ...store.Session) (store.Connection, error) {
		begins = slices.Clone(begins)
		for i := range begins {
			change(&begins[i])
		}
		return f.Store.PutConnection(ctx, c, e, begins...)
	}
}
