package instagram

import (
	"context"
	"net/url"
	"strings"
)

// Account is an Instagram professional account as /me describes it.
type Account struct {
	// ID is the professional account id (user_id): the same for every app, in webhooks and in the
	// paths of calls. It identifies the account; "" when Instagram did not say, and then nothing
	// takes its place.
	ID string
	// AppScopedID is the id that the account has for this app alone; "" when Instagram did not say.
	AppScopedID string

	Username string // without @; the owner can change it at any time
	Name     string // "" when she has none or Instagram did not say

	// Type is "business", "creator" (which Instagram calls MEDIA_CREATOR), "personal", or what
	// Instagram sent, in lower case; "" when it did not say.
	Type string

	PictureURL string // signed: it stops working after some days; "" when there is none

	// The counts are nil when Instagram did not say, which is not the same as none.
	Followers, Follows, Media *int64
}

const meFields = "id,user_id,username,name,account_type,profile_picture_url," +
	"followers_count,follows_count,media_count"

// Me asks whose token it is and what the account looks like now. It may be repeated.
func (c *Client) Me(ctx context.Context, token Secret) (Account, error) {
	q := call{
		name: "me", address: c.versioned("me", url.Values{"fields": {meFields}}),
		bearer: token, scope: ScopeBasic, hidden: []Secret{token, c.AppSecret},
	}
	var a accountAnswer
	if _, err := c.send(ctx, q, &a); err != nil {
		return Account{}, err
	}
	return a.account(), nil
}

type accountFields struct {
	AppScopedID ID    `json:"id"`
	UserID      ID    `json:"user_id"`
	Username    label `json:"username"`
	Name        label `json:"name"`
	AccountType label `json:"account_type"`
	PictureURL  link  `json:"profile_picture_url"`
	Followers   whole `json:"followers_count"`
	Follows     whole `json:"follows_count"`
	Media       whole `json:"media_count"`
}

// accountAnswer is flat, or wrapped in a list of one as documented.
type accountAnswer struct {
	accountFields
	Data first[accountFields] `json:"data"`
	refusal
}

func (a *accountAnswer) account() Account {
	if a.Data.value != nil {
		return a.Data.value.account()
	}
	return a.accountFields.account()
}

func (a *accountAnswer) wanting() Cause {
	if who := a.account(); who.ID == "" && who.AppScopedID == "" {
		return causeUnreadable
	}
	return ""
}

func (f accountFields) account() Account {
	return Account{
		ID:          f.UserID.digits(),
		AppScopedID: f.AppScopedID.digits(),
		Username:    string(f.Username),
		Name:        string(f.Name),
		Type:        accountType(string(f.AccountType)),
		PictureURL:  string(f.PictureURL),
		Followers:   f.Followers.count(),
		Follows:     f.Follows.count(),
		Media:       f.Media.count(),
	}
}

func accountType(sent string) string {
	t := strings.ToLower(strings.TrimSpace(sent))
	if t == "media_creator" {
		return "creator"
	}
	return t
}
