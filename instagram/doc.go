// Package instagram is a client of the Instagram API with Instagram Login, the one for business
// and creator accounts: the login, the life of its tokens, and typed reads of the account, its
// media, its comments and its insights. It needs nothing but the standard library.
//
// # A login
//
// An app has a [Client], written as a literal:
//
//	client := &instagram.Client{
//		AppID:       "990011223344", // the Instagram app ID, not that of the Meta app around it
//		AppSecret:   instagram.NewSecret(os.Getenv("INSTAGRAM_APP_SECRET")),
//		RedirectURL: "https://app.example/auth",
//		Endpoints:   instagram.Production,
//	}
//
// The owner's browser is sent to [Client.AuthorizeURL]. It comes back to the redirect URL with a
// code and the state, and then three calls follow, of which none may be left out:
//
//	short, err := client.Exchange(ctx, code)      // lives an hour; a code is good for one try
//	long, err := client.Extend(ctx, short)        // lives 60 days
//	account, err := client.Me(ctx, long.Value)    // whose it is
//
// [Account.ID] identifies the account. The other id that Instagram calls "id", and the user_id in
// the answer with the token, are for this app alone, and keying by them is the commonest silent
// mistake with this API. Before its 60 days are over, and once it is 24 hours old, [Client.Refresh]
// makes a token live for another 60. A token that expired is gone for good.
//
// A browser that comes back without a code brings a refusal, which [Denial] reads.
//
// # Errors
//
// Every failure of a call is an [*Error] with a [Class] that says what to do. Instagram's codes
// alone do not: code 10 can mean that the owner has to log in again, that the operator has to go
// through App Review, or that there is nothing to show. The classes were put together from Meta's
// documentation and from what running systems saw, and what nobody has seen is [ClassRetry].
//
//	if e, ok := errors.AsType[*instagram.Error](err); ok {
//		switch e.ClassFor(token.Scopes) {
//		case instagram.ClassReconnect: // ask the owner to log in again, after a second such answer
//		case instagram.ClassRetry:     // later, not before e.RetryAfter
//		case instagram.ClassHold:      // much later; the token stays good
//		case instagram.ClassOperator:  // tell the operator e.Message and e.Advice()
//		case instagram.ClassPermanent: // this call never works
//		case instagram.ClassIgnore:    // no data, which is no trouble
//		}
//	}
//
// The client repeats nothing by itself. Every call may be repeated, except Exchange.
//
// # Reading
//
// [Client.Media], [Client.Comments] and [Client.Replies] are iterators over whole lists,
// [Client.Insights] answers one question about numbers. [Get] and [Items] ask for anything else,
// decoded into a type of the caller's. Absent is not zero: what Instagram left out is nil, "" or
// not known.
//
// [Client.OnUsage] hears how much of the call limits is used.
//
// # What Meta sends
//
// [VerifySignature] checks a webhook, and [ParseSignedRequest] reads what Meta posts when an owner
// removes the app or wants her data deleted.
//
// # Secrets
//
// Codes, tokens and app secrets are [Secret] values, which cannot be printed by accident: fmt,
// slog, JSON and XML show "[secret]". Errors are free of them too, also those of net/http, whose
// text is the URL. Tokens go in a header wherever Instagram takes them there; only Extend and
// Refresh have to put theirs into the URL, so give [Client.HTTP] no transport that logs addresses.
//
// # Tests
//
// The endpoints are data, so httptest or the simulator in the package igsim takes Instagram's
// place.
package instagram
