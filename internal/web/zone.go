package web

import (
	_ "embed"
	"errors"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"
	_ "time/tzdata" // an image without a system has no zones of its own

	"latchkey/internal/store"
)

// zoneLife is how long a browser keeps the zone of its owner: as long as browsers keep anything.
const zoneLife = 400 * 24 * time.Hour

//go:embed zones.txt
var zoneNames string

// zones are those that an owner can choose from: one for each place in the database of time zones.
var zones = sync.OnceValue(func() []zoneArea {
	var areas []zoneArea
	for name := range strings.Lines(zoneNames) {
		name = strings.TrimSpace(name)
		area, place, _ := strings.Cut(name, "/")
		if len(areas) == 0 || areas[len(areas)-1].Name != area {
			areas = append(areas, zoneArea{Name: area})
		}
		last := &areas[len(areas)-1]
		last.Zones = append(last.Zones, zoneChoice{Name: name, Place: placeName(place)})
	}
	return areas
})

// zoneArea is a part of the world.
type zoneArea struct {
	Name  string
	Zones []zoneChoice
}

// zoneChoice is a zone by its name, such as Europe/Berlin, and by its place, such as Berlin.
type zoneChoice struct{ Name, Place string }

// placeName turns Argentina/Buenos_Aires into Argentina: Buenos Aires.
func placeName(place string) string {
	return strings.NewReplacer("_", " ", "/", ": ").Replace(place)
}

// zoneView is what the owner's page says about the zone of its times.
type zoneView struct {
	// Name is the zone of all times on the page. Chosen says that she chose it.
	Name   string
	Chosen bool
	// Unlisted is her zone where it is none of the areas'; else empty.
	Unlisted string
	Areas    []zoneArea
	// Fault is why what she chose does not do.
	Fault string
}

// errZone says that there is no such zone.
var errZone = errors.New("no such time zone")

// zoneOf finds a zone by its name.
func zoneOf(name string) (*time.Location, error) {
	switch name {
	case "", "Local":
		return nil, errZone // to Go they would be UTC and the server's own
	case "UTC":
		return time.UTC, nil
	}
	return time.LoadLocation(name)
}

// zone is the zone that the browser's owner chose, else UTC: without a script a server does not know
// where its reader is.
func (h *Handler) zone(r *http.Request) *time.Location {
	if zone, err := zoneOf(h.cookie(r, zoneCookie)); err == nil {
		return zone
	}
	return time.UTC
}

func (h *Handler) zoneView(r *http.Request) zoneView {
	name := h.zone(r).String()
	_, err := zoneOf(h.cookie(r, zoneCookie))
	v := zoneView{Name: name, Chosen: err == nil, Areas: zones()}
	if name != "UTC" && !slices.ContainsFunc(v.Areas, func(a zoneArea) bool {
		return slices.ContainsFunc(a.Zones, func(z zoneChoice) bool { return z.Name == name })
	}) {
		v.Unlisted = name
	}
	return v
}

// chooseZone takes the zone in which the owner reads times.
func (h *Handler) chooseZone(w http.ResponseWriter, r *http.Request, c store.Connection) {
	r.Body = http.MaxBytesReader(w, r.Body, maxForm)
	name := r.PostFormValue("zone")
	if _, err := zoneOf(name); err != nil {
		h.showAccount(w, r, c, formError{status: http.StatusUnprocessableEntity, zone: "There is no such zone here. Choose one from the list."})
		return
	}
	h.setCookie(w, zoneCookie, name, zoneLife)
	redirect(w, http.StatusSeeOther, "/account#zone")
}
