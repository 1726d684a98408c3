package storetest_test

import (
	"context"
	"errors"
	"time"

	"latchkey/internal/store"
)

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
	{"links/the count goes with the connection", "a delete leaves the count", func(f *faulty) {
		last := 0
		f.countLinks = func(ctx context.Context, id string, p store.Purpose, since time.Time) (int, error) {
			n, err := f.Store.CountLinks(ctx, id, p, since)
			last = max(last, n)
			return last, err
		}
	}},
	{"links/a sweep keeps one for a while after its end", "a sweep comes a moment too early", func(f *faulty) {
		f.deleteExpiredLinks = func(ctx context.Context, now time.Time) (int, error) {
			return f.Store.DeleteExpiredLinks(ctx, now.Add(time.Millisecond))
		}
	}},
	{"links/a sweep keeps one for a while after its end", "a sweep comes a moment too late", func(f *faulty) {
		f.deleteExpiredLinks = func(ctx context.Context, now time.Time) (int, error) {
			return f.Store.DeleteExpiredLinks(ctx, now.Add(-time.Millisecond))
		}
	}},
	{"links/a sweep keeps one for a while after its end", "a sweep does not count", func(f *faulty) {
		f.deleteExpiredLinks = func(ctx context.Context, now time.Time) (int, error) {
			_, err := f.Store.DeleteExpiredLinks(ctx, now)
			return 0, err
		}
	}},
	{"links/a sweep keeps one for a while after its end", "a link goes when it ends", func(f *faulty) {
		f.deleteExpiredLinks = func(ctx context.Context, now time.Time) (int, error) {
			return f.Store.DeleteExpiredLinks(ctx, now.Add(store.LinkKept))
		}
	}},
	{"links/a sweep of links leaves everything else", "it sweeps the rest too", func(f *faulty) {
		f.deleteExpiredLinks = func(ctx context.Context, now time.Time) (int, error) {
			_, err := f.Store.DeleteExpired(ctx, now)
			return 0, err
		}
	}},
}
