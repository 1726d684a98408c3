package storetest_test

import (
	"bytes"
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"latchkey/internal/store"
)

var connectionBreakages = []breakage{
	{"connections/one that is not there", "absence is no error", func(f *faulty) {
		f.connection = func(ctx context.Context, id string) (store.Connection, error) {
			c, err := f.Store.Connection(ctx, id)
			return c, but(err, store.ErrNotFound, nil)
		}
	}},
	{"connections/one that is not there", "an update makes a connection", func(f *faulty) {
		f.update = func(ctx context.Context, c store.Connection, events ...store.Event) (store.Connection, error) {
			updated, err := f.Store.UpdateConnection(ctx, c, events...)
			if errors.Is(err, store.ErrNotFound) {
				return overwrite(f)(ctx, c, events...)
			}
			return updated, err
		}
	}},
	{"connections/put creates at version 1, whatever version is given", "a put keeps the version given", func(f *faulty) {
		f.put = func(ctx context.Context, c store.Connection, e store.Event) (store.Connection, error) {
			stored, err := f.Store.PutConnection(ctx, c, e)
			stored.Version = c.Version
			return stored, err
		}
	}},
	{"connections/put replaces every field and counts on", "a put leaves the last refresh", func(f *faulty) {
		f.put = func(ctx context.Context, c store.Connection, e store.Event) (store.Connection, error) {
			if old, err := f.Store.Connection(ctx, c.ID); err == nil {
				c.RefreshedAt = old.RefreshedAt
			}
			return f.Store.PutConnection(ctx, c, e)
		}
	}},
	{"connections/put replaces every field and counts on", "a put keeps what the new one does not know", func(f *faulty) {
		f.put = func(ctx context.Context, c store.Connection, e store.Event) (store.Connection, error) {
			if old, err := f.Store.Connection(ctx, c.ID); err == nil && c.Scopes == nil {
				c.Scopes = old.Scopes
			}
			return f.Store.PutConnection(ctx, c, e)
		}
	}},
	{"connections/put adds its event each time", "only the first event of a put is kept", func(f *faulty) {
		f.events = func(ctx context.Context, id string, limit int) ([]store.Event, error) {
			all, err := f.Store.Events(ctx, id, limit)
			return all[max(len(all)-1, 0):], err
		}
	}},
	{"connections/put leaves the others alone", "a put replaces whatever is there", func(f *faulty) {
		f.put = func(ctx context.Context, c store.Connection, e store.Event) (store.Connection, error) {
			all, _ := f.ListConnections(ctx, "", 10)
			for _, old := range all {
				_ = f.Store.DeleteConnection(ctx, old.ID)
			}
			return f.Store.PutConnection(ctx, c, e)
		}
	}},
	{"connections/update replaces every field and counts on", "an update leaves the name", func(f *faulty) {
		f.update = func(ctx context.Context, c store.Connection, events ...store.Event) (store.Connection, error) {
			if old, err := f.Store.Connection(ctx, c.ID); err == nil {
				c.Name = old.Name
			}
			return f.Store.UpdateConnection(ctx, c, events...)
		}
	}},
	{"connections/update of another version is a conflict", "the last update wins", func(f *faulty) {
		f.update = overwrite(f)
	}},
	{"connections/update of another version is a conflict", "version 0 stands for any", func(f *faulty) {
		f.update = func(ctx context.Context, c store.Connection, events ...store.Event) (store.Connection, error) {
			if c.Version == 0 {
				return overwrite(f)(ctx, c, events...)
			}
			return f.Store.UpdateConnection(ctx, c, events...)
		}
	}},
	{"connections/an update that was refused leaves no event", "the event comes first", func(f *faulty) {
		f.update = func(ctx context.Context, c store.Connection, events ...store.Event) (store.Connection, error) {
			updated, err := f.Store.UpdateConnection(ctx, c, events...)
			if err != nil {
				err = errors.Join(err, f.Store.AppendEvent(ctx, events[0]))
			}
			return updated, err
		}
	}},
	{"connections/delete takes the events and the sessions along", "a delete leaves the events", func(f *faulty) {
		f.deleteConnection = func(ctx context.Context, id string) error {
			history, _ := f.Store.Events(ctx, id, 10)
			err := f.Store.DeleteConnection(ctx, id)
			for _, e := range history {
				err = errors.Join(err, f.Store.AppendEvent(ctx, e))
			}
			return err
		}
	}},
	{"connections/delete takes the events and the sessions along", "a delete leaves a session", func(f *faulty) {
		f.deleteConnection = func(ctx context.Context, id string) error {
			left, _ := f.Store.Session(ctx, store.HashOf("desk"))
			return errors.Join(f.Store.DeleteConnection(ctx, id), f.Store.CreateSession(ctx, left))
		}
	}},
	{"connections/delete takes the events and the sessions along", "a delete takes all events", func(f *faulty) {
		f.deleteConnection = func(ctx context.Context, id string) error {
			neighbour, _ := f.Store.Connection(ctx, "18")
			err := errors.Join(f.Store.DeleteConnection(ctx, id), f.Store.DeleteConnection(ctx, "18"))
			_, putErr := f.Store.PutConnection(ctx, neighbour, store.Event{ConnectionID: "19"})
			return errors.Join(err, putErr)
		}
	}},
	{"connections/one that was deleted begins anew", "a delete only hides", func(f *faulty) {
		f.deleteConnection = func(context.Context, string) error { return nil }
	}},
	{"connections/a list is in the order of the bytes of the ids", "a list knows capitals", func(f *faulty) {
		f.list = func(ctx context.Context, after string, limit int) ([]store.Connection, error) {
			page, err := f.Store.ListConnections(ctx, after, limit)
			slices.SortFunc(page, func(a, b store.Connection) int {
				return strings.Compare(strings.ToLower(a.ID), strings.ToLower(b.ID))
			})
			return page, err
		}
	}},
	{"connections/a list is in the order of the bytes of the ids", "ids are numbers", func(f *faulty) {
		f.connection = func(ctx context.Context, id string) (store.Connection, error) {
			return f.Store.Connection(ctx, strings.TrimLeft(id, "0"))
		}
	}},
	{"connections/a list goes on after an id, there or not", "a page begins with the last of the one before", func(f *faulty) {
		f.list = func(ctx context.Context, after string, limit int) ([]store.Connection, error) {
			page, err := f.Store.ListConnections(ctx, after, limit)
			if c, missing := f.Store.Connection(ctx, after); missing == nil {
				page = append([]store.Connection{c}, page...)
			}
			return page, err
		}
	}},
	{"connections/a list has at most limit, and none of none", "no limit is no limit", func(f *faulty) {
		f.list = func(ctx context.Context, after string, limit int) ([]store.Connection, error) {
			if limit == 0 {
				limit = 1000
			}
			return f.Store.ListConnections(ctx, after, limit)
		}
	}},
	{"connections/a list has at most limit, and none of none", "a list leaves the token out", func(f *faulty) {
		f.list = func(ctx context.Context, after string, limit int) ([]store.Connection, error) {
			page, err := f.Store.ListConnections(ctx, after, limit)
			for i := range page {
				page[i].SealedToken = nil
			}
			return page, err
		}
	}},
	{"connections/an error names the connection", "an error is only what it is", func(f *faulty) {
		f.connection = func(ctx context.Context, id string) (store.Connection, error) {
			c, err := f.Store.Connection(ctx, id)
			return c, but(err, store.ErrNotFound, store.ErrNotFound)
		}
	}},
}

var valueBreakages = []breakage{
	{"values/times are cut to the millisecond and come back in UTC", "a put returns what it was given", func(f *faulty) {
		f.put = func(ctx context.Context, c store.Connection, e store.Event) (store.Connection, error) {
			stored, err := f.Store.PutConnection(ctx, c, e)
			c.Version = stored.Version
			return c, err
		}
	}},
	{"values/times are cut to the millisecond and come back in UTC", "times are rounded", func(f *faulty) {
		f.createSession = func(ctx context.Context, s store.Session) error {
			s.SeenAt = s.SeenAt.Round(time.Millisecond)
			return f.Store.CreateSession(ctx, s)
		}
	}},
	{"values/times are cut to the millisecond and come back in UTC", "times come back in the local zone", func(f *faulty) {
		f.connection = changed(f, func(c *store.Connection) {
			c.RefreshedAt = c.RefreshedAt.In(time.FixedZone("", 3600))
		})
	}},
	{"values/a lease runs until a millisecond in UTC", "a lease has more digits than are kept", func(f *faulty) {
		f.renew = func(ctx context.Context, l store.Lease, now time.Time, term time.Duration) (store.Lease, error) {
			l, err := f.Store.RenewLease(ctx, l, now, term)
			l.Until = now.Add(term)
			return l, err
		}
	}},
	{"values/a time before 1970 and the first moment of 1970 are times", "0 is no time", func(f *faulty) {
		f.connection = changed(f, func(c *store.Connection) {
			if c.RefreshedAt.UnixMilli() == 0 {
				c.RefreshedAt = time.Time{}
			}
		})
	}},
	{"values/the zero time comes back as the zero time", "never is 1970", func(f *faulty) {
		f.session = func(ctx context.Context, secret store.Hash) (store.Session, error) {
			s, err := f.Store.Session(ctx, secret)
			if s.ExpiresAt.IsZero() {
				s.ExpiresAt = time.UnixMilli(0).UTC()
			}
			return s, err
		}
	}},
	{"values/nil stays nil", "nil comes back empty", func(f *faulty) {
		f.connection = changed(f, func(c *store.Connection) { c.Scopes = append([]string{}, c.Scopes...) })
	}},
	{"values/empty stays empty and zero stays zero", "empty comes back nil", func(f *faulty) {
		f.connection = changed(f, func(c *store.Connection) { c.SealedToken = append([]byte(nil), c.SealedToken...) })
	}},
	{"values/empty stays empty and zero stays zero", "0 comes back nil", func(f *faulty) {
		f.connection = changed(f, func(c *store.Connection) { c.Media = nil })
	}},
	{"values/text and bytes come back as they went", "text is trimmed", func(f *faulty) {
		f.connection = changed(f, func(c *store.Connection) { c.Username = strings.TrimSpace(c.Username) })
	}},
	{"values/text and bytes come back as they went", "bytes end at a zero", func(f *faulty) {
		f.connection = changed(f, func(c *store.Connection) { c.SealedToken, _, _ = bytes.Cut(c.SealedToken, []byte{0}) })
	}},
	{"values/every kind and status is kept", "unknown statuses are changed", func(f *faulty) {
		f.connection = changed(f, func(c *store.Connection) { c.Status = store.StatusActive })
	}},
	{"values/what was given is copied", "a put keeps what it was given", func(f *faulty) {
		var kept store.Connection
		f.put = func(ctx context.Context, c store.Connection, e store.Event) (store.Connection, error) {
			stored, err := f.Store.PutConnection(ctx, c, e)
			kept = c
			return stored, err
		}
		f.connection = func(context.Context, string) (store.Connection, error) { return kept, nil }
	}},
	{"values/what was given is copied", "a request keeps the scopes it was given", func(f *faulty) {
		var kept []string
		f.createAuthRequest = func(ctx context.Context, r store.AuthRequest) error {
			kept = r.Scopes
			return f.Store.CreateAuthRequest(ctx, r)
		}
		f.take = func(ctx context.Context, state, binding store.Hash, by string, now time.Time) (store.AuthRequest, error) {
			r, err := f.Store.TakeAuthRequest(ctx, state, binding, by, now)
			r.Scopes = kept
			return r, err
		}
	}},
	{"values/what is returned is a copy", "a put returns what it was given", func(f *faulty) {
		f.put = func(ctx context.Context, c store.Connection, e store.Event) (store.Connection, error) {
			stored, err := f.Store.PutConnection(ctx, c, e)
			stored.Scopes = c.Scopes
			return stored, err
		}
	}},
	{"values/what is returned is a copy", "a read connection is remembered", func(f *faulty) {
		var remembered store.Connection
		f.connection = func(ctx context.Context, id string) (_ store.Connection, err error) {
			if remembered.ID == "" {
				remembered, err = f.Store.Connection(ctx, id)
			}
			return remembered, err
		}
		f.list = func(context.Context, string, int) ([]store.Connection, error) {
			return []store.Connection{remembered}, nil
		}
	}},
}

// overwrite returns an update that does not ask for the version.
func overwrite(f *faulty) func(context.Context, store.Connection, ...store.Event) (store.Connection, error) {
	return func(ctx context.Context, c store.Connection, events ...store.Event) (store.Connection, error) {
		if len(events) == 0 {
			events = []store.Event{{ConnectionID: "19"}}
		}
		stored, err := f.Store.PutConnection(ctx, c, events[0])
		for _, e := range events[1:] {
			err = errors.Join(err, f.Store.AppendEvent(ctx, e))
		}
		return stored, err
	}
}

// but returns the error, or the other one in place of what.
func but(err, what, other error) error {
	if errors.Is(err, what) {
		return other
	}
	return err
}

// changed returns a reading of connections that changes what it read.
func changed(f *faulty, change func(*store.Connection)) func(context.Context, string) (store.Connection, error) {
	return func(ctx context.Context, id string) (store.Connection, error) {
		c, err := f.Store.Connection(ctx, id)
		change(&c)
		return c, err
	}
}
