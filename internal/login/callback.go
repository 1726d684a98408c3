package login

import (
	"errors"
	"fmt"
	"net/url"
	"strings"

	"latchkey/instagram"
)

// maxQuery bounds the query of a callback in bytes; Instagram's are below 2 KiB.
const maxQuery = 8 << 10

// Callback is what a browser brings back from Instagram.
type Callback struct {
	// State is empty when the query has none.
	State instagram.Secret
	// Code is empty when Instagram refused or the owner did.
	Code instagram.Secret
	// Error, Reason and Description are Instagram's words about a refusal. They come through the
	// browser, so anybody may have written them.
	Error, Reason, Description string
}

// ParseCallback reads the query of a callback. A key that stands there several times counts once
// if all its values are the same, and is an error otherwise. A code that was copied by hand from an
// address bar loses the "#_" that Instagram appends (docs/instagram.md, Authorize).
func ParseCallback(rawQuery string) (Callback, error) {
	if len(rawQuery) > maxQuery {
		return Callback{}, fmt.Errorf("callback of %d bytes: at most %d are read", len(rawQuery), maxQuery)
	}
	q, err := url.ParseQuery(rawQuery)
	if err != nil {
		// The cause quotes the query.
		return Callback{}, errors.New("callback with a query that cannot be read")
	}
	for _, key := range []string{"state", "code", "error", "error_reason", "error_description"} {
		for _, v := range q[key] {
			if v != q[key][0] {
				return Callback{}, fmt.Errorf("callback with several values of %s", key)
			}
		}
	}
	return Callback{
		State:       secret(q.Get("state")),
		Code:        secret(strings.TrimSuffix(q.Get("code"), "#_")),
		Error:       q.Get("error"),
		Reason:      q.Get("error_reason"),
		Description: q.Get("error_description"),
	}, nil
}

func secret(s string) instagram.Secret {
	if s == "" {
		return instagram.Secret{}
	}
	return instagram.NewSecret(s)
}
