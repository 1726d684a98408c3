package signin

import (
	"net"
	"net/http"
	"net/url"
	"strings"

	"latchkey/instagram"
	"latchkey/internal/login"
	"latchkey/internal/page"
)

// login sends a browser on the way to Instagram, through start. A prefetch starts nothing. A browser on another name
// of this server first goes to the public one, where Instagram will send it back: cookies of one host are not sent to
// another.
func (h *Handler) login(start http.Handler) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		switch {
		case isPrefetch(r) && h.onOtherHost(r): // so the doctor sees that a proxy rewrites Host
			page.Redirect(w, http.StatusSeeOther, h.PublicURL+r.URL.EscapedPath())
		case isPrefetch(r):
			w.WriteHeader(http.StatusNoContent)
		case h.onOtherHost(r) && (!guarded(r) || fromThisHost(r)):
			h.setGuard(w, r)
			page.Redirect(w, http.StatusSeeOther, h.PublicURL+r.URL.EscapedPath())
		default:
			start.ServeHTTP(w, r)
		}
	}
}

// startLogin begins a login and redirects to Instagram.
func (h *Handler) startLogin(w http.ResponseWriter, r *http.Request) {
	started, err := h.Login.Begin(h.Cookie(r, bindingCookie))
	h.redirectToInstagram(w, r, started, err)
}

// startLoginByLink begins a login through a reconnect link and redirects to Instagram.
func (h *Handler) startLoginByLink(w http.ResponseWriter, r *http.Request) {
	started, err := h.Login.BeginThrough(r.Context(), h.Cookie(r, bindingCookie), r.PathValue("secret"))
	h.redirectToInstagram(w, r, started, err)
}

// redirectToInstagram sends the browser on to Instagram, unless the login did not begin.
func (h *Handler) redirectToInstagram(w http.ResponseWriter, r *http.Request, started login.Started, err error) {
	if err != nil {
		h.refuse(w, r, "begin a login", instagram.Secret{}, err)
		return
	}
	h.setBinding(w, started.Binding)
	page.Redirect(w, http.StatusFound, started.URL)
}

// isPrefetch says whether a request comes from something that looks ahead, and not from a person:
// a HEAD, or a browser that fetches a page in case it is wanted.
func isPrefetch(r *http.Request) bool {
	if r.Method == http.MethodHead {
		return true
	}
	for _, name := range []string{"Sec-Purpose", "Purpose", "X-Purpose", "X-Moz"} {
		for _, v := range r.Header.Values(name) {
			v = strings.ToLower(v)
			if strings.Contains(v, "prefetch") || strings.Contains(v, "prerender") || strings.Contains(v, "preview") {
				return true
			}
		}
	}
	return false
}

// onOtherHost says whether the request was sent to another host than the public one. A proxy that
// rewrites Host makes every request look so, which is what the guard is for.
func (h *Handler) onOtherHost(r *http.Request) bool {
	public, err := url.Parse(h.PublicURL)
	return err == nil && !sameHost(r.Host, public.Host, public.Scheme)
}

// fromThisHost says whether the browser came from a page on the very host that the request was sent to:
// then no proxy has rewritten Host, and the guard is there because a button was pressed twice.
func fromThisHost(r *http.Request) bool {
	page, err := url.Parse(r.Referer())
	return err == nil && page.Host != "" && sameHost(r.Host, page.Host, page.Scheme)
}

// sameHost compares two hosts, with the port that the scheme implies where they name none.
func sameHost(a, b, scheme string) bool {
	port := "80"
	if scheme == "https" {
		port = "443"
	}
	full := func(host string) string {
		if _, _, err := net.SplitHostPort(host); err == nil {
			return strings.ToLower(host)
		}
		return strings.ToLower(net.JoinHostPort(strings.Trim(host, "[]"), port))
	}
	return full(a) == full(b)
}
