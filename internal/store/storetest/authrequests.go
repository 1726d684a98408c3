package storetest

import (
	"time"

	"latchkey/internal/store"
)

var authRequestCases = []Case{
	{"auth requests/one is taken with every field", script{
		does(createAuthRequest(request("login"))),
		gives(take(state("login"), browser("login"), "a", after(time.Minute)),
			taken(request("login"), "a", after(time.Minute))),
	}.check},

	{"auth requests/the link that it began through is kept", script{
		does(createAuthRequest(through("login", "mail"))),
		gives(take(state("login"), browser("login"), "a", noon), taken(through("login", "mail"), "a", noon)),
		failsWith(take(state("login"), browser("login"), "b", noon), store.ErrTaken,
			taken(through("login", "mail"), "a", noon)),
		does(createAuthRequest(request("without"))),
		gives(take(state("without"), browser("without"), "a", noon), taken(request("without"), "a", noon)),
	}.check},

	{"auth requests/a state that is there already is refused and changes nothing", script{
		does(createAuthRequest(request("login"))),
		fails(createAuthRequest(request("login")), store.ErrExists),
		fails(createAuthRequest(store.AuthRequest{State: state("login")}), store.ErrExists),
		gives(countAuthRequests(noon), 1),
		gives(take(state("login"), browser("login"), "a", noon), taken(request("login"), "a", noon)),
		fails(createAuthRequest(request("login")), store.ErrExists),
	}.check},

	{"auth requests/an unknown state", script{
		fails(take(state("login"), browser("login"), "a", noon), store.ErrNotFound),
		does(createAuthRequest(request("login"))),
		fails(take(state("another"), browser("login"), "a", noon), store.ErrNotFound),
		fails(take(store.Hash{}, store.Hash{}, "a", noon), store.ErrNotFound),
	}.check},

	{"auth requests/another browser does not use it up", script{
		does(createAuthRequest(request("login"))),
		fails(take(state("login"), browser("another"), "b", noon), store.ErrOtherBinding),
		fails(take(state("login"), store.Hash{}, "b", noon), store.ErrOtherBinding),
		gives(take(state("login"), browser("login"), "a", noon), taken(request("login"), "a", noon)),
	}.check},

	{"auth requests/a second take has what the first one took", script{
		does(createAuthRequest(request("login"))),
		does(take(state("login"), browser("login"), "a", noon)),
		failsWith(take(state("login"), browser("login"), "b", after(time.Minute)), store.ErrTaken,
			taken(request("login"), "a", noon)),
		failsWith(take(state("login"), browser("login"), "a", after(time.Minute)), store.ErrTaken,
			taken(request("login"), "a", noon)),
	}.check},

	{"auth requests/an expired one is not taken, at its expiry or later", script{
		does(createAuthRequest(request("login"))),
		fails(take(state("login"), browser("login"), "a", after(10*time.Minute)), store.ErrExpired),
		fails(take(state("login"), browser("login"), "a", after(time.Hour)), store.ErrExpired),
		gives(take(state("login"), browser("login"), "a", after(10*time.Minute-time.Millisecond)),
			taken(request("login"), "a", after(10*time.Minute-time.Millisecond))),
	}.check},

	{"auth requests/of several reasons the first counts", script{
		does(createAuthRequest(request("expired"))),
		fails(take(state("expired"), browser("another"), "a", after(time.Hour)), store.ErrOtherBinding),
		does(createAuthRequest(request("taken"))),
		does(take(state("taken"), browser("taken"), "a", noon)),
		fails(take(state("taken"), browser("another"), "b", noon), store.ErrOtherBinding),
		failsWith(take(state("taken"), browser("taken"), "b", after(time.Hour)), store.ErrTaken,
			taken(request("taken"), "a", noon)),
	}.check},

	{"auth requests/several of one browser are apart", script{
		does(createAuthRequest(onPhone("first"))),
		does(createAuthRequest(onPhone("second"))),
		gives(take(state("second"), browser("phone"), "a", noon), taken(onPhone("second"), "a", noon)),
		gives(take(state("first"), browser("phone"), "b", noon), taken(onPhone("first"), "b", noon)),
	}.check},

	{"auth requests/the count has the outstanding ones", script{
		gives(countAuthRequests(noon), 0),
		does(createAuthRequest(request("1"))),
		does(createAuthRequest(request("2"))),
		does(createAuthRequest(request("3"))),
		gives(countAuthRequests(noon), 3),
		does(take(state("1"), browser("1"), "a", noon)),
		gives(countAuthRequests(noon), 2),
		gives(countAuthRequests(after(10*time.Minute-time.Millisecond)), 2),
		gives(countAuthRequests(after(10*time.Minute)), 0),
		does(createAuthRequest(store.AuthRequest{State: state("endless"), Binding: browser("endless")})),
		gives(countAuthRequests(after(10*time.Minute)), 1),
		does(sweep(after(10*time.Minute + store.AuthRequestKept))),
		gives(countAuthRequests(noon), 1),
	}.check},
}

func state(name string) store.Hash { return request(name).State }

func browser(name string) store.Hash { return request(name).Binding }

// onPhone returns a request of the browser on the phone.
func onPhone(name string) store.AuthRequest {
	r := request(name)
	r.Binding = browser("phone")
	return r
}

// through returns a request that began through a link.
func through(name, link string) store.AuthRequest {
	r := request(name)
	r.Link = store.HashOf(link)
	return r
}
