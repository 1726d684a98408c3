package owner

import (
	"latchkey/instagram"
	"latchkey/internal/page"
	"latchkey/internal/store"
)

// failureAdvice is why a connection is not extended, in its owner's words.
type failureAdvice struct {
	// Why is a sentence, Do another: what she can do about it.
	Why, Do string
	// Login says that a new login helps, Tell that whoever runs this server has to know.
	Login, Tell bool
}

// adviceByClass says what helps for each class of answer. A class that is not there is told as
// [instagram.ClassRetry].
var adviceByClass = map[instagram.Class]failureAdvice{
	instagram.ClassRetry:     {Login: true},
	instagram.ClassHold:      {Login: true},
	instagram.ClassReconnect: {Login: true},
	instagram.ClassOperator:  {Tell: true},
}

func adviceOf(at page.Reader, c store.Connection) failureAdvice {
	class := instagram.Class(c.Failure.Class)
	switch {
	case !troubled(c): // nobody tried to extend it, though it was time
		return said(at, "advice.never_asked", failureAdvice{Login: true, Tell: true})
	case c.Failure.Cause == store.CauseSealed: // the keyring does not open the token; Instagram has no part in that
		return said(at, "advice.sealed", failureAdvice{Login: true, Tell: true})
	case class == instagram.ClassPermanent:
		class = instagram.ClassOperator // a mistake in the program: the owner can do as little
	}
	known, ok := adviceByClass[class]
	if !ok {
		class, known = instagram.ClassRetry, adviceByClass[instagram.ClassRetry]
	}
	return said(at, "advice."+string(class), known)
}

// said is advice with its words.
func said(at page.Reader, key string, a failureAdvice) failureAdvice {
	a.Why, a.Do = at.Text(key+".why"), at.Text(key+".do")
	return a
}
