package mongo

import (
	"bufio"
	"context"
	"net"
)

// dialer opens connections that read ahead. The driver reads the length of each answer apart from
// the rest; with a buffer that is one system call less, a tenth of what a short call costs.
type dialer struct {
	net.Dialer
}

func (d *dialer) DialContext(ctx context.Context, network, address string) (net.Conn, error) {
	c, err := d.Dialer.DialContext(ctx, network, address)
	if err != nil {
		return nil, err
	}
	return &bufferedConn{c, bufio.NewReader(c)}, nil
}

type bufferedConn struct {
	net.Conn
	ahead *bufio.Reader
}

func (c *bufferedConn) Read(b []byte) (int, error) { return c.ahead.Read(b) }
