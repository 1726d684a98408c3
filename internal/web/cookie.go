package web

import (
	"net/http"
	"strings"
	"time"

	"latchkey/internal/login"
	"latchkey/internal/session"
)

// guardLife is how long a redirect to our own host is remembered.
const guardLife = 30 * time.Second

// The plain names of the cookies.
const (
	sessionCookie = "latchkey_session"
	bindingCookie = "latchkey_login"
	guardCookie   = "latchkey_host"
	refusedCookie = "latchkey_refused"
	wantedCookie  = "latchkey_wanted"
	zoneCookie    = "latchkey_zone"
)

func (h *Handler) https() bool { return strings.HasPrefix(h.PublicURL, "https://") }

// hostName is the name of a cookie that belongs to this host alone. The prefix makes a browser
// insist on that, and works over https only.
func (h *Handler) hostName(plain string) string {
	if h.https() {
		return "__Host-" + plain
	}
	return plain
}

// cookie returns the value of a cookie that setCookie set; empty when there is none.
func (h *Handler) cookie(r *http.Request, plain string) string {
	c, err := r.Cookie(h.hostName(plain))
	if err != nil {
		return ""
	}
	return c.Value
}

func (h *Handler) setCookie(w http.ResponseWriter, plain, value string, life time.Duration) {
	http.SetCookie(w, &http.Cookie{
		Name: h.hostName(plain), Value: value, Path: "/", MaxAge: int(life.Seconds()),
		Secure: h.https(), HttpOnly: true, SameSite: http.SameSiteLaxMode,
	})
}

func (h *Handler) setSession(w http.ResponseWriter, secret string) {
	h.setCookie(w, sessionCookie, secret, session.Life)
}

func (h *Handler) clearSession(w http.ResponseWriter) {
	h.setCookie(w, sessionCookie, "", -time.Second)
}

// setBinding keeps the binding as long as the login that just began is remembered. Nothing clears
// it earlier: by it a callback that comes late or a second time is known.
func (h *Handler) setBinding(w http.ResponseWriter, binding string) {
	h.setCookie(w, bindingCookie, binding, login.BindingLife)
}

// setGuard remembers that this browser was just sent to our own host, for the kind of login that it
// asked for. The path is cut: the rest of it may be a secret.
func (h *Handler) setGuard(w http.ResponseWriter, r *http.Request) {
	kind, _, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, "/"), "/")
	http.SetCookie(w, &http.Cookie{
		Name: guardCookie, Value: "1", Path: "/" + kind, MaxAge: int(guardLife.Seconds()),
		Secure: h.https(), HttpOnly: true, SameSite: http.SameSiteLaxMode,
	})
}

func guarded(r *http.Request) bool {
	_, err := r.Cookie(guardCookie)
	return err == nil
}
