// Package xlsform reads questionnaires that were written as XLSForms (xlsform.org): an
// .xlsx or .xls workbook, a folder of CSV files, one CSV file with a sheet column, or
// tables in Markdown.
//
// It says everything that is wrong with a form in one go, each fault with its sheet,
// row and column and a remedy. It reads files of strangers: nothing in a file makes it
// panic, and what it unpacks and keeps is bounded. Expressions are only searched for
// the names they refer to; forms/fill checks the rest.
package xlsform

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"

	"github.com/comparanda/comparanda/forms"
)

// Read reads the form in a file or in a folder of CSV files. The form is nil when a
// problem is an Error; err is only for what could not be read from the disk.
func Read(name string) (*forms.Form, []forms.Problem, error) {
	info, err := os.Stat(name)
	if err != nil {
		return nil, nil, fmt.Errorf("read form: %w", err)
	}
	if info.IsDir() {
		whole, err := filepath.Abs(name) // "." and "forms/" have a name too
		if err != nil {
			return nil, nil, fmt.Errorf("read form: %w", err)
		}
		return readFolder(os.DirFS(name), ".", filepath.Base(whole))
	}
	dir, base := filepath.Split(name)
	if dir == "" {
		dir = "."
	}
	return ReadFS(os.DirFS(dir), base)
}

// ReadFS is Read in a file system; name "." is the folder itself, whose form is called
// "form" unless its settings say otherwise.
func ReadFS(fsys fs.FS, name string) (*forms.Form, []forms.Problem, error) {
	info, err := fs.Stat(fsys, name)
	if err != nil {
		return nil, nil, fmt.Errorf("read form: %w", err)
	}
	if info.IsDir() {
		called := path.Base(name)
		if called == "." {
			called = "form"
		}
		return readFolder(fsys, name, called)
	}
	data, err := readLimited(fsys, name)
	if err != nil {
		return nil, nil, err
	}
	f, problems := Parse(path.Base(name), data)
	return f, problems, nil
}

// readFolder reads a folder of CSV files as a form, named after the folder.
func readFolder(fsys fs.FS, dir, called string) (*forms.Form, []forms.Problem, error) {
	sheets, problems, err := folder(fsys, dir, withoutMark)
	if err != nil {
		return nil, nil, err
	}
	if forms.Refused(problems) {
		return nil, problems, nil // a sheet that cannot be read would be called missing
	}
	f, problems := build(called, sheets, problems)
	return f, problems, nil
}

// Parse reads the form in a file's content; the name tells the format where the
// content does not. The form is nil when a problem is an Error.
func Parse(name string, data []byte) (*forms.Form, []forms.Problem) {
	sheets, problems := parse(name, data, formSheet)
	if forms.Refused(problems) {
		return nil, problems
	}
	return build(name, sheets, problems)
}

// Sheets reads the sheets of a file or of a folder of CSV files, for readers of
// other tables than a form's. Sheets whose names begin with "_" are left out.
func Sheets(fsys fs.FS, name string) ([]Sheet, []forms.Problem, error) {
	return sheetsOf(fsys, name, withoutMark)
}

// AllSheets is Sheets that leaves none out.
func AllSheets(fsys fs.FS, name string) ([]Sheet, []forms.Problem, error) {
	return sheetsOf(fsys, name, everySheet)
}

func sheetsOf(fsys fs.FS, name string, want func(string) bool) ([]Sheet, []forms.Problem, error) {
	info, err := fs.Stat(fsys, name)
	if err != nil {
		return nil, nil, fmt.Errorf("read tables: %w", err)
	}
	if info.IsDir() {
		return folder(fsys, name, want)
	}
	data, err := readLimited(fsys, name)
	if err != nil {
		return nil, nil, err
	}
	sheets, problems := parse(path.Base(name), data, want)
	return sheets, problems, nil
}

// ParseSheets is Sheets on a file's content.
func ParseSheets(name string, data []byte) ([]Sheet, []forms.Problem) {
	return parse(name, data, withoutMark)
}

func withoutMark(sheet string) bool { return !strings.HasPrefix(sheet, "_") }

func everySheet(string) bool { return true }

// readLimited reads a file, and one byte more than is allowed so that parse can refuse it.
func readLimited(fsys fs.FS, name string) ([]byte, error) {
	file, err := fsys.Open(name)
	if err != nil {
		return nil, fmt.Errorf("read form: %w", err)
	}
	defer file.Close()
	data, err := io.ReadAll(io.LimitReader(file, MaxBytes+1))
	if err != nil {
		return nil, fmt.Errorf("read form %s: %w", name, err)
	}
	return data, nil
}

// parse turns a file into sheets; those that want does not name may stay empty.
func parse(name string, data []byte, want func(string) bool) (sheets []Sheet, problems []forms.Problem) {
	out := &collector{file: name}
	// The readers are written not to panic. Should one do so after all, the author of
	// a strange file gets a message, not a stack trace; fuzzing looks for the panic.
	defer func() {
		if p := recover(); p != nil {
			sheets, problems = nil, []forms.Problem{faultProblem(name, refuse("file.damaged", "the file is damaged in a way that this program does not understand: open it in your spreadsheet program and save it anew as .xlsx"))}
		}
	}()
	if err := parseInto(out, name, data, want); err != nil {
		return nil, append(out.notes, faultProblem(name, err))
	}
	return out.sheets, out.notes
}

func parseInto(out *collector, name string, data []byte, want func(string) bool) error {
	if len(data) > MaxBytes {
		return largeFile()
	}
	ext := strings.ToLower(path.Ext(name))
	head := string(data[:min(len(data), 8)])
	switch {
	case len(data) == 0:
		return refuse("file.empty", "the file is empty: save the form again")
	case strings.HasPrefix(head, "PK\x03\x04"), strings.HasPrefix(head, "PK\x05\x06"):
		return readXLSX(out, data, want)
	case head == "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1":
		return readOLE(out, data, want)
	case ext == ".xlsx" || ext == ".xls" || ext == ".xlsm":
		return refuse("file.damaged", "this is not a workbook, or it was cut off on its way: get it again, or open it in your spreadsheet program and save it anew as .xlsx")
	case ext == ".csv" || ext == ".tsv":
		return readCSVBook(out, data)
	case ext == ".md" || ext == ".markdown":
		return readMarkdown(out, data)
	default:
		return refuse("file.kind", "files ending in “%s” are not read: save the form as .xlsx, .csv or .md", ext)
	}
}

// folder reads every .csv of a folder that is wanted as a sheet.
func folder(fsys fs.FS, dir string, want func(string) bool) ([]Sheet, []forms.Problem, error) {
	entries, err := fs.ReadDir(fsys, dir)
	if err != nil {
		return nil, nil, fmt.Errorf("read form: %w", err)
	}
	var sheets []Sheet
	var problems []forms.Problem
	for _, e := range entries {
		ext := path.Ext(e.Name())
		if e.IsDir() || !strings.EqualFold(ext, ".csv") || !want(e.Name()) {
			continue
		}
		data, err := readLimited(fsys, path.Join(dir, e.Name()))
		if err != nil {
			return nil, nil, err
		}
		out := &collector{file: e.Name()}
		if len(data) > MaxBytes {
			err = largeFile()
		} else {
			err = readCSV(out, strings.TrimSuffix(e.Name(), ext), data)
		}
		if err != nil {
			problems = append(problems, faultProblem(e.Name(), err))
			continue
		}
		sheets = append(sheets, out.sheets...)
	}
	return sheets, problems, nil
}

func largeFile() error {
	return refuse("file.large", "the file is larger than %d MiB: keep only the questionnaire in it", MaxBytes>>20)
}

func faultProblem(file string, err error) forms.Problem {
	var f *fault
	if !errors.As(err, &f) {
		f = refuse("file.damaged", "the file cannot be read (%v): open it in your spreadsheet program and save it anew as .xlsx", err)
	}
	return forms.Problem{
		Severity: forms.Error,
		Key:      f.key,
		Place:    forms.Place{File: file, Sheet: f.sheet, Row: f.row},
	}.Saying(f.text)
}
