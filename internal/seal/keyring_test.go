package seal_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/tink-crypto/tink-go/v2/aead"
	"github.com/tink-crypto/tink-go/v2/insecurecleartextkeyset"
	"github.com/tink-crypto/tink-go/v2/keyset"
	"github.com/tink-crypto/tink-go/v2/mac"
	tinkpb "github.com/tink-crypto/tink-go/v2/proto/tink_go_proto"

	"latchkey/internal/seal"
)

// create makes a keyring file in a folder of its own.
func create(t testing.TB) (string, *seal.Keyring) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "latchkey.db.keyring")
	k, err := seal.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	return path, k
}

func write(t testing.TB, text []byte, mode fs.FileMode) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "latchkey.db.keyring")
	if err := os.WriteFile(path, text, 0o600); err != nil {
		t.Fatal(err)
	}
	// The umask applies to the making of a file, and not to this.
	if err := os.Chmod(path, mode); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestCreateThenLoad(t *testing.T) {
	t.Parallel()
	path, created := create(t)
	loaded, err := seal.Load(path)
	if err != nil {
		t.Fatal(err)
	}
	if created.Fingerprint() != loaded.Fingerprint() {
		t.Errorf("fingerprints %s and %s", created.Fingerprint(), loaded.Fingerprint())
	}
	plain, err := loaded.Open(mustSeal(t, created, "IGAA-a-token", token), token)
	if err != nil || string(plain) != "IGAA-a-token" {
		t.Errorf("opened %q, %v", plain, err)
	}
	info, err := os.Stat(path)
	if err != nil || info.Mode() != 0o600 {
		t.Errorf("mode %v, %v, want 0600", info.Mode(), err)
	}
	if names := entries(t, filepath.Dir(path)); !slices.Equal(names, []string{"latchkey.db.keyring"}) {
		t.Errorf("the folder holds %q, want the keyring alone", names)
	}
}

func TestCreateReplacesNothing(t *testing.T) {
	t.Parallel()
	path, first := create(t)
	if _, err := seal.Create(path); !errors.Is(err, fs.ErrExist) {
		t.Errorf("error %v, want fs.ErrExist", err)
	}
	loaded, err := seal.Load(path)
	if err != nil || loaded.Fingerprint() != first.Fingerprint() {
		t.Errorf("the first keyring is no longer there: %v", err)
	}
	if names := entries(t, filepath.Dir(path)); len(names) != 1 {
		t.Errorf("the folder holds %q, want the keyring alone", names)
	}
}

func TestCreateHasOneWinner(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "latchkey.db.keyring")
	keyrings := make([]*seal.Keyring, 16)
	var wg sync.WaitGroup
	for i := range keyrings {
		wg.Go(func() {
			k, err := seal.Create(path)
			switch {
			case err == nil:
				keyrings[i] = k
			case !errors.Is(err, fs.ErrExist):
				t.Errorf("create: %v", err)
			default:
				if _, err := seal.Load(path); err != nil {
					t.Errorf("load what another created: %v", err)
				}
			}
		})
	}
	wg.Wait()
	won := slices.DeleteFunc(keyrings, func(k *seal.Keyring) bool { return k == nil })
	if len(won) != 1 {
		t.Fatalf("%d of 16 created the keyring", len(won))
	}
	if loaded, err := seal.Load(path); err != nil || loaded.Fingerprint() != won[0].Fingerprint() {
		t.Errorf("the winner's keyring is not the one in the file: %v", err)
	}
}

func TestCreateWithoutFolder(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "none", "latchkey.db.keyring")
	if _, err := seal.Create(path); !errors.Is(err, fs.ErrNotExist) || !strings.Contains(err.Error(), path) {
		t.Errorf("error %v, want fs.ErrNotExist with the path", err)
	}
}

func TestLoadSaysWhatToDo(t *testing.T) {
	t.Parallel()
	whole, _ := create(t)
	text, err := os.ReadFile(whole)
	if err != nil {
		t.Fatal(err)
	}
	folder := t.TempDir()
	for _, tt := range []struct {
		name, path, want string
	}{
		{"absent", filepath.Join(folder, "none"), "is not there (file does not exist); put the copy from your backup"},
		{"readable by a group", write(t, text, 0o640), "chmod 600 "},
		{"readable by all", write(t, text, 0o644), "chmod 600 "},
		{"writable by others", write(t, text, 0o602), "chmod 600 "},
		{"a folder", folder, "it is a folder"},
		{"a device", os.DevNull, "it is not a file"},
		{"under a file", filepath.Join(whole, "below"), "not a directory"},
		{"truncated", write(t, text[:len(text)/2], 0o600), "truncated"},
		{"truncated by a byte", write(t, text[:len(text)-1], 0o600), "truncated"},
		{"empty", write(t, nil, 0o600), "truncated"},
		{"far too long", write(t, make([]byte, 1<<20+1), 0o600), "truncated"},
		{"an empty keyset", write(t, []byte(`{}`), 0o600), "truncated"},
		{"a database", write(t, []byte("SQLite format 3\x00"), 0o600), "truncated"},
		{"keys of another kind", write(t, keysetOf(t, mac.HMACSHA256Tag128KeyTemplate()), 0o600), "truncated"},
		{"a weaker key", write(t, keysetOf(t, aead.AES128GCMKeyTemplate()), 0o600), "another kind than AES-256-GCM"},
		{"another cipher", write(t, keysetOf(t, aead.XChaCha20Poly1305KeyTemplate()), 0o600), "another kind"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			_, err := seal.Load(tt.path)
			if err == nil || !strings.Contains(err.Error(), tt.want) || !strings.Contains(err.Error(), tt.path) {
				t.Errorf("error %v, want the path and %q", err, tt.want)
			}
			if err != nil && strings.Contains(err.Error(), "\n") {
				t.Errorf("error %q is not one line", err)
			}
			if tt.name == "absent" && !errors.Is(err, fs.ErrNotExist) {
				t.Errorf("error %v, want fs.ErrNotExist", err)
			}
		})
	}
}

// TestLoadIsBounded holds that a file which somebody put in the keyring's place costs no memory, though it
// begins like a keyring.
func TestLoadIsBounded(t *testing.T) {
	t.Parallel()
	whole, k := create(t)
	text, err := os.ReadFile(whole)
	if err != nil {
		t.Fatal(err)
	}
	padded := func(size int) []byte {
		return append(text[:len(text):len(text)], bytes.Repeat([]byte(" "), size-len(text))...)
	}
	loaded, err := seal.Load(write(t, padded(seal.MaxFile), 0o600))
	if err != nil || loaded.Fingerprint() != k.Fingerprint() {
		t.Errorf("a keyring of 1 MiB: %v", err)
	}
	if _, err := seal.Load(write(t, padded(seal.MaxFile+1), 0o600)); err == nil || !strings.Contains(err.Error(), "truncated") {
		t.Errorf("a keyring of 1 MiB and a byte: %v", err)
	}
	if seal.MaxFile != 1<<20 {
		t.Errorf("the bound is %d bytes", seal.MaxFile)
	}
}

// TestWriteFails holds that a keyring which did not get onto the disk is not taken for one.
func TestWriteFails(t *testing.T) {
	t.Parallel()
	h, err := keyset.NewHandle(aead.AES256GCMKeyTemplate())
	if err != nil {
		t.Fatal(err)
	}
	f, err := os.Open(write(t, nil, 0o600)) // for reading alone
	if err != nil {
		t.Fatal(err)
	}
	if err := seal.WriteSynced(f, h); err == nil {
		t.Error("a write that failed is no error")
	}
}

func TestLoadWhatThisUserMayNotRead(t *testing.T) {
	t.Parallel()
	if os.Geteuid() == 0 {
		t.Skip("elsewhere: root may read everything")
	}
	path := write(t, []byte("{}"), 0)
	if _, err := seal.Load(path); !errors.Is(err, fs.ErrPermission) {
		t.Errorf("error %v, want fs.ErrPermission", err)
	}
}

func TestRotatedKeyring(t *testing.T) {
	t.Parallel()
	m := keyset.NewManager()
	first := addPrimary(t, m)
	before := parseManaged(t, m)
	sealed := mustSeal(t, before, "IGAA-a-token", token)

	addPrimary(t, m)
	rotated := parseManaged(t, m)
	if !rotated.Has(before.Fingerprint()) || !rotated.Has(rotated.Fingerprint()) {
		t.Error("a rotated keyring does not have both keys")
	}
	if before.Has(rotated.Fingerprint()) || rotated.Fingerprint() == before.Fingerprint() {
		t.Error("the new key has the fingerprint of the old one")
	}
	if plain, err := rotated.Open(sealed, token); err != nil || string(plain) != "IGAA-a-token" {
		t.Errorf("the old key's value opened as %q, %v", plain, err)
	}

	if err := m.Disable(first); err != nil {
		t.Fatal(err)
	}
	retired := parseManaged(t, m)
	if retired.Has(before.Fingerprint()) {
		t.Error("a keyring has a key that is disabled")
	}
	if _, err := retired.Open(sealed, token); !errors.Is(err, seal.ErrNotOpened) {
		t.Errorf("a disabled key opened with error %v", err)
	}
}

func TestFingerprint(t *testing.T) {
	t.Parallel()
	one, two := generate(t), generate(t)
	if !regexp.MustCompile(`^[0-9a-f]{32}$`).MatchString(one.Fingerprint()) {
		t.Errorf("fingerprint %q, want 32 hexadecimal digits", one.Fingerprint())
	}
	if one.Has(two.Fingerprint()) || one.Has("") {
		t.Error("a keyring has what is not its own")
	}
}

func TestKeyringHasNoPrintableForm(t *testing.T) {
	t.Parallel()
	path, k := create(t)
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	material := regexp.MustCompile(`"value":\s*"([^"]+)"`).FindSubmatch(text)
	if material == nil {
		t.Fatal("no key material in the file")
	}
	asJSON, err := json.Marshal(map[string]any{"k": k})
	if err != nil {
		t.Fatal(err)
	}
	var log bytes.Buffer
	slog.New(slog.NewTextHandler(&log, nil)).Info("start", "keyring", k, "value", *k)
	holder := struct{ hidden *seal.Keyring }{k}
	for _, out := range []string{
		fmt.Sprint(k), fmt.Sprintf("%v %+v %#v %s %q %x %d", k, k, k, k, k, k, k), fmt.Sprintf("%#v %v", *k, *k),
		fmt.Sprintf("%+v %#v", holder, holder), k.String(), k.GoString(), string(asJSON), log.String(),
	} {
		if strings.Contains(out, string(material[1])) || strings.Contains(out, k.Fingerprint()) {
			t.Errorf("printed %q", out)
		}
	}
	if got := fmt.Sprintf("%#v", k); got != "[keyring]" {
		t.Errorf("printed %q, want a mark", got)
	}
}

func FuzzParse(f *testing.F) {
	path, _ := create(f)
	text, err := os.ReadFile(path)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(text)
	f.Add(text[:len(text)/2])
	f.Add(bytes.ReplaceAll(text, []byte("ENABLED"), []byte("DISABLED")))
	f.Add(bytes.ReplaceAll(text, []byte("TINK"), []byte("RAW")))
	f.Add(keysetOf(f, aead.AES128GCMKeyTemplate()))
	f.Add(keysetOf(f, mac.HMACSHA256Tag128KeyTemplate()))
	f.Add([]byte("{}"))
	f.Fuzz(func(t *testing.T, text []byte) {
		k, err := seal.Parse(text)
		if err != nil {
			return
		}
		if !k.Has(k.Fingerprint()) {
			t.Error("a keyring does not have its own primary key")
		}
		plain, err := k.Open(mustSeal(t, k, "IGAA-a-token", token), token)
		if err != nil || string(plain) != "IGAA-a-token" {
			t.Errorf("a keyring opened its own value as %q, %v", plain, err)
		}
	})
}

func entries(t *testing.T, folder string) []string {
	t.Helper()
	var names []string
	list, err := os.ReadDir(folder)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range list {
		names = append(names, e.Name())
	}
	return names
}

func keysetOf(t testing.TB, template *tinkpb.KeyTemplate) []byte {
	t.Helper()
	h, err := keyset.NewHandle(template)
	if err != nil {
		t.Fatal(err)
	}
	return inClear(t, h)
}

func inClear(t testing.TB, h *keyset.Handle) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := insecurecleartextkeyset.Write(h, keyset.NewJSONWriter(&b)); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func addPrimary(t *testing.T, m *keyset.Manager) uint32 {
	t.Helper()
	id, err := m.Add(aead.AES256GCMKeyTemplate())
	if err != nil {
		t.Fatal(err)
	}
	if err := m.SetPrimary(id); err != nil {
		t.Fatal(err)
	}
	return id
}

func parseManaged(t *testing.T, m *keyset.Manager) *seal.Keyring {
	t.Helper()
	h, err := m.Handle()
	if err != nil {
		t.Fatal(err)
	}
	k, err := seal.Parse(inClear(t, h))
	if err != nil {
		t.Fatal(err)
	}
	return k
}
