package instagram

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"
)

var (
	// ErrMalformed says that what Meta is said to have sent does not have the form of it.
	ErrMalformed = errors.New("instagram: malformed")
	// ErrSignature says that no secret at hand signed it.
	ErrSignature = errors.New("instagram: the signature does not match")
)

// maxSignedRequest is far above what Meta sends, which is about 200 bytes.
const maxSignedRequest = 16 << 10

// VerifySignature checks the X-Hub-Signature-256 header of a webhook over the bytes of its body as
// they arrived: a body that was decoded and encoded again has another signature.
//
// Sources do not agree whether the secret of the Instagram app or of the Meta app around it signs,
// so give both; an empty secret matches nothing. It returns the index of the one that matched, and
// [ErrMalformed] or [ErrSignature] when none did (docs/instagram.md, Webhooks).
func VerifySignature(header string, body []byte, secrets ...Secret) (matched int, err error) {
	digits, ok := strings.CutPrefix(header, "sha256=")
	if !ok {
		return -1, fmt.Errorf("%w: signature header", ErrMalformed)
	}
	signature, err := hex.DecodeString(digits)
	if err != nil || len(signature) != sha256.Size {
		return -1, fmt.Errorf("%w: signature header", ErrMalformed)
	}
	return signedBy(signature, body, secrets)
}

// SignedRequest is what Meta tells when an owner removes the app or asks for the deletion of her
// data.
type SignedRequest struct {
	// UserID is an id of the account. Sources do not agree which, so look for it both among the
	// ids and the app-scoped ids of accounts.
	UserID string
	// IssuedAt tells a removal before the last login from one after it; zero when Meta did not say.
	IssuedAt time.Time
	// Matched is the index of the secret that signed.
	Matched int
}

// ParseSignedRequest verifies and reads the signed_request of a deauthorize or data deletion
// callback. The secrets are those of [VerifySignature]. It returns [ErrMalformed], to be answered
// with status 400, or [ErrSignature], with status 403; the request itself is in neither
// (docs/instagram.md, Signed requests).
func ParseSignedRequest(raw string, secrets ...Secret) (SignedRequest, error) {
	encodedSignature, encoded, ok := strings.Cut(raw, ".")
	if !ok || len(raw) > maxSignedRequest {
		return SignedRequest{}, fmt.Errorf("%w: signed request", ErrMalformed)
	}
	signature, err1 := decodeBase64(encodedSignature)
	payload, err2 := decodeBase64(encoded)
	if err1 != nil || err2 != nil {
		return SignedRequest{}, fmt.Errorf("%w: signed request: encoding", ErrMalformed)
	}
	// The signature is over the text of the payload as sent, its padding included.
	matched, err := signedBy(signature, []byte(encoded), secrets)
	if err != nil {
		return SignedRequest{}, err
	}
	var p struct {
		Algorithm text `json:"algorithm"`
		IssuedAt  Time `json:"issued_at"`
		UserID    ID   `json:"user_id"`
	}
	if err := json.Unmarshal(payload, &p); err != nil {
		return SignedRequest{}, fmt.Errorf("%w: signed request: payload", ErrMalformed)
	}
	if !strings.EqualFold(string(p.Algorithm), "HMAC-SHA256") {
		return SignedRequest{}, fmt.Errorf("%w: signed request: algorithm", ErrMalformed)
	}
	if p.UserID.digits() == "" {
		return SignedRequest{}, fmt.Errorf("%w: signed request: user id", ErrMalformed)
	}
	return SignedRequest{UserID: p.UserID.digits(), IssuedAt: p.IssuedAt.Time, Matched: matched}, nil
}

// signedBy finds the secret that signed, in a time that does not depend on the signature.
func signedBy(signature, signed []byte, secrets []Secret) (matched int, err error) {
	matched = -1
	for i, s := range secrets {
		if s.IsZero() {
			continue
		}
		mac := hmac.New(sha256.New, []byte(s.Reveal()))
		mac.Write(signed)
		if hmac.Equal(mac.Sum(nil), signature) && matched < 0 {
			matched = i
		}
	}
	if matched < 0 {
		return -1, ErrSignature
	}
	return matched, nil
}

// decodeBase64 takes the URL alphabet, with padding or without.
func decodeBase64(s string) ([]byte, error) {
	if strings.ContainsAny(s, "\r\n") {
		return nil, ErrMalformed // the decoder would skip them
	}
	return base64.RawURLEncoding.DecodeString(strings.TrimRight(s, "="))
}
