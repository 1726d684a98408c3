package igsim

import (
	"net/http"
	"slices"
	"strings"
)

// Endpoint names a call of the API, for counts and faults.
type Endpoint string

// The endpoints. AnyEndpoint stands for all of them; OtherEndpoint is whatever has no name here.
const (
	AnyEndpoint  Endpoint = "any"
	Authorize    Endpoint = "authorize"
	CodeExchange Endpoint = "code_exchange"
	LongExchange Endpoint = "long_exchange"
	Refresh      Endpoint = "refresh"
	Me           Endpoint = "me" // the account's own fields, by its id too
	Media        Endpoint = "media"
	Comments     Endpoint = "comments" // reading, writing, hiding and deleting them
	Insights     Endpoint = "insights"
	// OtherEndpoint is any path that is not one of the above.
	OtherEndpoint Endpoint = "other"
)

var endpoints = []Endpoint{
	AnyEndpoint, Authorize, CodeExchange, LongExchange, Refresh, Me, Media, Comments, Insights, OtherEndpoint,
}

func (e Endpoint) known() bool { return slices.Contains(endpoints, e) }

// role is which of Instagram's hosts a request is for.
type role string

const (
	roleAny   role = ""
	roleWWW   role = "www"
	roleAPI   role = "api"
	roleGraph role = "graph"
)

const (
	authorizePath = "/oauth/authorize"
	tokenPath     = "/oauth/access_token"
	controlPath   = "/_sim/"
)

// roleOf tells the role of the host and the path that remains. A host name decides, then a path
// prefix; a path without either is for all roles.
func roleOf(r *http.Request) (role, string) {
	label, _, _ := strings.Cut(r.Host, ".")
	for _, is := range []role{roleWWW, roleAPI, roleGraph} {
		if label == string(is) {
			return is, r.URL.Path
		}
		if rest, ok := strings.CutPrefix(r.URL.Path, "/"+string(is)); ok && strings.HasPrefix(rest, "/") {
			return is, rest
		}
	}
	return roleAny, r.URL.Path
}

// isControl tells the control page and its API, which every host serves but no path prefix.
func isControl(r *http.Request) bool {
	is, _ := roleOf(r)
	return strings.HasPrefix(r.URL.Path, controlPath) || is == roleAny && r.URL.Path == "/"
}
