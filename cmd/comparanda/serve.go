package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"sync"
	"syscall"
	"time"

	"github.com/comparanda/comparanda/db"
	"github.com/comparanda/comparanda/internal/config"
	"github.com/comparanda/comparanda/internal/web"
	"github.com/comparanda/comparanda/worker"
)

// stopWithin is how long requests under way may take when the service is asked to end.
const stopWithin = 15 * time.Second

// serve runs the web service, the relay and the workers until it is asked to end.
func serve(c *call) error {
	var s config.Service
	s.ServeFlags(c.flags)
	if _, err := c.parse(0, 0); err != nil {
		return err
	}
	if err := s.Check(); err != nil {
		return usage(err.Error())
	}
	// The address comes first: a taken one must leave the data folder as it was.
	listener, err := net.Listen("tcp", s.Listen)
	if err != nil {
		return input(addressTrouble(s.Listen, err))
	}
	defer listener.Close() //nolint:errcheck // closed by the server already
	store, err := db.Open(c.ctx, s.Data, db.Options{})
	if err != nil {
		return input(err)
	}
	svc := &service{call: c, settings: s, store: store, log: newLog(c.stderr, s)}
	return errors.Join(svc.run(listener), store.Close())
}

func addressTrouble(address string, err error) error {
	if errors.Is(err, syscall.EADDRINUSE) {
		return fmt.Errorf("somebody listens on %s already; choose another address with --listen", address)
	}
	return fmt.Errorf("cannot listen on %s: %w", address, err)
}

// newLog writes to w. A demonstration keeps quiet about single requests, so that the
// sign-in links stay on the screen.
func newLog(w io.Writer, s config.Service) *slog.Logger {
	level := slog.LevelInfo
	if s.Demo {
		level = slog.LevelWarn
	}
	return slog.New(slog.NewTextHandler(w, &slog.HandlerOptions{Level: level}))
}

// service is a serving process.
type service struct {
	*call
	settings config.Service
	store    *db.Store
	log      *slog.Logger
	worker   *worker.Worker
	handler  http.Handler
}

// run works and answers until the process is asked to end. Being asked early is no error.
func (s *service) run(listener net.Listener) error {
	if err := s.wire(); err != nil {
		return err
	}
	// The workers outlive the signal: requests under way may still promise work.
	working, stopWork := context.WithCancel(context.WithoutCancel(s.ctx))
	var wg sync.WaitGroup
	wg.Go(func() {
		if err := s.worker.Run(working); err != nil {
			s.log.Error("the workers stopped; what is signed waits for the next start", "err", err)
		}
	})
	err := s.begin()
	if err == nil {
		if s.settings.Demo {
			wg.Go(func() {
				if err := s.wishExampleReports(working); err != nil {
					s.log.Error("the example workbook was not asked for", "err", err)
				}
			})
		}
		err = s.answer(listener)
	}
	stopWork()
	wg.Wait()
	if s.ctx.Err() != nil && errors.Is(err, context.Canceled) {
		return nil
	}
	return err
}

// answer prints where the service is and serves until the process is asked to end.
func (s *service) answer(listener net.Listener) error {
	fmt.Fprintf(s.stdout, "Comparanda is at %s\n", s.settings.BaseURL)
	if err := s.printLinks(); err != nil {
		return err
	}
	return serveUntil(s.ctx, listener, s.handler, s.log)
}

// serveUntil answers requests until the context ends, and lets those under way finish.
func serveUntil(ctx context.Context, listener net.Listener, handler http.Handler, log *slog.Logger) error {
	server := &http.Server{
		Handler: handler, ReadHeaderTimeout: 10 * time.Second, ReadTimeout: 2 * time.Minute,
		WriteTimeout: 5 * time.Minute, IdleTimeout: 2 * time.Minute, MaxHeaderBytes: 64 << 10,
		ErrorLog: slog.NewLogLogger(log.Handler(), slog.LevelDebug),
	}
	served := make(chan error, 1)
	go func() { served <- server.Serve(listener) }()
	select {
	case err := <-served:
		return fmt.Errorf("serve: %w", err)
	case <-ctx.Done():
	}
	ending, cancel := context.WithTimeout(context.WithoutCancel(ctx), stopWithin)
	defer cancel()
	err := server.Shutdown(ending)
	if errors.Is(err, context.DeadlineExceeded) {
		return server.Close() // who is still connected has had his time; nothing acknowledged is lost
	}
	return err
}

// wire builds the worker and the handler.
func (s *service) wire() error {
	var err error
	s.worker, err = worker.New(s.ctx, worker.Config{
		Store: s.store, RedisURL: s.settings.Redis, BaseURL: s.settings.BaseURL, Log: s.log, Concurrency: s.settings.Workers,
	})
	if err != nil {
		return input(err)
	}
	s.handler, err = web.New(web.Config{Store: s.store, BaseURL: s.settings.BaseURL, Log: s.log, Poke: s.worker.Poke})
	return err
}
