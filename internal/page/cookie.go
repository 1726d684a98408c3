package page

import (
	"net/http"
	"strings"
	"time"

	"latchkey/internal/session"
)

const sessionCookie = "latchkey_session"

// HTTPS says whether browsers come by https.
func (k *Kit) HTTPS() bool { return strings.HasPrefix(k.PublicURL, "https://") }

// hostName is the name of a cookie that belongs to this host alone. The prefix makes a browser
// insist on that, and works over https only.
func (k *Kit) hostName(plain string) string {
	if k.HTTPS() {
		return "__Host-" + plain
	}
	return plain
}

// Cookie returns the value of a cookie that SetCookie set; empty when there is none.
func (k *Kit) Cookie(r *http.Request, plain string) string {
	c, err := r.Cookie(k.hostName(plain))
	if err != nil {
		return ""
	}
	return c.Value
}

// SetCookie sets a cookie for the whole of this host; a negative life removes it.
func (k *Kit) SetCookie(w http.ResponseWriter, plain, value string, life time.Duration) {
	k.SetPathCookie(w, k.hostName(plain), value, "/", life)
}

// SetPathCookie sets a cookie for the addresses under a path.
func (k *Kit) SetPathCookie(w http.ResponseWriter, name, value, path string, life time.Duration) {
	http.SetCookie(w, &http.Cookie{
		Name: name, Value: value, Path: path, MaxAge: int(life.Seconds()),
		Secure: k.HTTPS(), HttpOnly: true, SameSite: http.SameSiteLaxMode,
	})
}

// SessionSecret is what the browser shows of its session; empty when it has none.
func (k *Kit) SessionSecret(r *http.Request) string { return k.Cookie(r, sessionCookie) }

// SetSession signs the browser in.
func (k *Kit) SetSession(w http.ResponseWriter, secret string) {
	k.SetCookie(w, sessionCookie, secret, session.Life)
}

// ClearSession takes the session from the browser.
func (k *Kit) ClearSession(w http.ResponseWriter) {
	k.SetCookie(w, sessionCookie, "", -time.Second)
}
