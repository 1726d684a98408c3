package igsim

import (
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
)

// call is one request as the parts of the simulator see it.
type call struct {
	now    time.Time
	role   role
	method string
	path   string // without the prefix of a role
	origin string // scheme and host under which the simulator was reached
	base   string // what comes before path in an address: origin and prefix of the role
	uri    string // path and query as they were asked for
	// query is from the address, params from the address and the body, form from the body.
	query, params, form url.Values
	multipart           bool
	// largestPage is the most items that a page of a list may ask for; 0 is no limit but Instagram's.
	largestPage int
	bearer      string

	// Of graph calls: the version without its v, 0 if there is none, and the parts of the path.
	version    int
	node, edge string

	endpoint Endpoint
	// token and persona are whose call it is, nil if that is unknown.
	token   *token
	persona *persona
}

const bodyAtMost = 1 << 20

// readCall reads all of a request, so that nothing has to be read under the lock. A body that
// cannot be parsed is as good as none.
func (s *Simulator) readCall(w http.ResponseWriter, r *http.Request, is role, path string) *call {
	c := &call{role: is, method: r.Method, path: path, uri: r.URL.RequestURI(), query: r.URL.Query(), form: url.Values{}}
	c.bearer, _ = strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	c.origin = originOf(r)
	c.base = c.origin + strings.TrimSuffix(r.URL.Path, path)
	r.Body = http.MaxBytesReader(w, r.Body, bodyAtMost)
	switch kind, _, _ := strings.Cut(r.Header.Get("Content-Type"), ";"); kind {
	case "multipart/form-data":
		c.multipart = true
		if r.ParseMultipartForm(bodyAtMost) == nil {
			c.form = r.MultipartForm.Value
		}
	case "application/json":
		c.form = formFromJSON(r.Body)
	default:
		if r.ParseForm() == nil {
			c.form = r.PostForm
		}
	}
	c.params = c.query
	if len(c.form) > 0 {
		c.params = maps.Clone(c.query)
		maps.Copy(c.params, c.form)
	}
	c.place()
	return c
}

// formFromJSON takes the plain members of a JSON object for form fields.
func formFromJSON(r io.Reader) url.Values {
	var members map[string]any
	form := url.Values{}
	if json.NewDecoder(r).Decode(&members) != nil {
		return form
	}
	for name, value := range members {
		switch value.(type) {
		case string, bool, float64:
			form.Set(name, fmt.Sprint(value))
		}
	}
	return form
}

func originOf(r *http.Request) string {
	if r.TLS != nil {
		return "https://" + r.Host
	}
	return "http://" + r.Host
}

// place finds the endpoint.
func (c *call) place() {
	switch c.path {
	case authorizePath:
		c.endpoint = Authorize
	case tokenPath:
		c.endpoint = CodeExchange
	default:
		c.endpoint = OtherEndpoint
		c.placeGraph()
	}
}

// serveCall answers a call of the API or the visit of the consent page.
func (s *Simulator) serveCall(w http.ResponseWriter, r *http.Request, is role, path string) {
	c := s.readCall(w, r, is, path)
	s.mu.Lock()
	c.now = s.Now()
	s.identify(c)
	a := s.answerWithFaults(c)
	s.remember(request{
		At: c.now, Method: c.method, Endpoint: c.endpoint, Status: a.status, Fault: a.fault,
		Parameters: parameterNames(c.query),
	})
	s.mu.Unlock()
	a.deliver(w, r)
}

// parameterNames are the names of the query parameters, without those that are too long to be
// names: they may be something secret that went to the wrong place.
func parameterNames(q url.Values) []string {
	names := slices.AppendSeq([]string{}, maps.Keys(q))
	slices.Sort(names)
	return slices.DeleteFunc(names, func(name string) bool { return len(name) > 40 })
}

// identify finds whose code or token the call carries. The caller holds the lock.
func (s *Simulator) identify(c *call) {
	if c.endpoint == CodeExchange {
		if g, ok := s.codes[c.form.Get("code")]; ok {
			c.persona = g.persona
		}
		return
	}
	text := c.params.Get("access_token")
	if text == "" && c.endpoint != LongExchange && c.endpoint != Refresh {
		text = c.bearer // the two token calls were seen to refuse the header alone
	}
	if t, ok := s.tokens[text]; ok {
		c.token, c.persona = t, t.persona
	}
}

func (s *Simulator) answerWithFaults(c *call) answer {
	who := ""
	if c.persona != nil {
		who = c.persona.ID
	}
	f, struck := s.strike(c.endpoint, who)
	if !struck {
		a := s.answer(c)
		if s.switches.ErrorsWith200 && a.page.template == "" {
			a.status = http.StatusOK
		}
		return a
	}
	var right answer
	if f.AfterWork || f.right() {
		right = s.answer(c)
	}
	return s.inject(c, f, right)
}

// answer is the right answer to a call. The caller holds the lock.
func (s *Simulator) answer(c *call) answer {
	switch {
	case c.endpoint == Authorize:
		return s.consent(c)
	case c.endpoint == CodeExchange && (c.role == roleAPI || c.role == roleAny):
		return s.exchangeCode(c)
	case c.role == roleGraph || c.role == roleAny:
		return s.graph(c)
	}
	return notAvailable()
}
