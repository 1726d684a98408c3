package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"path/filepath"
	"sync"
	"time"

	"latchkey/instagram"
	"latchkey/internal/clock"
	"latchkey/internal/config"
	"latchkey/internal/health"
	"latchkey/internal/httpapi"
	"latchkey/internal/login"
	"latchkey/internal/mail"
	"latchkey/internal/metrics"
	"latchkey/internal/middleware"
	"latchkey/internal/notice"
	"latchkey/internal/page"
	"latchkey/internal/picture"
	"latchkey/internal/refresh"
	"latchkey/internal/seal"
	"latchkey/internal/session"
	"latchkey/internal/store"
	"latchkey/internal/usage"
	"latchkey/internal/vault"
	"latchkey/internal/web/owner"
	"latchkey/internal/web/signin"
)

// server is one running Latchkey: everything between the listener and the store.
type server struct {
	store    store.Store
	flow     *login.Flow
	keeper   *refresh.Keeper
	notifier *notice.Notifier
	metrics  *metrics.Metrics
	monitor  *health.Monitor
	handler  http.Handler
	log      *slog.Logger
	// mail is nil where no mail is sent.
	mail *mail.Sender
	// about is what the log says of it at the start.
	about     []any
	publicURL string
}

// parts is what a server is made of.
type parts struct {
	config  config.Config
	store   store.Store
	keyring *seal.Keyring
	metrics *metrics.Metrics
	// now is a clock that a test or the demo moves, for the time that tokens live on; nil is the machine's.
	now func() time.Time
	log *slog.Logger
	// combined takes the request log in the combined form; nil sends it to log.
	combined io.Writer
}

// newServer wires the rooms together.
func newServer(p parts) (*server, error) {
	c := p.config
	s := &server{store: p.store, metrics: p.metrics, log: p.log, about: about(p), publicURL: c.PublicURL.String()}
	reference := &clock.Reference{Now: p.now}
	v := &vault.Vault{Keyring: p.keyring, Store: p.store, Now: reference.Time}
	process := rand.Text()
	client := traced(&instagram.Client{
		AppID:       c.InstagramAppID,
		AppSecret:   instagram.NewSecret(c.InstagramAppSecret.Reveal()),
		RedirectURL: s.publicURL + "/auth",
		Endpoints:   endpoints(c),
		Now:         reference.Time,
		OnDate:      reference.Heard,
	}, p.metrics)
	s.flow = &login.Flow{
		Instagram: client, Store: p.store, Vault: v, Log: p.log, Now: reference.Time, Trusted: reference.Trusted, Metrics: p.metrics,
		Scopes: c.Scopes, Allowed: c.AllowedAccounts, Process: process,
	}
	meter := &usage.Meter{Now: reference.Time}
	p.metrics.Watch(p.store, meter.Highest, reference.Time)
	s.monitor = &health.Monitor{Store: p.store, Folders: folders(c), Broken: p.metrics.StoreBroken, Log: p.log}
	p.metrics.WatchWrites(s.monitor.Check)
	p.metrics.WatchDisks(s.monitor.Folders)
	s.keeper = &refresh.Keeper{
		Instagram: client, Store: p.store, Vault: v,
		Spill: &refresh.Spill{Dir: c.SpillDir, Log: p.log},
		Usage: meter, Metrics: p.metrics, Holder: process, Clock: reference, Log: p.log,
	}
	reference.Ask = s.keeper.AskTime
	s.notifier = &notice.Notifier{
		Store: p.store, PublicURL: s.publicURL, OperatorEmail: c.OperatorEmail,
		ServiceName: c.ServiceName, ServicePurpose: c.ServicePurpose, KeepEvents: c.KeepEvents,
		Now: reference.Time, Trusted: reference.Trusted, Metrics: p.metrics, Log: p.log,
	}
	var err error
	if c.MailFrom != "" {
		if s.mail, err = mail.New(c.SMTPURL.Reveal(), c.MailFrom); err != nil {
			return nil, fmt.Errorf("%s: %w", config.SMTPURL.Variable(), err)
		}
		s.notifier.Mail = s.mail
	}
	s.handler, err = s.newHandler(p, v, reference)
	return s, err
}

// folders are where a server keeps something on disk.
func folders(c config.Config) map[string]string {
	all := map[string]string{"spill": c.SpillDir}
	if c.Store.Kind == config.SQLite {
		all["store"] = filepath.Dir(c.Store.Path)
	}
	return all
}

// newHandler is everything that answers requests.
func (s *server) newHandler(p parts, v *vault.Vault, reference *clock.Reference) (http.Handler, error) {
	c := p.config
	sessions := &session.Sessions{Store: p.store}
	if p.now == nil { // a clock that is moved on purpose signs nobody out
		sessions.Now, sessions.Check = reference.Time, reference.Check
		s.flow.Machine = reference.Time
	}
	kit := &page.Kit{
		Sessions: sessions, Store: p.store, PublicURL: s.publicURL,
		Service: c.ServiceName, Purpose: c.ServicePurpose, Contact: c.OperatorContact,
		Now: reference.Time, RequestID: middleware.RequestID, Log: p.log,
	}
	owners := &owner.Handler{
		Kit: kit, Vault: v, Notices: s.notifier, Events: p.store, KeepEvents: c.KeepEvents,
		Pictures: &picture.Fetcher{Origin: c.InstagramGraphURL}, // counts where it is a simulator on this machine
	}
	signIn := &signin.Handler{Kit: kit, Login: s.flow, LoginRate: c.LoginRate, Home: owners.Home}
	mux := http.NewServeMux()
	kit.Mount(mux, signIn.Routes(), owners.Routes())
	(&httpapi.Handler{Ping: p.store.Ping, CheckWrite: s.monitor.Check}).Mount(mux)
	return middleware.Stack{
		Proxies:     &middleware.Proxies{Trusted: c.TrustedProxies, Log: p.log},
		Log:         p.log,
		Combined:    p.combined,
		PublicURL:   s.publicURL,
		Panicked:    kit.Panicked,
		CrossOrigin: kit.CrossOrigin,
	}.Handler(mux)
}

// lookAround does at once what the keeper and the notifier do in their rhythm.
func (s *server) lookAround(ctx context.Context) error {
	return errors.Join(s.keeper.Sweep(ctx), s.notifier.Sweep(ctx))
}

// run serves on the listener until ctx ends, and then finishes what is in hand.
func (s *server) run(ctx context.Context, stop *stopping, l net.Listener) error {
	var background sync.WaitGroup
	for _, work := range []func(context.Context){s.flow.Run, s.keeper.Run, s.notifier.Run, s.monitor.Run, s.greetMail} {
		background.Go(func() { work(ctx) })
	}
	h := &http.Server{
		Handler:           s.handler,
		ReadHeaderTimeout: 10 * time.Second,
		ReadTimeout:       30 * time.Second,
		WriteTimeout:      90 * time.Second, // a login waits for three answers of Instagram
		IdleTimeout:       2 * time.Minute,
		MaxHeaderBytes:    32 << 10,
		ErrorLog:          slog.NewLogLogger(s.log.Handler(), slog.LevelWarn),
	}
	s.log.InfoContext(ctx, "listening", append([]any{"address", l.Addr().String()}, s.about...)...)
	ended := make(chan error, 1)
	go func() { ended <- h.Serve(l) }()
	select {
	case err := <-ended:
		return errors.Join(fmt.Errorf("serve: %w", err), s.finish(stop, h, &background))
	case <-ctx.Done():
		return s.finish(stop, h, &background)
	}
}
