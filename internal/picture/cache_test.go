package picture_test

import (
	"errors"
	"fmt"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"latchkey/internal/picture"
)

const onCDN = "https://scontent-fra5-1.cdninstagram.com/v/t51/picture.jpg" + sign

// nobody is a CDN that must not be asked.
func nobody(t *testing.T) cdn {
	return func(r *http.Request) (*http.Response, error) {
		t.Errorf("asked %s", r.URL)
		return nil, errors.New("c4nary")
	}
}

func TestKept(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name string
		err  error
		kept time.Duration
	}{
		{"a picture", nil, 24 * time.Hour},
		{"a failure", errors.New("dial c4nary"), 5 * time.Minute},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				var f picture.Fetcher
				asked := 0
				f.AskInstead(cdn(func(*http.Request) (*http.Response, error) {
					asked++
					if tt.err != nil {
						return nil, tt.err
					}
					return answer(t), nil
				}))
				ask := func(want int) {
					t.Helper()
					got, err := f.Picture(t.Context(), onCDN)
					if tt.err != nil {
						wantNone(t, got, err, "no answer")
					} else if err != nil || len(got) == 0 {
						t.Errorf("%d bytes, %v", len(got), err)
					}
					if asked != want {
						t.Errorf("asked %d times, want %d", asked, want)
					}
				}
				ask(1)
				time.Sleep(tt.kept - time.Millisecond)
				ask(1)
				time.Sleep(time.Millisecond)
				ask(2)
			})
		})
	}
}

// TestRoom holds that what is kept is bounded, and that the oldest goes first, failures before it.
func TestRoom(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		const room = 400
		var f picture.Fetcher
		asked := map[string]int{}
		f.AskInstead(cdn(func(r *http.Request) (*http.Response, error) {
			asked[r.URL.Path]++
			if r.URL.Path == "/failure" {
				return nil, errors.New("c4nary")
			}
			return answer(t), nil
		}))
		ask := func(name any) {
			f.Picture(t.Context(), fmt.Sprintf("https://x.fbcdn.net/%v", name))
			time.Sleep(time.Millisecond)
		}
		for i := range room - 1 {
			ask(i)
		}
		ask("failure")

		ask("one more")
		ask(0)
		if asked["/0"] != 1 {
			t.Error("a picture went before a failure")
		}
		ask("and one more")
		ask(room - 2)
		if asked[fmt.Sprintf("/%d", room-2)] != 1 {
			t.Error("not the oldest picture went")
		}
		ask(0)
		if asked["/0"] != 2 {
			t.Errorf("more than %d are kept", room)
		}
	})
}
