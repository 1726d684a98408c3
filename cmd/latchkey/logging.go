package main

import (
	"context"
	"io"
	"log/slog"
	"os"

	"golang.org/x/term"

	"latchkey/internal/middleware"
)

// newLogger returns the log: text for people, JSON for programs, each line with the id of the
// request that it belongs to.
func newLogger(format string, out io.Writer) *slog.Logger {
	options := &slog.HandlerOptions{}
	if format == "json" {
		return slog.New(requestHandler{slog.NewJSONHandler(out, options)})
	}
	return slog.New(requestHandler{slog.NewTextHandler(out, options)})
}

// logFormat is the format asked for, or else text on a terminal and JSON elsewhere.
func logFormat(asked string, out io.Writer) string {
	if asked != "" {
		return asked
	}
	if f, ok := out.(*os.File); ok && term.IsTerminal(int(f.Fd())) {
		return "text"
	}
	return "json"
}

// requestHandler adds the id of the request, if there is one, to each record.
type requestHandler struct{ slog.Handler }

func (h requestHandler) Handle(ctx context.Context, r slog.Record) error {
	if id := middleware.RequestID(ctx); id != "" {
		r.AddAttrs(slog.String("request", id))
	}
	return h.Handler.Handle(ctx, r)
}

func (h requestHandler) WithAttrs(attrs []slog.Attr) slog.Handler {
	return requestHandler{h.Handler.WithAttrs(attrs)}
}

func (h requestHandler) WithGroup(name string) slog.Handler {
	return requestHandler{h.Handler.WithGroup(name)}
}
