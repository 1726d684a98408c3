package instagram

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"maps"
	"net/url"
	"strconv"
	"strings"
)

// ErrPartial says that a list ended before its end: Instagram gave the same cursor twice, none at
// all, or pages without an end. What came before it is good.
var ErrPartial = errors.New("instagram: the list is incomplete")

// maxPages is how many pages of a list are read. Instagram shows the newest 10,000 media, which is
// 200 pages of those that Media asks for.
const maxPages = 1000

// Get asks the Graph API for one thing and decodes it into T, for calls that this package has no
// method for:
//
//	type card struct {
//		Permalink string `json:"permalink"`
//	}
//	c, err := instagram.Get[card](ctx, client, token, "17895695668004550", url.Values{"fields": {"permalink"}})
//
// The path is that behind the version, and it is no place for a query. The token goes in a header,
// so the URL carries none.
func Get[T any](ctx context.Context, c *Client, token Secret, path string, query url.Values) (T, error) {
	var into object[T]
	err := c.get(ctx, token, path, query, &into)
	return into.value, err
}

// Items asks for a list, page after page, and yields its items as they come:
//
//	for m, err := range instagram.Items[instagram.Media](ctx, client, token, "me/stories", query) {
//
// An error is the last thing it yields. [ErrPartial] in it means that the items before are not all
// there are. Addresses of next pages in an answer, which carry the token, are neither followed nor
// kept: the query is built again with the cursor.
//
// It is not for insights, where a next page is another stretch of time and there is no end.
func Items[T any](ctx context.Context, c *Client, token Secret, path string, query url.Values) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		var none T
		query := maps.Clone(query)
		if query == nil {
			query = url.Values{}
		}
		seen := map[string]bool{}
		for range maxPages {
			var page page[T]
			err := c.get(ctx, token, path, query, &page)
			if halved := halvedLimit(query, err); halved != "" {
				query.Set("limit", halved) // and on from the cursor where the list stands
				continue
			}
			if err != nil {
				yield(none, err)
				return
			}
			for _, item := range page.Data {
				if !yield(item, nil) {
					return
				}
			}
			if !page.Paging.Next {
				return
			}
			after := string(page.Paging.Cursors.After)
			if after == "" || seen[after] {
				yield(none, fmt.Errorf("%w: %s repeats itself", ErrPartial, pattern(path)))
				return
			}
			seen[after] = true
			query.Set("after", after)
		}
		yield(none, fmt.Errorf("%w: %s has more than %d pages", ErrPartial, pattern(path), maxPages))
	}
}

// usualLimit is how many items Instagram gives in a page when it is not told (docs/instagram.md, Paging).
const usualLimit = 25

// halvedLimit is the limit with which to ask again when Instagram asks for less data; "" when it is
// another error, or less cannot be asked for.
func halvedLimit(query url.Values, err error) string {
	if e, ok := errors.AsType[*Error](err); !ok || e.Cause != causeTooMuchData {
		return ""
	}
	limit, err := strconv.Atoi(query.Get("limit"))
	if err != nil {
		limit = usualLimit
	}
	if limit <= 1 {
		return ""
	}
	return strconv.Itoa(limit / 2)
}

// get asks the Graph API with the token in a header.
func (c *Client) get(ctx context.Context, token Secret, path string, query url.Values, into answer) error {
	q := call{name: pattern(path), bearer: token, scope: scopeOf(path), hidden: []Secret{token, c.AppSecret}}
	if !isPath(path) {
		q.name = "get"
		return q.failed("path", 0, fmt.Errorf("%q is not the path of a call", q.clean(path)))
	}
	q.address = c.versioned(path, query)
	_, err := c.send(ctx, q, into)
	return err
}

// isPath keeps an id from elsewhere from changing the call: it must be names between slashes.
func isPath(p string) bool {
	ok := func(r rune) bool {
		return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || strings.ContainsRune("_-.", r)
	}
	for name := range strings.SplitSeq(p, "/") {
		if name == "" || strings.Trim(name, ".") == "" {
			return false
		}
		if strings.ContainsFunc(name, func(r rune) bool { return !ok(r) }) {
			return false
		}
	}
	return true
}

// pattern is the path without its ids, so that calls of a kind have one name.
func pattern(p string) string {
	names := strings.Split(p, "/")
	for i, name := range names {
		if isDigits(name) {
			names[i] = "{id}"
		}
	}
	return strings.Join(names, "/")
}

// scopeOf is the scope that a call needs (docs/instagram.md, Scopes).
func scopeOf(p string) string {
	switch p[strings.LastIndexByte(p, '/')+1:] {
	case "insights":
		return ScopeInsights
	case "comments", "replies":
		return ScopeComments
	}
	return ScopeBasic
}

// object is an answer that is one T.
type object[T any] struct {
	refusal
	value T
}

func (o *object[T]) UnmarshalJSON(b []byte) error {
	if err := json.Unmarshal(b, &o.refusal); err != nil || o.refused() != nil {
		return err
	}
	return json.Unmarshal(b, &o.value)
}

// page is an answer that is a part of a list. Of the address of the next page it keeps only that
// there is one.
type page[T any] struct {
	refusal
	Data   []T `json:"data"`
	Paging struct {
		Next    present `json:"next"`
		Cursors struct {
			After text `json:"after"`
		} `json:"cursors"`
	} `json:"paging"`
}
