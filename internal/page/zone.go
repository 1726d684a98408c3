package page

import (
	"errors"
	"net/http"
	"time"
	_ "time/tzdata" // an image without a system has no zones of its own
)

const zoneCookie = "latchkey_zone"

// errZone says that there is no such zone.
var errZone = errors.New("no such time zone")

// FindZone finds a zone by its name.
func FindZone(name string) (*time.Location, error) {
	switch name {
	case "", "Local":
		return nil, errZone // to Go they would be UTC and the server's own
	case "UTC":
		return time.UTC, nil
	}
	return time.LoadLocation(name)
}

// ChosenZone is the zone that the browser's owner chose; false when she chose none.
func (k *Kit) ChosenZone(r *http.Request) (*time.Location, bool) {
	zone, err := FindZone(k.Cookie(r, zoneCookie))
	return zone, err == nil
}

// SetZone keeps the zone in which the browser's owner reads times.
func (k *Kit) SetZone(w http.ResponseWriter, name string) {
	k.SetCookie(w, zoneCookie, name, choiceLife)
}

// zone is the zone that the browser's owner chose, else UTC: without a script a server does not know
// where its reader is.
func (k *Kit) zone(r *http.Request) *time.Location {
	if zone, ok := k.ChosenZone(r); ok {
		return zone
	}
	return time.UTC
}
