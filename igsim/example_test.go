package igsim_test

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"time"

	"latchkey/igsim"
)

// A program under test is given the simulator's address in place of Instagram's. Approve is the
// click on the consent page.
func Example() {
	sim := igsim.New()
	server := httptest.NewServer(sim)
	defer server.Close()

	authorize := server.URL + "/oauth/authorize?" + url.Values{
		"client_id": {igsim.AppID}, "redirect_uri": {"http://localhost:3000/auth"}, "response_type": {"code"},
		"scope": {"instagram_business_basic"}, "state": {"s1"},
	}.Encode()
	callback, err := sim.Approve(authorize, igsim.Decision{Persona: "studio_north"})
	if err != nil {
		fmt.Println(err)
		return
	}
	u, _ := url.Parse(callback)
	fmt.Println(u.Host, u.Path, u.Query().Get("state"), strings.HasSuffix(callback, "#_"))

	_, err = sim.Approve(strings.Replace(authorize, igsim.AppID, "17", 1), igsim.Decision{Persona: "studio_north"})
	fmt.Println(err)
	// Output:
	// localhost:3000 /auth s1 true
	// Invalid Request: Request parameters are invalid: Invalid platform app
}

// Time and faults are in the hands of the test.
func ExampleSimulator_FailNext() {
	sim := igsim.New()
	server := httptest.NewServer(sim)
	defer server.Close()
	sim.Set(time.Date(2027, 3, 1, 12, 0, 0, 0, time.UTC))

	if err := sim.FailNext(igsim.Me, 1, igsim.Fault{Code: 4}); err != nil {
		fmt.Println(err)
		return
	}
	res, err := server.Client().Get(server.URL + "/v25.0/me")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer res.Body.Close()
	body, _ := io.ReadAll(res.Body)
	fmt.Println(res.StatusCode == http.StatusBadRequest, strings.Contains(string(body), "(#4) Application request limit reached"))
	fmt.Println(res.Header.Get("X-App-Usage"))
	fmt.Println(strings.HasPrefix(res.Header.Get("Date"), "Mon, 01 Mar 2027 12:00"))
	// Output:
	// true true
	// {"call_count":102,"total_cputime":34,"total_time":51}
	// true
}
