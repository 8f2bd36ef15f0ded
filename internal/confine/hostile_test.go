package confine

import (
	"archive/zip"
	"bufio"
	"bytes"
	"compress/flate"
	"context"
	"fmt"
	"io"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/comparanda/comparanda/forms"
	"github.com/comparanda/comparanda/forms/xlsform"
	"github.com/comparanda/comparanda/internal/testkit"
)

const (
	rootRels = `<Relationships><Relationship Id="r1" Type="x/officeDocument" Target="xl/workbook.xml"/></Relationships>`
	bookRels = `<Relationships><Relationship Id="s" Type="x/worksheet" Target="worksheets/s.xml"/></Relationships>`
	book     = `<workbook><sheets><sheet name="survey" sheetId="1" r:id="s"/></sheets></workbook>`
	header   = `<row><c t="str"><v>type</v></c><c t="str"><v>name</v></c><c t="str"><v>label</v></c></row>`
	question = `<row><c t="str"><v>text</v></c><c t="str"><v>q</v></c><c t="str"><v>Q</v></c></row>`
)

// A hostile form is answered within 5 s of processor time and 256 MiB resident, which
// the limits of the run enforce: a form or problems come back, and never an error.
func TestHostileFormsStayWithinLimits(t *testing.T) {
	t.Parallel()
	if runtime.GOOS != "linux" {
		t.Skip("processor and memory limits are set on Linux only")
	}
	for _, tt := range []struct {
		name  string
		write func(sheet, shared io.Writer) // after the header and one question
		book  string
		key   string // of the problem that refuses it, "" when the form is fine
	}{
		{"zip bomb of 300 MB", func(sheet, _ io.Writer) { repeat(sheet, strings.Repeat(" ", 1<<20), 300) }, book, "file.large"},
		{"a far cell", func(sheet, _ io.Writer) {
			fmt.Fprint(sheet, `<row r="1048576"><c r="XFD1048576" t="str"><v>x</v></c></row>`)
		}, book, ""},
		{"100,000 rows without addresses", func(sheet, _ io.Writer) { count(sheet, `<row><c><v>%d</v></c></row>`, 100_000) }, book, "type.unknown"},
		{"a row of a million columns", func(sheet, _ io.Writer) {
			fmt.Fprint(sheet, `<row>`)
			count(sheet, `<c><v>%d</v></c>`, 1_000_000)
			fmt.Fprint(sheet, `</row>`)
		}, book, "file.columns"},
		{"500,000 far cells", func(sheet, _ io.Writer) {
			for i := range 150_000 {
				fmt.Fprintf(sheet, `<row r="%d"><c r="XFC%d"><v>%d</v></c><c r="XFD%d"><v>1</v></c></row>`, i+3, i+3, i*7919, i+3)
			}
		}, book, ""},
		{"a million shared strings", func(_, shared io.Writer) { count(shared, `<si><t>%d</t></si>`, 1_000_000) }, book, ""},
		{"10,000 sheets", func(io.Writer, io.Writer) {}, `<workbook><sheets>` + strings.Repeat(`<sheet name="s" r:id="s"/>`, 10_000) + `</sheets></workbook>`, "file.sheets"},
		{"50,000 questions of one name", func(sheet, _ io.Writer) { count(sheet, question+`<!--%d-->`, 50_000) }, book, "name.duplicate"},
		{"50,000 unknown types", func(sheet, _ io.Writer) {
			count(sheet, `<row><c t="str"><v>texxt%[1]d</v></c><c t="str"><v>q%[1]d</v></c></row>`, 50_000)
		}, book, "type.unknown"},
		{"a cell of 20 MB", func(sheet, _ io.Writer) {
			fmt.Fprint(sheet, `<row><c t="str"><v>`)
			count(sheet, `%d`, 3_000_000)
			fmt.Fprint(sheet, `</v></c></row>`)
		}, book, "file.cell"},
		{"a formula per row that was never calculated", func(sheet, _ io.Writer) { count(sheet, `<row><c><f>A%d</f></c></row>`, 150_000) }, book, ""},
		{"a thousand labels of nothing but references", func(sheet, _ io.Writer) {
			count(sheet, `<row><c t="str"><v>note</v></c><c t="str"><v>n%d</v></c><c t="str"><v>`+strings.Repeat("${ ", 10_000)+`</v></c></row>`, 1000)
		}, book, "ref.malformed"},
		{"groups 100,000 deep", func(sheet, _ io.Writer) {
			count(sheet, `<row><c t="str"><v>begin group</v></c><c t="str"><v>g%d</v></c></row>`, 100_000)
		}, book, "group.deep"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			data := hostile(t, tt.book, tt.write)
			var used Usage
			limits := Limits{CPU: 5 * time.Second, RSSBytes: 256 << 20}
			if testkit.Raced() { // the program is the same, the detector costs ten times as much
				limits = Limits{CPU: 50 * time.Second, RSSBytes: 2560 << 20, Wall: 2 * time.Minute}
			}
			f, problems := xlsform.ParseVia(func(in []byte) (out []byte, err error) {
				out, used, err = Measure(context.Background(), "xlsform", in, limits)
				return out, err
			}, "form.xlsx", data)
			t.Logf("%d kB: %v of CPU, %d MiB", len(data)>>10, used.CPU, used.RSSBytes>>20)
			if tt.key == "" && f == nil || tt.key != "" && !has(problems, tt.key) {
				t.Errorf("form read: %v, want key %q, problems: %.500v", f != nil, tt.key, problems)
			}
		})
	}
}

func has(problems []forms.Problem, key string) bool {
	for _, p := range problems {
		if p.Key == key && p.Severity == forms.Error && p.Place.File == "form.xlsx" {
			return true
		}
	}
	return false
}

func repeat(w io.Writer, s string, n int) {
	for range n {
		fmt.Fprint(w, s)
	}
}

func count(w io.Writer, format string, n int) {
	for i := range n {
		fmt.Fprintf(w, format, i)
	}
}

// hostile packs a workbook whose survey and shared strings are written by write.
func hostile(t *testing.T, book string, write func(sheet, shared io.Writer)) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	z.RegisterCompressor(zip.Deflate, func(w io.Writer) (io.WriteCloser, error) { return flate.NewWriter(w, flate.BestSpeed) })
	part := func(name string, inside func(w io.Writer)) {
		w, err := z.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		buffer := bufio.NewWriterSize(w, 1<<16)
		inside(buffer)
		if err := buffer.Flush(); err != nil {
			t.Fatal(err)
		}
	}
	text := func(s string) func(io.Writer) { return func(w io.Writer) { fmt.Fprint(w, s) } }
	part("_rels/.rels", text(rootRels))
	part("xl/workbook.xml", text(book))
	part("xl/_rels/workbook.xml.rels", text(bookRels))
	part("xl/sharedStrings.xml", func(w io.Writer) {
		fmt.Fprint(w, "<sst>")
		write(io.Discard, w)
		fmt.Fprint(w, "</sst>")
	})
	part("xl/worksheets/s.xml", func(w io.Writer) {
		fmt.Fprint(w, "<worksheet><sheetData>"+header+question)
		write(w, io.Discard)
		fmt.Fprint(w, "</sheetData></worksheet>")
	})
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}
