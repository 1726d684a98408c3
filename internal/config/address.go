package config

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
)

var (
	errNoAddress = errors.New("is no host:port; write an address such as 127.0.0.1:3000")
	errNoOrigin  = errors.New("is no web address; write scheme and host, such as https://latchkey.example.com")
)

func parseAddr(text string) (string, error) {
	host, port, err := net.SplitHostPort(text)
	if err != nil || strings.ContainsAny(host, " /@\"'") {
		return "", errNoAddress
	}
	if _, err := strconv.ParseUint(port, 10, 16); err != nil {
		return "", errors.New("has no port from 0 to 65535; write an address such as 127.0.0.1:3000")
	}
	return text, nil
}

// parseOrigin brings an origin to the form in which browsers send it, because it is compared with
// what they send.
func parseOrigin(text string) (*url.URL, error) {
	u, err := url.Parse(text)
	switch {
	case err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http":
		return nil, errNoOrigin
	case u.User != nil:
		return nil, errors.New("holds a user name; write only scheme, host and port")
	case u.Path != "" && u.Path != "/" || strings.ContainsAny(text, "?#"):
		return nil, errors.New("has more than an origin; write only scheme, host and port, without a path")
	}
	host, err := browserHost(u.Hostname())
	if err != nil {
		return nil, err
	}
	port := u.Port()
	if _, err := strconv.ParseUint(port, 10, 16); port != "" && err != nil {
		return nil, errors.New("has no port up to 65535; write one such as https://latchkey.example.com:8443")
	}
	if port != "" && port != usualPort(u.Scheme) {
		host += ":" + port
	}
	return &url.URL{Scheme: u.Scheme, Host: host}, nil
}

func usualPort(scheme string) string {
	if scheme == "https" {
		return "443"
	}
	return "80"
}

// browserHost is a host as browsers write it into an Origin.
func browserHost(host string) (string, error) {
	if strings.Contains(host, ":") {
		ip, err := netip.ParseAddr(host)
		if err != nil || ip.Zone() != "" {
			return "", errNoOrigin
		}
		return "[" + ip.String() + "]", nil
	}
	host = strings.ToLower(host)
	for _, r := range host {
		switch {
		case r > 127:
			return "", errors.New("has letters in its host that browsers send in another form; write the form that begins with xn--")
		case !strings.ContainsRune("abcdefghijklmnopqrstuvwxyz0123456789-._", r):
			return "", errNoOrigin
		}
	}
	if host == "" {
		return "", errNoOrigin
	}
	return host, nil
}

// parseEndpoint reads a whole address of Instagram or of what takes its place.
func parseEndpoint(text string) (string, error) {
	u, err := parseHTTPS(text)
	if err == nil && strings.Trim(u.Path, "/") == "" {
		err = errors.New("has no path; write the whole address, such as https://api.instagram.com/oauth/access_token")
	}
	return text, err
}

// parseBase reads an address that paths are put after.
func parseBase(text string) (string, error) {
	_, err := parseHTTPS(text)
	return strings.TrimRight(text, "/"), err
}

// parseHTTPS reads an address to which tokens and secrets go, so only https is safe, and this
// machine.
func parseHTTPS(text string) (*url.URL, error) {
	u, err := url.Parse(text)
	switch {
	case err != nil || u.Hostname() == "" || u.Scheme != "https" && u.Scheme != "http":
		return nil, errors.New("is no web address; write one such as https://graph.instagram.com")
	case u.User != nil || strings.ContainsAny(text, "?#"):
		return nil, errors.New("has more than scheme, host and path; write it without user name, query and fragment")
	case u.Scheme == "http" && !isLoopback(u.Hostname()):
		return nil, errors.New("is plain http to another machine, which anyone on the way can read; write https")
	}
	return u, nil
}

func isLoopbackURL(text string) bool {
	u, err := url.Parse(text)
	return err == nil && isLoopback(u.Hostname())
}

// isLoopback also takes the names under localhost, which never leave the machine (RFC 6761, 6.3).
func isLoopback(host string) bool {
	host = strings.TrimSuffix(strings.ToLower(host), ".")
	if host == "localhost" || strings.HasSuffix(host, ".localhost") {
		return true
	}
	ip, err := netip.ParseAddr(host)
	return err == nil && ip.Unmap().IsLoopback()
}

// parsePrefixes reads networks; an address alone is the network of that one machine.
func parsePrefixes(text string) ([]netip.Prefix, error) {
	var prefixes []netip.Prefix
	for _, item := range words(text) {
		p, err := netip.ParsePrefix(item)
		if ip, ipErr := netip.ParseAddr(item); ipErr == nil && ip.Zone() == "" {
			p, err = netip.PrefixFrom(ip, ip.BitLen()), nil
		}
		if err != nil || p.Addr().Is4In6() {
			return nil, fmt.Errorf("holds %q, which is no network; write prefixes such as 10.0.0.0/8,fd00::/8", item)
		}
		prefixes = append(prefixes, p.Masked())
	}
	return prefixes, nil
}

// words splits a list at commas and white space.
func words(text string) []string {
	return strings.FieldsFunc(text, func(r rune) bool { return r == ',' || r == ' ' || r == '\t' || r == '\n' || r == '\r' })
}
