package igsim

// Decision is what a person does on the consent page.
type Decision struct {
	// Persona is the ID of who logs in.
	Persona string `json:"persona"`
	// Without are the scopes that she unticks.
	Without []string `json:"without"`
	// Deny is her pressing Cancel.
	Deny bool `json:"deny"`
	// Refuse is Instagram refusing in its own name, with this error_description, for example
	// "Insufficient developer role".
	Refuse string `json:"refuse"`
}

// Approve is the click on the consent page: it gives the address to which the browser would be
// redirected. Only the path and the query of authorizeURL count. Where a person would have been
// shown an error page instead, that page's sentence is the error.
func (s *Simulator) Approve(authorizeURL string, d Decision) (callbackURL string, err error) {
	return "", nil
}
