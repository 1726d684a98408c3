// Package usage remembers how much of Instagram's call limits is used.
//
// It owns what the answers of the last hour told of the app and of each account, and the paces
// that follow from it. It leaves to its callers to hear every answer (instagram.Client.OnUsage)
// and to obey the pace: what has to be called at any pace, such as a refresh, goes on.
//
// It is kept in memory, for each process by itself: Instagram tells it anew with nearly every
// answer. It runs on the clock that it is given: Instagram counts on its own, which is the tokens' clock.
package usage
