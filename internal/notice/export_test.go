package notice

// The rules by which owners are told.
var (
	NeedOf      = needOf
	NextNotice  = nextNotice
	RightNotice = rightNotice
	Due         = due
)

// What an owner is to be told.
const (
	Nobody  = nobody
	Login   = login
	RunsOut = runsOut
)
