package middleware

import (
	"hash/maphash"
	"math"
	"net/http"
	"net/netip"
	"strconv"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// How much a Limiter keeps: some 2 MiB of clients' own buckets, and the buckets that newcomers
// share while there is no room.
const (
	maxBuckets    = 1 << 14
	sharedBuckets = 1 << 8
)

// siteShare is how many times what one client may do an IPv6 /48 may do in all. A site gets a /48, and
// with it 65,536 clients. Four that do all they may at once are more than any site was seen to have.
const siteShare = 4

// Limiter bounds how often one client may do a thing: PerMinute times a minute, in a burst of as
// many. A client is one IPv4 address or one IPv6 /64. All clients of an IPv6 /48 together may do it
// four times as often.
//
// It keeps a bucket for each client that did the thing within the last minute; a bucket that is
// full again is as good as none, and goes when room is needed. When all the room is taken, by a
// flood from very many addresses, those who have a bucket keep it, and each newcomer draws from one
// of a fixed number of buckets that it shares with its wider network (IPv4: /16, IPv6: /32) and
// whichever other networks fall into the same bucket. So a flood gets no more than the sum of all
// buckets, and a network that floods drains its own, not everybody's.
type Limiter struct {
	// PerMinute is the rate and the burst; 0 is no limit.
	PerMinute int
	// Refused writes the page for a client that has to wait, status 429 included; Retry-After is
	// set. Required unless PerMinute is 0.
	Refused http.HandlerFunc

	mu     sync.Mutex
	own    map[netip.Prefix]*rate.Limiter
	shared [sharedBuckets]*rate.Limiter
	seed   maphash.Seed
	swept  time.Time
}

// Handler returns next behind the limit. It belongs inside a [Stack], which knows the client.
func (l *Limiter) Handler(next http.Handler) http.Handler {
	if l.PerMinute == 0 {
		return next
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if wait := l.take(Client(r.Context()), time.Now()); wait > 0 {
			w.Header().Set("Retry-After", strconv.Itoa(int(math.Ceil(wait.Seconds()))))
			l.Refused(w, r)
			return
		}
		next.ServeHTTP(w, r)
	})
}

// take takes one token of the client's bucket and of its site's, or says how long one of them has none.
func (l *Limiter) take(client netip.Addr, now time.Time) time.Duration {
	l.mu.Lock()
	defer l.mu.Unlock()
	var drawn []*rate.Reservation
	for _, bucket := range []func(netip.Addr, time.Time) *rate.Limiter{l.site, l.bucket} {
		b := bucket(client, now)
		if b == nil {
			continue
		}
		drawn = append(drawn, b.ReserveN(now, 1))
		if wait := drawn[len(drawn)-1].DelayFrom(now); wait > 0 {
			for _, r := range drawn {
				r.CancelAt(now)
			}
			return wait
		}
	}
	return 0
}

// site finds or makes the bucket of the client's site; nil when it has none. It comes before the
// client's, so that a site makes no more buckets than it may do things.
func (l *Limiter) site(client netip.Addr, now time.Time) *rate.Limiter {
	if !client.Is6() {
		return nil
	}
	return l.kept(network(client, 0, 48), siteShare*l.PerMinute, now)
}

// bucket finds or makes the bucket that the client draws from.
func (l *Limiter) bucket(client netip.Addr, now time.Time) *rate.Limiter {
	if b := l.kept(network(client, 32, 64), l.PerMinute, now); b != nil {
		return b
	}
	slot := &l.shared[maphash.Comparable(l.seed, network(client, 16, 32))%sharedBuckets]
	if *slot == nil {
		*slot = newBucket(l.PerMinute)
	}
	return *slot
}

// kept finds or makes the own bucket of a network; nil when there is no room for another one.
func (l *Limiter) kept(of netip.Prefix, perMinute int, now time.Time) *rate.Limiter {
	if b, ok := l.own[of]; ok {
		return b
	}
	if l.own == nil {
		l.own, l.seed = make(map[netip.Prefix]*rate.Limiter), maphash.MakeSeed()
	}
	l.sweep(now)
	if len(l.own) >= maxBuckets {
		return nil
	}
	b := newBucket(perMinute)
	l.own[of] = b
	return b
}

func newBucket(perMinute int) *rate.Limiter {
	return rate.NewLimiter(rate.Limit(float64(perMinute)/60), perMinute)
}

// sweep makes room, if there is need, by dropping the buckets that are full. It looks at all of
// them, so it does so once a second at most.
func (l *Limiter) sweep(now time.Time) {
	if len(l.own) < maxBuckets || now.Sub(l.swept) < time.Second {
		return
	}
	l.swept = now
	for key, b := range l.own {
		if b.TokensAt(now) >= float64(b.Burst()) {
			delete(l.own, key)
		}
	}
}

// network is the network of a client, by the length of its prefix in either family. The zero
// address is in one of its own.
func network(client netip.Addr, bits4, bits6 int) netip.Prefix {
	bits := bits6
	if client.Is4() {
		bits = bits4
	}
	p, _ := client.Prefix(bits) // no error: the length fits, or the address is zero
	return p
}
