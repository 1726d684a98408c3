package egress

import (
	"errors"
	"net"
	"net/http"
	"net/netip"
	"syscall"
	"time"
)

// ErrAddress is for an address that may not be dialled. [http.Client] wraps it.
var ErrAddress = errors.New("address may not be dialled")

// Client returns a client that follows no redirect and dials only where it may, within a time. The address is
// judged after the name was looked up and just before the dial, so that a name that changes its mind in
// between helps nobody; for the same reason no proxy is asked.
func Client(within time.Duration, may func(netip.Addr) bool) *http.Client {
	dialer := &net.Dialer{
		Timeout: within,
		Control: func(_, address string, _ syscall.RawConn) error {
			a, err := netip.ParseAddrPort(address)
			if err != nil || !may(a.Addr().Unmap()) {
				return ErrAddress
			}
			return nil
		},
	}
	return &http.Client{
		Transport: &http.Transport{
			DialContext:            dialer.DialContext,
			DisableCompression:     true, // what is small when it comes may be anything but when it is unpacked
			DisableKeepAlives:      true, // the next call to the same machine is a long time away
			MaxResponseHeaderBytes: 64 << 10,
			TLSHandshakeTimeout:    5 * time.Second,
		},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}
