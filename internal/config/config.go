package config

import (
	"net/netip"
	"net/url"
	"time"
)

// Config is the settings that a command uses, checked. The fields of the others are zero.
type Config struct {
	// Addr is where to listen, as host:port.
	Addr string
	// PublicURL is the origin that browsers see, in the form in which they send it: scheme and
	// host in lower case, a port only where it is not the usual one, no path.
	PublicURL *url.URL
	Store     Store
	// KeyringFile is the path of the keyring, also where it was not given.
	KeyringFile string
	// SpillDir is the folder of tokens that the store did not take yet, also where it was not given.
	SpillDir string

	InstagramAppID     string
	InstagramAppSecret Secret
	// Scopes is what owners are asked for.
	Scopes []string
	// AllowedAccounts are the usernames, in lower case and without @, and the ids of the accounts
	// that may connect; nil is every account.
	AllowedAccounts []string
	// ServiceName is how owners know this service, never empty for a command that uses it, and
	// ServicePurpose is what it does for them; empty when the operator said nothing.
	ServiceName, ServicePurpose string
	// OperatorContact is one line for a page; empty when there is none.
	OperatorContact string

	// GraphVersion is the version of the API, such as v26.0.
	GraphVersion string
	// InstagramAuthorizeURL and InstagramTokenURL are whole addresses, InstagramGraphURL is a base
	// without a last slash.
	InstagramAuthorizeURL, InstagramTokenURL, InstagramGraphURL string

	// LoginRate is how many logins may start a minute from one client address; 0 is no limit.
	LoginRate int
	// KeepEvents is how long the lines of a history are kept.
	KeepEvents time.Duration
	// TrustedProxies are those whose X-Forwarded-For counts.
	TrustedProxies []netip.Prefix
	// LogFormat is text, json or combined; empty leaves it to what stderr is.
	LogFormat string
	// MetricsAddr is where /metrics listens, as host:port; empty is nowhere.
	MetricsAddr string
	// SMTPURL is the mail server, smtp:// or smtps://, perhaps with a password; without a value no
	// mail is sent, and then MailFrom and OperatorEmail are empty.
	SMTPURL Secret
	// MailFrom is the sender of every mail, an address alone or with a name.
	MailFrom string
	// OperatorEmail is the address that is told of alarms, and of owners whom no mail reaches; empty is none.
	OperatorEmail string
	// TestClock is the path of the file that moves the clock; empty is the machine's time.
	TestClock string

	// Warnings are what is allowed and hardly meant: each names its setting, and says after its last
	// semicolon what to do.
	Warnings []string
}
