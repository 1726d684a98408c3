package login

// MaxOutstanding is how many logins may be on their way.
const MaxOutstanding = maxOutstanding

// SetOutstanding pretends that n logins are on their way.
func SetOutstanding(f *Flow, n int64) { f.outstanding.Store(n) }

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

// Outstanding is about how many logins are on their way.
func Outstanding(f *Flow) int64 { return f.outstanding.Load() }
