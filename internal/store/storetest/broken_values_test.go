package storetest_test

import (
	"bytes"
	"context"
	"slices"
	"strings"
	"time"

	"latchkey/internal/store"
)

const (
	cutToo  = "values/times of alarms, links and sweeps are cut to the millisecond and come back in UTC"
	zeroToo = "values/the zero time of alarms and links comes back as the zero time"
)

var valueBreakages = []breakage{
	{"values/times are cut to the millisecond and come back in UTC", "a put returns what it was given", func(f *faulty) {
		f.put = func(ctx context.Context, c store.Connection, e store.Event, begins ...store.Session) (store.Connection, error) {
			stored, err := f.Store.PutConnection(ctx, c, e, begins...)
			c.Version = stored.Version
			return c, err
		}
	}},
	{"values/times are cut to the millisecond and come back in UTC", "times are rounded", func(f *faulty) {
		f.put = withSessions(f, func(s *store.Session) { s.SeenAt = s.SeenAt.Round(time.Millisecond) })
	}},
	{"values/times are cut to the millisecond and come back in UTC", "times come back in the local zone", func(f *faulty) {
		f.connection = changed(f, func(c *store.Connection) {
			c.RefreshedAt = c.RefreshedAt.In(time.FixedZone("", 3600))
		})
	}},
	{"values/times are cut to the millisecond and come back in UTC", "the time of a notice is rounded", func(f *faulty) {
		f.put = func(ctx context.Context, c store.Connection, e store.Event, begins ...store.Session) (store.Connection, error) {
			c.NoticeAt = c.NoticeAt.Round(time.Millisecond)
			return f.Store.PutConnection(ctx, c, e, begins...)
		}
	}},
	{cutToo, "an alarm comes back as it was given", func(f *faulty) {
		f.putAlarm = func(ctx context.Context, a store.Alarm, events ...store.Event) (store.Alarm, error) {
			stored, err := f.Store.PutAlarm(ctx, a, events...)
			stored.ProbeAt = a.ProbeAt
			return stored, err
		}
	}},
	{cutToo, "the use of a link is rounded", func(f *faulty) {
		f.useLink = func(ctx context.Context, secret store.Hash, now time.Time) (store.Link, error) {
			return f.Store.UseLink(ctx, secret, now.Round(time.Millisecond))
		}
	}},
	{cutToo, "a sweep is remembered to the last digit", func(f *faulty) {
		var last time.Time
		f.recordSweep = func(ctx context.Context, at time.Time) error {
			last = at.UTC()
			return f.Store.RecordSweep(ctx, at)
		}
		f.lastSweep = func(context.Context) (time.Time, error) { return last, nil }
	}},
	{cutToo, "a count of all is in the local zone", func(f *faulty) {
		f.countAll = func(ctx context.Context, ends []time.Time) (store.Counts, error) {
			c, err := f.Store.Count(ctx, ends)
			c.Soonest = c.Soonest.In(time.FixedZone("", 3600))
			return c, err
		}
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
		f.session = func(ctx context.Context, secret store.Hash) (store.Session, store.Connection, error) {
			s, c, err := f.Store.Session(ctx, secret)
			if s.ExpiresAt.IsZero() {
				s.ExpiresAt = time.UnixMilli(0).UTC()
			}
			return s, c, err
		}
	}},
	{"values/the zero time comes back as the zero time", "never tried is 1970", func(f *faulty) {
		f.connection = changed(f, func(c *store.Connection) {
			if c.TriedAt.IsZero() {
				c.TriedAt = time.UnixMilli(0).UTC()
			}
		})
	}},
	{zeroToo, "an alarm was told in 1970", func(f *faulty) {
		f.alarms = func(ctx context.Context) ([]store.Alarm, error) {
			all, err := f.Store.Alarms(ctx)
			for i := range all {
				all[i].ToldAt = time.UnixMilli(0).UTC()
			}
			return all, err
		}
	}},
	{zeroToo, "a link was used in 1970", func(f *faulty) {
		f.link = func(ctx context.Context, secret store.Hash) (store.Link, error) {
			l, err := f.Store.Link(ctx, secret)
			l.UsedAt = time.UnixMilli(0).UTC()
			return l, err
		}
	}},
	{"values/any part of a trouble may be missing", "without a beginning there is no trouble", func(f *faulty) {
		f.connection = changed(f, func(c *store.Connection) {
			if c.Failure.Since.IsZero() {
				c.Failure = store.RefreshFailure{}
			}
		})
	}},
	{"values/any part of a trouble may be missing", "a doubt needs a time", func(f *faulty) {
		f.connection = changed(f, func(c *store.Connection) {
			if c.Failure.SuspectedAt.IsZero() {
				c.Failure.SuspectedCause = ""
			}
		})
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
	{"values/text and bytes come back as they went", "Instagram's words are trimmed", func(f *faulty) {
		f.putAlarm = func(ctx context.Context, a store.Alarm, events ...store.Event) (store.Alarm, error) {
			a.Message = strings.TrimSpace(a.Message)
			return f.Store.PutAlarm(ctx, a, events...)
		}
	}},
	{"values/every kind and status is kept", "unknown statuses are changed", func(f *faulty) {
		f.connection = changed(f, func(c *store.Connection) { c.Status = store.StatusActive })
	}},
	{"values/what was given is copied", "a put keeps what it was given", func(f *faulty) {
		var kept store.Connection
		f.put = func(ctx context.Context, c store.Connection, e store.Event, begins ...store.Session) (store.Connection, error) {
			stored, err := f.Store.PutConnection(ctx, c, e, begins...)
			kept = c
			return stored, err
		}
		f.connection = func(context.Context, string) (store.Connection, error) { return kept, nil }
	}},
	{"values/what was given is copied", "a record keeps the body it was given", func(f *faulty) {
		var kept []byte
		f.putRecord = func(ctx context.Context, r store.Record) (store.Record, error) {
			kept = r.Body
			return f.Store.PutRecord(ctx, r)
		}
		f.record = func(ctx context.Context, kind store.RecordKind, key string) (store.Record, error) {
			r, err := f.Store.Record(ctx, kind, key)
			r.Body = kept
			return r, err
		}
	}},
	{"values/what was given is copied", "an update keeps the events it was given", func(f *faulty) {
		var kept []store.Event
		f.update = func(ctx context.Context, c store.Connection, events ...store.Event) (store.Connection, error) {
			kept = events
			return f.Store.UpdateConnection(ctx, c, events...)
		}
		f.events = func(context.Context, string, int) ([]store.Event, error) {
			newestFirst := slices.Clone(kept)
			slices.Reverse(newestFirst)
			return newestFirst, nil
		}
	}},
	{"values/what is returned is a copy", "due notices are remembered", func(f *faulty) {
		var remembered []store.Connection
		f.dueNotices = func(ctx context.Context, now time.Time, limit int) (_ []store.Connection, err error) {
			if remembered == nil {
				remembered, err = f.Store.DueNotices(ctx, now, limit)
			}
			return remembered, err
		}
	}},
	{"values/what is returned is a copy", "a put returns what it was given", func(f *faulty) {
		f.put = func(ctx context.Context, c store.Connection, e store.Event, begins ...store.Session) (store.Connection, error) {
			stored, err := f.Store.PutConnection(ctx, c, e, begins...)
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

// changed returns a reading of connections that changes what it read.
func changed(f *faulty, change func(*store.Connection)) func(context.Context, string) (store.Connection, error) {
	return func(ctx context.Context, id string) (store.Connection, error) {
		c, err := f.Store.Connection(ctx, id)
		change(&c)
		return c, err
	}
}
