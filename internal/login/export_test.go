package login

// Admits says whether an account may connect, and if not why.
var Admits = (*Flow).admits

// IsBinding says whether a cookie's value has the form of a binding.
var IsBinding = isBinding

// Kinds by cause, and what an answer of Instagram means in a login.
var (
	CauseKinds = kinds
	ClassKinds = byClass
	Read       = read
	ReadDenial = readDenial
)
