package middleware

// header is one header of every answer. The values are shared by all answers: a handler that wants
// another one replaces the slice, and never writes into it.
type header struct {
	name   string
	values []string
}

// pageHeaders are the headers of a page that runs no script but our own files, is shown in no frame, is kept by no
// cache and loads from nobody but us. Handlers of other things replace what does not fit.
func pageHeaders(https bool) []header {
	all := []header{
		{"Content-Security-Policy", []string{"default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; " +
			"form-action 'self'; base-uri 'none'; frame-ancestors 'none'"}},
		// With no-referrer the Origin of a form would be null, and our own forms refused. A page whose
		// path is a secret says "origin" instead, so that no log on the way has the path as a referrer.
		{"Referrer-Policy", []string{"same-origin"}},
		{"X-Content-Type-Options", []string{"nosniff"}},
		{"Cross-Origin-Opener-Policy", []string{"same-origin"}},
		{"Cross-Origin-Resource-Policy", []string{"same-origin"}},
		{"Permissions-Policy", []string{"camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()"}},
		{"Cache-Control", []string{"no-store"}},
	}
	if https {
		all = append(all, header{"Strict-Transport-Security", []string{"max-age=31536000"}})
	}
	return all
}

// setHeaders sets the headers of every answer.
func (h *handler) setHeaders(x *exchange) {
	answer := x.w.Header()
	for _, one := range h.headers {
		answer[one.name] = one.values
	}
	answer["X-Request-Id"] = []string{x.id}
}
