package middleware_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"testing"
	"testing/synctest"
	"time"

	"latchkey/internal/middleware"
)

// limited is /login behind a limit of so many a minute. It is called by the client's address.
func limited(t *testing.T, perMinute int) func(client string) *httptest.ResponseRecorder {
	t.Helper()
	l := middleware.Limiter{PerMinute: perMinute, Refused: page(http.StatusTooManyRequests, "too many")}
	s := setup(t, map[string]http.HandlerFunc{
		"GET /login": l.Handler(page(http.StatusSeeOther, "go")).ServeHTTP,
	}, func(s *middleware.Stack) { s.Combined = discard{} })
	return func(client string) *httptest.ResponseRecorder {
		r := httptest.NewRequest(http.MethodGet, "/login", nil)
		r.RemoteAddr = client
		if a, err := netip.ParseAddr(client); err == nil {
			r.RemoteAddr = netip.AddrPortFrom(a, 1234).String()
		}
		return s.do(r)
	}
}

func TestLimiter(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		login := limited(t, 6)
		for i := range 6 {
			if w := login("192.0.2.1"); w.Code != http.StatusSeeOther {
				t.Fatalf("login %d of the burst: status %d", i, w.Code)
			}
		}
		w := login("192.0.2.1")
		if w.Code != http.StatusTooManyRequests || w.Header().Get("Retry-After") != "10" || w.Body.Len() < len("too many") {
			t.Errorf("beyond the burst: status %d, Retry-After %q, %q", w.Code, w.Header().Get("Retry-After"), w.Body)
		}
		if w := login("192.0.2.2"); w.Code != http.StatusSeeOther {
			t.Errorf("a neighbour: status %d", w.Code)
		}

		time.Sleep(9500 * time.Millisecond)
		if w := login("192.0.2.1"); w.Code != http.StatusTooManyRequests || w.Header().Get("Retry-After") != "1" {
			t.Errorf("too early: status %d, Retry-After %q", w.Code, w.Header().Get("Retry-After"))
		}
		time.Sleep(500 * time.Millisecond)
		if w := login("192.0.2.1"); w.Code != http.StatusSeeOther {
			t.Errorf("at the time that was told: status %d", w.Code)
		}
		if w := login("192.0.2.1"); w.Code != http.StatusTooManyRequests {
			t.Errorf("one more: status %d", w.Code)
		}
	})
}

// TestLimiterKeepsItsPromise holds that whoever waits as told gets in, at any rate.
func TestLimiterKeepsItsPromise(t *testing.T) {
	t.Parallel()
	for _, perMinute := range []int{1, 7, 59, 300} {
		synctest.Test(t, func(t *testing.T) {
			login := limited(t, perMinute)
			for range perMinute {
				login("192.0.2.1")
			}
			for range 5 {
				w := login("192.0.2.1")
				for w.Code == http.StatusSeeOther { // what came back while it waited whole seconds
					w = login("192.0.2.1")
				}
				wait, err := time.ParseDuration(w.Header().Get("Retry-After") + "s")
				if err != nil || wait <= 0 || wait > time.Minute {
					t.Fatalf("%d a minute: Retry-After %v, %v", perMinute, wait, err)
				}
				time.Sleep(wait)
				if w := login("192.0.2.1"); w.Code != http.StatusSeeOther {
					t.Errorf("%d a minute: status %d after the wait", perMinute, w.Code)
				}
			}
		})
	}
}

func TestLimiterClients(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		first, second string
		same          bool
	}{
		{"192.0.2.1", "192.0.2.2", false},
		{"192.0.2.1", "::ffff:192.0.2.1", true},
		{"2001:db8:0:1::1", "2001:db8:0:1:ffff::2", true},
		{"2001:db8:0:1::1", "2001:db8:0:2::1", false},
		{"@", "", true},
		{"@", "::", false},
	} {
		login := limited(t, 1)
		login(tt.first)
		if same := login(tt.second).Code == http.StatusTooManyRequests; same != tt.same {
			t.Errorf("%q and %q are one client: %v, want %v", tt.first, tt.second, same, tt.same)
		}
	}
}

// TestLimiterSites holds that the clients of an IPv6 /48 have a limit in common, of four times that of one,
// which takes nothing from those that are refused for it, and that nobody else has one.
func TestLimiterSites(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		login := limited(t, 6)
		passes := func(client string, want int) {
			t.Helper()
			got := 0
			for login(client).Code == http.StatusSeeOther {
				got++
			}
			if got != want {
				t.Errorf("%s: %d passed, want %d", client, got, want)
			}
		}
		passes("2001:db8:1:1::1", 6)
		passes("2001:db8:1:2::1", 6)
		passes("2001:db8:1:3::1", 6)
		passes("2001:db8:1:4::1", 6)
		passes("2001:db8:1:5::1", 0)
		if w := login("2001:db8:1:ffff::1"); w.Header().Get("Retry-After") != "3" { // 24 a minute
			t.Errorf("Retry-After %q", w.Header().Get("Retry-After"))
		}
		passes("2001:db8:2:1::1", 6)
		for i := range 5 {
			passes(fmt.Sprintf("192.0.2.%d", i), 6)
		}
		time.Sleep(15 * time.Second)
		passes("2001:db8:1:5::1", 6) // it lost nothing by being refused
	})
}

// TestLimiterKeepsSites holds that a site keeps its bucket when room is made, until that is full.
func TestLimiterKeepsSites(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		login := limited(t, 6)
		passes := func(from, to int) (n int) {
			for i := from; i < to; i++ {
				for login(fmt.Sprintf("2001:db8:1:%d::1", i)).Code == http.StatusSeeOther {
					n++
				}
			}
			return n
		}
		if n := passes(0, 3); n != 18 {
			t.Fatalf("%d passed", n)
		}
		for i := range 1 << 14 {
			login(fmt.Sprintf("198.18.%d.%d", i>>8, i&255))
		}
		time.Sleep(10 * time.Second)
		if n := passes(3, 8); n != 10 { // 6 were left, and 4 came back
			t.Errorf("%d passed when room was made, want 10", n)
		}
	})
}

func TestNoLimit(t *testing.T) {
	t.Parallel()
	login := limited(t, 0)
	for range 1000 {
		if w := login("192.0.2.1"); w.Code != http.StatusSeeOther {
			t.Fatalf("status %d", w.Code)
		}
	}
}

// TestLimiterInAFlood holds what happens when more clients come than are kept apart.
func TestLimiterInAFlood(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		const kept = 1 << 14
		login := limited(t, 2)
		passed := func(n int, client func(i int) string) (passed int) {
			for i := range n {
				if login(client(i)).Code == http.StatusSeeOther {
					passed++
				}
			}
			return passed
		}
		known := func(i int) string { return fmt.Sprintf("192.%d.%d.1", i/256, i%256) }
		if got := passed(kept, known); got != kept {
			t.Fatalf("%d of %d got in while there was room", got, kept)
		}

		if got := passed(5000, func(i int) string { return fmt.Sprintf("2001:db8:%x::1", i) }); got != 2 {
			t.Errorf("a flood from one network got in %d times, want 2", got)
		}
		newcomers := passed(100, func(i int) string { return fmt.Sprintf("198.%d.0.1", i) })
		if newcomers < 80 {
			t.Errorf("%d of 100 newcomers from elsewhere got in, want most", newcomers)
		}
		if got := passed(20000, func(i int) string { return fmt.Sprintf("10.%d.%d.%d", i%256, i/256, i%7) }); got > 2*256 {
			t.Errorf("a flood from everywhere got in %d times, want at most what the shared buckets hold", got)
		}
		if got := passed(kept, known); got != kept {
			t.Errorf("%d of %d who came before the flood got in", got, kept)
		}

		time.Sleep(time.Minute)
		if got := passed(5000, func(i int) string { return fmt.Sprintf("2001:db8:%x::1", i) }); got != 5000 {
			t.Errorf("%d of 5000 got in after the flood", got)
		}
	})
}

// BenchmarkLimiter is what the limit costs a login.
func BenchmarkLimiter(b *testing.B) {
	l := middleware.Limiter{PerMinute: 1 << 30, Refused: page(http.StatusTooManyRequests, "too many")}
	handler := l.Handler(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	r := httptest.NewRequest(http.MethodGet, "/login", nil)
	w := discard{http.Header{}}
	b.ReportAllocs()
	for b.Loop() {
		handler.ServeHTTP(w, r)
	}
}
