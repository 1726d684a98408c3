package login

import (
	"context"
	"errors"

	"latchkey/instagram"
)

// refuse turns what one of the three calls answered into a Refusal, and tells the operator
// Instagram's own words and what to do. Only callbacks with a state of ours come here, so the log
// cannot be filled from outside. Granted is what the owner allowed, nil when unknown.
func (f *Flow) refuse(ctx context.Context, err error, granted []string) error {
	if errors.Is(err, errNoIdentity) {
		f.Log.WarnContext(ctx, "login refused", "kind", string(NoIdentity), "instagram", err.Error(),
			"advice", "let the owner try again; if it stays, Instagram withholds the professional account id, and nothing can be stored without it")
		return &Refusal{Kind: NoIdentity, Logged: true}
	}
	e, ok := errors.AsType[*instagram.Error](err)
	if !ok {
		return err
	}
	kind, cause := read(e, granted)
	f.Log.WarnContext(ctx, "login refused", "kind", string(kind), "instagram", e, "advice", cause.Advice())
	return &Refusal{Kind: kind, Logged: true}
}

// refuseDenial turns the refusal that came in the callback itself into a Refusal.
func (f *Flow) refuseDenial(ctx context.Context, cb Callback) error {
	e := instagram.Denial(cb.Error, cb.Reason, cb.Description)
	kind, cause := readDenial(e)
	if kind == Cancelled {
		f.Log.InfoContext(ctx, "login cancelled by the owner")
		return &Refusal{Kind: Cancelled}
	}
	f.Log.WarnContext(ctx, "login refused", "kind", string(kind), "instagram", e, "advice", cause.Advice())
	return &Refusal{Kind: kind, Logged: true}
}
