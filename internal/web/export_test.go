package web

import (
	"net/http"
	"slices"
	"time"

	"latchkey/instagram"
	"latchkey/internal/store"
)

// Posts says whether a route takes a POST to the path.
func Posts(h *Handler, path string) bool {
	return slices.ContainsFunc(h.routes(), func(r route) bool {
		return r.path == path && r.method == http.MethodPost
	})
}

// Refuse writes the page of an error of a login.
func Refuse(h *Handler, w http.ResponseWriter, r *http.Request, err error) {
	h.refuse(w, r, "test", instagram.Secret{}, err)
}

// The pure parts.
var (
	Thousands = thousands
	NextCheck = func(next, now time.Time) string {
		return (&Handler{}).connectionView(reader{now: now, zone: time.UTC}, store.Connection{NextRefreshAt: next}).Next.Day
	}
	// Status is where a connection stands, and how loud that is said.
	Status = func(c store.Connection, now time.Time) (string, string) {
		s := statusOf(c, now)
		return string(s), s.tone(c.TokenExpiresAt.Sub(now))
	}
	DateTime = func(at, now time.Time, zone *time.Location) (string, string) {
		m := reader{now: now, zone: zone}.dateTime(at)
		return m.Day, m.Minute
	}
	JustDisconnected = func(now time.Time, events ...store.Event) bool {
		return justDisconnected(reader{now: now}, events)
	}
	Capital   = capital
	ZoneOf    = zoneOf
	ZoneNames = func() (names []string) {
		for _, area := range zones() {
			for _, zone := range area.Zones {
				names = append(names, zone.Name)
			}
		}
		return names
	}
	Left     = func(d time.Duration) string { return left(d) }
	Initials = func(name, username string) string {
		return initials(store.Connection{Name: name, Username: username})
	}
	SameHost          = sameHost
	OperatorContactOf = func(text string) string { return operatorContactOf(text).Href }
)
