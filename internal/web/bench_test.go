package web_test

import (
	"net/http"
	"net/http/httptest"
	"testing"
)

// BenchmarkHome is the owner's page, with the look-up of her session and her connection.
func BenchmarkHome(b *testing.B) {
	h := newRig(b, origin)
	owner := h.browser()
	owner.signIn("studio_north")
	r := httptest.NewRequest(http.MethodGet, origin+"/", http.NoBody)
	for _, c := range owner.jar.Cookies(r.URL) {
		r.AddCookie(c)
	}
	b.ReportAllocs()
	for b.Loop() {
		w := httptest.NewRecorder()
		h.serves.ServeHTTP(w, r)
		if w.Code != http.StatusOK {
			b.Fatal(w.Code)
		}
	}
}
