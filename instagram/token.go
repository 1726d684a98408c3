package instagram

import "time"

// Token is an access token of one account.
type Token struct {
	Value         Secret
	IssuedAt      time.Time // the Date of Instagram's answer
	ExpiresAt     time.Time
	ExpiryAssumed bool     // Instagram did not say how long it lives
	Scopes        []string // granted; nil when Instagram did not say
}
