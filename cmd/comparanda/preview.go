package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"time"

	"github.com/comparanda/comparanda/db"
	"github.com/comparanda/comparanda/forms"
	"github.com/comparanda/comparanda/internal/i18n"
	"github.com/comparanda/comparanda/internal/study"
	"github.com/comparanda/comparanda/internal/web"
)

// lookEvery is how often a preview looks whether the file has changed.
const lookEvery = 500 * time.Millisecond

// formPreview shows the web pages of a questionnaire, and shows them anew whenever the
// file is saved. It keeps a study of its own in a temporary folder until it is ended.
func formPreview(c *call) error {
	listen := c.flags.String("listen", "127.0.0.1:0", "`address` on this machine to listen on; port 0 is any free one")
	lang := c.flags.String("lang", "", "`language` to begin with, of the pages or of the form; the form's own when empty")
	names, err := c.parse(1, 1)
	if err != nil {
		return err
	}
	if _, err := os.Stat(names[0]); err != nil {
		return input(err)
	}
	address, err := net.ResolveTCPAddr("tcp", *listen)
	if err != nil || !address.IP.IsLoopback() {
		return usage(fmt.Sprintf("--listen %s: a preview is for this machine alone; give an address such as 127.0.0.1:8090", *listen))
	}
	listener, err := net.ListenTCP("tcp", address)
	if err != nil {
		return input(addressTrouble(*listen, err))
	}
	defer listener.Close() //nolint:errcheck // closed by the server already
	dir, err := os.MkdirTemp("", "comparanda-preview-*")
	if err != nil {
		return err
	}
	p := &previewer{call: c, lang: *lang, base: "http://" + listener.Addr().String(), dir: dir,
		file: &watched{name: filepath.Clean(names[0])}, pages: web.NewPreview(filepath.Base(filepath.Clean(names[0])))}
	return errors.Join(p.run(listener), os.RemoveAll(dir))
}

// previewer is a preview under way.
type previewer struct {
	*call
	lang, base, dir string
	file            *watched
	pages           *web.Preview
}

func (p *previewer) run(listener net.Listener) (err error) {
	if err := p.show(); err != nil {
		return err
	}
	store, err := db.Open(p.ctx, p.dir, db.Options{})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, store.Close()) }()
	log := slog.New(slog.NewTextHandler(p.stderr, &slog.HandlerOptions{Level: slog.LevelError}))
	handler, err := p.handler(store, log)
	if err != nil {
		return err
	}
	fmt.Fprintf(p.stdout, "The preview of %s is at\n\n  %s\n\nSave the file, and the pages follow. Ctrl-C ends the preview and forgets the answers.\n",
		p.file.name, p.base+p.pages.Address())
	go p.follow()
	return serveUntil(p.ctx, listener, handler, log)
}

// handler is the web service around the pages, on a study made for them.
func (p *previewer) handler(store *db.Store, log *slog.Logger) (http.Handler, error) {
	lang := p.begin()
	if err := store.Update(p.ctx, func(tx *db.Tx) error { return putPreview(p.ctx, tx, lang) }); err != nil {
		return nil, err
	}
	// Programs that try a form out may be quicker than a person.
	limits := web.Limits{SavesPerMinute: 10_000}
	return web.New(web.Config{Store: store, BaseURL: p.base, Log: log, Preview: p.pages, Limits: limits})
}

// follow shows the file again after each change, until the preview ends.
func (p *previewer) follow() {
	look := time.NewTicker(lookEvery)
	defer look.Stop()
	for {
		select {
		case <-p.ctx.Done():
			return
		case <-look.C:
		}
		if !p.file.changed() {
			continue
		}
		if err := p.show(); err != nil {
			p.pages.Show(nil, []forms.Problem{{Key: "file.unread", Place: forms.Place{File: p.file.name}, Text: err.Error()}})
		}
	}
}

// show reads the file and hands it to the pages, with all that is to be said about it.
func (p *previewer) show() error {
	stamp := describe(p.file.sheets())
	f, problems, err := readSheets(p.ctx, p.file.name)
	if err != nil {
		return err
	}
	p.file.taken(f, stamp)
	if f == nil {
		p.pages.Show(nil, problems)
		return nil
	}
	plan, more := compileForm(f, p.file.name)
	problems = append(problems, more...)
	if plan != nil {
		problems = append(problems, f.Simplified()...)
	}
	p.pages.Show(plan, problems)
	return nil
}

// begin chooses the language of the pages: the one asked for, or else the form's.
func (p *previewer) begin() study.Lang {
	wanted := p.lang
	if f := p.file.form; wanted == "" && f != nil {
		wanted = f.LangCode(f.Lang(""))
	}
	spoken, known := p.pages.Speak(wanted, i18n.Languages())
	if p.lang != "" && !known {
		fmt.Fprintf(p.stderr, "neither the pages nor the form are in “%s”; the pages are in English\n", p.lang)
	}
	return study.Lang(i18n.For(spoken).Lang())
}

const previewForm = "preview"

// putPreview stores the study that the pages need around a form: one country, one round,
// one person, and the reasons that every study has.
func putPreview(ctx context.Context, tx *db.Tx, lang study.Lang) error {
	country := study.Country{ISO3: "XXX", Name: inAll("preview.country"), InStudy: true, TimeZone: time.Local.String()} // XXX stands for no country in ISO 3166-1
	s := study.Study{ID: previewForm, Title: study.Text{lang: previewForm}, DefaultLanguage: lang, Countries: []study.Country{country},
		Rounds: []study.Round{{ID: "1"}}, Instruments: []study.Instrument{{FormID: previewForm, Kind: study.Questionnaire}}}
	for _, l := range i18n.Languages() {
		s.Languages = append(s.Languages, study.Lang(l))
	}
	for _, r := range []study.Reason{{Code: study.NA, Mark: "N/A"}, {Code: study.ND, Mark: "N/D"}, {Code: study.CONF, Mark: "CONF"},
		{Code: study.Pending, Mark: "…"}, {Code: study.Ref, Mark: "→ annex"}} {
		r.Label = inAll("preview.reason." + string(r.Code))
		s.Reasons = append(s.Reasons, r)
	}
	if err := tx.PutStudy(ctx, s); err != nil {
		return err
	}
	content, err := (&forms.Form{ID: previewForm}).Encode()
	if err != nil {
		return err
	}
	if _, err := tx.PutForm(ctx, previewForm, content, nil, previewForm); err != nil {
		return err
	}
	person := study.Person{Name: i18n.For(string(lang)).T("preview.person"), Role: study.FocalPoint, Country: country.ISO3, Language: lang}
	_, err = tx.CreatePerson(ctx, person)
	return err
}

// inAll is a text of the catalogs in all their languages.
func inAll(key string) study.Text {
	text := study.Text{}
	for _, lang := range i18n.Languages() {
		text[study.Lang(lang)] = i18n.For(lang).T(key)
	}
	return text
}
