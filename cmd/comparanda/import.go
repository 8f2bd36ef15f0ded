package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/comparanda/comparanda/db"
	"github.com/comparanda/comparanda/forms"
	"github.com/comparanda/comparanda/internal/config"
	"github.com/comparanda/comparanda/internal/i18n"
	"github.com/comparanda/comparanda/internal/legacy"
	"github.com/comparanda/comparanda/internal/study"
)

// importCall is one run of the import command.
type importCall struct {
	*call
	data, form, mapping, save, failed, country, round *string
	orientation, lang                                 *string
	headerRow                                         *int
	dry, asJSON, sound, blank                         *bool
}

// importFiles reads files of old answers, says what it found, and stores the answers
// unless that was only to be tried.
func importFiles(c *call) error {
	i := importFlags(c)
	names, err := c.parse(1, 100)
	if err != nil {
		return err
	}
	files, err := openTables(names)
	if err != nil {
		return err
	}
	defer files.close()
	options, err := i.options()
	if err != nil {
		return err
	}
	if !*i.dry {
		return i.reported(files, i.store(files, options))
	}
	return i.reported(files, i.tryOut(files, options))
}

// done is what an import came to; err is why it stored nothing.
type done struct {
	result *legacy.Result
	plan   *legacy.Plan
	err    error
}

// tryOut says what the files hold, compared with what the study holds when there is one.
func (i *importCall) tryOut(files *tables, o legacy.Options) done {
	if d, ok := i.compared(files, o); ok {
		return d
	}
	result, plan, err := legacy.Try(files.title(), files.input(i.ctx), o)
	return done{result, plan, err}
}

// reported prints what an import came to, and keeps its mapping when that is asked.
func (i *importCall) reported(files *tables, d done) error {
	result, plan, err := d.result, d.plan, d.err
	refusal := (*legacy.Refusal)(nil)
	if errors.As(err, &refusal) {
		result = legacy.Refused(files.title(), refusal)
	} else if result == nil {
		return err
	}
	if plan != nil && *i.save != "" {
		if err := saveMapping(*i.save, plan); err != nil {
			return err
		}
	}
	if err := i.print(result); err != nil {
		return err
	}
	if refusal != nil {
		return input(refusal)
	}
	return err
}

func importFlags(c *call) *importCall {
	i := &importCall{call: c}
	var data string
	config.DataFlag(c.flags, &data)
	i.data = &data
	i.form = c.flags.String("form", "", "`form` of the study, or a file with one; without it a form is made of the columns")
	i.mapping = c.flags.String("mapping", "", "`file` that says what becomes of the columns")
	i.save = c.flags.String("save-mapping", "", "`file` to write the mapping to, for the next wave")
	i.country = c.flags.String("country", "", "country of all answers, as `ISO3`, when the file does not say it")
	i.round = c.flags.String("round", "", "`round` of all answers, when the file does not say it")
	i.headerRow = c.flags.Int("header-row", 0, "`number` of the first row with headers, when another is taken for it; -1: there is none")
	i.orientation = c.flags.String("orientation", "", "how the answers stand, when they are read another `way`: rows, columns or pairs")
	i.lang = c.flags.String("lang", "en", "`language` of the remarks: en or es")
	i.dry = c.flags.Bool("dry-run", false, "say what would happen and store nothing")
	i.asJSON = c.flags.Bool("json", false, "print one JSON object")
	i.sound = c.flags.Bool("take-sound", false, "store the sound rows even when others have errors")
	i.failed = c.flags.String("failed", "", "`file.xlsx` to write the rows with errors to, each with its reason")
	i.blank = c.flags.Bool("blank-clears", false, "let an empty cell take an earlier answer away")
	return i
}

// options reads the form and the mapping.
func (i *importCall) options() (legacy.Options, error) {
	o := legacy.Options{Country: study.ISO3(*i.country), Round: *i.round, Now: time.Now()}
	if !slices.Contains(i18n.Languages(), *i.lang) {
		return o, usage(fmt.Sprintf("--lang %s: want one of %s", *i.lang, strings.Join(i18n.Languages(), ", ")))
	}
	if *i.country != "" {
		iso3, ok := legacy.CountryOf(*i.country)
		if !ok {
			return o, usage(fmt.Sprintf("%q is no country; use its three-letter code", *i.country))
		}
		o.Country = iso3
	}
	if *i.mapping != "" {
		text, err := os.ReadFile(*i.mapping)
		if err != nil {
			return o, input(err)
		}
		if o.Mapping, err = study.ParseMapping(text); err != nil {
			return o, input(err)
		}
	}
	var err error
	if o.Mapping, err = i.layout(o.Mapping); err != nil {
		return o, err
	}
	if *i.form != "" {
		o.Form, err = i.readForm(*i.form)
	}
	return o, err
}

// layout puts what the flags say about all sheets into the mapping, where single sheets
// may say otherwise.
func (i *importCall) layout(m *study.Mapping) (*study.Mapping, error) {
	if *i.headerRow == 0 && *i.orientation == "" {
		return m, nil
	}
	said := study.SheetMapping{HeaderRow: *i.headerRow, Orientation: study.Orientation(*i.orientation)}
	if *i.headerRow < -1 || *i.headerRow > study.MaxHeaderRow {
		return nil, usage(fmt.Sprintf("--header-row %d: want a row from 1 to %d, or -1 for none", *i.headerRow, study.MaxHeaderRow))
	}
	switch said.Orientation {
	case "", study.InRows, study.InColumns, study.InPairs:
	default:
		return nil, usage(fmt.Sprintf("--orientation %s: want rows, columns or pairs", *i.orientation))
	}
	if m == nil {
		m = &study.Mapping{Version: 1, Columns: []study.ColumnMapping{}}
	}
	m.Sheets = append(m.Sheets, said)
	return m, nil
}

// readForm finds the form by its id in the study, or reads it from a file.
func (i *importCall) readForm(name string) (*forms.Form, error) {
	if _, err := os.Stat(name); err == nil {
		f, problems, err := readSheets(i.ctx, name)
		if err != nil {
			return nil, err
		}
		if f == nil {
			printProblems(i.stderr, problems)
			return nil, errSaid
		}
		return f, nil
	}
	var f *forms.Form
	err := withStore(i.ctx, *i.data, func(store *db.Store) error {
		return store.View(i.ctx, func(r *db.Reader) error {
			stored, err := r.Form(i.ctx, name, 0)
			if err != nil {
				return err
			}
			f, err = forms.Decode(stored.Content)
			return err
		})
	})
	return f, err
}

func saveMapping(name string, plan *legacy.Plan) error {
	text, err := json.MarshalIndent(plan.Mapping(), "", "  ")
	if err != nil {
		return err
	}
	return input(os.WriteFile(name, append(text, '\n'), 0o644))
}

func (i *importCall) print(r *legacy.Result) error {
	for n := range r.Problems {
		r.Problems[n] = r.Problems[n].In(*i.lang)
	}
	if !*i.asJSON {
		printImport(i.stdout, r)
		return nil
	}
	e := json.NewEncoder(i.stdout)
	e.SetEscapeHTML(false)
	return e.Encode(r)
}

// printImport says in words what an import found.
func printImport(w io.Writer, r *legacy.Result) {
	for _, s := range r.Sheets {
		fmt.Fprintf(w, "%s: %s, %d header rows, %d rows, %d columns\n", s.Name, s.Orientation, s.HeaderRows, s.Rows, s.Columns)
		if s.Encoding != "" {
			fmt.Fprintf(w, "  %s, delimiter %q, decimal mark %q\n", s.Encoding, s.Delimiter, s.DecimalMark)
		}
	}
	for _, c := range r.Columns {
		fmt.Fprintf(w, "  %s!%s %s -> %s (%s)\n", c.Sheet, c.Column, c.Header, c.Question, c.How)
	}
	fmt.Fprintf(w, "create %d, change %d, identical %d, skip %d, error %d; %d answers\n",
		r.Rows.Create, r.Rows.Change, r.Rows.Identical, r.Rows.Skip, r.Rows.Error, r.Answers)
	for _, p := range r.Problems {
		fmt.Fprintf(w, "%s!%s: %s: %s\n", p.Sheet, p.Cell, p.Text, p.Remedy)
	}
	if r.Batch != "" {
		fmt.Fprintf(w, "batch %s; take it back with: comparanda import undo %s\n", r.Batch, r.Batch)
	}
}
