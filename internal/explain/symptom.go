package explain

import "latchkey/instagram"

// symptom is what is known of a case that no error of a call names.
type symptom struct {
	class         instagram.Class
	meaning, cure string
}

// symptoms is what is known of the causes that no error of a call names: they are found by what they
// do, or stand beside the likelier cause of a text (docs/instagram.md, Error catalogue).
var symptoms = map[instagram.Cause]symptom{
	"denied": {
		instagram.ClassIgnore,
		"The owner pressed Cancel on Instagram's page",
		"there is nothing to do; she can log in again whenever she likes",
	},
	"app_restricted": {
		instagram.ClassOperator,
		"Meta restricted the whole app, or its business verification or Data Use Checkup lapsed; then every account " +
			"fails at once",
		"look at the alerts of the app in the App Dashboard, and write to Meta's support; the tokens stay good, so keep them",
	},
	"legacy_token": {
		instagram.ClassReconnect,
		"The token is one of the Basic Display API, which ended on 4 December 2024",
		"the owner logs in again; of a personal account nothing can be asked any more",
	},
	"separator": {
		instagram.ClassOperator,
		"The scopes were separated by spaces, or written as one text where a list was expected",
		"separate them by commas, with the names that begin with instagram_business_",
	},
	"short_token": {
		instagram.ClassOperator,
		"The token is the short-lived one, which works for an hour",
		"exchange it for the long-lived one right after the login",
	},
	"unread_error": {
		instagram.ClassOperator,
		"A program used an answer of Instagram's without looking whether it is an error",
		"look for error and error_message in the answer first; what stands there is the real cause",
	},
	"ids_mixed": {
		instagram.ClassOperator,
		"The app-scoped id was stored, and webhooks carry the professional account id",
		"ask /me for user_id and use it as the key of the account",
	},
	"hook_signature": {
		instagram.ClassOperator,
		"The signature was made with the other one of the two app secrets, or the body was changed before it was checked",
		"try both secrets, over the bytes as they came",
	},
	"no_hooks": {
		instagram.ClassOperator,
		"The app is not published, its callback address redirects, the field is not subscribed, or the account is private",
		"publish the app, give Meta the final address, subscribe the field in the App Dashboard, and make the account public",
	},
	"empty_comments": {
		instagram.ClassOperator,
		"An app that is not published, or has only Standard Access, is shown no comments; comments with hidden words are left out too",
		"publish the app and ask for Advanced Access by App Review",
	},
	"picture_expired": {
		instagram.ClassIgnore,
		"The addresses of pictures are signed and end after some days",
		"ask /me for the address again, or keep a copy of the picture",
	},
	"wrong_account": {
		instagram.ClassReconnect,
		"The browser was signed in to another Instagram account",
		"log in again and choose the account on Instagram's page; force_reauth=true makes it ask",
	},
}
