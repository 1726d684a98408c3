package web

import (
	"latchkey/instagram"
	"latchkey/internal/store"
)

// failureAdvice is why a connection is not extended, in its owner's words.
type failureAdvice struct {
	// Why is a sentence, Do another: what she can do about it.
	Why, Do string
	// Login says that a new login helps, Tell that whoever runs this server has to know.
	Login, Tell bool
}

// adviceByClass holds the words for each class of answer. A class that is not there is told as
// [instagram.ClassRetry].
var adviceByClass = map[instagram.Class]failureAdvice{
	instagram.ClassRetry: {
		Why:   "Instagram has trouble of its own, or this server does not reach it.",
		Do:    "Mostly this ends by itself, and it is tried again all the time. To be on the safe side, log in again: that takes a minute and gives the connection a new date.",
		Login: true,
	},
	instagram.ClassHold: {
		Why:   "Instagram is holding back what this server asks for you. Such blocks mostly end by themselves.",
		Do:    "Open the Instagram app and see whether it asks you to confirm something. If nothing changes in a day or two, log in again.",
		Login: true,
	},
	instagram.ClassReconnect: {
		Why:   "Instagram’s last answer may mean that it wants you to log in again. This server asks once more before it believes that.",
		Do:    "You need not wait for it: log in again. That takes a minute and gives the connection a new date.",
		Login: true,
	},
	instagram.ClassOperator: {
		Why:  "Instagram refuses the app behind this server, not you.",
		Do:   "There is nothing wrong on your side. Whoever runs this server has to mend it; tell them.",
		Tell: true,
	},
}

// neverAsked is for a connection that nobody tried to extend, though it was time.
var neverAsked = failureAdvice{
	Why:   "This server has not come to it.",
	Do:    "Whoever runs this server should see why; tell them. To be on the safe side, log in again: that takes a minute and gives the connection a new date.",
	Login: true, Tell: true,
}

// sealedAway is for a token that the keyring does not open, in which Instagram has no part.
var sealedAway = failureAdvice{
	Why:   "This server cannot open what it keeps of your permission.",
	Do:    "Whoever runs this server has to mend that; tell them. To be on the safe side, log in again: that takes a minute and gives the connection a new date.",
	Login: true, Tell: true,
}

func adviceOf(c store.Connection) failureAdvice {
	class := instagram.Class(c.Failure.Class)
	switch {
	case !troubled(c):
		return neverAsked
	case c.Failure.Cause == store.CauseSealed:
		return sealedAway
	case class == instagram.ClassPermanent:
		return adviceByClass[instagram.ClassOperator] // a mistake in the program: the owner can do as little
	}
	if known, ok := adviceByClass[class]; ok {
		return known
	}
	return adviceByClass[instagram.ClassRetry]
}
