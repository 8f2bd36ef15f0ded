package main

import (
	"errors"
	"log/slog"

	"github.com/comparanda/comparanda/db"
	"github.com/comparanda/comparanda/internal/config"
	"github.com/comparanda/comparanda/worker"
)

// work does jobs of a data folder that another process serves.
func work(c *call) error {
	var s config.Service
	s.WorkFlags(c.flags)
	if _, err := c.parse(0, 0); err != nil {
		return err
	}
	if err := s.Check(); err != nil {
		return usage(err.Error())
	}
	if s.Redis == "" {
		return usage("--redis is missing: a worker shares its queue with the serving process")
	}
	store, err := db.Open(c.ctx, s.Data, db.Options{Shared: true})
	if err != nil {
		return input(err)
	}
	w, err := worker.New(c.ctx, worker.Config{
		Store: store, RedisURL: s.Redis, BaseURL: s.BaseURL, Concurrency: s.Workers, Log: slog.New(slog.NewTextHandler(c.stderr, nil)),
	})
	if err != nil {
		return errors.Join(input(err), store.Close())
	}
	return errors.Join(w.Run(c.ctx), store.Close())
}
