package config

import (
	"net/netip"
	"net/url"
	"time"
)

// table is every setting there is. The defaults of Instagram's addresses, the version and the
// permissions are those of docs/instagram.md.
//
//nolint:funlen // a table, one entry after the other
func table() []Setting {
	return []Setting{
		{
			Name: Addr, Default: "127.0.0.1:3000",
			Usage: "where to listen, as host:port",
			read:  into(func(c *Config) *string { return &c.Addr }, parseAddr),
		},
		{
			Name: PublicURL, Default: "http://localhost:3000",
			Usage: "the address that browsers see, without a path; the redirect URI is this and /auth",
			read:  into(func(c *Config) **url.URL { return &c.PublicURL }, parseOrigin),
		},
		{
			Name: StoreAddress, Default: "sqlite:latchkey.db", Secret: true,
			Usage: "sqlite:PATH, or a mongodb:// or mongodb+srv:// address with a database name",
			read:  into(func(c *Config) *Store { return &c.Store }, parseStore),
		},
		{
			Name:  KeyringFile,
			Usage: "the keyring that seals tokens (default: the SQLite file's path and .keyring)",
			read:  into(func(c *Config) *string { return &c.KeyringFile }, parsePath),
		},
		{
			Name:  SpillDir,
			Usage: "a folder for new tokens that the store could not take yet (default: the SQLite file's path, or with MongoDB the keyring's, and .spill)",
			read:  into(func(c *Config) *string { return &c.SpillDir }, parsePath),
		},
		{
			Name:    InstagramAppID,
			Usage:   "the Instagram App ID, not the Meta App ID",
			missing: "write the Instagram App ID, which the App Dashboard shows under API setup with Instagram login",
			read:    into(func(c *Config) *string { return &c.InstagramAppID }, parseAppID),
		},
		{
			Name: InstagramAppSecret, Secret: true,
			Usage:   "the Instagram App Secret, not Meta's",
			missing: "write the Instagram App Secret, which the App Dashboard shows under API setup with Instagram login",
			read:    into(func(c *Config) *Secret { return &c.InstagramAppSecret }, parseAppSecret),
		},
		{
			Name:    Scopes,
			Default: "instagram_business_basic,instagram_business_manage_insights,instagram_business_manage_comments",
			Usage:   "the permissions that owners are asked for, separated by commas",
			read:    into(func(c *Config) *[]string { return &c.Scopes }, parseScopes),
		},
		{
			Name:  AllowedAccounts,
			Usage: "usernames or ids that may connect, separated by commas (default: anyone whom Instagram lets in)",
			read:  into(func(c *Config) *[]string { return &c.AllowedAccounts }, parseAccounts),
		},
		{
			Name: ServiceName, Default: "Latchkey",
			Usage: "the name by which owners know this service, on pages and in mail",
			read:  into(func(c *Config) *string { return &c.ServiceName }, parseServiceName),
		},
		{
			Name:  ServicePurpose,
			Usage: "a sentence for owners: what this service needs their accounts for",
			read:  into(func(c *Config) *string { return &c.ServicePurpose }, parseServicePurpose),
		},
		{
			Name:  OperatorContact,
			Usage: "the address that owners can write to, shown on privacy and error pages",
			read:  into(func(c *Config) *string { return &c.OperatorContact }, parseLine),
		},
		{
			Name: GraphVersion, Default: "v26.0",
			Usage: "the version of Instagram's API",
			read:  into(func(c *Config) *string { return &c.GraphVersion }, parseVersion),
		},
		{
			Name: InstagramAuthorizeURL, Default: "https://www.instagram.com/oauth/authorize",
			Usage: "the whole address at which owners log in",
			read:  into(func(c *Config) *string { return &c.InstagramAuthorizeURL }, parseEndpoint),
		},
		{
			Name: InstagramTokenURL, Default: "https://api.instagram.com/oauth/access_token",
			Usage: "the whole address at which codes are exchanged",
			read:  into(func(c *Config) *string { return &c.InstagramTokenURL }, parseEndpoint),
		},
		{
			Name: InstagramGraphURL, Default: "https://graph.instagram.com",
			Usage: "the base address of all other calls",
			read:  into(func(c *Config) *string { return &c.InstagramGraphURL }, parseBase),
		},
		{
			Name: LoginRate, Default: "300",
			Usage: "how many logins one client address may start in a minute; 0 is no limit",
			read:  into(func(c *Config) *int { return &c.LoginRate }, parseRate),
		},
		{
			Name: KeepEvents, Default: "730d",
			Usage: "how long the lines of each connection's history are kept, in days such as 730d",
			read:  into(func(c *Config) *time.Duration { return &c.KeepEvents }, parseDays),
		},
		{
			Name:  TrustedProxies,
			Usage: "proxies whose X-Forwarded-For is believed, as addresses or prefixes, separated by commas (default: none)",
			read:  into(func(c *Config) *[]netip.Prefix { return &c.TrustedProxies }, parsePrefixes),
		},
		{
			Name:  LogFormat,
			Usage: "the form of the log: text, json or combined (default: text on a terminal, else json)",
			read:  into(func(c *Config) *string { return &c.LogFormat }, parseLogFormat),
		},
		{
			Name:  MetricsAddr,
			Usage: "where to listen for scrapes of /metrics, as host:port (default: nowhere)",
			read:  into(func(c *Config) *string { return &c.MetricsAddr }, parseAddr),
		},
		{
			Name: SMTPURL, Secret: true,
			Usage: "the mail server, smtp://[USER:PASSWORD@]HOST[:PORT] or smtps:// (default: none, so that no mail is sent)",
			read:  into(func(c *Config) *Secret { return &c.SMTPURL }, parseSMTP),
		},
		{
			Name:  MailFrom,
			Usage: "the sender of mail, such as Latchkey <latchkey@example.com>",
			read:  into(func(c *Config) *string { return &c.MailFrom }, parseSender),
		},
		{
			Name:  OperatorEmail,
			Usage: "the address that is told of alarms, and of owners whom no mail reaches",
			read:  into(func(c *Config) *string { return &c.OperatorEmail }, parseMailbox),
		},
		{
			Name:  TestClock,
			Usage: "a file with an offset in seconds that is added to the time, for tests against a simulator",
			read:  into(func(c *Config) *string { return &c.TestClock }, parsePath),
		},
	}
}

// into joins a parser to the field that its result belongs in.
func into[T any](field func(*Config) *T, parse func(string) (T, error)) func(*Config, string) error {
	return func(c *Config, text string) error {
		v, err := parse(text)
		if err == nil {
			*field(c) = v
		}
		return err
	}
}
