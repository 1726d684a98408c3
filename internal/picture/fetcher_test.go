package picture_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"latchkey/internal/picture"
)

// sign makes an address look as Instagram's do. What it adds may stand in no error.
const sign = "?stp=dst-jpg&oh=c4nary"

// cdn answers in place of Instagram's CDN.
type cdn func(*http.Request) (*http.Response, error)

func (c cdn) RoundTrip(r *http.Request) (*http.Response, error) { return c(r) }

// answer is a small picture, as a CDN sends one.
func answer(t *testing.T) *http.Response {
	body := io.NopCloser(bytes.NewReader(jpegOf(t, plain(8, 8))))
	return &http.Response{StatusCode: http.StatusOK, ContentLength: -1, Body: body}
}

// origin is a server on this machine, and a Fetcher that may ask it.
func origin(t *testing.T, handler http.HandlerFunc) (*picture.Fetcher, string) {
	t.Helper()
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	return &picture.Fetcher{Origin: server.URL}, server.URL + "/picture.jpg" + sign
}

func plain(width, height int) image.Image {
	m := image.NewGray(image.Rect(0, 0, width, height))
	for i := range m.Pix {
		m.Pix[i] = 0x80
	}
	return m
}

func jpegOf(t testing.TB, m image.Image) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := jpeg.Encode(&out, m, nil); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// wantNone holds that there is no picture, for this reason, and that the error tells no address.
func wantNone(t *testing.T, got []byte, err error, reason string) {
	t.Helper()
	if got != nil || !errors.Is(err, picture.ErrNone) || !strings.Contains(err.Error(), reason) {
		t.Errorf("%d bytes, %v; want ErrNone for %q", len(got), err, reason)
	}
	if err != nil && (strings.Contains(err.Error(), "c4nary") || strings.Contains(err.Error(), "://")) {
		t.Errorf("the error tells the address or the answer: %v", err)
	}
}

func TestPicture(t *testing.T) {
	t.Parallel()
	f, address := origin(t, func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodGet || r.URL.RawQuery != sign[1:] || r.Header.Get("Accept") == "" || r.Header.Get("Cookie") != "" {
			t.Errorf("asked %s %s %v", r.Method, r.URL, r.Header)
		}
		w.Header().Set("Content-Type", "text/html") // what it is called does not count
		w.Write(jpegOf(t, plain(1080, 1350)))
	})

	got, err := f.Picture(t.Context(), address)
	if err != nil {
		t.Fatal(err)
	}

	m, err := jpeg.Decode(bytes.NewReader(got))
	if err != nil || m.Bounds() != image.Rect(0, 0, picture.Size, picture.Size) {
		t.Fatalf("%v, %v", m, err)
	}
	if gray := color.GrayModel.Convert(m.At(80, 80)).(color.Gray).Y; gray < 0x7c || gray > 0x84 {
		t.Errorf("gray %x in the middle, want 80", gray)
	}
}

func TestNoPicture(t *testing.T) {
	t.Parallel()
	whole := jpegOf(t, plain(320, 320))
	for _, tt := range []struct {
		reason string
		serve  http.HandlerFunc
	}{
		{"answered with status 302", func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Path == "/followed" {
				t.Error("followed a redirect")
			}
			http.Redirect(w, r, "/followed?oh=c4nary", http.StatusFound)
		}},
		{"answered with status 403", func(w http.ResponseWriter, _ *http.Request) {
			http.Error(w, "URL signature expired c4nary", http.StatusForbidden)
		}},
		{"more than 2097152 bytes", func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", fmt.Sprint(2<<20+1))
			w.Write(whole)
		}},
		{"more than 2097152 bytes", func(w http.ResponseWriter, _ *http.Request) {
			w.Write(whole)
			w.(http.Flusher).Flush() // so that no length is told
			w.Write(make([]byte, 2<<20))
		}},
		{"answer broke off", func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", fmt.Sprint(len(whole)))
			w.Write(whole[:len(whole)/2])
		}},
		{"no answer", func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }},
		{"neither JPEG", func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, "<!DOCTYPE html><p>c4nary") }},
		{"neither JPEG", func(http.ResponseWriter, *http.Request) {}},
		{"malformed", func(w http.ResponseWriter, _ *http.Request) { w.Write(whole[:len(whole)/2]) }},
	} {
		t.Run(tt.reason, func(t *testing.T) {
			t.Parallel()
			f, address := origin(t, tt.serve)
			got, err := f.Picture(t.Context(), address)
			wantNone(t, got, err, tt.reason)
		})
	}
}

// TestLargestAnswer holds that the bound on bytes is where it is said to be.
func TestLargestAnswer(t *testing.T) {
	t.Parallel()
	whole := jpegOf(t, plain(320, 320))
	f, address := origin(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Write(append(whole, make([]byte, 2<<20-len(whole))...))
	})
	if _, err := f.Picture(t.Context(), address); err != nil {
		t.Error(err)
	}
}

// TestOneFetch holds that a picture that many want at once is fetched once, and kept.
func TestOneFetch(t *testing.T) {
	t.Parallel()
	var asked atomic.Int32
	f, address := origin(t, func(w http.ResponseWriter, _ *http.Request) {
		asked.Add(1)
		w.Write(jpegOf(t, plain(320, 320)))
	})
	var wg sync.WaitGroup
	for range 20 {
		wg.Go(func() {
			if _, err := f.Picture(t.Context(), address); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if got := asked.Load(); got != 1 {
		t.Errorf("asked %d times, want once", got)
	}
}

// TestCallerWhoGoesAway holds that a caller need not wait, and that what it began is kept.
func TestCallerWhoGoesAway(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var f picture.Fetcher
		f.AskInstead(cdn(func(r *http.Request) (*http.Response, error) {
			time.Sleep(5 * time.Second)
			return answer(t), r.Context().Err()
		}))
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if got, err := f.Picture(ctx, onCDN); got != nil || !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("%d bytes, %v", len(got), err)
		}

		time.Sleep(5 * time.Second)
		synctest.Wait() // the fetch is over
		f.AskInstead(nobody(t))
		if _, err := f.Picture(t.Context(), onCDN); err != nil {
			t.Errorf("the fetch did not go on: %v", err)
		}
	})
}

func TestSlowAnswer(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var f picture.Fetcher
		f.AskInstead(cdn(func(r *http.Request) (*http.Response, error) {
			<-r.Context().Done()
			return nil, r.Context().Err()
		}))
		start := time.Now()
		got, err := f.Picture(t.Context(), onCDN)
		wantNone(t, got, err, "no answer")
		if took := time.Since(start); took != 10*time.Second {
			t.Errorf("gave up after %v", took)
		}
	})
}

func TestAtMostSoManyAtOnce(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var f picture.Fetcher
		var running, most atomic.Int32
		f.AskInstead(cdn(func(*http.Request) (*http.Response, error) {
			now := running.Add(1)
			defer running.Add(-1)
			for m := most.Load(); now > m && !most.CompareAndSwap(m, now); m = most.Load() {
			}
			time.Sleep(30 * time.Second)
			return answer(t), nil
		}))
		for i := range 8 {
			go f.Picture(t.Context(), fmt.Sprintf("https://scontent.cdninstagram.com/%d", i))
		}
		synctest.Wait()

		got, err := f.Picture(t.Context(), onCDN)
		wantNone(t, got, err, "too many at once")
		if most.Load() != 8 {
			t.Errorf("%d at once, want 8", most.Load())
		}

		time.Sleep(30 * time.Second)
		if _, err := f.Picture(t.Context(), onCDN); err != nil {
			t.Errorf("remembered as a failure: %v", err)
		}
	})
}
