package legacy

import (
	"archive/zip"
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/comparanda/comparanda/forms"
	"github.com/comparanda/comparanda/forms/fill"
)

// TestRefusals gives files that cannot be read: each has its own code and a remedy.
func TestRefusals(t *testing.T) {
	t.Parallel()
	book, err := os.ReadFile("testdata/kobo-repeats.xlsx")
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		name, file, data, code string
	}{
		{"an empty file", "a.csv", "", "file.empty"},
		{"a PDF called .csv", "a.csv", "%PDF-1.7 ...", "file.kind"},
		{"a web page called .xls", "a.xls", "<html><table><tr><td>1</td></tr></table></html>", "file.kind"},
		{"an old binary workbook cut off", "a.xlsx", "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + strings.Repeat("\x00", 600), "file.damaged"},
		{"a workbook cut off on its way", "a.xlsx", string(book[:len(book)/2]), "file.damaged"},
		{"text called .xlsx", "a.xlsx", "a,b\n1,2\n", "file.damaged"},
		{"a zip without tables", "a.zip", zipped(t, "readme.txt", "hello"), "zip.empty"},
		{"a zip in a zip", "a.zip", zipped(t, "b.xlsx", zipped(t, "c.csv", "a,b\n1,2\n")), "zip.nested"},
		{"a path that leaves the zip", "a.zip", zipped(t, "../c.csv", "a,b\n1,2\n"), "file.zip"},
		{"a quotation mark that is never closed", "a.csv", "a,b\n1,\"2\n3,4\n", "csv.quote"},
		{"a line without end", "a.csv", "a,b\n" + strings.Repeat("x", 5<<20), "csv.long"},
		{"a hundred thousand columns", "a.csv", strings.Repeat("a,", 100_000) + "\n", "csv.columns"},
		{"a program", "a.csv", "a\x00\x00\x00" + strings.Repeat("\x00\x00b\x00\x00\x00c", 500), "file.kind"},
		{"a bomb", "a.zip", zipped(t, "a.csv", strings.Repeat("0,", 20<<20)), "file.large"},
		{"an encrypted spreadsheet", "a.ods", zipped(t, "mimetype", "application/vnd.oasis.opendocument.spreadsheet", "content.xml", "x",
			"META-INF/manifest.xml", "<m><manifest:encryption-data/></m>"), "file.encrypted"},
		{"a spreadsheet with a document type", "a.ods", zipped(t, "mimetype", "x", "content.xml", "<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>"), "file.damaged"},
		{"a value repeated a million times", "a.ods", zipped(t, "mimetype", "x", "content.xml",
			"<d><table:table table:name='a'><table:table-row table:number-rows-repeated='1000000'><table:table-cell><text:p>x</text:p></table:table-cell></table:table-row></table:table></d>"), "file.rows"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			err := Read(tt.file, strings.NewReader(tt.data), int64(len(tt.data)), &Look{})
			var r *Refusal
			if !errors.As(err, &r) || r.Code != tt.code || r.Remedy == "" {
				t.Errorf("Read = %v (%+v), want code %s", err, r, tt.code)
			}
		})
	}
}

// zipped packs names and contents.
func zipped(t testing.TB, parts ...string) string {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for i := 0; i < len(parts); i += 2 {
		w, err := z.Create(parts[i])
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write([]byte(parts[i+1])); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// TestDelimited reads text as strange as programs write it.
func TestDelimited(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, file, data string
		want             []string // rows, cells between bars
	}{
		{"semicolons", "a.csv", "a;b\n1;2,5\n", []string{"a|b", "1|2,5"}},
		{"tabs", "a.csv", "a\tb\n1\t2, or 3\n", []string{"a|b", "1|2, or 3"}},
		{"carriage returns only", "a.csv", "a,b\r1,2\r3,4", []string{"a|b", "1|2", "3|4"}},
		{"line breaks, delimiters and marks in quotation marks", "a.csv", "a,b\n\"x\r\ny\",\"p,\"\"q\"\"\"\n", []string{"a|b", "x\r\ny|p,\"q\""}},
		{"a space before a mark", "a.csv", "a, b\n\"x\", \"y, z\"\n1, 2\n", []string{"a| b", "x|y, z", "1| 2"}},
		{"text behind a closing mark is kept", "a.csv", "a,b\n\"x\" y,2\n", []string{"a|b", "x y|2"}},
		{"marks that are text between tabs", "a.tsv", "a\tb\n\"x\" y\t\"z\n1\t2\n", []string{"a|b", "\"x\" y|\"z", "1|2"}},
		{"Excel's own first line", "a.csv", "sep=;\na;b\n1;2\n", []string{"a|b", "1|2"}},
		{"Windows-1252", "a.csv", "a,b\ncaf\xe9,\x80 5\n", []string{"a|b", "café|€ 5"}},
		{"UTF-8 with one row of another encoding", "a.csv", "ñandú,b\n" + strings.Repeat("año,é\n", 12) + "caf\xe9,2\n", append(append([]string{"ñandú|b"}, repeated("año|é", 12)...), "café|2")},
		{"UTF-16 without a mark", "a.csv", "a\x00,\x00b\x00\n\x001\x00,\x002\x00\n\x00", []string{"a|b", "1|2"}},
		{"zero bytes are dropped", "a.csv", "a,b\n1\x00,2\n", []string{"a|b", "1|2"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			var got rowTexts
			if err := Read(tt.file, strings.NewReader(tt.data), int64(len(tt.data)), &got); err != nil {
				t.Fatal(err)
			}
			if strings.Join(got.rows, "\n") != strings.Join(tt.want, "\n") {
				t.Errorf("rows %q, want %q", got.rows, tt.want)
			}
		})
	}
}

func repeated(s string, n int) []string {
	out := make([]string, n)
	for i := range out {
		out[i] = s
	}
	return out
}

type rowTexts struct{ rows []string }

func (r *rowTexts) Sheet(Sheet) error  { return nil }
func (r *rowTexts) Note(Problem) error { return nil }
func (r *rowTexts) Row(row Row) error {
	var cells []string
	for _, c := range row.Cells {
		cells = append(cells, c.Text)
	}
	r.rows = append(r.rows, strings.Join(cells, "|"))
	return nil
}

// TestAnyTableGivesAForm lays odd tables out: each gives a form that compiles.
func TestAnyTableGivesAForm(t *testing.T) {
	t.Parallel()
	for i, data := range []string{
		"a", "a\n", "\n\n\n", "1,2,3\n4,5,6\n", ",,\n,,\n", "a,a,a\n1,2,3\n", "name,type,label\nx,text,X\n", "=1+1,@x\n-1,+2\n",
		"\"\",\"\"\n\"\",\"\"\n", "你好,سؤال,🙂\n1,2,3\n", "a/b,a/b/c,a/b/d\nc d,1,1\n,,\n", "x_1_a,x_2_a,x_3\n1,2,3\n", "KEY,PARENT_KEY\n1,1\n2,1\n",
		"country;country\nES;ES\nPanamá;X\n", strings.Repeat("q,", 300) + "\n" + strings.Repeat("1,", 300), "select,instance,true()\n1,2,3\n", "a [x],a [y]\n1,0\n0,1\n", "-,--,---\n1,2,3\n",
	} {
		t.Run(fmt.Sprint(i), func(t *testing.T) {
			t.Parallel()
			tryOut(t, "odd.csv", []byte(data))
		})
	}
}

// tryOut reads a file to its last answer, and wants no panic and a form that compiles.
func tryOut(t testing.TB, name string, data []byte) {
	t.Helper()
	look := &Look{}
	if err := Read(name, bytes.NewReader(data), int64(len(data)), look); err != nil {
		if r := (*Refusal)(nil); errors.As(err, &r) && r.Code != "" && r.Remedy != "" {
			return
		}
		t.Fatalf("no refusal with a remedy: %v", err)
	}
	plan := Infer(name, look.Done())
	if _, problems := fill.Compile(plan.Form); forms.Refused(problems) {
		t.Errorf("the form does not compile: %v", problems)
	}
	result := NewResult(name, plan)
	taker := NewTaker(plan, "", "", func(r *Response) error {
		result.Count(r)
		return nil
	})
	for _, begin := range []func(){taker.Gather, taker.Respond} {
		begin()
		if err := errors.Join(Read(name, bytes.NewReader(data), int64(len(data)), taker), taker.Done()); err != nil {
			t.Fatal(err)
		}
	}
}

func FuzzDelimited(f *testing.F) {
	seeds(f, ".csv", ".tsv")
	f.Fuzz(func(t *testing.T, data []byte) { tryOut(t, "a.csv", data) })
}

func FuzzSpreadsheet(f *testing.F) {
	f.Add([]byte("<d><table:table table:name='a'><table:table-row><table:table-cell table:number-columns-repeated='3' office:value-type='float' office:value='1'><text:p>1</text:p></table:table-cell></table:table-row></table:table></d>"))
	f.Fuzz(func(t *testing.T, content []byte) {
		tryOut(t, "a.ods", []byte(zipped(t, "mimetype", "x", "content.xml", string(content))))
	})
}

func FuzzWorkbook(f *testing.F) {
	f.Add([]byte(`<worksheet><sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>a</t></is></c><c r="C1"><v>1</v></c></row></sheetData><mergeCells><mergeCell ref="A1:B2"/></mergeCells></worksheet>`))
	f.Fuzz(func(t *testing.T, sheet []byte) {
		tryOut(t, "a.xlsx", []byte(zipped(t, "xl/workbook.xml", `<workbook><sheets><sheet name="a" r:id="r1"/></sheets></workbook>`,
			"xl/_rels/workbook.xml.rels", `<R><Relationship Id="r1" Type="x/worksheet" Target="sheet1.xml"/></R>`, "xl/sheet1.xml", string(sheet))))
	})
}

func FuzzZip(f *testing.F) {
	seeds(f, ".zip", ".xlsx", ".ods")
	f.Fuzz(func(t *testing.T, data []byte) { tryOut(t, "a.zip", data) })
}

// FuzzFrames reads what a child that was taken over might write.
func FuzzFrames(f *testing.F) {
	var wire bytes.Buffer
	out := &frameSink{to: &wire}
	if err := errors.Join(out.Sheet(Sheet{Name: "a"}), out.Row(Row{Number: 1, Cells: []Cell{{Column: 1, Text: "x"}}}), out.frame(endFrame)); err != nil {
		f.Fatal(err)
	}
	f.Add(wire.Bytes())
	f.Fuzz(func(_ *testing.T, data []byte) { _, _ = decodeFrames(bufio.NewReader(bytes.NewReader(data)), &Look{}) }) //nolint:errcheck // any error will do
}

func seeds(f *testing.F, endings ...string) {
	f.Helper()
	entries, err := os.ReadDir("testdata")
	if err != nil {
		f.Fatal(err)
	}
	for _, e := range entries {
		for _, ending := range endings {
			if strings.HasSuffix(e.Name(), ending) {
				data, err := os.ReadFile("testdata/" + e.Name())
				if err != nil {
					f.Fatal(err)
				}
				f.Add(data)
			}
		}
	}
}
