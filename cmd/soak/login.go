package main

import (
	"context"
	"fmt"
	"net/http"
	"net/http/cookiejar"
	"strings"
	"time"

	"latchkey/igsim"
	"latchkey/internal/store"
)

// login lets an owner log in at a server, as her browser would.
func (f *fleet) login(ctx context.Context, o *owner, r *replica) error {
	f.world.visits(o, true)
	defer f.world.visits(o, false)
	jar, err := cookiejar.New(nil)
	if err != nil {
		return err
	}
	browser := &http.Client{Jar: jar, Timeout: 30 * time.Second, CheckRedirect: func(*http.Request, []*http.Request) error {
		return http.ErrUseLastResponse
	}}
	status, to, err := open(ctx, browser, r.base+"/login")
	if err != nil {
		return err
	}
	back, err := f.world.sim.Approve(to, igsim.Decision{Persona: o.persona})
	if err != nil {
		return fmt.Errorf("server %d sent %s with status %d: %w", r.index, o.persona, status, err)
	}
	status, to, err = open(ctx, browser, back)
	if err != nil {
		return err
	}
	if status != http.StatusSeeOther || !strings.HasSuffix(to, "/") {
		return fmt.Errorf("server %d answered the login of %s with status %d", r.index, o.persona, status)
	}
	f.world.connected(o)
	return nil
}

// open fetches a page and says where it leads.
func open(ctx context.Context, browser *http.Client, address string) (status int, to string, err error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return 0, "", err
	}
	res, err := browser.Do(req)
	if err != nil {
		return 0, "", err
	}
	return res.StatusCode, res.Header.Get("Location"), res.Body.Close()
}

// connectWithin is over how long the owners connect, so that there is work every day after.
const connectWithin = 7 * 24 * time.Hour

// connect lets all owners log in, in groups spread over a week. It ends when the first are due.
func (f *fleet) connect(ctx context.Context) error {
	groups := min(max(7, len(f.world.owners)/5), 28)
	for i := range groups {
		for j, o := range turn(f.world.owners, i, groups) {
			if err := f.login(ctx, o, f.replicas[j%len(f.replicas)]); err != nil {
				return err
			}
		}
		if err := f.identify(ctx); err != nil {
			return err
		}
		if err := f.step(ctx, connectWithin/time.Duration(groups)); err != nil {
			return err
		}
	}
	return nil
}

// identify finds out which connection is whose.
func (f *fleet) identify(ctx context.Context) error {
	all, err := f.connections(ctx)
	for _, c := range all {
		f.world.name(c.Username, c.ID)
	}
	return err
}

// connections reads all of them.
func (f *fleet) connections(ctx context.Context) (all []store.Connection, err error) {
	const pageSize = 500
	for after := ""; ; {
		page, err := f.store.ListConnections(ctx, after, pageSize)
		if err != nil {
			return nil, err
		}
		all = append(all, page...)
		if len(page) < pageSize {
			return all, nil
		}
		after = page[len(page)-1].ID
	}
}

// receive lets the owners do what they do on a day: end the permission, or log in again.
func (f *fleet) receive(ctx context.Context, day, days int) error {
	for i, o := range f.world.owners {
		var err error
		switch f.world.plan.does(o.persona, day, days) {
		case stays:
		case changesPassword:
			err = f.world.leaves(o, "she changed her password", f.world.sim.ChangePassword)
		case removesApp:
			err = f.world.leaves(o, "she removed the app", f.world.sim.RemoveApp)
		case returns:
			if o.absent() {
				err = f.login(ctx, o, f.replicas[i%len(f.replicas)])
			}
		}
		if err != nil {
			return err
		}
	}
	return nil
}
