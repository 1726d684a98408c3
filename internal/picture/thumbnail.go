package picture

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"io"
	"net/http"

	"golang.org/x/image/draw"
	"golang.org/x/image/webp"
)

// Size is the width and the height of a picture, in pixels.
const Size = 160

// maxPixels bounds what a picture may unfold to: 1440 by 1440, the largest that Instagram makes, and
// a little more.
const maxPixels = 1 << 21

// quality is that of the JPEG that is made.
const quality = 85

// format is a kind of picture that we read.
type format struct {
	config func(io.Reader) (image.Config, error)
	decode func(io.Reader) (image.Image, error)
}

// formats are by the type that the first bytes show; what a server calls them does not count.
var formats = map[string]format{
	"image/jpeg": {jpeg.DecodeConfig, jpeg.Decode},
	"image/png":  {png.DecodeConfig, png.Decode},
	"image/webp": {webp.DecodeConfig, webp.Decode},
}

// thumbnail makes the picture that is shown: the middle of the one in raw, scaled, as a JPEG that holds
// nothing else of it, such as the place where it was taken.
func thumbnail(raw []byte) (_ []byte, err error) {
	// It runs in a goroutine of its own, where a decoder that panics would end the process.
	defer func() {
		if recover() != nil {
			err = fmt.Errorf("picture: its decoder panicked: %w", ErrNone)
		}
	}()
	known, ok := formats[http.DetectContentType(raw)]
	if !ok {
		return nil, fmt.Errorf("picture: neither JPEG nor PNG nor WebP: %w", ErrNone)
	}
	config, err := known.config(bytes.NewReader(raw))
	if err != nil {
		return nil, fmt.Errorf("picture: malformed: %w", ErrNone)
	}
	if config.Width <= 0 || config.Height <= 0 || config.Width > maxPixels/config.Height {
		return nil, fmt.Errorf("picture: %d by %d pixels: %w", config.Width, config.Height, ErrNone)
	}
	whole, err := known.decode(bytes.NewReader(raw))
	if err != nil {
		return nil, fmt.Errorf("picture: malformed: %w", ErrNone)
	}
	return encode(scale(whole)), nil
}

// scale draws the middle of a picture on white.
func scale(whole image.Image) image.Image {
	small := image.NewRGBA(image.Rect(0, 0, Size, Size))
	draw.Draw(small, small.Bounds(), image.NewUniform(color.White), image.Point{}, draw.Src)
	draw.BiLinear.Scale(small, small.Bounds(), whole, middle(whole.Bounds()), draw.Over, nil)
	return small
}

// middle is the largest square in the middle of b.
func middle(b image.Rectangle) image.Rectangle {
	side := min(b.Dx(), b.Dy())
	corner := b.Min.Add(image.Pt((b.Dx()-side)/2, (b.Dy()-side)/2))
	return image.Rectangle{Min: corner, Max: corner.Add(image.Pt(side, side))}
}

func encode(small image.Image) []byte {
	var out bytes.Buffer
	_ = jpeg.Encode(&out, small, &jpeg.Options{Quality: quality}) // a buffer takes all, and the size fits
	return out.Bytes()
}
