package storetest_test

import (
	"context"
	"errors"
	"time"

	"latchkey/internal/store"
)

var contactBreakages = []breakage{
	{"contacts/one that is not there", "absence is no error", func(f *faulty) {
		f.contact = func(ctx context.Context, id string) (store.Contact, error) {
			c, err := f.Store.Contact(ctx, id)
			return c, but(err, store.ErrNotFound, nil)
		}
	}},
	{"contacts/one that is not there", "to delete nothing is an error", func(f *faulty) {
		f.deleteContact = func(ctx context.Context, id string) error {
			_, err := f.Store.Contact(ctx, id)
			return errors.Join(err, f.Store.DeleteContact(ctx, id))
		}
	}},
	{"contacts/a put replaces every field", "the first contact stays", func(f *faulty) {
		f.putContact = func(ctx context.Context, c store.Contact) error {
			if _, err := f.Store.Contact(ctx, c.ConnectionID); err == nil {
				return nil
			}
			return f.Store.PutContact(ctx, c)
		}
	}},
	{"contacts/a put replaces every field", "a new address is confirmed by the old one", func(f *faulty) {
		f.putContact = func(ctx context.Context, c store.Contact) error {
			if old, err := f.Store.Contact(ctx, c.ConnectionID); err == nil {
				c.ConfirmedAt = old.ConfirmedAt
			}
			return f.Store.PutContact(ctx, c)
		}
	}},
	{"contacts/a delete removes the one, as often as it is asked", "an id may be the beginning of another", func(f *faulty) {
		f.deleteContact = func(ctx context.Context, id string) error {
			return errors.Join(f.Store.DeleteContact(ctx, id), f.Store.DeleteContact(ctx, id[:1]))
		}
	}},
	{"contacts/a delete removes the one, as often as it is asked", "a delete is for ever", func(f *faulty) {
		deleted := map[string]bool{}
		f.deleteContact = func(ctx context.Context, id string) error {
			deleted[id] = true
			return f.Store.DeleteContact(ctx, id)
		}
		f.putContact = func(ctx context.Context, c store.Contact) error {
			if deleted[c.ConnectionID] {
				return nil
			}
			return f.Store.PutContact(ctx, c)
		}
	}},
	{"contacts/two connections may have one address", "an address has one connection", func(f *faulty) {
		last := map[string]string{}
		f.putContact = func(ctx context.Context, c store.Contact) error {
			moved := f.Store.DeleteContact(ctx, last[c.Address])
			last[c.Address] = c.ConnectionID
			return errors.Join(moved, f.Store.PutContact(ctx, c))
		}
	}},
	{"contacts/one outlives the writes of its connection", "a login takes it", func(f *faulty) {
		f.put = func(ctx context.Context, c store.Connection, e store.Event) (store.Connection, error) {
			_ = f.Store.DeleteContact(ctx, c.ID)
			return f.Store.PutConnection(ctx, c, e)
		}
	}},
	{"contacts/one outlives the writes of its connection", "an update takes it", func(f *faulty) {
		f.update = func(ctx context.Context, c store.Connection, events ...store.Event) (store.Connection, error) {
			_ = f.Store.DeleteContact(ctx, c.ID)
			return f.Store.UpdateConnection(ctx, c, events...)
		}
	}},
	{"contacts/an error names the connection", "an error is only what it is", func(f *faulty) {
		f.contact = func(ctx context.Context, id string) (store.Contact, error) {
			c, err := f.Store.Contact(ctx, id)
			return c, but(err, store.ErrNotFound, store.ErrNotFound)
		}
	}},
}

var linkBreakages = []breakage{
	{"links/one that is not there", "absence is no error", func(f *faulty) {
		f.link = func(ctx context.Context, secret store.Hash) (store.Link, error) {
			l, err := f.Store.Link(ctx, secret)
			return l, but(err, store.ErrNotFound, nil)
		}
	}},
	{"links/one that is not there", "unknown is expired", func(f *faulty) {
		f.useLink = func(ctx context.Context, secret store.Hash, now time.Time) (store.Link, error) {
			l, err := f.Store.UseLink(ctx, secret, now)
			return l, but(err, store.ErrNotFound, store.ErrExpired)
		}
	}},
	{"links/a secret that is there already is refused and changes nothing", "a second link is no error", func(f *faulty) {
		f.createLink = func(ctx context.Context, l store.Link) error {
			return but(f.Store.CreateLink(ctx, l), store.ErrExists, nil)
		}
	}},
	{"links/a secret that is there already is refused and changes nothing", "a link is replaced all the same", func(f *faulty) {
		var last store.Link
		f.createLink = func(ctx context.Context, l store.Link) error {
			last = l
			return f.Store.CreateLink(ctx, l)
		}
		f.link = func(context.Context, store.Hash) (store.Link, error) { return last, nil }
	}},
	{"links/to look uses nothing up, and shows one that is over too", "to look is to use", func(f *faulty) {
		f.link = func(ctx context.Context, secret store.Hash) (store.Link, error) {
			l, err := f.Store.Link(ctx, secret)
			_, _ = f.Store.UseLink(ctx, secret, l.CreatedAt)
			return l, err
		}
	}},
	{"links/to look uses nothing up, and shows one that is over too", "what was used is hidden", func(f *faulty) {
		f.link = func(ctx context.Context, secret store.Hash) (store.Link, error) {
			l, err := f.Store.Link(ctx, secret)
			if !l.UsedAt.IsZero() {
				err = store.ErrNotFound
			}
			return l, err
		}
	}},
	{"links/to look uses nothing up, and shows one that is over too", "what is over is hidden", func(f *faulty) {
		f.link = func(ctx context.Context, secret store.Hash) (store.Link, error) {
			l, err := f.Store.Link(ctx, secret)
			if l.ExpiresAt.Before(l.CreatedAt) {
				err = store.ErrNotFound
			}
			return l, err
		}
	}},
	{"links/one is used once", "a link is used again", func(f *faulty) {
		f.useLink = func(ctx context.Context, secret store.Hash, now time.Time) (store.Link, error) {
			l, err := f.Store.UseLink(ctx, secret, now)
			return l, but(err, store.ErrTaken, nil)
		}
	}},
	{"links/one is used once", "the last use counts", func(f *faulty) {
		f.useLink = func(ctx context.Context, secret store.Hash, now time.Time) (store.Link, error) {
			l, err := f.Store.UseLink(ctx, secret, now)
			l.UsedAt = now
			return l, err
		}
	}},
	{"links/one is used once", "one use uses up all of the connection", func(f *faulty) {
		f.useLink = func(ctx context.Context, secret store.Hash, now time.Time) (store.Link, error) {
			_, _ = f.Store.UseLink(ctx, store.HashOf("another"), now)
			return f.Store.UseLink(ctx, secret, now)
		}
	}},
	{"links/an expired one is not used, at its expiry or later", "a link lives a moment too long", func(f *faulty) {
		f.useLink = func(ctx context.Context, secret store.Hash, now time.Time) (store.Link, error) {
			return f.Store.UseLink(ctx, secret, now.Add(-time.Millisecond))
		}
	}},
	{"links/an expired one is not used, at its expiry or later", "a link ends a moment too early", func(f *faulty) {
		f.useLink = func(ctx context.Context, secret store.Hash, now time.Time) (store.Link, error) {
			return f.Store.UseLink(ctx, secret, now.Add(time.Millisecond))
		}
	}},
	{"links/an expired one is not used, at its expiry or later", "an expired one is not shown", func(f *faulty) {
		f.useLink = func(ctx context.Context, secret store.Hash, now time.Time) (store.Link, error) {
			l, err := f.Store.UseLink(ctx, secret, now)
			if errors.Is(err, store.ErrExpired) {
				l = store.Link{}
			}
			return l, err
		}
	}},
	{"links/an expired one is not used, at its expiry or later", "a try uses up an expired one", func(f *faulty) {
		f.useLink = func(ctx context.Context, secret store.Hash, now time.Time) (store.Link, error) {
			l, err := f.Store.UseLink(ctx, secret, now)
			if errors.Is(err, store.ErrExpired) {
				_, _ = f.Store.UseLink(ctx, secret, l.CreatedAt)
			}
			return l, err
		}
	}},
	{"links/of several reasons the first counts", "expired comes before taken", func(f *faulty) {
		f.useLink = func(ctx context.Context, secret store.Hash, now time.Time) (store.Link, error) {
			l, err := f.Store.UseLink(ctx, secret, now)
			if now.After(l.ExpiresAt) {
				err = but(err, store.ErrTaken, store.ErrExpired)
			}
			return l, err
		}
	}},
	{"links/one without an expiry does not end", "never is long ago", func(f *faulty) {
		f.useLink = func(ctx context.Context, secret store.Hash, now time.Time) (store.Link, error) {
			if l, err := f.Store.Link(ctx, secret); err == nil && l.ExpiresAt.IsZero() {
				return l, store.ErrExpired
			}
			return f.Store.UseLink(ctx, secret, now)
		}
	}},
	{"links/those of a connection for a purpose are counted, whatever became of them", "every purpose counts", func(f *faulty) {
		f.countLinks = func(ctx context.Context, id string, _ store.Purpose, since time.Time) (n int, _ error) {
			for _, p := range []store.Purpose{store.LinkReconnect, store.LinkConfirm, store.LinkStop} {
				some, err := f.Store.CountLinks(ctx, id, p, since)
				if err != nil {
					return 0, err
				}
				n += some
			}
			return n, nil
		}
	}},
	{"links/those of a connection for a purpose are counted, whatever became of them", "the neighbour's count too", func(f *faulty) {
		f.countLinks = func(ctx context.Context, id string, p store.Purpose, since time.Time) (int, error) {
			n, err := f.Store.CountLinks(ctx, id, p, since)
			more, _ := f.Store.CountLinks(ctx, "1", p, since)
			return n + more, err
		}
	}},
	{"links/those of a connection for a purpose are counted, whatever became of them", "those that were used do not count", func(f *faulty) {
		used := 0
		f.createLink = func(ctx context.Context, l store.Link) error {
			if !l.UsedAt.IsZero() {
				used++
			}
			return f.Store.CreateLink(ctx, l)
		}
		f.countLinks = func(ctx context.Context, id string, p store.Purpose, since time.Time) (int, error) {
			n, err := f.Store.CountLinks(ctx, id, p, since)
			return max(n-used, 0), err
		}
	}},
	{"links/those created at the moment or before are not counted, nor those of no time", "the moment itself counts", func(f *faulty) {
		f.countLinks = func(ctx context.Context, id string, p store.Purpose, since time.Time) (int, error) {
			return f.Store.CountLinks(ctx, id, p, since.Add(-time.Millisecond))
		}
	}},
	{"links/those created at the moment or before are not counted, nor those of no time", "a moment too many is left out", func(f *faulty) {
		f.countLinks = func(ctx context.Context, id string, p store.Purpose, since time.Time) (int, error) {
			return f.Store.CountLinks(ctx, id, p, since.Add(time.Millisecond))
		}
	}},
	{"links/those created at the moment or before are not counted, nor those of no time", "those of no time count", func(f *faulty) {
		timeless := 0
		f.createLink = func(ctx context.Context, l store.Link) error {
			if l.CreatedAt.IsZero() {
				timeless++
			}
			return f.Store.CreateLink(ctx, l)
		}
		f.countLinks = func(ctx context.Context, id string, p store.Purpose, since time.Time) (int, error) {
			n, err := f.Store.CountLinks(ctx, id, p, since)
			return n + timeless, err
		}
	}},
	{"links/the count outlives the contact and goes with the connection", "to forget a contact is to forget the count", func(f *faulty) {
		forgotten := false
		f.deleteContact = func(ctx context.Context, id string) error {
			forgotten = true
			return f.Store.DeleteContact(ctx, id)
		}
		f.countLinks = func(ctx context.Context, id string, p store.Purpose, since time.Time) (int, error) {
			if forgotten {
				return 0, nil
			}
			return f.Store.CountLinks(ctx, id, p, since)
		}
	}},
	{"links/the count outlives the contact and goes with the connection", "a delete leaves the count", func(f *faulty) {
		last := 0
		f.countLinks = func(ctx context.Context, id string, p store.Purpose, since time.Time) (int, error) {
			n, err := f.Store.CountLinks(ctx, id, p, since)
			last = max(last, n)
			return last, err
		}
	}},
	{"links/a sweep keeps one for a while after its end", "a sweep comes a moment too early", func(f *faulty) {
		f.sweepLinks = func(ctx context.Context, now time.Time) (int, error) {
			return f.Store.SweepLinks(ctx, now.Add(time.Millisecond))
		}
	}},
	{"links/a sweep keeps one for a while after its end", "a sweep comes a moment too late", func(f *faulty) {
		f.sweepLinks = func(ctx context.Context, now time.Time) (int, error) {
			return f.Store.SweepLinks(ctx, now.Add(-time.Millisecond))
		}
	}},
	{"links/a sweep keeps one for a while after its end", "a sweep does not count", func(f *faulty) {
		f.sweepLinks = func(ctx context.Context, now time.Time) (int, error) {
			_, err := f.Store.SweepLinks(ctx, now)
			return 0, err
		}
	}},
	{"links/a sweep keeps one for a while after its end", "a link goes when it ends", func(f *faulty) {
		f.sweepLinks = func(ctx context.Context, now time.Time) (int, error) {
			return f.Store.SweepLinks(ctx, now.Add(store.LinkKept))
		}
	}},
	{"links/a sweep of links leaves everything else", "it sweeps the rest too", func(f *faulty) {
		f.sweepLinks = func(ctx context.Context, now time.Time) (int, error) {
			_, err := f.Store.Sweep(ctx, now)
			return 0, err
		}
	}},
	{"links/a sweep of links leaves everything else", "it takes the contacts", func(f *faulty) {
		f.sweepLinks = func(ctx context.Context, _ time.Time) (int, error) {
			return 0, f.Store.DeleteContact(ctx, "17")
		}
	}},
}
