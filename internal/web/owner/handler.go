package owner

import (
	"context"
	"embed"
	"time"

	"latchkey/internal/notice"
	"latchkey/internal/page"
	"latchkey/internal/picture"
	"latchkey/internal/store"
	"latchkey/internal/vault"
)

//go:embed templates
var templates embed.FS

// set are the templates, of which one is a part of several pages.
var set = page.NewSet(templates, "status")

// The pages of this room.
var (
	homePage       = page.New[homeView](set, "home")
	accountPage    = page.New[accountView](set, "account")
	disconnectPage = page.New[confirmView](set, "disconnect")
	erasePage      = page.New[confirmView](set, "erase")
	receiptPage    = page.New[receiptView](set, "receipt")
	reconnectPage  = page.New[reconnectView](set, "reconnect")
	mailLinkPage   = page.New[mailLinkView](set, "mail_link")
	privacyPage    = page.New[privacyView](set, "privacy")
)

// Events reads the newest events of a connection.
type Events interface {
	Events(ctx context.Context, connectionID string, limit int) ([]store.Event, error)
}

// Handler answers an owner. Its fields are set before Routes and not changed after it; all are required unless they
// say otherwise.
type Handler struct {
	*page.Kit
	Vault    *vault.Vault
	Events   Events
	Pictures *picture.Fetcher
	// Notices sends owners mail and knows their one-time links; nil when there is neither.
	Notices *notice.Notifier
	// KeepEvents is how long the lines of a record are kept; 0 is until it is erased.
	KeepEvents time.Duration
}

// Routes are those of this room. The front page is that of signin, which shows [Handler.Home] to who is signed in.
func (h *Handler) Routes() []page.Route {
	return []page.Route{
		{Method: "GET", Path: "/account", Serve: h.RequireOwner(h.account)},
		{Method: "POST", Path: "/account/signout-everywhere", Serve: h.RequireOwner(h.signOutEverywhere)},
		{Method: "GET", Path: "/account/disconnect", Serve: h.RequireOwner(h.confirmDisconnect)},
		{Method: "POST", Path: "/account/disconnect", Serve: h.RequireOwner(h.disconnect)},
		{Method: "GET", Path: "/account/erase", Serve: h.RequireOwner(h.confirmErase)},
		{Method: "POST", Path: "/account/erase", Serve: h.RequireOwner(h.erase)},
		{Method: "POST", Path: "/account/mail", Serve: h.RequireOwner(h.giveAddress)},
		{Method: "POST", Path: "/account/mail/forget", Serve: h.RequireOwner(h.forgetAddress)},
		{Method: "POST", Path: "/account/zone", Serve: h.RequireOwner(h.chooseZone)},
		{Method: "POST", Path: "/account/language", Serve: h.RequireOwner(h.chooseLanguage)},
		{Method: "GET", Path: "/reconnect/{secret}", Serve: page.OneTime(h.reconnect)},
		{Method: "GET", Path: "/mail/confirm/{secret}", Serve: page.OneTime(h.askConfirm)},
		{Method: "POST", Path: "/mail/confirm/{secret}", Serve: page.OneTime(h.confirm)},
		{Method: "GET", Path: "/mail/stop/{secret}", Serve: page.OneTime(h.askStop)},
		{Method: "POST", Path: "/mail/stop/{secret}", Serve: page.OneTime(h.stop)},
		{Method: "GET", Path: "/picture", Serve: h.picture},
		{Method: "GET", Path: "/privacy", Serve: h.privacy},
	}
}
