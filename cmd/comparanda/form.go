package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/comparanda/comparanda/forms"
	"github.com/comparanda/comparanda/forms/drive"
	"github.com/comparanda/comparanda/forms/fill"
	"github.com/comparanda/comparanda/forms/message"
	"github.com/comparanda/comparanda/forms/xform"
	"github.com/comparanda/comparanda/forms/xlsform"
	"github.com/comparanda/comparanda/forms/xpath"
	"github.com/comparanda/comparanda/internal/confine"
	"github.com/comparanda/comparanda/internal/legacy"
	"github.com/comparanda/comparanda/worker"
)

// The readers of files that strangers made, as they run in processes of their own.
const (
	formReader  = "form"
	sheetReader = "sheets"
)

func registerWorkers() {
	confine.Register(formReader, xlsform.Worker)
	confine.Register(sheetReader, xlsform.SheetsWorker)
	confine.RegisterFile(worker.TableReader, legacy.Worker)
}

// readForm reads and compiles a questionnaire. A file is read in a process with limits
// on time and memory; the form is nil when a problem is an Error.
func readForm(ctx context.Context, name string) (*fill.Plan, []forms.Problem, error) {
	f, problems, err := readSheets(ctx, name)
	if f == nil || err != nil {
		return nil, problems, err
	}
	plan, more := compileForm(f, name)
	return plan, append(problems, more...), nil
}

// compileForm compiles a questionnaire with the lists that lie beside it.
func compileForm(f *forms.Form, name string) (*fill.Plan, []forms.Problem) {
	dir, folders := listFolders(name)
	problems := xlsform.Attach(f, os.DirFS(dir), folders...)
	plan, more := fill.Compile(f)
	return plan, append(problems, more...)
}

// listFolders are where the lists of a questionnaire may lie, seen from dir.
func listFolders(name string) (dir string, folders []string) {
	if info, err := os.Stat(name); err == nil && info.IsDir() {
		return name, []string{".", "media"}
	}
	return filepath.Dir(name), xlsform.MediaFolders(filepath.Base(name))
}

func readSheets(ctx context.Context, name string) (*forms.Form, []forms.Problem, error) {
	info, err := os.Stat(name)
	if err != nil {
		return nil, nil, input(err)
	}
	if info.IsDir() {
		f, problems, err := xlsform.Read(name)
		return f, problems, input(err)
	}
	data, err := readSome(name)
	if err != nil {
		return nil, nil, input(err)
	}
	f, problems := xlsform.ParseVia(confined(ctx, formReader), filepath.Base(name), data)
	return f, problems, nil
}

// confined runs a reader of forms in a process with limits on time and memory.
func confined(ctx context.Context, reader string) xlsform.Runner {
	return func(in []byte) ([]byte, error) {
		out, err := confine.Run(ctx, reader, in, confine.Limits{})
		return out, whyStopped(err)
	}
}

// whyStopped tells authors which limit their file met; another error stays as it is.
func whyStopped(err error) error {
	switch {
	case errors.Is(err, confine.ErrCPU), errors.Is(err, confine.ErrTime):
		return message.New("it took too long")
	case errors.Is(err, confine.ErrMemory):
		return message.New("it needed too much memory")
	case errors.Is(err, confine.ErrOutput):
		return message.New("there is too much in it")
	}
	return err
}

// readSome reads a file, and no more than one byte beyond what xlsform takes.
func readSome(name string) ([]byte, error) {
	file, err := os.Open(name) //nolint:gosec // the file that the person names
	if err != nil {
		return nil, err
	}
	defer file.Close() //nolint:errcheck // only read
	return io.ReadAll(io.LimitReader(file, xlsform.MaxBytes+1))
}

// formCheck says what is wrong with questionnaires, each problem with its place.
func formCheck(c *call) error {
	lang := langFlag(c)
	names, err := c.parse(1, 1000)
	if err != nil {
		return err
	}
	refused := false
	for _, name := range names {
		plan, problems, err := readForm(c.ctx, name)
		if err != nil {
			return err
		}
		if plan != nil {
			problems = append(problems, plan.Form().Simplified()...)
		}
		lang.print(c.stderr, problems)
		if forms.Refused(problems) {
			refused = true
			continue
		}
		fmt.Fprintf(c.stdout, "%s: ok\n", name)
	}
	if refused {
		return errSaid
	}
	return nil
}

// formXForm converts a questionnaire to an ODK XForm. Warnings are lines on stderr
// that begin with "warning:".
func formXForm(c *call) error {
	out := c.flags.String("o", "", "`file` to write; standard output when empty")
	root := c.flags.String("root", "", "`name` of the instance's root element when the form gives none; data when empty")
	lang := langFlag(c)
	names, err := c.parse(1, 1)
	if err != nil {
		return err
	}
	f, problems, err := readSheets(c.ctx, names[0])
	if err != nil {
		return err
	}
	if f != nil {
		var text bytes.Buffer
		_, found := fill.Compile(f)
		problems = append(problems, found...)
		more, err := xform.Write(&text, f, xform.Options{Root: *root})
		if err != nil {
			return err
		}
		problems = append(problems, more...)
		if !forms.Refused(problems) {
			if err := c.deliver(*out, text.Bytes()); err != nil {
				return err
			}
		}
	}
	for _, p := range problems {
		if p.Severity == forms.Warning {
			fmt.Fprintf(c.stderr, "warning: %s: %s\n", p.Place, p.In(lang.String()))
			continue
		}
		fmt.Fprintln(c.stderr, p.Line(lang.String()))
	}
	if forms.Refused(problems) {
		return errSaid
	}
	return nil
}

// formXPathBatch evaluates expressions, a JSON line each.
func formXPathBatch(c *call) error {
	if _, err := c.parse(0, 0); err != nil {
		return err
	}
	return input(xpath.Batch(c.stdin, c.stdout))
}

// formDriveBatch runs sessions at forms, a JSON line each.
func formDriveBatch(c *call) error {
	if _, err := c.parse(0, 0); err != nil {
		return err
	}
	return input(drive.Batch(c.stdin, c.stdout, func(name string) (*forms.Form, []forms.Problem, error) {
		return readSheets(c.ctx, name)
	}))
}
