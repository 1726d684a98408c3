package login

import (
	"bytes"
	"slices"
	"testing"
	"time"

	"latchkey/internal/store"
)

// TestStateComesBack holds that a state is read as it was written, whatever is in it.
func TestStateComesBack(t *testing.T) {
	t.Parallel()
	now := time.UnixMilli(1_800_000_000_123)
	for _, want := range []state{
		newState(now, "the cookie", store.Hash{}, nil),
		newState(now, "the cookie", store.HashOf("a link"), []string{"instagram_business_basic", "instagram_business_manage_insights"}),
		newState(time.UnixMilli(-1), "", store.Hash{}, []string{"one"}),
	} {
		got, err := parseState(want.bytes())
		if err != nil || got.Number != want.Number || !got.BegunAt.Equal(want.BegunAt) || got.Binding != want.Binding ||
			got.Link != want.Link || !slices.Equal(got.Scopes, want.Scopes) {
			t.Errorf("%+v came back as %+v, %v", want, got, err)
		}
	}
}

// TestStateIsOfOneForm holds that what is too short or of another form is no state.
func TestStateIsOfOneForm(t *testing.T) {
	t.Parallel()
	whole := newState(time.Now(), "the cookie", store.Hash{}, nil).bytes()
	if len(whole) != 89 {
		t.Errorf("the parts of fixed length are %d bytes long", len(whole))
	}
	for n := range whole {
		if _, err := parseState(whole[:n]); err == nil {
			t.Errorf("%d bytes are a state", n)
		}
	}
	for _, form := range []byte{0, 2, 255} {
		other := bytes.Clone(whole)
		other[0] = form
		if _, err := parseState(other); err == nil {
			t.Errorf("a state of the form %d is read", form)
		}
	}
}

// TestNoTwoStatesAreAlike holds that the number tells logins apart that are alike in all else.
func TestNoTwoStatesAreAlike(t *testing.T) {
	t.Parallel()
	now := time.Now()
	first, second := newState(now, "the cookie", store.Hash{}, nil), newState(now, "the cookie", store.Hash{}, nil)
	if first.key() == second.key() || len(first.key()) != 32 {
		t.Errorf("the keys are %q and %q", first.key(), second.key())
	}
}

func FuzzParseState(f *testing.F) {
	f.Add([]byte{})
	f.Add(newState(time.Now(), "the cookie", store.HashOf("a link"), []string{"one", "two"}).bytes())
	f.Fuzz(func(t *testing.T, b []byte) {
		s, err := parseState(b)
		if err != nil {
			return
		}
		again, err := parseState(s.bytes())
		if err != nil || again.Number != s.Number || !again.BegunAt.Equal(s.BegunAt) || !slices.Equal(again.Scopes, s.Scopes) {
			t.Errorf("%+v became %+v, %v", s, again, err)
		}
	})
}
