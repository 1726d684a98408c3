package igsim

import (
	"bytes"
	"hash/fnv"
	"image"
	"image/color"
	"image/png"
	"net/http"
	"net/url"
	"strconv"
	"strings"
)

const pictureLife = 6 * day

// pictureURL is the absolute address of a picture made for a name: a persona's ID or a post's id.
// Like the real ones it says until when it is good.
func (s *Simulator) pictureURL(c *call, name string) string {
	until := strconv.FormatInt(c.now.Add(pictureLife).Unix(), 10)
	return c.origin + "/_sim/picture/" + url.PathEscape(name) + ".png?until=" + until
}

// servePicture draws the picture of a name. Two runs draw the same.
func (s *Simulator) servePicture(w http.ResponseWriter, r *http.Request) {
	name, ok := strings.CutSuffix(r.PathValue("file"), ".png")
	if !ok || name == "" {
		http.NotFound(w, r)
		return
	}
	until, err := strconv.ParseInt(r.URL.Query().Get("until"), 10, 64)
	if s.Switches().PicturesExpire && err == nil && s.Now().Unix() >= until {
		http.Error(w, "URL signature expired", http.StatusForbidden)
		return
	}
	var b bytes.Buffer
	if err := png.Encode(&b, draw(name)); err != nil {
		panic(err) // a buffer takes everything
	}
	h := w.Header()
	h.Set("Content-Type", "image/png")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Cache-Control", "max-age=86400")
	w.Write(b.Bytes())
}

const pictureSide = 160

// draw makes a plain picture: a disc on a ground, in colours that belong to the name.
func draw(name string) image.Image {
	h := fnv.New64a()
	h.Write([]byte(name))
	look := scramble(h.Sum64())
	ground := color.RGBA{uint8(90 + look%80), uint8(100 + look>>8%80), uint8(110 + look>>16%80), 255}
	disc := color.RGBA{ground.R + 60, ground.G + 60, ground.B + 60, 255}
	picture := image.NewPaletted(image.Rect(0, 0, pictureSide, pictureSide), color.Palette{ground, disc})
	cx, cy, radius := 50+int(look>>24%60), 50+int(look>>32%60), 24+int(look>>40%24)
	for y := range pictureSide {
		for x := range pictureSide {
			if (x-cx)*(x-cx)+(y-cy)*(y-cy) <= radius*radius {
				picture.SetColorIndex(x, y, 1)
			}
		}
	}
	return picture
}

func serveStyle(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/css; charset=utf-8")
	w.Header().Set("Cache-Control", "no-cache")
	w.Write(styleSheet)
}
