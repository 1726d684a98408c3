package igsim

var accountFields = []string{
	"id", "user_id", "username", "name", "account_type", "profile_picture_url",
	"followers_count", "follows_count", "media_count", "biography", "website",
}

// documentedTypes are the account types as Meta's guide writes them.
var documentedTypes = map[string]string{"BUSINESS": "Business", "MEDIA_CREATOR": "Media_Creator", "PERSONAL": "Personal"}

// account answers GET /me and GET /<id of the token's account>. Without fields there is only id.
func (s *Simulator) account(c *call) (any, *graphError) {
	p := c.persona
	if c.node != "me" && c.node != p.userID() && c.node != p.appScopedID(s.app.ID) {
		return nil, fail(noObject("get", c.node))
	}
	if err := c.require(scopeBasic); err != nil {
		return nil, err
	}
	picked, err := pick(s.accountObject(c), splitFields(c.params.Get("fields")), accountFields)
	if err != nil {
		return nil, err
	}
	if s.switches.WrappedMe {
		return map[string]any{"data": []any{picked}}, nil
	}
	return picked, nil
}

func (s *Simulator) accountObject(c *call) map[string]any {
	p := c.persona
	object := map[string]any{
		"id":                  p.appScopedID(s.app.ID),
		"user_id":             p.userID(),
		"username":            p.Username,
		"account_type":        p.AccountType,
		"profile_picture_url": s.pictureURL(c, p.ID),
		"followers_count":     p.followersAt(c.now),
		"follows_count":       p.Follows,
		"media_count":         p.postsAt(c.now),
		"biography":           "Not a real account. " + p.Note,
	}
	if p.Name != "" {
		object["name"] = p.Name
	}
	w := s.switches
	if t, ok := documentedTypes[p.AccountType]; ok && w.DocumentedTypes {
		object["account_type"] = t
	}
	if w.MeUserIDNumber {
		object["user_id"] = jsonNumber(p.userID())
	}
	if w.MeWithoutUserID {
		delete(object, "user_id")
	}
	if w.MeWithoutCounts {
		delete(object, "followers_count")
		delete(object, "follows_count")
		delete(object, "media_count")
	}
	return object
}
