package xlsform

import (
	"bytes"
	"errors"
	"path"
	"strconv"
	"strings"

	"github.com/comparanda/comparanda/forms"
	"github.com/comparanda/comparanda/forms/message"
)

// workbook is an .xlsx file on its way to sheets.
type workbook struct {
	zip    *archive
	out    rowSink
	file   string           // the workbook's name, for places
	notes  *[]forms.Problem // warnings met on the way
	shared []string
	dates  []dateKind // by cell style
	date04 bool       // days count from 1904, as on old Macintoshes
}

// rowSink takes the cells of a sheet, row by row.
type rowSink interface {
	row(number int)
	cell(column int, text string, kind CellKind) error
	closeRow() error
}

// plainSink is a collector that does not ask what a cell's text was.
type plainSink struct{ *collector }

func (p plainSink) cell(column int, text string, _ CellKind) error {
	return p.collector.cell(column, text)
}

// begin lists the sheets, and reads what all of them share: texts and styles.
func (w *workbook) begin() ([]tab, error) {
	book, err := w.bookPart()
	if err != nil {
		return nil, err
	}
	tabs, err := w.tabs(book)
	if err != nil {
		return nil, err
	}
	if err := w.readStrings(path.Dir(book)); err != nil {
		return nil, err
	}
	return tabs, w.readStyles(path.Dir(book))
}

// readXLSX reads the sheets that want names; the others keep only their names.
func readXLSX(out *collector, data []byte, want func(sheet string) bool) error {
	z, err := openArchive(bytes.NewReader(data), int64(len(data)), formLimits)
	if err != nil {
		return err
	}
	w := &workbook{zip: z, out: plainSink{out}, file: out.file, notes: &out.notes}
	tabs, err := w.begin()
	if err != nil {
		return err
	}
	for _, tab := range tabs {
		if err := out.open(tab.name); err != nil {
			return err
		}
		if !want(tab.name) || tab.part == "" {
			continue
		}
		if err := w.readSheet(tab); err != nil {
			return err
		}
	}
	return nil
}

// bookPart finds the workbook's main part.
func (w *workbook) bookPart() (string, error) {
	for name := range w.zip.parts {
		switch name {
		case "xl/workbook.bin":
			return "", refuse("file.kind", "this is a binary workbook (.xlsb): open it in Excel and save it as “Excel Workbook (.xlsx)”")
		case "content.xml":
			return "", refuse("file.kind", "this is an OpenDocument spreadsheet (.ods): open it in your spreadsheet program and save it as “Excel 2007-365 (.xlsx)”")
		case "word/document.xml":
			return "", refuse("file.kind", "this is a Word document: a form is a workbook with the sheets survey, choices and settings")
		}
	}
	rels, err := w.relations("_rels/.rels", "")
	if err != nil {
		return "", err
	}
	for _, r := range rels {
		if strings.HasSuffix(r.kind, "/officeDocument") {
			if _, there := w.zip.parts[strings.ToLower(r.target)]; there {
				return r.target, nil
			}
		}
	}
	if _, there := w.zip.parts["xl/workbook.xml"]; there {
		return "xl/workbook.xml", nil
	}
	return "", refuse("file.kind", "the file is a zip, but no workbook: save the form as “Excel Workbook (.xlsx)”")
}

type relation struct{ id, kind, target string }

// relations reads a relations part; targets are resolved against dir. A workbook
// without that part has no relations.
func (w *workbook) relations(name, dir string) ([]relation, error) {
	data, err := w.zip.part(name)
	if errors.Is(err, errNoPart) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	var found []relation
	err = eachElement(name, data, "Relationship", func(s *xmlScanner) {
		var r relation
		r.id, _ = s.attr("Id")
		r.kind, _ = s.attr("Type")
		target, _ := s.attr("Target")
		if strings.HasPrefix(target, "/") {
			r.target = path.Clean(target)[1:]
		} else {
			r.target = path.Join(dir, target)
		}
		found = append(found, r)
	})
	return found, err
}

type tab struct {
	name, part string
	hidden     bool
}

// tabs lists the sheets in the order of their tabs.
func (w *workbook) tabs(book string) ([]tab, error) {
	dir := path.Dir(book)
	rels, err := w.relations(path.Join(dir, "_rels", path.Base(book)+".rels"), dir)
	if err != nil {
		return nil, err
	}
	targets := make(map[string]string, len(rels))
	for _, r := range rels {
		if strings.HasSuffix(r.kind, "/worksheet") {
			targets[r.id] = r.target
		}
	}
	data, err := w.zip.part(book)
	if err != nil {
		return nil, err
	}
	var found []tab
	err = eachElement(book, data, "", func(s *xmlScanner) {
		switch string(s.name) {
		case "workbookPr":
			v, _ := s.attr("date1904")
			w.date04 = v == "1" || v == "true"
		case "sheet":
			name, _ := s.attr("name")
			id, _ := s.attr("id")
			state, _ := s.attr("state")
			found = append(found, tab{name: trim(name), part: targets[id], hidden: state != "" && state != "visible"})
		}
	})
	if err == nil && len(found) > maxSheets {
		err = refuse("file.sheets", "the workbook has more than %d sheets: keep survey, choices and settings, and delete the others", maxSheets)
	}
	return found, err
}

// eachElement visits every element called name, or every element when name is "".
func eachElement(part string, data []byte, name string, visit func(*xmlScanner)) error {
	s := &xmlScanner{data: data}
	for {
		token, err := s.next()
		if err != nil {
			return damagedPart(part, err)
		}
		switch {
		case token == xmlEnd:
			return nil
		case token == xmlOpen && (name == "" || string(s.name) == name):
			visit(s)
		}
	}
}

// readStrings reads the texts that cells share.
func (w *workbook) readStrings(dir string) error {
	part := path.Join(dir, "sharedStrings.xml")
	data, err := w.zip.part(part)
	if errors.Is(err, errNoPart) {
		return nil
	}
	if err != nil {
		return err
	}
	s := &xmlScanner{data: data}
	for {
		token, err := s.next()
		if err != nil {
			return damagedPart(part, err)
		}
		if token == xmlEnd {
			return nil
		}
		if token == xmlOpen && string(s.name) == "si" {
			text, err := richText(s, "si")
			if err != nil {
				return damagedPart(part, err)
			}
			w.shared = append(w.shared, text)
		}
	}
}

// richText gathers the runs of a text up to the end of the element called until.
// Phonetic guides are left out.
func richText(s *xmlScanner, until string) (string, error) {
	var text []byte
	inText, inGuide := false, false
	for {
		token, err := s.next()
		if err != nil {
			return "", err
		}
		switch token {
		case xmlEnd:
			return "", errXML
		case xmlOpen:
			switch string(s.name) {
			case "t":
				inText = true
			case "rPh":
				inGuide = true
			}
		case xmlClose:
			switch string(s.name) {
			case until:
				return unescapeCR(string(text)), nil
			case "t":
				inText = false
			case "rPh":
				inGuide = false
			}
		case xmlText:
			if inText && !inGuide {
				text = append(text, s.value()...)
			}
		}
	}
}

// unescapeCR resolves the one _xHHHH_ escape that Excel writes by itself; the others
// only come from text that somebody made look like an escape.
func unescapeCR(text string) string {
	if !strings.Contains(text, "_x") {
		return text
	}
	return strings.ReplaceAll(strings.ReplaceAll(text, "_x000D_", ""), "_x005F_x", "_x")
}

// readSheet reads the rows of one sheet, hidden ones too.
func (w *workbook) readSheet(t tab) error {
	part, err := w.zip.open(t.part)
	if errors.Is(err, errNoPart) {
		return refuse("file.damaged", "the sheet is named in the workbook but is not in the file: open it in your spreadsheet program and save it anew as .xlsx").at(t.name, 0)
	}
	if err != nil {
		return err
	}
	defer part.Close() //nolint:errcheck // what was read is checked by its sum
	s := &xmlScanner{src: part}
	row := 0
	for {
		token, err := s.next()
		if err != nil {
			return w.damagedSheet(t, row, err)
		}
		if token == xmlEnd {
			return w.damagedSheet(t, row, errXML)
		}
		if token == xmlClose && string(s.name) == "sheetData" || token == xmlOpen && string(s.name) == "sheetData" && s.empty {
			w.noteMerged(s, t)
			return nil
		}
		if token != xmlOpen || string(s.name) != "row" {
			continue
		}
		row++
		if r, ok := s.attr("r"); ok {
			n, err := strconv.Atoi(r)
			if err != nil || n < row || n > 1<<20 {
				return w.damagedSheet(t, row, message.New("row %q after row %d", r, row-1))
			}
			row = n
		}
		if s.empty {
			continue
		}
		w.out.row(row)
		if err := w.readRow(s, t, row); err != nil {
			return err
		}
		if err := w.out.closeRow(); err != nil {
			return err
		}
	}
}

func (w *workbook) damagedSheet(t tab, row int, err error) error {
	if f := (*fault)(nil); errors.As(err, &f) {
		return &fault{key: f.key, sheet: t.name, row: row, text: f.text}
	}
	return refuse("file.damaged", "the sheet is damaged here or was cut off (%v): open the workbook in your spreadsheet program and save it anew as .xlsx", err).at(t.name, row)
}

// readRow reads cells up to the end of the row.
func (w *workbook) readRow(s *xmlScanner, t tab, row int) error {
	column := 0
	for {
		token, err := s.next()
		switch {
		case err != nil:
			return w.damagedSheet(t, row, err)
		case token == xmlEnd:
			return w.damagedSheet(t, row, errXML)
		case token == xmlClose && string(s.name) == "row":
			return nil
		case token != xmlOpen || string(s.name) != "c":
			continue
		}
		column++
		if ref, ok := s.attr("r"); ok {
			if column, ok = columnOf(ref); !ok {
				return w.damagedSheet(t, row, message.New("cell %q", ref))
			}
		}
		if s.empty {
			if _, err := s.next(); err != nil { // its own end
				return w.damagedSheet(t, row, err)
			}
			continue
		}
		c := rawCell{}
		c.kind, _ = s.attr("t")
		style, _ := s.attr("s")
		if err := c.read(s); err != nil {
			return w.damagedSheet(t, row, err)
		}
		text, ok := w.cellText(c, style)
		if !ok {
			w.note(t, row, column, c)
		}
		if err := w.out.cell(column, text, w.cellKind(c, style)); err != nil {
			return err
		}
	}
}

// columnOf reads the letters of a cell's address.
func columnOf(ref string) (int, bool) {
	n := 0
	for i := 0; i < len(ref); i++ {
		c := ref[i] &^ 0x20 // upper case
		if c < 'A' || c > 'Z' {
			return n, n > 0
		}
		if n = n*26 + int(c-'A') + 1; n > maxColumns {
			return 0, false
		}
	}
	return n, n > 0
}

// rawCell is a cell as the file has it.
type rawCell struct {
	kind    string // attribute t
	value   string // element v
	inline  string // element is
	formula bool
}

// read goes to the end of the cell.
func (c *rawCell) read(s *xmlScanner) error {
	inValue := false
	var value []byte
	for {
		token, err := s.next()
		if err != nil {
			return err
		}
		switch token {
		case xmlEnd:
			return errXML
		case xmlOpen:
			switch string(s.name) {
			case "v":
				inValue = true
			case "f":
				c.formula = true
			case "is":
				if c.inline, err = richText(s, "is"); err != nil {
					return err
				}
			}
		case xmlClose:
			switch string(s.name) {
			case "c":
				c.value = string(value)
				return nil
			case "v":
				inValue = false
			}
		case xmlText:
			if inValue {
				value = append(value, s.value()...)
			}
		}
	}
}

// note warns of a cell that shows an error, or a formula that was never calculated.
func (w *workbook) note(t tab, row, column int, c rawCell) {
	p := forms.Problem{
		Severity: forms.Warning,
		Key:      "cell.error",
		Place:    forms.Place{File: w.file, Sheet: t.name, Row: row, Column: columnLetters(column)},
	}
	text := message.New("the cell shows the error %s and is read as empty: mend its formula", c.value)
	if c.formula && c.kind != "e" {
		p.Key = "cell.formula"
		text = message.New("the formula has no stored result and is read as empty: open the workbook in your spreadsheet program and save it")
	}
	w.add(p.Saying(text))
}

// add keeps a warning about a cell, as long as somebody will read it.
func (w *workbook) add(p forms.Problem) {
	const enough = 50
	if len(*w.notes) < enough {
		*w.notes = append(*w.notes, p)
	}
}
