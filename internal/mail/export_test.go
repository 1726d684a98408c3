package mail

import (
	"context"
	"crypto/x509"
	"net"
)

// Reach lets a sender dial as the test wants it, and trust the authorities of the test.
func Reach(s *Sender, dial func(ctx context.Context, network, address string) (net.Conn, error), roots *x509.CertPool) {
	s.dial, s.roots = dial, roots
}

// SendWithin bounds one mail.
const SendWithin = sendWithin

// Server is what a sender makes of its address.
func Server(s *Sender) (address, user, password string, tls, loopback bool) {
	return s.server.address(), s.server.user, s.server.password, s.server.tls, s.server.loopback()
}
