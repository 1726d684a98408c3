package storetest_test

import (
	"context"
	"errors"
	"slices"
	"strings"

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
		f.put = func(ctx context.Context, c store.Connection, e store.Event, begins ...store.Session) (store.Connection, error) {
			stored, err := f.Store.PutConnection(ctx, c, e, begins...)
			stored.Version = c.Version
			return stored, err
		}
	}},
	{"connections/put replaces every field and counts on", "a put leaves the last refresh", func(f *faulty) {
		f.put = func(ctx context.Context, c store.Connection, e store.Event, begins ...store.Session) (store.Connection, error) {
			if old, err := f.Store.Connection(ctx, c.ID); err == nil {
				c.RefreshedAt = old.RefreshedAt
			}
			return f.Store.PutConnection(ctx, c, e, begins...)
		}
	}},
	{"connections/put replaces every field and counts on", "a put keeps what the new one does not know", func(f *faulty) {
		f.put = func(ctx context.Context, c store.Connection, e store.Event, begins ...store.Session) (store.Connection, error) {
			if old, err := f.Store.Connection(ctx, c.ID); err == nil && c.Scopes == nil {
				c.Scopes = old.Scopes
			}
			return f.Store.PutConnection(ctx, c, e, begins...)
		}
	}},
	{"connections/put adds its event each time", "only the first event of a put is kept", func(f *faulty) {
		f.events = func(ctx context.Context, id string, limit int) ([]store.Event, error) {
			all, err := f.Store.Events(ctx, id, limit)
			return all[max(len(all)-1, 0):], err
		}
	}},
	{"connections/put leaves the others alone", "a put replaces whatever is there", func(f *faulty) {
		f.put = func(ctx context.Context, c store.Connection, e store.Event, begins ...store.Session) (store.Connection, error) {
			all, _ := f.ListConnections(ctx, "", 10)
			for _, old := range all {
				_ = f.Store.DeleteConnection(ctx, old.ID)
			}
			return f.Store.PutConnection(ctx, c, e, begins...)
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
	{"connections/an update is of its own login, though an erase begins the versions anew", "the version is all that counts", func(f *faulty) {
		f.update = func(ctx context.Context, c store.Connection, events ...store.Event) (store.Connection, error) {
			if there, err := f.Store.Connection(ctx, c.ID); err == nil {
				c.ConnectedAt = there.ConnectedAt
			}
			return f.Store.UpdateConnection(ctx, c, events...)
		}
	}},
	{"connections/update adds its events in their order", "the events go the other way round", func(f *faulty) {
		f.update = func(ctx context.Context, c store.Connection, events ...store.Event) (store.Connection, error) {
			turned := slices.Clone(events)
			slices.Reverse(turned)
			return f.Store.UpdateConnection(ctx, c, turned...)
		}
	}},
	{"connections/update adds its events in their order", "an update has one event", func(f *faulty) {
		f.update = func(ctx context.Context, c store.Connection, events ...store.Event) (store.Connection, error) {
			return f.Store.UpdateConnection(ctx, c, events[:min(len(events), 1)]...)
		}
	}},
	{"connections/update adds its events in their order", "no event is an empty one", func(f *faulty) {
		f.update = func(ctx context.Context, c store.Connection, events ...store.Event) (store.Connection, error) {
			if len(events) == 0 {
				events = []store.Event{{ConnectionID: c.ID}}
			}
			return f.Store.UpdateConnection(ctx, c, events...)
		}
	}},
	{"connections/update without an event asks for the version too", "an untold update is not guarded", func(f *faulty) {
		f.update = func(ctx context.Context, c store.Connection, events ...store.Event) (store.Connection, error) {
			updated, err := f.Store.UpdateConnection(ctx, c, events...)
			if errors.Is(err, store.ErrConflict) && len(events) == 0 {
				return overwrite(f)(ctx, c)
			}
			return updated, err
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
	{"connections/an update that was refused leaves no event", "of several events the last one stays", func(f *faulty) {
		f.update = func(ctx context.Context, c store.Connection, events ...store.Event) (store.Connection, error) {
			updated, err := f.Store.UpdateConnection(ctx, c, events...)
			if err != nil && len(events) > 1 {
				err = errors.Join(err, f.Store.AppendEvent(ctx, events[len(events)-1]))
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
			left, _, _ := f.Store.Session(ctx, store.HashOf("desk"))
			err := f.Store.DeleteConnection(ctx, id)
			_, putErr := f.Store.PutConnection(ctx, store.Connection{ID: "left"}, store.Event{ConnectionID: "left"}, left)
			return errors.Join(err, putErr)
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
	{"connections/delete takes the links along", "a delete leaves the links that may be used", func(f *faulty) {
		f.deleteConnection = leavesLink(f, "confirm")
	}},
	{"connections/delete takes the links along", "a delete leaves the links that were used", func(f *faulty) {
		f.deleteConnection = leavesLink(f, "stop")
	}},
	{"connections/delete takes the links along", "a delete takes the links of nobody", func(f *faulty) {
		f.link = func(ctx context.Context, secret store.Hash) (store.Link, error) {
			l, err := f.Store.Link(ctx, secret)
			if l.ConnectionID == "" {
				err = store.ErrNotFound
			}
			return l, err
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

// leavesLink returns a delete that leaves one link.
func leavesLink(f *faulty, name string) func(context.Context, string) error {
	return func(ctx context.Context, id string) error {
		left, err := f.Store.Link(ctx, store.HashOf(name))
		return errors.Join(err, f.Store.DeleteConnection(ctx, id), f.Store.CreateLink(ctx, left))
	}
}
