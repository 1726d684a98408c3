package instagram

import (
	"context"
	"errors"
	"net/http"
	"time"
)

// Endpoints says where Instagram is. A simulator or a test takes its place by its addresses.
type Endpoints struct {
	Authorize string // the page on which the owner allows, a full URL
	Token     string // where a code is exchanged, a full URL
	Graph     string // everything else, a base URL
	Version   string // of the Graph API, like "v26.0"; "" calls it without a version
}

// Production is the real Instagram.
var Production = Endpoints{
	Authorize: "https://www.instagram.com/oauth/authorize",
	Token:     "https://api.instagram.com/oauth/access_token",
	Graph:     "https://graph.instagram.com",
	Version:   "v26.0",
}

// Client talks to Instagram for one app.
type Client struct {
	AppID       string
	AppSecret   Secret
	RedirectURL string
	Endpoints   Endpoints
	HTTP        *http.Client
	Now         func() time.Time
	OnUsage     func(Usage)
}

// AuthorizeURL returns the address to which the owner's browser is sent.
func (c *Client) AuthorizeURL(state string, scopes ...string) string { return "" }

// Exchange trades a code for a short-lived token.
func (c *Client) Exchange(ctx context.Context, code Secret) (Token, error) {
	return Token{}, errors.ErrUnsupported
}

// Extend trades a short-lived token for a long-lived one.
func (c *Client) Extend(ctx context.Context, short Token) (Token, error) {
	return Token{}, errors.ErrUnsupported
}

// Refresh trades a long-lived token for a fresh one.
func (c *Client) Refresh(ctx context.Context, long Token) (Token, error) {
	return Token{}, errors.ErrUnsupported
}

// Me asks whose token it is.
func (c *Client) Me(ctx context.Context, token Secret) (Account, error) {
	return Account{}, errors.ErrUnsupported
}

// Usage is how much of its call limits the app has used.
type Usage struct{}
