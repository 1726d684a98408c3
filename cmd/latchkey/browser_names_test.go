package main

import (
	"context"
	"testing"

	"latchkey/igsim"
)

// namesOfAllKinds has a service with as long a name as there may be, and a purpose and an owner that
// are written from right to left.
func namesOfAllKinds(t *testing.T, chromium context.Context) {
	const purpose, name = "אנחנו שולחים לך דוח כל יום שני.", "סטודיו צפון: קרמיקה"
	h := newRig(t)
	h.environ["LATCHKEY_SERVICE_NAME"] = "Donaudampfschifffahrtsgesellschaft: Zahlen, Reichweiten"
	h.environ["LATCHKEY_SERVICE_PURPOSE"] = purpose
	h.environ["LATCHKEY_OPERATOR_CONTACT"] = "https://latchkey.example/a/place/to/ask/whoever/runs/this/server"
	must(t, h.sim.SetPersona(igsim.Persona{ID: "zafon", Username: "studio.zafon_ceramics_and_glaz", Name: name, AccountType: "MEDIA_CREATOR"}))
	s := h.serve()
	v := newVisitor(t, chromium, place{app: s.base, sim: h.simURL}, phone)
	v.reads(v.open(s.base), 200, "/", h.environ["LATCHKEY_SERVICE_NAME"]+" asks you to connect", purpose)
	v.look("welcome-names")
	v.logIn("studio.zafon_ceramics_and_glaz")
	v.reads(v.open(s.base), 200, "/", name, "Connected, safe until")
	v.look("home-names")
	v.press("Your connection")
	v.look("account-names")
	v.press("Erase…")
	v.look("erase-names")
	v.open(s.base + "/privacy")
	v.look("privacy-names")
	v.open(s.base + "/nowhere")
	v.look("not-found-names")
}
