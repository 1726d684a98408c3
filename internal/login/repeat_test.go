package login_test

import (
	"bytes"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"latchkey/igsim"
	"latchkey/instagram"
	"latchkey/internal/login"
)

// noneNamed is a way to Instagram on which the answer to the code loses the names of the scopes.
func noneNamed(r *http.Request) (*http.Response, error) {
	res, err := http.DefaultTransport.RoundTrip(r)
	if err != nil || r.Method != http.MethodPost {
		return res, err
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	body = regexp.MustCompile(`"permissions":\[[^]]*]`).ReplaceAll(body, []byte(`"permissions":[]`))
	res.Body, res.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
	return res, err
}

// TestTokenThatWorksHasScopes holds that a list without a name means unknown when all went well.
func TestTokenThatWorksHasScopes(t *testing.T) {
	t.Parallel()
	h := setup(t)
	h.Instagram.HTTP = &http.Client{Transport: roundTrip(noneNamed)}
	c, err := h.login(igsim.Decision{Persona: "studio_north"})
	if err != nil || c.Scopes != nil {
		t.Errorf("stored the scopes %#v, %v; want unknown", c.Scopes, err)
	}
}

// TestScopesOfTheLongExchange holds that the names that came later count where the first answer had none, and
// those of the first answer where both have some.
func TestScopesOfTheLongExchange(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		first func(*http.Request) (*http.Response, error)
		want  []string
	}{{noneNamed, []string{instagram.ScopeBasic}}, {http.DefaultTransport.RoundTrip, allScopes}} {
		h := setup(t)
		h.Instagram.HTTP = &http.Client{Transport: roundTrip(func(r *http.Request) (*http.Response, error) {
			res, err := tt.first(r)
			if err != nil || r.URL.Path != "/access_token" {
				return res, err
			}
			defer res.Body.Close()
			body, err := io.ReadAll(res.Body)
			body = bytes.Replace(body, []byte("{"), []byte(`{"permissions":"instagram_business_basic",`), 1)
			res.Body, res.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
			return res, err
		})}
		c, err := h.login(igsim.Decision{Persona: "studio_north"})
		if err != nil || !slices.Equal(c.Scopes, tt.want) {
			t.Errorf("stored the scopes %#v, %v; want %v", c.Scopes, err, tt.want)
		}
	}
}

// TestInstagramIsSlow holds that a login whose time is over while Instagram does not answer is Instagram's
// refusal, in the words of its last answer, and no fault of ours.
func TestInstagramIsSlow(t *testing.T) {
	t.Parallel()
	for name, slow := range map[string]time.Duration{"never": time.Hour, "so late that there is no time to ask again": 9900 * time.Millisecond} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				st := openPrepared(t)
				defer st.Close()
				posted := `{"access_token":"IGSHORT","user_id":"1","permissions":["instagram_business_basic"]}`
				f := newFlow(t, st, slog.New(slog.DiscardHandler))
				f.Instagram = &instagram.Client{
					HTTP: &http.Client{Transport: roundTrip(func(r *http.Request) (*http.Response, error) {
						status, body := http.StatusOK, posted
						if r.Method == http.MethodGet {
							status, body = http.StatusBadGateway, "<html>"
							select {
							case <-r.Context().Done():
								return nil, r.Context().Err()
							case <-time.After(slow):
							}
						}
						return &http.Response{StatusCode: status, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(body)), Request: r}, nil
					})},
				}
				s, err := f.Begin("")
				if err != nil {
					t.Fatal(err)
				}
				u, err := url.Parse(s.URL)
				if err != nil {
					t.Fatal(err)
				}
				began := time.Now()
				_, err = f.Finish(t.Context(), login.Callback{
					State: instagram.NewSecret(u.Query().Get("state")), Code: instagram.NewSecret("A"),
				}, s.Binding)
				kind(t, err, login.InstagramAway)
				if took := time.Since(began); took < 9*time.Second || took > 10*time.Second {
					t.Errorf("it took %v", took)
				}
			})
		})
	}
}

func TestRepeats(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name     string
		endpoint igsim.Endpoint
		fault    igsim.Fault
		calls    int
		finishes bool
	}{
		{"the long exchange", igsim.LongExchange, igsim.Fault{Kind: igsim.Page, Status: 503}, 3, true},
		{"me", igsim.Me, igsim.Fault{Code: 2, Transient: true}, 3, true},
		{"me, to the third time", igsim.Me, igsim.Fault{Code: 190, Subcode: 460}, 1, false},
		{"the code never", igsim.CodeExchange, igsim.Fault{Kind: igsim.Page, Status: 503}, 1, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			h := setup(t)
			if err := h.sim.FailNext(tt.endpoint, 2, tt.fault); err != nil {
				t.Fatal(err)
			}
			_, err := h.login(igsim.Decision{Persona: "studio_north"})
			if (err == nil) != tt.finishes {
				t.Errorf("the login ended with %v", err)
			}
			if got := h.sim.Calls(tt.endpoint); got != tt.calls {
				t.Errorf("called %d times, want %d", got, tt.calls)
			}
		})
	}
}

// TestAskedAgainWhoItIs holds that an answer without the account's id is asked for again, up to three times.
func TestAskedAgainWhoItIs(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ nameless, calls int }{{1, 2}, {2, 3}, {3, 3}} {
		h := setup(t)
		left := tt.nameless
		h.Instagram.HTTP = &http.Client{Transport: roundTrip(func(r *http.Request) (*http.Response, error) {
			if strings.HasSuffix(r.URL.Path, "/me") && left > 0 {
				left--
				return namelessMe(r)
			}
			return http.DefaultTransport.RoundTrip(r)
		})}
		_, err := h.login(igsim.Decision{Persona: "studio_north"})
		if tt.nameless < 3 && err != nil {
			t.Errorf("after %d answers without an id: %v", tt.nameless, err)
		}
		if tt.nameless == 3 {
			h.refused(err, login.NoIdentity)
		}
		if got := h.sim.Calls(igsim.Me); got != tt.calls {
			t.Errorf("after %d answers without an id: asked %d times, want %d", tt.nameless, got, tt.calls)
		}
	}
}

// namelessMe is an answer to /me without the professional account id.
func namelessMe(r *http.Request) (*http.Response, error) {
	res, err := http.DefaultTransport.RoundTrip(r)
	if err != nil {
		return res, err
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	body = bytes.ReplaceAll(body, []byte(`"user_id"`), []byte(`"other_id"`))
	res.Body, res.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
	return res, err
}
