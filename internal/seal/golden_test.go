package seal_test

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"os"
	"testing"

	"latchkey/internal/seal"
)

// golden is what the first release wrote: testdata/golden.json, sealed with testdata/golden.keyring. That
// keyring is public and seals nothing else. Neither file is ever made anew: a version that does not
// open them opens nobody's token.
type golden struct {
	Fingerprint, Purpose, Owner, Plain, Sealed string
}

func readGolden(t *testing.T) (golden, []byte, *seal.Keyring) {
	t.Helper()
	text, err := os.ReadFile("testdata/golden.keyring")
	if err != nil {
		t.Fatal(err)
	}
	ring, err := seal.Load(write(t, text, 0o600)) // git keeps no modes
	if err != nil {
		t.Fatal(err)
	}
	var g golden
	if text, err = os.ReadFile("testdata/golden.json"); err == nil {
		err = json.Unmarshal(text, &g)
	}
	if err != nil {
		t.Fatal(err)
	}
	sealed, err := base64.StdEncoding.DecodeString(g.Sealed)
	if err != nil {
		t.Fatal(err)
	}
	return g, sealed, ring
}

// TestGolden holds the form of what lies in every database: this version opens what the first one
// sealed, and knows its key by the same name.
func TestGolden(t *testing.T) {
	t.Parallel()
	g, sealed, ring := readGolden(t)
	if got := ring.Fingerprint(); got != g.Fingerprint {
		t.Errorf("fingerprint %s, was %s: no server would start on its own store", got, g.Fingerprint)
	}
	plain, err := ring.Open(sealed, seal.Context{Purpose: g.Purpose, Owner: g.Owner})
	if err != nil || string(plain) != g.Plain {
		t.Errorf("opened %q, %v, want %q: no stored token would open", plain, err, g.Plain)
	}
	for name, c := range map[string]seal.Context{
		"another purpose":      {Purpose: "mail address", Owner: g.Owner},
		"another owner":        {Purpose: g.Purpose, Owner: "17841400000000002"},
		"the parts swapped":    {Purpose: g.Owner, Owner: g.Purpose},
		"a byte over the edge": {Purpose: g.Purpose + g.Owner[:1], Owner: g.Owner[1:]},
	} {
		if _, err := ring.Open(sealed, c); !errors.Is(err, seal.ErrNotOpened) {
			t.Errorf("%s: opened with error %v", name, err)
		}
	}
}
