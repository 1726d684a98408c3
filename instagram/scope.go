package instagram

import (
	"encoding/json"
	"net/url"
	"slices"
	"strings"
)

// The scopes that an owner can grant (docs/instagram.md, Scopes).
const (
	ScopeBasic    = "instagram_business_basic"           // needed by every other scope
	ScopeInsights = "instagram_business_manage_insights" // the numbers of the account and its media
	ScopeComments = "instagram_business_manage_comments" // comments and replies, read and written
	ScopeMessages = "instagram_business_manage_messages" // direct messages
	ScopePublish  = "instagram_business_content_publish" // publish media
)

// scopeList is a list of scopes, sent as an array or as one string with commas, spaces or percent
// signs. It is nil where there is neither, and empty where there is one that names none.
type scopeList []string

func (l *scopeList) UnmarshalJSON(b []byte) error {
	*l = nil
	var parts []text
	if s, ok := unquote(b); ok {
		parts = []text{text(s)}
	} else {
		_ = json.Unmarshal(b, &parts)
	}
	if parts == nil {
		return nil
	}
	*l = scopeList{}
	for _, p := range parts {
		l.add(string(p))
	}
	return nil
}

func (l *scopeList) add(s string) {
	if decoded, err := url.QueryUnescape(s); err == nil {
		s = decoded
	}
	for name := range strings.FieldsFuncSeq(s, func(r rune) bool { return r == ',' || r == ' ' }) {
		if !slices.Contains(*l, name) {
			*l = append(*l, name)
		}
	}
}
