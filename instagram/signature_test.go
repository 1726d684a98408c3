package instagram_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"latchkey/instagram"
)

const metaSecret = "canary-meta-secret-0004"

func sign(secret string, b []byte) []byte {
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write(b)
	return mac.Sum(nil)
}

func secrets() []instagram.Secret {
	return []instagram.Secret{instagram.NewSecret(appSecret), {}, instagram.NewSecret(metaSecret)}
}

func TestVerifySignature(t *testing.T) {
	t.Parallel()
	body := []byte(`{"object": "instagram", "text": "\u00e9\/"}`)
	header := func(secret string) string { return "sha256=" + hex.EncodeToString(sign(secret, body)) }
	tests := []struct {
		name, header string
		matched      int
		want         error
	}{
		{"first secret", header(appSecret), 0, nil},
		{"second secret", header(metaSecret), 2, nil},
		{"capital digits", "sha256=" + strings.ToUpper(header(appSecret)[7:]), 0, nil},
		{"another secret", header("x"), -1, instagram.ErrSignature},
		{"the empty secret", header(""), -1, instagram.ErrSignature},
		{"no header", "", -1, instagram.ErrMalformed},
		{"another hash", "sha1=" + header(appSecret)[7:], -1, instagram.ErrMalformed},
		{"no digits", "sha256=xyz", -1, instagram.ErrMalformed},
		{"cut off", header(appSecret)[:40], -1, instagram.ErrMalformed},
		{"more", header(appSecret) + "00", -1, instagram.ErrMalformed},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			matched, err := instagram.VerifySignature(tt.header, body, secrets()...)
			if matched != tt.matched || !errors.Is(err, tt.want) {
				t.Errorf("%d, %v; want %d, %v", matched, err, tt.matched, tt.want)
			}
		})
	}
	changed := []byte(strings.Replace(string(body), `\/`, `/`, 1))
	if _, err := instagram.VerifySignature(header(appSecret), changed, secrets()...); !errors.Is(err, instagram.ErrSignature) {
		t.Errorf("a changed body: %v", err)
	}
	if _, err := instagram.VerifySignature(header(appSecret), body); !errors.Is(err, instagram.ErrSignature) {
		t.Errorf("without secrets: %v", err)
	}
}

// signedRequest signs a payload as Meta does.
func signedRequest(secret, payload string, encoding *base64.Encoding) string {
	encoded := encoding.EncodeToString([]byte(payload))
	return encoding.EncodeToString(sign(secret, []byte(encoded))) + "." + encoded
}

func TestParseSignedRequest(t *testing.T) {
	t.Parallel()
	raw, padded := base64.RawURLEncoding, base64.URLEncoding
	at := time.Unix(1795000100, 0).UTC()
	const good = `{"algorithm":"HMAC-SHA256","issued_at":1795000100,"user_id":"28547559528000001"}`
	signed := signedRequest(appSecret, good, raw)
	account := instagram.SignedRequest{UserID: "28547559528000001", IssuedAt: at}
	second := account
	second.Matched = 2
	tests := []struct {
		name, raw string
		want      instagram.SignedRequest
		err       error
	}{
		{"as Meta sends it", signed, account, nil},
		{"padded", signedRequest(appSecret, good+" ", padded), account, nil},
		{"second secret", signedRequest(metaSecret, good, raw), second, nil},
		{"a number, no time", signedRequest(appSecret, `{"algorithm":"hmac-sha256","user_id":28547559528000001,"expires":0}`, raw), instagram.SignedRequest{UserID: "28547559528000001"}, nil},
		{"another secret", signedRequest("x", good, raw), instagram.SignedRequest{}, instagram.ErrSignature},
		{"the empty secret", signedRequest("", good, raw), instagram.SignedRequest{}, instagram.ErrSignature},
		{"another payload", strings.Split(signed, ".")[0] + "." + raw.EncodeToString([]byte(`{"user_id":"1"}`)), instagram.SignedRequest{}, instagram.ErrSignature},
		{"a short signature", "AAAA." + strings.Split(signed, ".")[1], instagram.SignedRequest{}, instagram.ErrSignature},
		{"empty", "", instagram.SignedRequest{}, instagram.ErrMalformed},
		{"no dot", "AAAA", instagram.SignedRequest{}, instagram.ErrMalformed},
		{"no base64", "!!.!!", instagram.SignedRequest{}, instagram.ErrMalformed},
		{"a line break", "\n" + signed, instagram.SignedRequest{}, instagram.ErrMalformed},
		{"more dots", signed + ".AAAA", instagram.SignedRequest{}, instagram.ErrMalformed},
		{"long", signed + strings.Repeat("A", 1<<20), instagram.SignedRequest{}, instagram.ErrMalformed},
		{"no JSON", signedRequest(appSecret, `user`, raw), instagram.SignedRequest{}, instagram.ErrMalformed},
		{"no object", signedRequest(appSecret, `[]`, raw), instagram.SignedRequest{}, instagram.ErrMalformed},
		{"no algorithm", signedRequest(appSecret, `{"user_id":"1"}`, raw), instagram.SignedRequest{}, instagram.ErrMalformed},
		{"another algorithm", signedRequest(appSecret, `{"algorithm":"none","user_id":"1"}`, raw), instagram.SignedRequest{}, instagram.ErrMalformed},
		{"nobody", signedRequest(appSecret, `{"algorithm":"HMAC-SHA256"}`, raw), instagram.SignedRequest{}, instagram.ErrMalformed},
		{"a rounded id", signedRequest(appSecret, `{"algorithm":"HMAC-SHA256","user_id":2.8e16}`, raw), instagram.SignedRequest{}, instagram.ErrMalformed},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got, err := instagram.ParseSignedRequest(tt.raw, secrets()...)
			if !errors.Is(err, tt.err) {
				t.Errorf("error %v, want %v", err, tt.err)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("request (-want +got):\n%s", diff)
			}
		})
	}
}
