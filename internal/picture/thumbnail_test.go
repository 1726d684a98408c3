package picture_test

import (
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"hash/crc32"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"image/png"
	"strings"
	"testing"

	"latchkey/internal/picture"
)

// WebP of one pixel, for nothing here can write one.
const (
	lossless = "UklGRh4AAABXRUJQVlA4TBEAAAAvAAAAAAfQ//73v/+BiOh/AAA="
	lossy    = "UklGRiIAAABXRUJQVlA4IBYAAAAwAQCdASoBAAEADsD+JaQAA3AAAAAA"
)

func unbase64(t testing.TB, s string) []byte {
	t.Helper()
	raw, err := base64.StdEncoding.DecodeString(s)
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

func pngOf(t testing.TB, m image.Image) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := png.Encode(&out, m); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// bomb is a small PNG that says that it is large.
func bomb(t testing.TB, width, height uint32) []byte {
	raw := pngOf(t, plain(1, 1))
	header := raw[12:29] // the type of the first chunk and its data
	binary.BigEndian.PutUint32(header[4:], width)
	binary.BigEndian.PutUint32(header[8:], height)
	binary.BigEndian.PutUint32(raw[29:], crc32.ChecksumIEEE(header))
	return raw
}

// webpBomb is the head of a lossless WebP of 16384 by 16384 pixels.
func webpBomb() []byte {
	return []byte("RIFF\x12\x00\x00\x00WEBPVP8L\x05\x00\x00\x00\x2f\xff\xff\xff\x0f\x00")
}

// stripes are red, green and blue, along the longer side; a square keeps the green in the middle.
func stripes(width, height int) image.Image {
	m := image.NewRGBA(image.Rect(0, 0, width, height))
	colors := []color.RGBA{{200, 0, 0, 255}, {0, 200, 0, 255}, {0, 0, 200, 255}}
	for y := range height {
		for x := range width {
			along, length := x, width
			if height > width {
				along, length = y, height
			}
			m.SetRGBA(x, y, colors[3*along/length])
		}
	}
	return m
}

// near says whether a colour is another, give or take what JPEG does.
func near(a, b color.Color) bool {
	ar, ag, ab, _ := a.RGBA()
	br, bg, bb, _ := b.RGBA()
	far := func(x, y uint32) bool { return max(x, y)-min(x, y) > 0x1000 }
	return !far(ar, br) && !far(ag, bg) && !far(ab, bb)
}

func TestSquare(t *testing.T) {
	t.Parallel()
	green, white := color.RGBA{0, 200, 0, 255}, color.RGBA{255, 255, 255, 255}
	shifted := image.NewRGBA(image.Rect(0, 0, 500, 500)).SubImage(image.Rect(100, 200, 130, 230))
	for name, tt := range map[string]struct {
		raw  []byte
		want color.Color // everywhere; nil for any
	}{
		"wide":                     {jpegOf(t, stripes(960, 320)), green},
		"tall":                     {pngOf(t, stripes(320, 960)), green},
		"small":                    {pngOf(t, stripes(60, 20)), nil},
		"transparent is on white":  {pngOf(t, shifted), white},
		"the most pixels":          {pngOf(t, plain(1<<11, 1<<10)), color.Gray{0x80}},
		"lossless WebP":            {unbase64(t, lossless), nil},
		"lossy WebP":               {unbase64(t, lossy), nil},
		"one pixel":                {pngOf(t, plain(1, 1)), color.Gray{0x80}},
		"narrow beyond proportion": {pngOf(t, plain(1, 9000)), color.Gray{0x80}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := picture.Thumbnail(tt.raw)
			if err != nil {
				t.Fatal(err)
			}
			m, err := jpeg.Decode(bytes.NewReader(got))
			if err != nil || m.Bounds() != image.Rect(0, 0, picture.Size, picture.Size) {
				t.Fatalf("%v, %v", m, err)
			}
			for _, at := range []image.Point{{4, 4}, {155, 4}, {80, 80}, {4, 155}, {155, 155}} {
				if tt.want != nil && !near(m.At(at.X, at.Y), tt.want) {
					t.Errorf("%v at %v, want %v", m.At(at.X, at.Y), at, tt.want)
				}
			}
		})
	}
}

func TestNoSquare(t *testing.T) {
	t.Parallel()
	var animation bytes.Buffer
	if err := gif.Encode(&animation, plain(10, 10), nil); err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		reason string
		raw    []byte
	}{
		{"neither JPEG nor PNG nor WebP", nil},
		{"neither JPEG nor PNG nor WebP", animation.Bytes()},
		{"neither JPEG nor PNG nor WebP", []byte("<svg xmlns='http://www.w3.org/2000/svg'/>")},
		{"30000 by 30000 pixels", bomb(t, 30000, 30000)},
		{"malformed", bomb(t, 1<<31-1, 1<<31-1)},
		{"2147483647 by 1 pixels", bomb(t, 1<<31-1, 1)},
		{"1449 by 1448 pixels", pngOf(t, plain(1449, 1448))},
		{"16384 by 16384 pixels", webpBomb()},
		{"malformed", bomb(t, 0, 1)},
		{"malformed", []byte("\xff\xd8\xffc4nary")},
		{"malformed", pngOf(t, plain(100, 100))[:60]},
		{"panicked", []byte("BM: the tests have a decoder for bitmaps that panics")},
	} {
		t.Run(tt.reason, func(t *testing.T) {
			t.Parallel()
			got, err := picture.Thumbnail(tt.raw)
			wantNone(t, got, err, tt.reason)
		})
	}
}

// TestNothingElse holds that what else is in a picture, such as where it was taken, is not passed on.
func TestNothingElse(t *testing.T) {
	t.Parallel()
	raw := jpegOf(t, plain(320, 320))
	comment := "\xff\xfe\x00\x08c4nary"
	got, err := picture.Thumbnail([]byte(string(raw[:2]) + comment + string(raw[2:]) + "c4nary"))
	if err != nil || bytes.Contains(got, []byte("c4nary")) {
		t.Errorf("%q, %v", got, err)
	}
}

// FuzzSquare holds that every answer gives a square or an error, and that no decoder panics.
func FuzzSquare(f *testing.F) {
	f.Add(jpegOf(f, plain(20, 10)))
	f.Add(pngOf(f, stripes(10, 20)))
	f.Add(unbase64(f, lossless))
	f.Add(unbase64(f, lossy))
	f.Add(bomb(f, 30000, 30000))
	f.Add(webpBomb())
	f.Fuzz(func(t *testing.T, raw []byte) {
		if bytes.HasPrefix(raw, []byte("BM")) {
			t.Skip("the tests have a decoder for bitmaps that panics")
		}
		got, err := picture.Thumbnail(raw)
		if err != nil {
			wantNone(t, got, err, "")
			if strings.Contains(err.Error(), "panicked") {
				t.Error(err)
			}
			return
		}
		if c, err := jpeg.DecodeConfig(bytes.NewReader(got)); err != nil || c.Width != picture.Size || c.Height != picture.Size {
			t.Errorf("%+v, %v", c, err)
		}
	})
}

// BenchmarkSquare is what a picture costs, once a day.
func BenchmarkSquare(b *testing.B) {
	raw := jpegOf(b, stripes(1080, 1079))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := picture.Thumbnail(raw); err != nil {
			b.Fatal(err)
		}
	}
}
