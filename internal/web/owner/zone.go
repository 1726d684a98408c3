package owner

import (
	_ "embed"
	"net/http"
	"slices"
	"strings"
	"sync"

	"latchkey/internal/page"
	"latchkey/internal/store"
)

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

func (h *Handler) zoneView(r *http.Request, at page.Reader) zoneView {
	name := at.Zone.String()
	_, chosen := h.ChosenZone(r)
	v := zoneView{Name: name, Chosen: chosen}
	for _, area := range zones() {
		area.Name = at.Text("zone.area." + area.Name)
		v.Areas = append(v.Areas, area)
	}
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
	if _, err := page.FindZone(name); err != nil {
		h.showAccount(w, r, c, formError{status: http.StatusUnprocessableEntity, zone: "zone.unknown"})
		return
	}
	h.SetZone(w, name)
	page.Redirect(w, http.StatusSeeOther, "/account#zone")
}
