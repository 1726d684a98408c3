package login

// MaxKept is how many requests the store may hold.
const MaxKept = maxKept

// SetKept pretends that the store holds n requests.
func SetKept(f *Flow, n int64) { f.kept.Store(n) }
