package xlsform

import (
	"strings"
	"testing"

	"github.com/comparanda/comparanda/forms"
)

// TestMerged: a cell merged over rows holds its text for the first row alone, which a
// spreadsheet program does not show; one merged along its row loses nothing.
func TestMerged(t *testing.T) {
	t.Parallel()
	p := workbookOf("survey", `<row r="1"><c r="A1" t="str"><v>type</v></c></row>`)
	const sheet = "xl/worksheets/s0.xml"
	p[sheet] = strings.Replace(p[sheet], "</sheetData>", `</sheetData><mergeCells count="3"><mergeCell ref="A1:C1"/><mergeCell ref="D2:D4"/><mergeCell ref="?"/></mergeCells>`, 1)
	_, problems := ParseSheets("t.xlsx", p.zip(t))
	want := forms.Place{File: "t.xlsx", Sheet: "survey", Row: 2, Column: "D"}
	if len(problems) != 1 || problems[0].Severity != forms.Warning || problems[0].Place != want {
		t.Errorf("problems %v; want one warning at %v", problems, want)
	}
}
