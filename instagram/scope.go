package instagram

// The scopes that an owner can grant (docs/instagram.md, Authorization).
const (
	ScopeBasic    = "instagram_business_basic"           // needed by every other scope
	ScopeInsights = "instagram_business_manage_insights" // the numbers of the account and its media
	ScopeComments = "instagram_business_manage_comments" // comments and replies, read and written
	ScopeMessages = "instagram_business_manage_messages"
	ScopePublish  = "instagram_business_content_publish"
)
