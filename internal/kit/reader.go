package kit

import (
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"strings"

	"github.com/comparanda/comparanda/forms"
	"github.com/comparanda/comparanda/forms/xlsform"
	"github.com/comparanda/comparanda/internal/study"
)

// reader turns the sheets of a kit into a Kit.
type reader struct {
	fsys          fs.FS
	name          string
	folder        bool
	data          []byte // of a workbook
	sheets        map[string]xlsform.Sheet
	exampleSheets []xlsform.Sheet
	kit           *Kit
	byID          map[string]*Form
	problems      []forms.Problem
}

// open reads all sheets of the kit. Examples lie in a folder of their own, or on
// sheets whose names begin with "examples".
func (r *reader) open() error {
	info, err := fs.Stat(r.fsys, r.name)
	if err != nil {
		return fmt.Errorf("read kit: %w", err)
	}
	r.folder = info.IsDir()
	if !r.folder {
		if r.data, err = fs.ReadFile(r.fsys, r.name); err != nil {
			return fmt.Errorf("read kit: %w", err)
		}
	}
	sheets, problems, err := xlsform.Sheets(r.fsys, r.name)
	if err != nil {
		return err
	}
	r.problems = problems
	if info, err := fs.Stat(r.fsys, "examples"); r.folder && err == nil && info.IsDir() {
		more, problems, err := xlsform.Sheets(r.fsys, "examples")
		if err != nil {
			return err
		}
		r.problems = append(r.problems, inFolder("examples", problems)...)
		for i := range more {
			more[i].File = "examples/" + more[i].File
		}
		r.exampleSheets = more
	}
	r.sheets = map[string]xlsform.Sheet{}
	for _, s := range sheets {
		name := strings.ToLower(strings.TrimSpace(s.Name))
		if strings.HasPrefix(name, "examples") {
			r.exampleSheets = append(r.exampleSheets, s)
			continue
		}
		r.sheets[name] = s
	}
	return nil
}

// inFolder puts a folder before the file names of problems.
func inFolder(folder string, problems []forms.Problem) []forms.Problem {
	for i := range problems {
		if p := &problems[i].Place; p.File != "" {
			p.File = folder + "/" + p.File
		}
	}
	return problems
}

// report adds an Error. The text names the remedy.
func (r *reader) report(place forms.Place, column, key, format string, args ...any) {
	place.Column = column
	r.problems = append(r.problems, forms.Problem{Severity: forms.Error, Key: key, Place: place, Text: fmt.Sprintf(format, args...)})
}

// rows gives the rows of a sheet. A sheet that must be there and is not, and columns
// that it must have and has not, are problems; then there are no rows.
func (r *reader) rows(name string, must bool, columns ...string) []xlsform.Record {
	sheet, found := r.sheets[name]
	if !found {
		if must {
			r.report(forms.Place{File: r.file(), Sheet: name}, "", "kit.sheet", "the kit has no sheet “%s”: add it", name)
		}
		return nil
	}
	return r.rowsOf(sheet, columns...)
}

func (r *reader) rowsOf(sheet xlsform.Sheet, columns ...string) []xlsform.Record {
	have := map[string]bool{}
	for _, cell := range sheet.Header() {
		have[strings.ToLower(strings.TrimSpace(cell.Text))] = true
	}
	complete := true
	for _, column := range columns {
		if have[column] {
			continue
		}
		complete = false
		place := forms.Place{File: sheet.File, Sheet: sheet.Name, Row: 1}
		r.report(place, "", "kit.column", "the column “%s” is missing: add it; the sheet needs %s", column, strings.Join(columns, ", "))
	}
	if !complete {
		return nil
	}
	return sheet.Records()
}

func (r *reader) file() string {
	if r.folder {
		return ""
	}
	return r.name
}

// text reads the columns "label::English (en)" of a row, for the prefix "label". A
// text that lacks one of the study's languages is a problem when must is set.
func (r *reader) text(rec xlsform.Record, prefix string, must bool) study.Text {
	t := study.Text{}
	for _, column := range slices.Sorted(maps.Keys(rec.Fields)) {
		rest, found := strings.CutPrefix(column, prefix+"::")
		if !found {
			continue
		}
		code := languageCode(rest)
		if code == "" {
			r.report(rec.Place, column, "kit.language", "this column names no language: write its code in parentheses, as in “%s::Español (es)”", prefix)
			continue
		}
		if s := strings.TrimSpace(rec.Fields[column]); s != "" {
			t[study.Lang(code)] = s
		}
	}
	if must {
		for _, lang := range r.kit.Study.Languages {
			if t[lang] == "" {
				r.report(rec.Place, prefix, "kit.text", "the text in the language “%s” is missing: add it", lang)
			}
		}
	}
	if len(t) == 0 {
		return nil
	}
	return t
}

// languageCode is what stands in the parentheses of "Español (es)", or the text itself
// when it is a plain code.
func languageCode(s string) string {
	if open := strings.LastIndexByte(s, '('); open >= 0 && strings.HasSuffix(s, ")") {
		return strings.TrimSpace(s[open+1 : len(s)-1])
	}
	if len(s) == 2 {
		return s
	}
	return ""
}

// choice reads a cell that must hold one of a few words.
func (r *reader) choice(rec xlsform.Record, column string, words ...string) string {
	v := strings.ToLower(strings.TrimSpace(rec.Fields[column]))
	if !slices.Contains(words, v) {
		r.report(rec.Place, column, "kit.word", "“%s” is not one of %s: write one of them", rec.Fields[column], strings.Join(words, ", "))
		return ""
	}
	return v
}
