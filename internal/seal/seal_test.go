package seal_test

import (
	"bytes"
	"errors"
	"testing"

	"latchkey/internal/seal"
)

var token = seal.Context{Purpose: "instagram token", Owner: "17841400000000001"}

func generate(t testing.TB) *seal.Keyring {
	t.Helper()
	k, err := seal.Generate()
	if err != nil {
		t.Fatal(err)
	}
	return k
}

func mustSeal(t testing.TB, k *seal.Keyring, plain string, c seal.Context) []byte {
	t.Helper()
	sealed, err := k.Seal([]byte(plain), c)
	if err != nil {
		t.Fatal(err)
	}
	return sealed
}

func TestOpenReturnsWhatWasSealed(t *testing.T) {
	t.Parallel()
	k := generate(t)
	for _, plain := range []string{"", "IGAA-a-token", string(make([]byte, 4096))} {
		got, err := k.Open(mustSeal(t, k, plain, token), token)
		if err != nil || string(got) != plain {
			t.Errorf("opened %q, %v, want %q", got, err, plain)
		}
	}
}

func TestSealedValueShowsNothing(t *testing.T) {
	t.Parallel()
	k := generate(t)
	first, second := mustSeal(t, k, "IGAA-a-token", token), mustSeal(t, k, "IGAA-a-token", token)
	if bytes.Contains(first, []byte("IGAA")) || bytes.Contains(first, []byte(token.Owner)) {
		t.Error("the sealed value holds its text or its owner in clear")
	}
	if bytes.Equal(first, second) {
		t.Error("the same text was sealed to the same bytes twice")
	}
}

func TestOpenRefusesWhatWasMoved(t *testing.T) {
	t.Parallel()
	k := generate(t)
	sealed := mustSeal(t, k, "IGAA-a-token", token)
	for name, c := range map[string]seal.Context{
		"another owner":             {Purpose: token.Purpose, Owner: "17841400000000002"},
		"another purpose":           {Purpose: "mail address", Owner: token.Owner},
		"no owner":                  {Purpose: token.Purpose},
		"no context":                {},
		"parts in another place":    {Purpose: token.Owner, Owner: token.Purpose},
		"a byte over the border":    {Purpose: token.Purpose + "1", Owner: token.Owner[1:]},
		"a byte back over the same": {Purpose: token.Purpose[:14], Owner: "n" + token.Owner},
	} {
		if _, err := k.Open(sealed, c); !errors.Is(err, seal.ErrNotOpened) {
			t.Errorf("%s: opened with error %v", name, err)
		}
	}
}

func TestOpenRefusesWhatWasChanged(t *testing.T) {
	t.Parallel()
	k := generate(t)
	sealed := mustSeal(t, k, "IGAA-a-token", token)
	for i := range sealed {
		changed := bytes.Clone(sealed)
		changed[i] ^= 1
		if _, err := k.Open(changed, token); !errors.Is(err, seal.ErrNotOpened) {
			t.Errorf("byte %d changed: opened with error %v", i, err)
		}
		if _, err := k.Open(sealed[:i], token); !errors.Is(err, seal.ErrNotOpened) {
			t.Errorf("cut at byte %d: opened with error %v", i, err)
		}
	}
}

func TestOpenRefusesAnotherKeyring(t *testing.T) {
	t.Parallel()
	sealed := mustSeal(t, generate(t), "IGAA-a-token", token)
	if _, err := generate(t).Open(sealed, token); !errors.Is(err, seal.ErrNotOpened) {
		t.Errorf("opened with error %v", err)
	}
}

func TestSealNeedsPurposeAndOwner(t *testing.T) {
	t.Parallel()
	k := generate(t)
	for _, c := range []seal.Context{{}, {Purpose: token.Purpose}, {Owner: token.Owner}} {
		if _, err := k.Seal([]byte("IGAA-a-token"), c); err == nil {
			t.Errorf("sealed for %+v", c)
		}
	}
}

func FuzzOpen(f *testing.F) {
	k := generate(f)
	f.Add([]byte(nil), "p", "o")
	f.Add(mustSeal(f, k, "IGAA-a-token", token), token.Purpose, token.Owner)
	f.Add(mustSeal(f, k, "IGAA-a-token", token), token.Purpose+token.Owner[:1], token.Owner[1:])
	f.Fuzz(func(t *testing.T, b []byte, purpose, owner string) {
		c := seal.Context{Purpose: purpose, Owner: owner}
		// Nobody can seal without the key, so whatever opens is the seed itself.
		if plain, err := k.Open(b, c); err == nil && (c != token || string(plain) != "IGAA-a-token") {
			t.Errorf("a forged value opened for %+v", c)
		}
		if purpose == "" || owner == "" {
			return
		}
		sealed, err := k.Seal(b, c)
		if err != nil {
			t.Fatal(err)
		}
		plain, err := k.Open(sealed, c)
		if err != nil || !bytes.Equal(plain, b) {
			t.Errorf("sealed %d bytes and opened %d, %v", len(b), len(plain), err)
		}
		if _, err := k.Open(sealed, token); err == nil && c != token {
			t.Errorf("sealed for %+v and opened for another", c)
		}
	})
}

func BenchmarkSealAndOpen(b *testing.B) {
	k := generate(b)
	plain := bytes.Repeat([]byte("t"), 200)
	for b.Loop() {
		sealed, err := k.Seal(plain, token)
		if err != nil {
			b.Fatal(err)
		}
		if _, err := k.Open(sealed, token); err != nil {
			b.Fatal(err)
		}
	}
}
