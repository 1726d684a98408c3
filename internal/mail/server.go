package mail

import (
	"errors"
	"net"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
)

// The ports of mail submission (RFC 8314).
const (
	portSTARTTLS = 587
	portTLS      = 465
)

// server is where mails are handed in, and how.
type server struct {
	// host has no brackets, also where it is an IPv6 address.
	host string
	port uint16
	// tls says that the connection is encrypted from its first byte on.
	tls bool
	// user and password are both empty when the server asks for none.
	user, password string
}

// form is what the address of a mail server has to be.
const form = "write smtp://HOST:PORT or smtps://HOST:PORT, with USER:PASSWORD@ before the host where it asks for them"

// CheckServer says what is wrong with the address of a mail server, nil when [New] takes it. The error
// goes on from the address, says what to write, and repeats nothing of it.
func CheckServer(smtpURL string) error {
	_, err := parseServer(smtpURL)
	return err
}

// parseServer reads smtp://USER:PASSWORD@HOST:PORT or the same with smtps. The user and the port
// may be left out. Errors repeat nothing of the address, which holds a password.
func parseServer(text string) (server, error) {
	u, err := url.Parse(text)
	switch {
	case err != nil, u.Scheme != "smtp" && u.Scheme != "smtps":
		return server{}, errors.New("is no address of a mail server; " + form)
	case u.Hostname() == "" || strings.ContainsFunc(u.Hostname(), notInHost):
		return server{}, errors.New("names no host; " + form)
	case u.Path != "" && u.Path != "/" || strings.ContainsAny(text, "?#"):
		return server{}, errors.New("has more than scheme, user, host and port; " + form +
			", and in the password %2F for a slash, %3F for a question mark and %23 for #")
	}
	s := server{host: u.Hostname(), tls: u.Scheme == "smtps"}
	if s.port, err = parsePort(u.Port(), s.tls); err != nil {
		return server{}, err
	}
	if u.User != nil {
		s.user = u.User.Username()
		s.password, _ = u.User.Password()
		if s.user == "" || s.password == "" {
			return server{}, errors.New("has a user without a password, or a password without a user; " + form)
		}
	}
	return s, nil
}

// parsePort takes the usual port where none is named.
func parsePort(text string, tls bool) (uint16, error) {
	switch {
	case text == "" && tls:
		return portTLS, nil
	case text == "":
		return portSTARTTLS, nil
	}
	port, err := strconv.ParseUint(text, 10, 16)
	if err != nil || port == 0 {
		return 0, errors.New("has no port from 1 to 65535; " + form)
	}
	return uint16(port), nil
}

func notInHost(r rune) bool {
	return !isLetterOrDigit(r) && !strings.ContainsRune("-._:", r)
}

// address is what is dialled.
func (s server) address() string {
	return net.JoinHostPort(s.host, strconv.Itoa(int(s.port)))
}

// loopback says that what is sent never leaves this machine.
func (s server) loopback() bool {
	host := strings.ToLower(strings.TrimSuffix(s.host, "."))
	if host == "localhost" {
		return true
	}
	ip, err := netip.ParseAddr(host)
	return err == nil && ip.Unmap().IsLoopback()
}
