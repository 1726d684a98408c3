package metrics

// How a try at a refresh ended.
const (
	// Refreshed is a token with a new life.
	Refreshed = "refreshed"
	// Retry, Hold, Operator, Reconnect and Permanent are failures, by the class of Instagram's
	// answer.
	Retry     = "retry"
	Hold      = "hold"
	Operator  = "operator"
	Reconnect = "reconnect"
	Permanent = "permanent"
	// TooYoung is a token that Instagram refreshes only once it is a day old.
	TooYoung = "too_young"
	// Dropped is an answer that a later one, or a login, made worthless.
	Dropped = "dropped"
	// Spilled is an answer that could not be written and waits in the spill file.
	Spilled = "spilled"
	// Failed is a try that failed at something of ours.
	Failed = "failed"
)

func outcomes() []string {
	return []string{Refreshed, Retry, Hold, Operator, Reconnect, Permanent, TooYoung, Dropped, Spilled, Failed}
}

// Refreshed counts a try at a refresh by its outcome, one of those above.
func (m *Metrics) Refreshed(outcome string) {
	if m != nil {
		m.refreshed.WithLabelValues(outcome).Inc()
	}
}

// LoginConnected is a login that ended in a connection. [Failed] is one that failed at something of
// ours, and every other outcome is the kind of a refusal.
const LoginConnected = "connected"

// Declare makes the series of the kinds of refusals, so that they are there before the first one.
func (m *Metrics) Declare(refusals ...string) {
	if m == nil {
		return
	}
	for _, outcome := range append([]string{LoginConnected, Failed}, refusals...) {
		m.loggedIn.WithLabelValues(outcome)
	}
}

// LoggedIn counts a login by its outcome: [LoginConnected], [Failed], or one that was declared.
func (m *Metrics) LoggedIn(outcome string) {
	if m != nil {
		m.loggedIn.WithLabelValues(outcome).Inc()
	}
}
