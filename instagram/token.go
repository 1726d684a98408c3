package instagram

import (
	"bytes"
	"context"
	"encoding/json"
	"math"
	"mime/multipart"
	"net/url"
	"strings"
	"time"
)

const (
	// shortLife is how long the token of a code exchange lives (docs/instagram.md, Code exchange).
	shortLife = time.Hour
	// assumedLife is taken for a long-lived token when Instagram does not say; it is less than the
	// 60 days that Instagram promises.
	assumedLife = 50 * 24 * time.Hour
)

// The names of the token calls, as Error.Call shows them.
const (
	callExchange = "code exchange"
	callExtend   = "long-lived exchange"
	callRefresh  = "refresh"
)

// Token is an access token of one account. [Client.Exchange] gives a short-lived one, and
// [Client.Extend] makes it a long-lived one, which [Client.Refresh] keeps alive.
type Token struct {
	Value     Secret
	IssuedAt  time.Time // the Date of Instagram's answer, so to the second
	ExpiresAt time.Time // IssuedAt and the life that Instagram named

	// ExpiryAssumed says that Instagram named no life, or none that makes sense, and that 50 of
	// the usual 60 days were taken.
	ExpiryAssumed bool

	// Scopes are those that the owner granted, which may be fewer than were asked; nil when
	// Instagram never said, and empty when it named none. The answers to Extend and Refresh seldom
	// name them: then those of the token before stay.
	Scopes []string
}

// Exchange trades the code of a callback for a token that lives one hour.
//
// A code works once, and even a refused exchange may have used it up. So it is sent once, and never
// again by this package or the net/http under it. A caller may send it again only when no answer
// came ([Error.Status] is 0); even then it may be spent, and it is mostly wiser to begin the login
// again. The "#_" that Instagram puts behind a code in the address bar is no part of it and is
// taken off.
func (c *Client) Exchange(ctx context.Context, code Secret) (Token, error) {
	form, formType := multipartForm(
		"client_id", c.AppID,
		"client_secret", c.AppSecret.Reveal(),
		"grant_type", "authorization_code",
		"redirect_uri", c.RedirectURL,
		"code", strings.TrimSuffix(code.Reveal(), "#_"),
	)
	q := call{
		name: callExchange, address: c.endpoints().Token, form: form, formType: formType,
		hidden: []Secret{code, c.AppSecret},
	}
	t, named, err := c.token(ctx, q)
	if err != nil {
		return Token{}, err
	}
	if !named {
		t.ExpiresAt = t.IssuedAt.Add(shortLife)
		t.ExpiryAssumed = false
	}
	return t, nil
}

// Extend trades a short-lived token, within its hour, for a long-lived one. It may be repeated.
func (c *Client) Extend(ctx context.Context, short Token) (Token, error) {
	q := url.Values{
		"grant_type":    {"ig_exchange_token"},
		"client_secret": {c.AppSecret.Reveal()},
		"access_token":  {short.Value.Reveal()},
	}
	return c.successor(ctx, short, call{
		name: callExtend, address: c.graph("access_token", q),
		hidden: []Secret{short.Value, c.AppSecret},
	})
}

// Refresh trades a long-lived token for one that lives 60 days from now. The token must be at
// least 24 hours old and not expired. What comes back may be the same string or a new one; a new
// one must be kept, because nobody promises that the old one lives on. It may be repeated.
func (c *Client) Refresh(ctx context.Context, long Token) (Token, error) {
	q := url.Values{
		"grant_type":   {"ig_refresh_token"},
		"access_token": {long.Value.Reveal()},
	}
	return c.successor(ctx, long, call{
		name: callRefresh, address: c.graph("refresh_access_token", q), scope: ScopeBasic,
		hidden: []Secret{long.Value, c.AppSecret},
	})
}

// successor asks for the token that follows t and inherits its scopes where the answer names none.
func (c *Client) successor(ctx context.Context, t Token, q call) (Token, error) {
	next, _, err := c.token(ctx, q)
	if err != nil {
		return Token{}, err
	}
	if len(next.Scopes) == 0 {
		next.Scopes = t.Scopes
	}
	return next, nil
}

// tokenFields are the members of an answer that carries a token.
type tokenFields struct {
	AccessToken text      `json:"access_token"`
	ExpiresIn   whole     `json:"expires_in"`
	Permissions scopeList `json:"permissions"`
	// User is what the API that ended in 2020 sent beside its token (docs/instagram.md, Code exchange).
	User *json.RawMessage `json:"user"`
}

// tokenAnswer is flat, or wrapped in a list of one.
type tokenAnswer struct {
	tokenFields
	Data first[tokenFields] `json:"data"`
	refusal
}

func (a *tokenAnswer) fields() tokenFields {
	if a.Data.value != nil {
		return *a.Data.value
	}
	return a.tokenFields
}

func (a *tokenAnswer) wanting() Cause {
	if a.fields().User != nil {
		return causeOldAPI
	}
	if !isToken(string(a.fields().AccessToken)) {
		return causeNoToken
	}
	return ""
}

// token asks for a token; named says whether the answer named its life.
func (c *Client) token(ctx context.Context, q call) (t Token, named bool, err error) {
	var a tokenAnswer
	at, err := c.send(ctx, q, &a)
	if err != nil {
		return Token{}, false, err
	}
	f := a.fields()
	life, named := lifetime(f.ExpiresIn)
	return Token{
		Value:         NewSecret(string(f.AccessToken)),
		IssuedAt:      at,
		ExpiresAt:     at.Add(life),
		ExpiryAssumed: !named,
		Scopes:        f.Permissions,
	}, named, nil
}

// lifetime reads expires_in, in seconds. Nonsense counts as missing.
func lifetime(w whole) (life time.Duration, named bool) {
	seconds := w.orZero()
	if seconds <= 0 || seconds > math.MaxInt64/int64(time.Second) {
		return assumedLife, false
	}
	return time.Duration(seconds) * time.Second, true
}

// isToken reports whether s can go into a header: printable ASCII without spaces. Nothing more is
// known about the form of a token.
func isToken(s string) bool {
	return s != "" && !strings.ContainsFunc(s, func(r rune) bool { return r <= ' ' || r > '~' })
}

// multipartForm encodes pairs of names and values. The token endpoint documents this encoding and
// was seen to refuse the other one (docs/instagram.md, Code exchange).
func multipartForm(pairs ...string) (form []byte, contentType string) {
	var b bytes.Buffer
	b.Grow(2048)
	w := multipart.NewWriter(&b)
	for i := 0; i < len(pairs); i += 2 {
		_ = w.WriteField(pairs[i], pairs[i+1]) // a buffer takes every byte
	}
	_ = w.Close()
	return b.Bytes(), w.FormDataContentType()
}
