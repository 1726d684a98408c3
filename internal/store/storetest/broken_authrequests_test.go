package storetest_test

import (
	"context"
	"errors"
	"time"

	"latchkey/internal/store"
)

var authRequestBreakages = []breakage{
	{"auth requests/one is taken with every field", "a take does not say who took", func(f *faulty) {
		f.take = func(ctx context.Context, state, binding store.Hash, _ string, now time.Time) (store.AuthRequest, error) {
			return f.Store.TakeAuthRequest(ctx, state, binding, "", now)
		}
	}},
	{"auth requests/the link that it began through is kept", "a request forgets its link", func(f *faulty) {
		f.createAuthRequest = func(ctx context.Context, r store.AuthRequest) error {
			r.Link = store.Hash{}
			return f.Store.CreateAuthRequest(ctx, r)
		}
	}},
	{"auth requests/the link that it began through is kept", "no link is the link without a secret", func(f *faulty) {
		f.createAuthRequest = func(ctx context.Context, r store.AuthRequest) error {
			if r.Link.IsZero() {
				r.Link = store.HashOf("")
			}
			return f.Store.CreateAuthRequest(ctx, r)
		}
	}},
	{"auth requests/a state that is there already is refused and changes nothing", "a second request is no error", func(f *faulty) {
		f.createAuthRequest = func(ctx context.Context, r store.AuthRequest) error {
			return but(f.Store.CreateAuthRequest(ctx, r), store.ErrExists, nil)
		}
	}},
	{"auth requests/an unknown state", "unknown is expired", func(f *faulty) {
		f.take = func(ctx context.Context, state, binding store.Hash, by string, now time.Time) (store.AuthRequest, error) {
			r, err := f.Store.TakeAuthRequest(ctx, state, binding, by, now)
			return r, but(err, store.ErrNotFound, store.ErrExpired)
		}
	}},
	{"auth requests/another browser does not use it up", "another browser uses it up", func(f *faulty) {
		var created store.AuthRequest
		f.createAuthRequest = func(ctx context.Context, r store.AuthRequest) error {
			created = r
			return f.Store.CreateAuthRequest(ctx, r)
		}
		f.take = func(ctx context.Context, state, binding store.Hash, by string, now time.Time) (store.AuthRequest, error) {
			r, err := f.Store.TakeAuthRequest(ctx, state, binding, by, now)
			if errors.Is(err, store.ErrOtherBinding) {
				_, _ = f.Store.TakeAuthRequest(ctx, state, created.Binding, by, now)
			}
			return r, err
		}
	}},
	{"auth requests/another browser does not use it up", "nobody asks for the browser", func(f *faulty) {
		var created store.AuthRequest
		f.createAuthRequest = func(ctx context.Context, r store.AuthRequest) error {
			created = r
			return f.Store.CreateAuthRequest(ctx, r)
		}
		f.take = func(ctx context.Context, state, _ store.Hash, by string, now time.Time) (store.AuthRequest, error) {
			return f.Store.TakeAuthRequest(ctx, state, created.Binding, by, now)
		}
	}},
	{"auth requests/a second take has what the first one took", "a second take has nothing", func(f *faulty) {
		f.take = func(ctx context.Context, state, binding store.Hash, by string, now time.Time) (store.AuthRequest, error) {
			r, err := f.Store.TakeAuthRequest(ctx, state, binding, by, now)
			if err != nil {
				r = store.AuthRequest{}
			}
			return r, err
		}
	}},
	{"auth requests/an expired one is not taken, at its expiry or later", "a request lives a moment too long", func(f *faulty) {
		f.take = func(ctx context.Context, state, binding store.Hash, by string, now time.Time) (store.AuthRequest, error) {
			return f.Store.TakeAuthRequest(ctx, state, binding, by, now.Add(-time.Millisecond))
		}
	}},
	{"auth requests/of several reasons the first counts", "expired comes before the binding", func(f *faulty) {
		f.take = func(ctx context.Context, state, binding store.Hash, by string, now time.Time) (store.AuthRequest, error) {
			r, err := f.Store.TakeAuthRequest(ctx, state, binding, by, now)
			if now.Minute() == 0 && now.Hour() == 13 {
				err = but(err, store.ErrOtherBinding, store.ErrExpired)
			}
			return r, err
		}
	}},
	{"auth requests/several of one browser are apart", "a browser has one request", func(f *faulty) {
		last := map[store.Hash]store.Hash{}
		f.createAuthRequest = func(ctx context.Context, r store.AuthRequest) error {
			last[r.Binding] = r.State
			return f.Store.CreateAuthRequest(ctx, r)
		}
		f.take = func(ctx context.Context, _, binding store.Hash, by string, now time.Time) (store.AuthRequest, error) {
			return f.Store.TakeAuthRequest(ctx, last[binding], binding, by, now)
		}
	}},
	{"auth requests/the count has the outstanding ones", "what was taken is counted", func(f *faulty) {
		taken := 0
		f.take = func(ctx context.Context, state, binding store.Hash, by string, now time.Time) (store.AuthRequest, error) {
			taken++
			return f.Store.TakeAuthRequest(ctx, state, binding, by, now)
		}
		f.countAuthRequests = func(ctx context.Context, now time.Time) (int, error) {
			n, err := f.Store.CountAuthRequests(ctx, now)
			return n + taken, err
		}
	}},
	{"auth requests/the count has the outstanding ones", "a request is counted a moment too long", func(f *faulty) {
		f.countAuthRequests = func(ctx context.Context, now time.Time) (int, error) {
			return f.Store.CountAuthRequests(ctx, now.Add(-time.Millisecond))
		}
	}},
}
