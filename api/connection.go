package api

// Connection is an Instagram account that is linked to the service.
type Connection struct {
	// ID is the professional account id, Meta's user_id.
	ID string `json:"id"`
	// AppScopedID is Meta's id of the account for this app alone.
	AppScopedID string `json:"app_scoped_id"`
	Username    string `json:"username"`
	Name        string `json:"name"`
	// AccountType is "business", "creator", or what Instagram sent, in lower case.
	AccountType string `json:"account_type"`
	// PictureURL is signed by Instagram and stops working after days.
	PictureURL string `json:"picture_url"`
	// Followers, Follows and Media are null when Instagram did not say.
	Followers *int64 `json:"followers"`
	Follows   *int64 `json:"follows"`
	Media     *int64 `json:"media"`
	// ScopesAsked is what the last login asked for.
	ScopesAsked []string `json:"scopes_asked"`
	// Scopes is what the owner granted; null when unknown.
	Scopes []string `json:"scopes"`
	// Status is "active", "reconnect" or "disconnected".
	Status       string `json:"status"`
	StatusReason string `json:"status_reason"`
	// ConnectedAt is the last login.
	ConnectedAt    Time `json:"connected_at"`
	TokenIssuedAt  Time `json:"token_issued_at"`
	TokenExpiresAt Time `json:"token_expires_at"`
	// RefreshedAt is the last refresh since the last login.
	RefreshedAt Time `json:"refreshed_at"`
	// NextRefreshAt is when the token is due for a refresh.
	NextRefreshAt Time `json:"next_refresh_at"`
	// Version counts the writes of the connection.
	Version int64 `json:"version"`
}

// ConnectionWithEvents is a connection with its history, the newest event first.
type ConnectionWithEvents struct {
	Connection
	Events []Event `json:"events"`
}

// Event is one line of the history of a connection.
type Event struct {
	At Time `json:"at"`
	// Kind is what happened, such as "connected" or "token_opened".
	Kind string `json:"kind"`
	// Caller is who did it, such as "owner" or "command line".
	Caller  string `json:"caller"`
	Message string `json:"message"`
}
