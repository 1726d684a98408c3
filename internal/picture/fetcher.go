package picture

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"sync"
	"time"

	"golang.org/x/sync/singleflight"
)

// ErrNone means that there is no picture to show: no address, one that may not be asked, or an
// answer that is no picture of reasonable size. Whoever gets it leaves the picture out.
var ErrNone = errors.New("no picture")

// What a picture may cost.
const (
	maxBytes    = 2 << 20
	maxDuration = 10 * time.Second
	// maxFetches is how many pictures are fetched at once. More wait.
	maxFetches = 8
)

// How long an answer is remembered.
const (
	keepPicture = 24 * time.Hour
	keepFailure = 5 * time.Minute
)

// Fetcher fetches profile pictures. The zero value is ready, and is for concurrent use.
type Fetcher struct {
	// Origin is one more place that pictures may come from, such as "http://127.0.0.1:3001": the
	// simulator's. It counts only if it is this machine's own; empty means none.
	Origin string

	prepare sync.Once
	sources []source
	room    chan struct{}
	flights singleflight.Group
	kept    cache
	// unfolding lets one picture unfold at a time: of all that happens here it takes the most memory,
	// and it is over in milliseconds.
	unfolding sync.Mutex
}

// Picture returns the picture at pictureURL as a square JPEG of Size pixels, from memory when it was
// fetched within the last day. The bytes are shared: do not change them. Every error is ErrNone, or
// that of ctx; a failure is remembered for some minutes. A fetch that began goes on when ctx ends,
// for others may wait for it, and it is soon wanted again.
func (f *Fetcher) Picture(ctx context.Context, pictureURL string) ([]byte, error) {
	f.prepare.Do(f.setUp)
	from, address, err := f.find(pictureURL)
	if err != nil {
		return nil, err
	}
	key := sha256.Sum256([]byte(address.String()))
	if e, ok := f.kept.get(key, time.Now()); ok {
		return e.picture, e.err
	}
	flight := f.flights.DoChan(string(key[:]), func() (any, error) {
		if e, ok := f.kept.get(key, time.Now()); ok {
			return e.picture, e.err // the flight before this one landed in between
		}
		return f.fetchAndKeep(context.WithoutCancel(ctx), from, address, key)
	})
	select {
	case <-ctx.Done():
		return nil, ctx.Err()
	case r := <-flight:
		picture, _ := r.Val.([]byte)
		return picture, r.Err
	}
}

func (f *Fetcher) setUp() {
	f.sources = []source{instagramCDN()}
	if p, ok := ownOrigin(f.Origin); ok {
		f.sources = append(f.sources, p)
	}
	f.room = make(chan struct{}, maxFetches)
}

// find parses an address and says which source serves it.
func (f *Fetcher) find(pictureURL string) (source, *url.URL, error) {
	if pictureURL == "" {
		return source{}, nil, ErrNone
	}
	u, err := url.Parse(pictureURL)
	if err != nil {
		return source{}, nil, fmt.Errorf("picture: malformed address: %w", ErrNone)
	}
	for _, p := range f.sources {
		if p.has(u) {
			return p, u, nil
		}
	}
	return source{}, nil, fmt.Errorf("picture: address elsewhere than at Instagram: %w", ErrNone)
}

func (f *Fetcher) fetchAndKeep(ctx context.Context, p source, address *url.URL, key key) ([]byte, error) {
	select {
	case f.room <- struct{}{}:
		defer func() { <-f.room }()
	case <-time.After(maxDuration): // not this picture's fault, so not remembered
		return nil, fmt.Errorf("picture: too many at once: %w", ErrNone)
	}
	e := entry{until: time.Now().Add(keepPicture)}
	raw, err := fetch(ctx, p.client, address)
	if err == nil {
		e.picture, err = f.decode(raw)
	}
	if err != nil {
		e = entry{err: err, until: time.Now().Add(keepFailure)}
	}
	f.kept.put(key, e)
	return e.picture, e.err
}

func (f *Fetcher) decode(raw []byte) ([]byte, error) {
	f.unfolding.Lock()
	defer f.unfolding.Unlock()
	return thumbnail(raw)
}

// fetch asks for the picture once. Its errors are its own words: those of net/http quote addresses,
// and now and then an answer.
func fetch(ctx context.Context, client *http.Client, address *url.URL) ([]byte, error) {
	ctx, cancel := context.WithTimeout(ctx, maxDuration)
	defer cancel()
	request := http.Request{
		Method: http.MethodGet,
		URL:    address,
		Header: http.Header{
			"Accept":     {"image/jpeg, image/png, image/webp"},
			"User-Agent": {"latchkey"},
		},
	}
	response, err := client.Do(request.WithContext(ctx))
	if err != nil {
		return nil, fmt.Errorf("picture: no answer: %w", ErrNone)
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("picture: answered with status %d: %w", response.StatusCode, ErrNone)
	}
	if response.ContentLength > maxBytes {
		return nil, fmt.Errorf("picture: more than %d bytes: %w", maxBytes, ErrNone)
	}
	raw, err := io.ReadAll(io.LimitReader(response.Body, maxBytes+1))
	switch {
	case err != nil:
		return nil, fmt.Errorf("picture: answer broke off: %w", ErrNone)
	case len(raw) > maxBytes:
		return nil, fmt.Errorf("picture: more than %d bytes: %w", maxBytes, ErrNone)
	}
	return raw, nil
}
