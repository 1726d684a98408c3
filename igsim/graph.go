package igsim

import (
	"cmp"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"net/http"
	"regexp"
	"strconv"
	"strings"
)

const (
	scopeBasic    = "instagram_business_basic"
	scopeInsights = "instagram_business_manage_insights"
	scopeComments = "instagram_business_manage_comments"
)

func fail(e graphError) *graphError { return &e }

func jsonNumber(id string) json.Number { return json.Number(id) }

var versionPart = regexp.MustCompile(`^v([0-9]{1,3})\.0$`)

// newestVersion is the last one that there is. The first ones are over; calls of them are served
// by the oldest that lives, which answers as all do.
const newestVersion = 27

// placeGraph reads version, node and edge from the path and finds the endpoint. A path that it
// cannot read has no node.
func (c *call) placeGraph() {
	parts := strings.Split(strings.Trim(c.path, "/"), "/")
	if m := versionPart.FindStringSubmatch(parts[0]); m != nil {
		c.version, _ = strconv.Atoi(m[1])
		parts = parts[1:]
	}
	if len(parts) == 0 || len(parts) > 2 {
		return
	}
	c.node = parts[0]
	if len(parts) == 2 {
		c.edge = parts[1]
	}
	c.endpoint = endpointOf(c.node, c.edge)
}

var (
	edgeEndpoints = map[string]Endpoint{
		"media": Media, "stories": Media, "comments": Comments, "replies": Comments, "insights": Insights,
	}
	nodeEndpoints = map[string]Endpoint{"access_token": LongExchange, "refresh_access_token": Refresh, "me": Me}
	kindEndpoints = map[kind]Endpoint{kindAccount: Me, kindMedia: Media, kindComment: Comments}
)

func endpointOf(node, edge string) Endpoint {
	if edge != "" {
		return cmp.Or(edgeEndpoints[edge], OtherEndpoint)
	}
	return cmp.Or(nodeEndpoints[node], kindEndpoints[kindOf(node)], OtherEndpoint)
}

// graph answers a call of the graph role. The caller holds the lock.
func (s *Simulator) graph(c *call) answer {
	body, err := s.graphBody(c)
	if err != nil {
		a := err.answer(s.trace())
		a.header = s.usageHeaders(c)
		return a
	}
	return answer{status: http.StatusOK, body: body, header: s.usageHeaders(c)}
}

func (s *Simulator) graphBody(c *call) (any, *graphError) {
	if err := c.unreadable(); err != nil {
		return nil, err
	}
	if err := s.admit(c); err != nil {
		return nil, err
	}
	switch c.endpoint {
	case LongExchange:
		return s.exchangeLong(c)
	case Refresh:
		return s.refresh(c)
	case Me:
		return s.account(c)
	case Media:
		return s.media(c)
	case Comments:
		return s.comments(c)
	case Insights:
		return s.insights(c)
	default:
		return nil, c.nothingThere()
	}
}

// nothingThere is the error of a path that these tokens cannot use.
func (c *call) nothingThere() *graphError {
	switch {
	case c.node == "debug_token":
		e := errorFor(10, 0)
		e.typ = typeIG
		return &e
	case kindOf(c.node) == kindUnknown && c.node != "me":
		return fail(because(803, 0, typeOAuth, "(#803) Some of the aliases you requested do not exist: %s", c.node))
	}
	return fail(unsupported(strings.ToLower(c.method)))
}

// unreadable is the error of a path or a method that makes no sense.
func (c *call) unreadable() *graphError {
	parts := strings.Split(strings.Trim(c.path, "/"), "/")
	if c.node == "" || c.version > newestVersion || versionPart.MatchString(c.node) {
		e := because(2500, 0, typeIG, "Unknown path components: /%s", strings.Join(parts[min(1, len(parts)-1):], "/"))
		e.status = http.StatusInternalServerError
		return &e
	}
	switch c.method {
	case http.MethodGet:
		return nil
	case http.MethodPost, http.MethodDelete:
		if c.endpoint == Comments || c.endpoint == Media && c.edge == "" {
			return nil
		}
	}
	return fail(unsupported(strings.ToLower(c.method)))
}

// admit is the error of a call whose token, app or persona may not call at all.
func (s *Simulator) admit(c *call) *graphError {
	if c.token == nil {
		if c.params.Get("access_token") == "" && c.bearer == "" {
			return fail(errorFor(104, 0))
		}
		if c.params.Get("access_token") == "" && (c.endpoint == LongExchange || c.endpoint == Refresh) {
			return fail(because(100, 0, typeIG, "The parameter access_token is required"))
		}
		return fail(cannotParse())
	}
	if err := s.appTrouble(); err != nil {
		return err
	}
	switch {
	case s.switches.AppBlocked:
		return fail(errorFor(200, 0))
	case s.switches.AppRestricted, c.persona.NoRole:
		return fail(unsupported(strings.ToLower(c.method)))
	}
	if e, over := c.token.ended(c.now); over {
		return &e
	}
	c.largestPage = s.switches.LargestPage
	return s.checkProof(c)
}

// checkProof looks at appsecret_proof: the lower-case hex of an HMAC-SHA256 of the token with the
// app's secret as key.
func (s *Simulator) checkProof(c *call) *graphError {
	proof := c.params.Get("appsecret_proof")
	switch {
	case s.switches.AppSecretProof == "off":
		return nil
	case proof == "" && s.switches.AppSecretProof == "required":
		return fail(because(100, 0, typeMethod, "API calls from the server require an appsecret_proof argument"))
	case proof == "":
		return nil
	}
	mac := hmac.New(sha256.New, []byte(s.app.Secret))
	mac.Write([]byte(c.token.text))
	if proof != hex.EncodeToString(mac.Sum(nil)) {
		return fail(because(100, 0, typeMethod, "Invalid appsecret_proof provided in the API argument"))
	}
	return nil
}

// require is the error of a call that needs a scope which the owner did not grant.
func (c *call) require(scope string) *graphError {
	if c.token.has(scope) {
		return nil
	}
	e := errorFor(10, 0)
	return &e
}
