package instagram

// causes is what is known of each cause (docs/instagram.md, Errors and Error catalogue).
var causes = map[Cause]knowledge{
	"": {
		ClassRetry,
		"Instagram answered something that is not known here",
		"it is tried again, and if it stays, look up the literal text and the code",
	},

	// A login.
	CauseCodeSpent: {
		ClassReconnect,
		"The code of this login was wrong, older than an hour or used before, mostly by a page that " +
			"was loaded twice",
		"the owner logs in again",
	},
	"redirect_uri": {
		ClassOperator,
		"Instagram does not know this redirect URI",
		"copy it exactly as saved under Business login settings, with https and every slash. A wrong " +
			"Instagram app secret gives the same text",
	},
	"app_id": {
		ClassOperator,
		"This is not an Instagram app ID",
		"use the Instagram app ID and the Instagram app secret from API setup with Instagram login, " +
			"not the pair under App settings, Basic",
	},
	"scope_name": {
		ClassOperator,
		"A scope has a name that Instagram does not accept",
		"use the names that begin with instagram_business_, separated by commas",
	},
	"method": {
		ClassOperator,
		"The code was asked for with GET",
		"look for what turned the POST around between here and Instagram; check the token address and " +
			"any proxy",
	},
	CauseNoRole: {
		ClassOperator,
		"The account has no role on the app, which has only Standard Access",
		"add it as an Instagram Tester under App roles, have the owner accept the invitation in " +
			"Instagram, or get Advanced Access by App Review. When every account fails so, the app is " +
			"restricted or its verification lapsed: look at its alerts",
	},
	"app_inactive": {
		ClassOperator,
		"The app is in development mode or not active",
		"publish it, or add the account as an Instagram Tester under App roles",
	},
	"popup": {
		ClassOperator,
		"The log-in was opened in a popup, where Instagram loses its session",
		"send the whole page there",
	},
	"app_secret": {
		ClassOperator,
		"The app secret is not the one of this Instagram app ID, or it was reset at Meta",
		"copy the Instagram app secret anew from API setup with Instagram login, not the one under App settings, Basic; " +
			"no owner has to do anything",
	},
	"app_unknown": {
		ClassOperator,
		"Instagram does not know the app: its ID is wrong, or the app was deleted or restricted",
		"compare the Instagram app ID with the one under API setup with Instagram login, and look at the alerts of the " +
			"app in the App Dashboard",
	},
	CauseAppDeactivated: {
		ClassOperator,
		"Meta has deactivated the app, mostly because nobody used it or looked at its dashboard for long",
		"open the App Dashboard and reactivate it; until then nothing can be asked, and the tokens stay good",
	},
	"app_not_reviewed": {
		ClassOperator,
		"Meta does not let people log in to this app: it is not reviewed, or details are missing in its dashboard",
		"complete what the App Dashboard asks for and submit the app for App Review; owners can do nothing about it",
	},
	causeOldAPI: {
		ClassOperator,
		"This is an answer of the API that ended in 2020, so a wrong address or a wrong app is being used",
		"use the addresses and the app of Instagram API with Instagram login, and check the token address if you " +
			"set it",
	},
	"page_unavailable": {
		ClassOperator,
		"Instagram shows no log-in for this address",
		"check that the Instagram app ID is neither empty, quoted nor another one, that the app is not " +
			"restricted and open to this account, and that the authorize address is no retired one; it is " +
			"https://www.instagram.com/oauth/authorize",
	},
	"wrong_product": {
		ClassOperator,
		"This is the log-in of Facebook, another product",
		"set up Instagram API with Instagram login and use its addresses",
	},

	// A token.
	CauseTokenExpired: {
		ClassReconnect,
		"The token expired, because it was not refreshed in time",
		"only a new login helps",
	},
	"token_invalid": {
		ClassReconnect,
		"Instagram no longer accepts the token",
		"the owner logs in again",
	},
	"token_unreadable": {
		ClassReconnect,
		"Instagram cannot read the token",
		"the owner logs in again. When every account fails so, it is not the owners: check the Graph " +
			"address and the keyring that opens the tokens",
	},
	"token_missing": {
		ClassPermanent,
		"The call carried no token",
		"look for a mistake in the program, or a proxy that takes the Authorization header away",
	},
	CausePasswordChanged: {
		ClassReconnect,
		"Instagram ended the session, because the owner changed her password or for security",
		"she logs in again",
	},
	CauseAppRemoved: {
		ClassReconnect,
		"The owner removed the app in her Instagram settings",
		"only she can bring it back, by logging in again",
	},
	CauseCheckpoint: {
		ClassReconnect,
		"Instagram wants to see the owner first",
		"she opens Instagram, answers what it asks, and then logs in here again",
	},
	CauseRoleLost: {
		ClassReconnect,
		"The account lost its role behind this token",
		"the owner logs in again; if that fails, add her as an Instagram Tester under App roles",
	},
	"too_young": {
		ClassRetry,
		"A token cannot be refreshed before it is 24 hours old; it stays good",
		"try again later",
	},
	causeNoToken: {
		ClassRetry,
		"Instagram answered without a token, and nothing was kept",
		"try again, after a login from its beginning",
	},

	// Permissions.
	causePermission: {
		ClassOperator,
		"A permission is missing",
		"if the owner did not grant the scope, she logs in again and allows it; if she did, the app " +
			"lacks Advanced Access for it",
	},
	"advanced_access": {
		ClassOperator,
		"The app lacks Advanced Access for this permission",
		"ask for it by App Review",
	},
	"capability": {
		ClassOperator,
		"The app lacks a capability",
		"check its products and permissions in the App Dashboard",
	},
	"debug_token": {
		ClassPermanent,
		"Instagram's tokens cannot be looked into",
		"there is nothing to do; what a token may do is known from its login alone",
	},
	"appsecret_proof": {
		ClassOperator,
		"The app asks for a proof of the app secret with each call",
		"switch off Require App Secret under App settings, Advanced, and check the Instagram app " +
			"secret",
	},

	// A call.
	"few_viewers": {
		ClassIgnore,
		"Too few people saw this for Instagram to show numbers",
		"there is nothing to do",
	},
	"before_professional": {
		ClassIgnore,
		"This was posted before the account became professional",
		"there is nothing to do; it never gets numbers",
	},
	"method_post": {
		ClassOperator,
		"Instagram refuses this call for this account",
		"use the professional account id (user_id) in its path; the account also needs a role on the " +
			"app, or the app Advanced Access",
	},
	"not_found": {
		ClassPermanent,
		"This object is not there any more, or it is not this account's",
		"nothing to do, unless the id in the call is not a professional account id (user_id)",
	},
	"metric": {
		ClassPermanent,
		"Instagram does not know this metric, or no longer",
		"ask for views where it was impressions or plays",
	},
	"period": {
		ClassPermanent,
		"Instagram does not give this metric for so long a time, or for so long ago",
		"ask for at most 30 days at once, none of them in the future or more than 2 years ago; for follower_count only the last 30 days are there",
	},
	"breakdown": {
		ClassPermanent,
		"Instagram does not split this metric in this way",
		"ask for views and reach of the account by follow_type; the numbers of a single post have no such split",
	},
	"parameter": {
		ClassPermanent,
		"Instagram refuses a parameter of this call, by a mistake in the program or a change of the " +
			"API",
		"look at the literal text",
	},
	"path": {
		ClassPermanent,
		"Instagram does not know this path",
		"check the Graph address, which has no version in it, and the Graph version",
	},
	causeTooMuchData: {
		ClassRetry,
		"The answer would be too large",
		"ask for half as many items at a time",
	},
	"media_refused": {
		ClassPermanent,
		"Instagram does not take this file, whose format, size or address is wrong",
		"change it",
	},
	"media_not_ready": {
		ClassRetry,
		"Instagram still works on this file",
		"try again in a minute",
	},
	"unavailable_person": {
		ClassPermanent,
		"This person cannot be written to",
		"there is nothing to do",
	},
	"duplicate": {
		ClassPermanent,
		"This was posted already",
		"there is nothing to do",
	},
	"bad_link": {
		ClassPermanent,
		"Instagram does not take this link",
		"use another",
	},

	// Limits and blocks.
	CauseAppLimit: {
		ClassHold,
		"The app has used up its calls",
		"all calls of the app wait, tokens stay good",
	},
	CauseWait: {
		ClassHold,
		"Instagram asks to wait some minutes before this account is asked for again; the token stays good",
		"wait half an hour; it is tried again by itself",
	},
	"response_format": {
		ClassPermanent,
		"Instagram cannot answer in the form that was asked for; what was to be made has been made all the same",
		"look for it before you send anything again, and leave the fields out of the request",
	},
	CauseMetricNotForMedia: {
		ClassPermanent,
		"Media of this kind do not have this metric",
		"ask for the others without it",
	},
	"field": {
		ClassPermanent,
		"A field was asked for that this object does not have",
		"leave it out of the fields, or ask for the object that has it",
	},
	CauseRateLimit: {
		ClassRetry,
		"This account has used up its calls for now",
		"wait as long as Instagram says, else an hour",
	},
	"blocked": {
		ClassHold,
		"Instagram blocks the app or the account for now, mostly for days; the same tokens work " +
			"afterwards",
		"wait",
	},
	"policy": {
		ClassHold,
		"Instagram blocked this for policy reasons, for hours or days",
		"look at the alerts of the app, and wait",
	},
	"spam": {
		ClassHold,
		"Instagram took this action for spam",
		"wait, and do less of it",
	},
	"publish_limit": {
		ClassHold,
		"The account has published as much as a day allows",
		"wait 24 hours",
	},
	CauseRestricted: {
		ClassHold,
		"Instagram restricted the account or it is inactive",
		"the owner opens Instagram and clears it; the token is not the trouble",
	},

	// No good answer.
	causeServer: {
		ClassRetry,
		"Instagram has an internal trouble",
		"wait; it is tried again",
	},
	causeUnreachable: {
		ClassRetry,
		"Instagram cannot be reached, or the connection broke",
		"check the network, the addresses and any proxy",
	},
	causeOutage: {
		ClassRetry,
		"Instagram is out of order",
		"wait; nothing is wrong here",
	},
	causeUnreadable: {
		ClassRetry,
		"The answer is not what Instagram sends, in an outage or because the address leads to " +
			"something else",
		"check the addresses if it stays",
	},
	causeTooLarge: {
		ClassRetry,
		"The answer was longer than 1 MiB and was not read",
		"ask for fewer items at a time",
	},
	causeAddress: {
		ClassOperator,
		"An address of Instagram is not a URL",
		"check the three of them",
	},
}
