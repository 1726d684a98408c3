package igsim

import (
	"embed"
	"html/template"
	"time"
)

//go:embed templates/*.html
var templateFiles embed.FS

//go:embed static/style.css
var styleSheet []byte

var templates = template.Must(template.New("").Funcs(template.FuncMap{
	"clock": func(t time.Time) string { return t.UTC().Format("Mon 2 Jan 2006, 15:04 UTC") },
	"date":  func(t time.Time) string { return t.UTC().Format("2 January 2006, 15:04") },
}).ParseFS(templateFiles, "templates/*.html"))

// bar is the strip on top of the pages that shows the simulator's time and moves it.
type bar struct {
	Now  time.Time
	Back string // where to go on after the clock was moved; empty is the control page
}
