package metrics

import (
	"context"
	"errors"
	"time"

	"latchkey/instagram"
)

// callOK is the outcome of a call that brought what was asked for.
const callOK = "ok"

// firstCalls are the calls that every connection lives by, as instagram.Error.Call names them.
// Others get their series when they are made.
func firstCalls() []string {
	return []string{"code exchange", "long-lived exchange", "refresh", "me"}
}

func callOutcomes() []string {
	return []string{
		callOK,
		string(instagram.ClassReconnect), string(instagram.ClassRetry), string(instagram.ClassHold),
		string(instagram.ClassOperator), string(instagram.ClassPermanent), string(instagram.ClassIgnore),
	}
}

// Call times a call to Instagram: it is what instagram.Client.Trace wants.
func (m *Metrics) Call(ctx context.Context, call string) (context.Context, func(error)) {
	if m == nil {
		return ctx, func(error) {}
	}
	began := time.Now()
	return ctx, func(err error) {
		m.calls.WithLabelValues(call, outcomeOf(err)).Observe(time.Since(began).Seconds())
	}
}

// outcomeOf is the class of an error of a call.
func outcomeOf(err error) string {
	if err == nil {
		return callOK
	}
	if e, ok := errors.AsType[*instagram.Error](err); ok {
		return string(e.Class)
	}
	return string(instagram.ClassRetry) // as with everything that is not known
}
