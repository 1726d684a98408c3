package instagram

// Account is an Instagram professional account as /me describes it.
type Account struct {
	ID          string // the professional account id (user_id); "" when Instagram did not say
	AppScopedID string // the id of the account for this app; "" when Instagram did not say
	Username    string
	Name        string
	Type        string // "business", "creator", "personal" or as sent, in lower case
	PictureURL  string // signed, works for some days
	Followers   *int64 // nil when Instagram did not say, as Follows and Media
	Follows     *int64
	Media       *int64
}
