package owner

import (
	"bytes"
	"errors"
	"net/http"
	"time"

	"latchkey/internal/picture"
	"latchkey/internal/store"
)

// picture serves the owner who is signed in her picture, and nobody else. The browser asks
// us, so that Instagram does not learn who looks at this page.
func (h *Handler) picture(w http.ResponseWriter, r *http.Request) {
	c, err := h.SignedIn(r)
	if errors.Is(err, store.ErrNotFound) {
		h.NotFound(w, r)
		return
	}
	if err != nil {
		h.Fail(w, r, "find who is signed in", err)
		return
	}
	square, err := h.Pictures.Picture(r.Context(), c.PictureURL)
	if err != nil {
		h.noPicture(w, r, c, err)
		return
	}
	w.Header().Set("Content-Type", "image/jpeg")
	// Its address changes with the picture, and the page asks for no other.
	w.Header().Set("Cache-Control", "private, max-age=86400")
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(square))
}

// noPicture answers for a picture that cannot be had. The page shows initials in its place.
func (h *Handler) noPicture(w http.ResponseWriter, r *http.Request, c store.Connection, err error) {
	if c.PictureURL != "" && errors.Is(err, picture.ErrNone) {
		h.Log.DebugContext(r.Context(), "no picture", "connection", c.ID, "error", err)
	}
	h.NotFound(w, r)
}
