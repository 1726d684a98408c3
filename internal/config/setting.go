package config

import (
	"slices"
	"strings"
)

// Name is the name of a setting, such as PUBLIC_URL.
type Name string

// The settings.
const (
	Addr                  Name = "ADDR"
	PublicURL             Name = "PUBLIC_URL"
	StoreAddress          Name = "STORE"
	KeyringFile           Name = "KEYRING_FILE"
	SpillDir              Name = "SPILL_DIR"
	InstagramAppID        Name = "INSTAGRAM_APP_ID"
	InstagramAppSecret    Name = "INSTAGRAM_APP_SECRET"
	Scopes                Name = "SCOPES"
	AllowedAccounts       Name = "ALLOWED_ACCOUNTS"
	ServiceName           Name = "SERVICE_NAME"
	ServicePurpose        Name = "SERVICE_PURPOSE"
	OperatorContact       Name = "OPERATOR_CONTACT"
	GraphVersion          Name = "GRAPH_VERSION"
	InstagramAuthorizeURL Name = "INSTAGRAM_AUTHORIZE_URL"
	InstagramTokenURL     Name = "INSTAGRAM_TOKEN_URL"
	InstagramGraphURL     Name = "INSTAGRAM_GRAPH_URL"
	LoginRate             Name = "LOGIN_RATE"
	KeepEvents            Name = "KEEP_EVENTS"
	TrustedProxies        Name = "TRUSTED_PROXIES"
	LogFormat             Name = "LOG_FORMAT"
	MetricsAddr           Name = "METRICS_ADDR"
	SMTPURL               Name = "SMTP_URL"
	MailFrom              Name = "MAIL_FROM"
	OperatorEmail         Name = "OPERATOR_EMAIL"
	TestClock             Name = "TEST_CLOCK"
)

// Variable is the setting as an environment variable, such as LATCHKEY_PUBLIC_URL. Errors name it
// so, wherever its value came from.
func (n Name) Variable() string { return prefix + string(n) }

// Flag is the setting as a flag without its dashes, such as public-url.
func (n Name) Flag() string { return strings.ReplaceAll(strings.ToLower(string(n)), "_", "-") }

// Key is the setting as a key of the settings file, such as public_url.
func (n Name) Key() string { return strings.ToLower(string(n)) }

// Setting is what the table says about one setting.
type Setting struct {
	Name Name
	// Default is the value that holds when none is given; empty when there is none, or when it
	// follows from something else, as Usage then says.
	Default string
	// Usage is a line for the help.
	Usage string
	// Secret settings are also read from the file that their variable with _FILE names.
	Secret bool

	// missing says what to write where a command needs the setting and there is no value.
	missing string
	// read puts a value into its field. Its error goes on from the value: "has a path; write …".
	read func(c *Config, text string) error
}

// Settings returns the named settings in the order of the table; no name is all of them.
func Settings(names ...Name) []Setting {
	if len(names) == 0 {
		return table()
	}
	return slices.DeleteFunc(table(), func(s Setting) bool { return !slices.Contains(names, s.Name) })
}

// ForServe returns what a server uses: everything.
func ForServe() []Name {
	var names []Name
	for _, s := range table() {
		names = append(names, s.Name)
	}
	return names
}

// StoreAlone returns what a command uses that reads or ends connections and opens no token.
func StoreAlone() []Name { return []Name{StoreAddress, TestClock} }

// StoreAndKeyring returns what a command uses that opens tokens.
func StoreAndKeyring() []Name { return []Name{StoreAddress, KeyringFile, TestClock} }

// ForRefresh returns what a command uses that refreshes a token. No app secret is among it: Instagram
// asks for none (docs/instagram.md, Refresh).
func ForRefresh() []Name {
	return []Name{StoreAddress, KeyringFile, SpillDir, InstagramGraphURL, GraphVersion, TestClock}
}

// ForLink returns what a command uses that makes a one-time link.
func ForLink() []Name { return []Name{StoreAddress, PublicURL, TestClock} }
