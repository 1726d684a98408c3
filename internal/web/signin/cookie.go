package signin

import (
	"net/http"
	"strings"
	"time"

	"latchkey/internal/login"
)

// guardLife is how long a redirect to our own host is remembered.
const guardLife = 30 * time.Second

// The plain names of the cookies.
const (
	bindingCookie = "latchkey_login"
	guardCookie   = "latchkey_host"
	refusedCookie = "latchkey_refused"
)

// setBinding keeps the binding as long as the login that just began is remembered. Nothing clears
// it earlier: by it a callback that comes late or a second time is known.
func (h *Handler) setBinding(w http.ResponseWriter, binding string) {
	h.SetCookie(w, bindingCookie, binding, login.BindingLife)
}

// setGuard remembers that this browser was just sent to our own host, for the kind of login that it
// asked for. The path is cut: the rest of it may be a secret.
func (h *Handler) setGuard(w http.ResponseWriter, r *http.Request) {
	kind, _, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, "/"), "/")
	h.SetPathCookie(w, guardCookie, "1", "/"+kind, guardLife)
}

func guarded(r *http.Request) bool {
	_, err := r.Cookie(guardCookie)
	return err == nil
}
