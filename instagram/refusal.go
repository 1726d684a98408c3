package instagram

import "encoding/json"

// refusal is the part of any answer that says no. It has two forms: the "error" object of the
// Graph API, and the three flat members of the token endpoint. Both are looked for everywhere,
// because either endpoint was seen to use the other's (docs/instagram.md, Errors).
type refusal struct {
	Graph   *graphError `json:"error"`
	Type    text        `json:"error_type"`
	Code    whole       `json:"code"`
	Message text        `json:"error_message"`
}

// graphError is the error object; a bare string in its place is taken as its message.
type graphError struct {
	fields struct {
		Message   text  `json:"message"`
		Type      text  `json:"type"`
		Code      whole `json:"code"`
		Subcode   whole `json:"error_subcode"`
		TraceID   text  `json:"fbtrace_id"`
		Transient any   `json:"is_transient"`
	}
}

func (g *graphError) UnmarshalJSON(b []byte) error {
	if s, ok := unquote(b); ok {
		g.fields.Message = text(s)
		return nil
	}
	// Something else than an object is still an error, of which nothing is known.
	_ = json.Unmarshal(b, &g.fields)
	return nil
}

// said is what Instagram said when it refused.
type said struct {
	code, subcode        int
	kind, message, trace string
	transient            bool
}

// refused returns nil when the answer is no refusal.
func (r *refusal) refused() *said {
	switch {
	case r.Graph != nil:
		f := r.Graph.fields
		return &said{
			code: int(f.Code.orZero()), subcode: int(f.Subcode.orZero()),
			kind: string(f.Type), message: string(f.Message), trace: string(f.TraceID),
			transient: f.Transient == true,
		}
	case r.Type != "" || r.Message != "":
		return &said{code: int(r.Code.orZero()), kind: string(r.Type), message: string(r.Message)}
	}
	return nil
}

// wanting holds for an answer that may have anything in it.
func (r *refusal) wanting() Cause { return "" }
