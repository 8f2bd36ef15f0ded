package xlsform

import (
	"archive/zip"
	"bytes"
	"fmt"
	"strings"
	"testing"

	"github.com/comparanda/comparanda/forms"
)

// book builds an .xlsx file from its parts, so that tests can damage each of them.
type parts map[string]string

const (
	relsXML  = `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>`
	xmlMain  = `xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"`
	surveyOK = `<row r="1"><c r="A1" t="inlineStr"><is><t>type</t></is></c><c r="B1" t="inlineStr"><is><t>name</t></is></c><c r="C1" t="inlineStr"><is><t>label</t></is></c></row>` +
		`<row r="2"><c r="A2" t="inlineStr"><is><t>text</t></is></c><c r="B2" t="inlineStr"><is><t>q</t></is></c><c r="C2" t="inlineStr"><is><t>Q</t></is></c></row>`
)

// workbookOf is a workbook with these sheets; each content is what stands in sheetData.
func workbookOf(sheets ...string) parts {
	p := parts{"_rels/.rels": relsXML}
	var list, rels strings.Builder
	for i := 0; i+1 < len(sheets); i += 2 {
		fmt.Fprintf(&list, `<sheet name="%s" sheetId="%d" r:id="s%d"/>`, sheets[i], i+1, i)
		fmt.Fprintf(&rels, `<Relationship Id="s%d" Type="x/worksheet" Target="worksheets/s%d.xml"/>`, i, i)
		p[fmt.Sprintf("xl/worksheets/s%d.xml", i)] = `<worksheet ` + xmlMain + `><sheetData>` + sheets[i+1] + `</sheetData></worksheet>`
	}
	p["xl/workbook.xml"] = `<workbook ` + xmlMain + `><sheets>` + list.String() + `</sheets></workbook>`
	p["xl/_rels/workbook.xml.rels"] = `<Relationships>` + rels.String() + `</Relationships>`
	return p
}

func (p parts) zip(t testing.TB) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for name, content := range p {
		w, err := z.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write([]byte(content)); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func (p parts) with(name, content string) parts {
	p[name] = content
	return p
}

// manyRows writes rows without addresses, each with a number of its own.
func manyRows(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, `<row><c><v>%d</v></c></row>`, i*7919)
	}
	return b.String()
}

func inline(ref, text string) string {
	return `<c r="` + ref + `" t="inlineStr"><is><t>` + text + `</t></is></c>`
}

// A file that was made to hurt, or was hurt on its way, ends as a problem with its place.
func TestHostileWorkbooks(t *testing.T) {
	t.Parallel()
	good := workbookOf("survey", surveyOK).zip(t)
	members := workbookOf("survey", surveyOK)
	for i := range 3000 {
		members[fmt.Sprintf("xl/media/%d", i)] = ""
	}
	for _, tt := range []struct {
		name  string
		data  []byte
		key   string
		sheet string
		row   int
	}{
		{"cut off", good[:len(good)/2], "file.damaged", "", 0},
		{"not a workbook at all", []byte("hello"), "file.damaged", "", 0},
		{"empty", nil, "file.empty", "", 0},
		{"a part that unpacks to 40 MB", workbookOf("survey", strings.Repeat(" ", 40<<20)).zip(t), "file.large", "", 0},
		{"a part that unpacks a thousandfold", workbookOf("survey", strings.Repeat(" ", 20<<20)).zip(t), "file.large", "", 0},
		{"3,000 members", members.zip(t), "file.zip", "", 0},
		{"a member outside", workbookOf("survey", surveyOK).with("../../etc/passwd", "x").zip(t), "file.zip", "", 0},
		{"10,000 sheets", parts{"_rels/.rels": relsXML, "xl/workbook.xml": `<workbook><sheets>` + strings.Repeat(`<sheet name="a" r:id="r"/>`, 10_000) + `</sheets></workbook>`}.zip(t), "file.sheets", "", 0},
		{"no survey", workbookOf("Sheet1", surveyOK).zip(t), "sheet.missing", "", 0},
		{"a document type", parts{"_rels/.rels": relsXML, "xl/workbook.xml": `<!DOCTYPE x [<!ENTITY a "b">]><workbook/>`}.zip(t), "file.damaged", "", 0},
		{"a sheet that ends early", workbookOf("survey", surveyOK).with("xl/worksheets/s0.xml", `<worksheet><sheetData>`+surveyOK+`<row r="3"><c r="A3"`).zip(t), "file.damaged", "survey", 3},
		{"rows that go back", workbookOf("survey", surveyOK+`<row r="1"></row>`).zip(t), "file.damaged", "survey", 3},
		{"a column beyond XFD", workbookOf("survey", surveyOK+`<row r="3">`+inline("XFE3", "x")+`</row>`).zip(t), "file.damaged", "survey", 3},
		{"a cell of 200 kB", workbookOf("survey", surveyOK+`<row r="3">`+inline("A3", strings.Repeat("x", 200<<10))+`</row>`).zip(t), "file.cell", "survey", 3},
		{"250,000 rows", workbookOf("survey", surveyOK+manyRows(250_000)).zip(t), "file.rows", "survey", 200_001},
		{"an OpenDocument spreadsheet", parts{"content.xml": "<a/>", "mimetype": "x"}.zip(t), "file.kind", "", 0},
		{"a binary workbook", parts{"xl/workbook.bin": "x"}.zip(t), "file.kind", "", 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			f, problems := Parse("form.xlsx", tt.data)
			if f != nil {
				t.Fatalf("the form was accepted")
			}
			last := problems[len(problems)-1]
			if last.Key != tt.key || last.Severity != forms.Error || last.Place.File != "form.xlsx" || last.Place.Sheet != tt.sheet || last.Place.Row != tt.row {
				t.Errorf("got %s %v\nwant %s in sheet %q, row %d", last.Key, last, tt.key, tt.sheet, tt.row)
			}
		})
	}
}

// What looks hostile but is not: it is read.
func TestOddWorkbooks(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name string
		data []byte
	}{
		{"as written", workbookOf("survey", surveyOK).zip(t)},
		{"a far cell", workbookOf("survey", surveyOK+`<row r="1048576">`+inline("XFD1048576", "x")+`</row>`).zip(t)},
		{"rows and cells without addresses", workbookOf("survey", strings.NewReplacer(` r="1"`, "", ` r="2"`, "", ` r="A1"`, "", ` r="B1"`, "", ` r="C1"`, "", ` r="A2"`, "", ` r="B2"`, "", ` r="C2"`, "").Replace(surveyOK)).zip(t)},
		{"prefixed elements", workbookOf("survey", surveyOK).with("xl/worksheets/s0.xml", `<x:worksheet><x:sheetData>`+strings.NewReplacer("</", "</x:", "<row", "<x:row", "<c ", "<x:c ", "<is", "<x:is", "<t>", "<x:t>").Replace(surveyOK)+`</x:sheetData></x:worksheet>`).zip(t)},
		{"a far sheet nobody reads", workbookOf("survey", surveyOK, "notes", `<row r="1"><c r="ZZZZ1"/></row>`).zip(t)},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			f, problems := Parse("form.xlsx", tt.data)
			if f == nil || len(f.Children) != 1 || f.Children[0].Label[""] != "Q" {
				t.Errorf("form %+v, problems %v", f, problems)
			}
		})
	}
}

func TestCells(t *testing.T) {
	t.Parallel()
	p := workbookOf("t", `<row r="3">`+
		`<c r="A3"><v>1</v></c><c r="B3"><v>0.10000000000000001</v></c><c r="C3"><v>1E3</v></c>`+
		`<c r="D3" t="b"><v>1</v></c><c r="E3" s="1"><v>43616</v></c><c r="F3" s="2"><v>43616.5</v></c>`+
		`<c r="G3" s="3"><v>0.5</v></c><c r="H3" t="str"><f>A3&amp;"x"</f><v>1x</v></c><c r="I3" t="s"><v>0</v></c>`+
		`<c r="J3" t="e"><f>1/0</f><v>#DIV/0!</v></c><c r="K3"><f>A3+1</f></c><c r="L3" t="inlineStr"><is><t>&lt;b&gt; &#233;</t></is></c>`+
		`</row>`)
	p["xl/styles.xml"] = `<styleSheet><numFmts><numFmt numFmtId="164" formatCode="dd/mm/yyyy\ hh:mm"/></numFmts><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="164"/><xf numFmtId="20"/></cellXfs></styleSheet>`
	p["xl/sharedStrings.xml"] = `<sst><si><r><t>rich</t></r><r><t xml:space="preserve"> text</t></r><rPh><t>x</t></rPh></si></sst>`
	sheets, problems := ParseSheets("t.xlsx", p.zip(t))
	if len(sheets) != 1 || len(sheets[0].Rows) != 1 || sheets[0].Rows[0].Number != 3 {
		t.Fatalf("sheets %+v, problems %v", sheets, problems)
	}
	want := []string{"1", "0.1", "1000", "TRUE", "2019-05-31", "2019-05-31T12:00:00", "12:00:00", "1x", "rich text", "", "", "<b> é"}
	for i, w := range want {
		if got := sheets[0].Rows[0].Text(i + 1); got != w {
			t.Errorf("cell %s3 = %q; want %q", columnLetters(i+1), got, w)
		}
	}
	if len(problems) != 2 || problems[0].Place.Column != "J" || problems[1].Key != "cell.formula" {
		t.Errorf("problems %v", problems)
	}
}

func TestDates(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		serial float64
		kind   dateKind
		date04 bool
		want   string
	}{
		{1, dateOnly, false, "1900-01-01"},
		{59, dateOnly, false, "1900-02-28"},
		{61, dateOnly, false, "1900-03-01"}, // Excel's 60 is a day that never was
		{43616, dateOnly, false, "2019-05-31"},
		{42154, dateOnly, true, "2019-05-31"},
		{43616.75, dateAndTime, false, "2019-05-31T18:00:00"},
		{43616, dateAndTime, false, "2019-05-31"},
	} {
		got, ok := dateText(tt.serial, tt.kind, tt.date04)
		if !ok || got != tt.want {
			t.Errorf("dateText(%v) = %q; want %q", tt.serial, got, tt.want)
		}
	}
	for code, want := range map[string]dateKind{
		"General": notDate, "0.00": notDate, `0" days"`: notDate, "[Red]0": notDate, "yyyy-mm-dd": dateOnly,
		"h:mm AM/PM": timeOnly, "[h]:mm": timeOnly, "d/m/yy h:mm": dateAndTime, "0.00E+00": notDate, `[$-C0A]d" de "mmmm`: dateOnly,
	} {
		if got := formatKind(code); got != want {
			t.Errorf("formatKind(%q) = %v; want %v", code, got, want)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add("f.md", []byte("| survey | type | name | label |\n| | text | a | ${a} |"))
	f.Add("f.csv", []byte("survey\n,type,name,label\n,range,a,A\n"))
	f.Add("f.xlsx", workbookOf("survey", surveyOK).zip(f))
	f.Add("f.xls", compound("Workbook", biffBook(nil, biffRecord(biffRK, make([]byte, 10)))))
	f.Fuzz(func(t *testing.T, name string, data []byte) {
		out := &collector{file: name}
		if err := parseInto(out, name, data, formSheet); err != nil {
			return
		}
		build(name, out.sheets, nil)
	})
}

// FuzzSheet changes one part of a workbook at a time: zips rarely survive a change.
func FuzzSheet(f *testing.F) {
	f.Add("xl/worksheets/s0.xml", `<worksheet><sheetData>`+surveyOK+`</sheetData></worksheet>`)
	f.Add("xl/styles.xml", `<styleSheet><cellXfs><xf numFmtId="14"/></cellXfs></styleSheet>`)
	f.Add("xl/sharedStrings.xml", `<sst><si><t>a</t></si></sst>`)
	f.Add("xl/workbook.xml", `<workbook><sheets><sheet name="survey" r:id="s0"/></sheets></workbook>`)
	f.Fuzz(func(t *testing.T, part, content string) {
		if strings.HasSuffix(part, "/") {
			t.Skip("a folder has no content")
		}
		out := &collector{file: "f.xlsx"}
		data := workbookOf("survey", surveyOK).with(part, content).zip(t)
		if err := parseInto(out, "f.xlsx", data, formSheet); err != nil {
			return
		}
		build("f.xlsx", out.sheets, nil)
	})
}
