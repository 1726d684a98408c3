package picture

import (
	"context"
	"image"
	"io"
	"net/http"
)

var Thumbnail = thumbnail

// No decoder is known to panic, so bitmaps get one that does.
func init() {
	formats["image/bmp"] = format{config: func(io.Reader) (image.Config, error) { panic("c4nary") }}
}

// AskInstead makes one transport answer for every place.
func (f *Fetcher) AskInstead(t http.RoundTripper) {
	f.prepare.Do(f.setUp)
	for _, p := range f.sources {
		p.client.Transport = t
	}
}

// DialCDN dials as for a picture of Instagram's.
func DialCDN(ctx context.Context, address string) error {
	transport := instagramCDN().client.Transport.(*http.Transport)
	conn, err := transport.DialContext(ctx, "tcp", address)
	if err == nil {
		conn.Close()
	}
	return err
}
