package igsim

import (
	"encoding/base64"
	"maps"
	"net/url"
	"strconv"
	"strings"
)

// list answers one page of n things. The limit is the caller's, usual if it has none, and most at
// most. Cursors are opaque; next carries the access token, as Instagram's does.
func (c *call) list(n, usual, most int, item func(i int) (map[string]any, *graphError)) (any, *graphError) {
	limit, from, err := c.pageWanted(usual, most)
	if err != nil {
		return nil, err
	}
	from = min(from, n)
	to := min(n, from+limit)
	data := []any{}
	for i := from; i < to; i++ {
		object, err := item(i)
		if err != nil {
			return nil, err
		}
		data = append(data, object)
	}
	body := map[string]any{"data": data}
	if len(data) == 0 {
		return body, nil
	}
	paging := map[string]any{"cursors": map[string]string{"before": cursor(from), "after": cursor(to)}}
	if to < n {
		paging["next"] = c.link("after", cursor(to))
	}
	if from > 0 {
		paging["previous"] = c.link("before", cursor(from))
	}
	body["paging"] = paging
	return body, nil
}

// pageWanted reads limit, after and before.
func (c *call) pageWanted(usual, most int) (limit, from int, err *graphError) {
	limit = usual
	if text := c.params.Get("limit"); text != "" {
		n, e := strconv.Atoi(text)
		if e != nil || n < 1 {
			return 0, 0, fail(because(100, 0, typeOAuth, "(#100) param limit must be a positive integer"))
		}
		limit = min(n, most)
	}
	if c.largestPage > 0 && limit > c.largestPage {
		return 0, 0, fail(because(1, 0, typeOAuth, "Please reduce the amount of data you're asking for, then retry your request"))
	}
	for _, name := range []string{"after", "before"} {
		text := c.params.Get(name)
		if text == "" {
			continue
		}
		at, ok := readCursor(text)
		if !ok {
			return 0, 0, fail(because(100, 0, typeOAuth, "(#100) Invalid cursor"))
		}
		if name == "before" {
			at, limit = max(0, at-limit), min(limit, at)
		}
		return limit, at, nil
	}
	return limit, 0, nil
}

const cursorMark = "sim:"

// cursor says where a page ends: how many things come before that place.
func cursor(at int) string {
	return base64.RawURLEncoding.EncodeToString([]byte(cursorMark + strconv.Itoa(at)))
}

func readCursor(text string) (at int, ok bool) {
	b, err := base64.RawURLEncoding.DecodeString(text)
	if err != nil {
		return 0, false
	}
	number, marked := strings.CutPrefix(string(b), cursorMark)
	at, err = strconv.Atoi(number)
	return at, marked && err == nil && at >= 0
}

// link is the address of the call with one parameter more, and the token in clear.
func (c *call) link(name, value string) string {
	q := maps.Clone(c.query)
	q.Del("after")
	q.Del("before")
	q.Del("appsecret_proof") // Instagram's links do not carry it
	q.Set("access_token", c.token.text)
	q.Set(name, value)
	u := url.URL{Path: c.path, RawQuery: q.Encode()}
	return c.base + u.String()
}
