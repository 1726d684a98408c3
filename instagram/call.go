package instagram

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"sync/atomic"
	"time"
)

// maxAnswer is how much of an answer is read; a longer one is an error.
const maxAnswer = 1 << 20

// defaultHTTP carries the calls of a Client without an HTTP client of its own.
var defaultHTTP = newHTTP()

func newHTTP() *http.Client {
	return &http.Client{
		Timeout:       30 * time.Second,
		CheckRedirect: noRedirect,
		Transport: &http.Transport{
			Proxy:               http.ProxyFromEnvironment,
			ForceAttemptHTTP2:   true,
			TLSHandshakeTimeout: 10 * time.Second,
			MaxIdleConnsPerHost: 64,
			// The exchange of a code is not sent again when a kept connection turns out to be
			// dead, so connections are not kept for long.
			IdleConnTimeout: 30 * time.Second,
			// Nearly all answers are a few hundred bytes: unpacking costs more than it saves.
			DisableCompression: true,
		},
	}
}

func noRedirect(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }

// call is one question to Instagram.
type call struct {
	name     string // as Error.Call shows it
	address  string
	form     []byte // sent by POST with formType; nil asks by GET
	formType string
	bearer   Secret
	scope    string   // what the owner must have granted, "" when it depends
	hidden   []Secret // what no error may show
}

// answer is what a body is decoded into. Every answer embeds a refusal, because Instagram may send
// an error with any status, 200 included.
type answer interface {
	refused() *said
	// wanting is the cause of a failure when what was asked for is not in it; "" when all is there.
	wanting() Cause
}

// send asks and decodes. It returns the time of the answer. Nothing is ever sent twice.
func (c *Client) send(ctx context.Context, q call, into answer) (time.Time, error) {
	if c.Trace == nil {
		return c.ask(ctx, q, into)
	}
	ctx, ended := c.Trace(ctx, q.name)
	at, err := c.ask(ctx, q, into)
	ended(err)
	return at, err
}

func (c *Client) ask(ctx context.Context, q call, into answer) (time.Time, error) {
	req, err := q.request(ctx)
	if err != nil {
		return time.Time{}, q.failed(causeAddress, 0, err)
	}
	var sent atomic.Bool
	res, err := c.do(req.WithContext(httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
		WroteHeaders: func() { sent.Store(true) },
	})))
	if err != nil {
		failure := q.failed(causeUnreachable, 0, err)
		failure.unsent = !sent.Load()
		return time.Time{}, failure
	}
	defer res.Body.Close()
	usage := parseUsage(res.Header)
	if c.OnUsage != nil && !usage.IsZero() {
		c.OnUsage(usage)
	}
	at, dated := c.answeredAt(res.Header)
	body, err := io.ReadAll(io.LimitReader(res.Body, maxAnswer+1))
	if err != nil {
		return at, q.failed(causeUnreachable, res.StatusCode, err)
	}
	failure := q.judge(res.StatusCode, body, into)
	if c.OnDate != nil && dated {
		c.OnDate(at, failure != nil)
	}
	if failure != nil {
		failure.RetryAfter = max(retryAfter(res.Header, at), usage.Regain())
		return at, failure
	}
	return at, nil
}

func (c *Client) do(req *http.Request) (*http.Response, error) {
	if c.HTTP == nil {
		return defaultHTTP.Do(req)
	}
	h := *c.HTTP
	h.CheckRedirect = noRedirect
	return h.Do(req)
}

func (q call) request(ctx context.Context) (*http.Request, error) {
	method, body := http.MethodGet, io.Reader(nil)
	if q.form != nil {
		method, body = http.MethodPost, bytes.NewReader(q.form)
	}
	req, err := http.NewRequestWithContext(ctx, method, q.address, body)
	if err != nil {
		return nil, err
	}
	if req.URL.Host == "" || req.URL.Scheme != "https" && req.URL.Scheme != "http" {
		return nil, errors.New("not an address of the web")
	}
	req.Header.Set("Accept", "application/json")
	if q.form != nil {
		req.Header.Set("Content-Type", q.formType)
		// Without GetBody the transport cannot send the body a second time by itself.
		req.GetBody = nil
	}
	if !q.bearer.IsZero() {
		req.Header.Set("Authorization", "Bearer "+q.bearer.Reveal())
	}
	return req, nil
}

// answeredAt is the Date of the answer, so that the life of a token is counted by one clock. An answer
// without one is dated by ours.
func (c *Client) answeredAt(h http.Header) (at time.Time, dated bool) {
	at, err := http.ParseTime(h.Get("Date"))
	if err != nil {
		return c.now().UTC(), false
	}
	return at.UTC(), true
}

// judge decodes the body and says what is wrong with the answer; nil when nothing is.
func (q call) judge(status int, body []byte, into answer) *Error {
	if len(body) > maxAnswer {
		return q.failed(causeTooLarge, status, nil)
	}
	err := json.Unmarshal(body, into)
	// What Instagram refuses it refuses, even where the rest of the answer is not as expected.
	if r := into.refused(); r != nil {
		return q.refusedBy(status, r)
	}
	switch {
	case status >= 500:
		return q.failed(causeOutage, status, nil)
	case err != nil:
		return q.failed(causeUnreadable, status, mismatch(err))
	case status < 200 || status > 299:
		return q.failed(causeUnreadable, status, nil)
	}
	if cause := into.wanting(); cause != "" {
		return q.failed(cause, status, nil)
	}
	return nil
}

// mismatch says which member of an answer has not the type that the caller asked for. Any other
// trouble of a decoder could quote the answer, so nothing of it is kept.
func mismatch(err error) error {
	if m, ok := errors.AsType[*json.UnmarshalTypeError](err); ok {
		return fmt.Errorf("member %q does not fit into %v", m.Field, m.Type)
	}
	return nil
}

// failed is an Error for a call that Instagram did not answer in its own terms.
func (q call) failed(cause Cause, status int, err error) *Error {
	e := &Error{Class: cause.Class(), Cause: cause, Call: q.name, Status: status, Scope: q.scope}
	if err != nil {
		e.err = q.conceal(err)
	}
	return e
}

// refusedBy is an Error for what Instagram said.
func (q call) refusedBy(status int, r *said) *Error {
	e := &Error{
		Call: q.name, Status: status, Scope: q.scope,
		Code: r.code, Subcode: r.subcode,
		Type: q.clean(r.kind), Message: q.clean(r.message), TraceID: q.clean(r.trace),
	}
	e.Cause = Diagnose(e)
	e.Class = e.Cause.Class()
	if status >= 500 || r.transient {
		e.Class, e.transient = ClassRetry, r.transient
	}
	if status >= 500 && e.Cause == "" {
		e.Cause = causeOutage
	}
	return e
}

// conceal keeps what err is and what it says, without the secrets of the call: the text of a
// *url.Error is the whole URL, and the token endpoints take their secrets in the URL.
func (q call) conceal(err error) error {
	if outer, ok := errors.AsType[*url.Error](err); ok {
		err = outer.Err
	}
	return &concealed{text: q.clean(err.Error()), err: err}
}

// concealed answers errors.Is for the error that it hides, and gives it to nobody.
type concealed struct {
	text string
	err  error
}

func (c *concealed) Error() string        { return c.text }
func (c *concealed) Is(target error) bool { return errors.Is(c.err, target) }
