package instagram

import (
	"cmp"
	"context"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// Endpoints says where Instagram is. It is data, so that a simulator or a test takes the place of
// the real one by its addresses.
type Endpoints struct {
	Authorize string // the page on which the owner allows: a full URL
	Token     string // where a code is exchanged: a full URL
	Graph     string // everything else: a base URL
	Version   string // of the Graph API, like "v26.0"; "" leaves it out and Instagram chooses
}

// Production is the real Instagram, with the newest version known when this package was released
// (docs/instagram.md, Endpoints and Versions).
var Production = Endpoints{
	Authorize: "https://www.instagram.com/oauth/authorize",
	Token:     "https://api.instagram.com/oauth/access_token",
	Graph:     "https://graph.instagram.com",
	Version:   "v26.0",
}

// Client talks to Instagram for one app. It is written as a literal and may be copied; one Client
// serves any number of goroutines and accounts, as long as its fields stay as they are.
type Client struct {
	// AppID and AppSecret are the Instagram app's pair, not the pair of the Meta app around it.
	AppID     string
	AppSecret Secret

	// RedirectURL is where Instagram sends the browser back, exactly as saved in the Business
	// login settings of the app. [Client.AuthorizeURL] and [Client.Exchange] both send it.
	RedirectURL string

	// Endpoints is where Instagram is; the zero value is [Production].
	Endpoints Endpoints

	// HTTP carries the calls; nil is a client of the package's own, with 30 seconds for a call.
	// Redirects are not followed, whatever its CheckRedirect says: they would carry tokens away.
	HTTP *http.Client

	// Now stands in for time.Now, which nil means. It is asked only when an answer has no usable
	// Date.
	Now func() time.Time

	// OnUsage, when set, hears of the call limits that an answer reports, before the call returns.
	// It may run in several goroutines at once. A copy of the Client with an OnUsage of its own
	// tells the calls for one account from those for another.
	OnUsage func(Usage)

	// OnDate, when set, hears of the Date of each answer. refused says that the answer has not what was
	// asked for: then it may be that of something in between, such as a proxy, which may have another
	// clock. It may run in several goroutines at once.
	OnDate func(date time.Time, refused bool)

	// Trace, when set, is called as each call begins, with its name as [Error.Call] shows it, and
	// what it returns as the call ends, with its error. The call goes on under the context that it
	// returns. Both may run in several goroutines at once.
	Trace func(ctx context.Context, call string) (context.Context, func(error))
}

// AuthorizeURL returns the address to which the owner's browser is sent to allow the scopes. The
// state comes back in the callback and must be unguessable, bound to the browser and used once.
// Instagram asks for the login again even in a browser that is logged in, so that an owner of two
// accounts can pick the right one (docs/instagram.md, Authorize).
func (c *Client) AuthorizeURL(state string, scopes ...string) string {
	q := url.Values{
		"client_id":     {c.AppID},
		"redirect_uri":  {c.RedirectURL},
		"response_type": {"code"},
		"scope":         {strings.Join(scopes, ",")},
		"state":         {state},
		"force_reauth":  {"true"},
	}
	return withQuery(c.endpoints().Authorize, q)
}

func (c *Client) endpoints() Endpoints { return cmp.Or(c.Endpoints, Production) }

// graph returns the address of a call that has no version in its path.
func (c *Client) graph(path string, q url.Values) string {
	return withQuery(strings.TrimSuffix(c.endpoints().Graph, "/")+"/"+path, q)
}

// versioned returns the address of a call of the configured version.
func (c *Client) versioned(path string, q url.Values) string {
	if v := c.endpoints().Version; v != "" {
		path = v + "/" + path
	}
	return c.graph(path, q)
}

func (c *Client) now() time.Time {
	if c.Now == nil {
		return time.Now()
	}
	return c.Now()
}

func withQuery(address string, q url.Values) string {
	switch {
	case len(q) == 0:
		return address
	case strings.Contains(address, "?"):
		return address + "&" + q.Encode()
	}
	return address + "?" + q.Encode()
}
