package kit

import (
	"archive/zip"
	"bytes"
	"encoding/csv"
	"fmt"
	"io/fs"
	"path"
	"strings"

	"github.com/comparanda/comparanda/forms/xlsform"
	"github.com/comparanda/comparanda/internal/study"
)

// instruments reads the sheet of instruments and the questionnaire of each.
func (r *reader) instruments() error {
	for _, rec := range r.rows("instruments", true, "folder", "kind") {
		folder := strings.TrimSpace(rec.Fields["folder"])
		kind := study.InstrumentKind(r.choice(rec, "kind", string(study.Questionnaire), string(study.InterviewKind)))
		title := r.text(rec, "label", true)
		if folder != "" && !fs.ValidPath(folder) {
			r.report(rec.Place, "folder", "kit.folder", "“%s” is not the name of a folder in the kit: write it without slashes at its ends", folder)
			continue
		}
		f, err := r.form(folder, rec)
		if err != nil {
			return err
		}
		if f == nil {
			continue
		}
		if r.byID[f.ID] != nil {
			r.report(rec.Place, "folder", "kit.duplicate", "two forms have the id “%s”: change form_id on the settings sheet of one", f.ID)
			continue
		}
		f.Kind = kind
		r.kit.Forms = append(r.kit.Forms, *f)
		r.byID[f.ID] = f
		r.kit.Study.Instruments = append(r.kit.Study.Instruments, study.Instrument{FormID: f.ID, Kind: kind, Title: title})
	}
	return nil
}

// form reads one questionnaire: a folder of the kit, or in a workbook the sheets
// survey, choices and settings, and "NAME.survey" and so on for further ones.
func (r *reader) form(folder string, rec xlsform.Record) (*Form, error) {
	fsys, name := r.fsys, folder
	if folder == "" {
		name = "."
	}
	if !r.folder {
		var err error
		if fsys, err = r.formOfWorkbook(folder); err != nil {
			return nil, fmt.Errorf("read form %s of kit: %w", folder, err)
		}
		name = "."
	}
	if _, err := fs.Stat(fsys, path.Join(name, "survey.csv")); err != nil {
		r.report(rec.Place, "folder", "kit.folder", "the kit has no survey sheet for the instrument “%s”: add it, or correct the name", folder)
		return nil, nil
	}
	f, problems, err := xlsform.ReadFS(fsys, name)
	if err != nil {
		return nil, err
	}
	if folder != "" {
		problems = inFolder(folder, problems)
	}
	if f != nil && r.folder {
		problems = append(problems, xlsform.Attach(f, fsys, name, path.Join(name, "media"))...)
	}
	r.problems = append(r.problems, problems...)
	if f == nil {
		return nil, nil
	}
	if f.ID == "" {
		r.report(rec.Place, "folder", "kit.form_id", "the form has no id: write form_id on its settings sheet")
		return nil, nil
	}
	out := &Form{Form: f, Source: r.data, SourceName: r.name}
	if r.folder {
		out.SourceName = f.ID + ".zip"
		files, err := filesOf(fsys, name)
		if err == nil {
			out.Source, err = zipped(files)
		}
		if err != nil {
			return nil, fmt.Errorf("keep the source of form %s: %w", f.ID, err)
		}
	}
	return out, nil
}

// formOfWorkbook lays the sheets of one questionnaire out as a folder of CSV files.
// Rows keep their numbers, so that problems name the row of the workbook.
func (r *reader) formOfWorkbook(prefix string) (fs.FS, error) {
	var files []file
	for _, name := range []string{"survey", "choices", "settings"} {
		key := name
		if prefix != "" {
			key = strings.ToLower(prefix) + "." + name
		}
		if sheet, found := r.sheets[key]; found {
			files = append(files, file{name + ".csv", asCSV(sheet)})
		}
	}
	data, err := zipped(files)
	if err != nil {
		return nil, err
	}
	return zip.NewReader(bytes.NewReader(data), int64(len(data)))
}

func asCSV(sheet xlsform.Sheet) []byte {
	width := 0
	for _, row := range sheet.Rows {
		for _, cell := range row.Cells {
			width = max(width, cell.Column)
		}
	}
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	next := 1
	for _, row := range sheet.Rows {
		for ; next < row.Number; next++ {
			b.WriteString(strings.Repeat(",", max(width-1, 1)) + "\n")
		}
		line := make([]string, width)
		for _, cell := range row.Cells {
			line[cell.Column-1] = cell.Text
		}
		w.Write(line) //nolint:errcheck // a bytes.Buffer takes everything
		w.Flush()
		next++
	}
	return b.Bytes()
}

type file struct {
	name string
	data []byte
}

// filesOf reads the CSV files of a folder.
func filesOf(fsys fs.FS, folder string) ([]file, error) {
	names, err := fs.Glob(fsys, path.Join(folder, "*.csv"))
	if err != nil {
		return nil, err
	}
	var files []file
	for _, name := range names {
		data, err := fs.ReadFile(fsys, name)
		if err != nil {
			return nil, err
		}
		files = append(files, file{path.Base(name), data})
	}
	return files, nil
}

// zipped packs files, the same bytes every time.
func zipped(files []file) ([]byte, error) {
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, f := range files {
		w, err := z.Create(f.name)
		if err != nil {
			return nil, err
		}
		if _, err := w.Write(f.data); err != nil {
			return nil, err
		}
	}
	if err := z.Close(); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}
