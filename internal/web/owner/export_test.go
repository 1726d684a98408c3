package owner

import (
	"time"

	"latchkey/internal/i18n"
	"latchkey/internal/page"
	"latchkey/internal/store"
)

func english(now time.Time) page.Reader {
	return page.Reader{Language: i18n.English(), Now: now, Zone: time.UTC}
}

// The pure parts.
var (
	// Status is where a connection stands, and how loud that is said.
	Status = func(c store.Connection, now time.Time) (string, string) {
		s := statusOf(c, now)
		return string(s), s.tone(c.TokenExpiresAt.Sub(now))
	}
	NextCheck = func(next, now time.Time) string {
		return (&Handler{Kit: &page.Kit{}}).connectionView(english(now), store.Connection{NextRefreshAt: next}).Next.Day
	}
	JustDisconnected = func(now time.Time, events ...store.Event) bool {
		return justDisconnected(english(now), events)
	}
	ZoneNames = func() (names []string) {
		for _, area := range zones() {
			for _, zone := range area.Zones {
				names = append(names, zone.Name)
			}
		}
		return names
	}
	Initials = func(name, username string) string {
		return initials(store.Connection{Name: name, Username: username})
	}
)
