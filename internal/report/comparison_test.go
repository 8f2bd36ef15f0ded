package report

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"

	"github.com/comparanda/comparanda/internal/study"
)

var update = flag.Bool("update", false, "write the golden files")

// dump is a workbook as text: sheet, cell, type, number format and value, one cell a line.
func dump(t *testing.T, f *excelize.File) string {
	t.Helper()
	var b strings.Builder
	for _, name := range f.GetSheetList() {
		fmt.Fprintf(&b, "== %s\n", name)
		rows, err := f.GetRows(name, excelize.Options{RawCellValue: true})
		if err != nil {
			t.Fatal(err)
		}
		for y, row := range rows {
			for x, value := range row {
				at := cellName(t, x+1, y+1)
				if value == "" {
					continue
				}
				fmt.Fprintf(&b, "%s %s%s %q%s\n", at, kindOf(t, f, name, at), formatOf(t, f, name, at), value, linkOf(t, f, name, at))
			}
		}
	}
	return b.String()
}

func cellName(t *testing.T, x, y int) string {
	t.Helper()
	at, err := excelize.CoordinatesToCellName(x, y)
	if err != nil {
		t.Fatal(err)
	}
	return at
}

func kindOf(t *testing.T, f *excelize.File, sheet, at string) string {
	t.Helper()
	kind, err := f.GetCellType(sheet, at)
	if err != nil {
		t.Fatal(err)
	}
	if kind == excelize.CellTypeSharedString || kind == excelize.CellTypeInlineString {
		return "text"
	}
	return "number"
}

func formatOf(t *testing.T, f *excelize.File, sheet, at string) string {
	t.Helper()
	id, err := f.GetCellStyle(sheet, at)
	if err != nil {
		t.Fatal(err)
	}
	style, err := f.GetStyle(id)
	if err != nil {
		t.Fatal(err)
	}
	if style.Font == nil || style.Font.Family != fontName {
		t.Errorf("%s!%s is not in %s", sheet, at, fontName)
	}
	if style.CustomNumFmt != nil {
		return "(" + *style.CustomNumFmt + ")"
	}
	return ""
}

func linkOf(t *testing.T, f *excelize.File, sheet, at string) string {
	t.Helper()
	has, to, err := f.GetCellHyperLink(sheet, at)
	if err != nil {
		t.Fatal(err)
	}
	if !has {
		return ""
	}
	return " -> " + to
}

func TestComparisonIsAsReviewed(t *testing.T) {
	t.Parallel()
	for _, lang := range []study.Lang{"en", "es"} {
		t.Run(string(lang), func(t *testing.T) {
			t.Parallel()
			got := dump(t, open(t, build(t, world(t), Options{Lang: lang})))
			golden := filepath.Join("testdata", "comparison_"+string(lang)+".golden")
			if *update {
				if err := os.WriteFile(golden, []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(golden)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(strings.Split(string(want), "\n"), strings.Split(got, "\n")); diff != "" {
				t.Errorf("the workbook changed (-want +got); review, then run with -update:\n%s", diff)
			}
			if strings.Contains(got, "⟦") {
				t.Error("a word is missing from the catalog")
			}
		})
	}
}

func TestSameDataSameBytes(t *testing.T) {
	t.Parallel()
	first := build(t, world(t), Options{Lang: "es"})
	for range 5 {
		in := world(t)
		slices.Reverse(in.Returns) // the order in which they were read means nothing
		slices.Reverse(in.Interviews)
		if !bytes.Equal(first, build(t, in, Options{Lang: "es"})) {
			t.Fatal("the same data gave other bytes")
		}
	}
}

func TestSheetsAreSound(t *testing.T) {
	t.Parallel()
	for _, lang := range []study.Lang{"en", "es"} {
		in := world(t)
		f := open(t, build(t, in, Options{Lang: lang}))
		sheets := f.GetSheetList()
		tables := map[string]bool{}
		for _, name := range sheets {
			if utf16Len(name) > 31 || strings.ContainsAny(name, `:\/?*[]`) {
				t.Errorf("%q is no name of a sheet", name)
			}
			merged, err := f.GetMergeCells(name)
			if err != nil || len(merged) > 0 {
				t.Errorf("%s has merged cells: %v %v", name, merged, err)
			}
			found, err := f.GetTables(name)
			if err != nil {
				t.Fatal(err)
			}
			if len(found) == 0 && name != sheets[0] {
				t.Errorf("%s has no table", name)
			}
			for _, table := range found {
				if tables[table.Name] {
					t.Errorf("two tables are called %s", table.Name)
				}
				tables[table.Name] = true
				isData := name == map[study.Lang]string{"en": "Data", "es": "Datos"}[lang]
				checkFull(t, f, name, table.Range, isData)
			}
			checkLinks(t, f, name, sheets)
		}
	}
}

// checkFull reports empty cells inside a table; the long table may have some, where a
// column does not apply, but never in its header.
func checkFull(t *testing.T, f *excelize.File, sheet, area string, headerOnly bool) {
	t.Helper()
	from, to, _ := strings.Cut(area, ":")
	x1, y1, err := excelize.CellNameToCoordinates(from)
	if err != nil {
		t.Fatal(err)
	}
	x2, y2, err := excelize.CellNameToCoordinates(to)
	if err != nil {
		t.Fatal(err)
	}
	if y1 != headerRow {
		t.Errorf("%s: the table begins in row %d", sheet, y1)
	}
	headers := map[string]bool{}
	for y := y1; y <= y2; y++ {
		for x := x1; x <= x2; x++ {
			value, err := f.GetCellValue(sheet, cellName(t, x, y))
			if err != nil {
				t.Fatal(err)
			}
			if value == "" && (y == y1 || !headerOnly) {
				t.Errorf("%s!%s is empty", sheet, cellName(t, x, y))
			}
			if y == y1 {
				if headers[strings.ToLower(value)] {
					t.Errorf("%s has the header %q twice", sheet, value)
				}
				headers[strings.ToLower(value)] = true
			}
		}
	}
}

// checkLinks follows links within the workbook, and takes only web addresses besides.
func checkLinks(t *testing.T, f *excelize.File, sheet string, sheets []string) {
	t.Helper()
	rows, err := f.GetRows(sheet)
	if err != nil {
		t.Fatal(err)
	}
	for y, row := range rows {
		for x := range row {
			has, to, err := f.GetCellHyperLink(sheet, cellName(t, x+1, y+1))
			if err != nil {
				t.Fatal(err)
			}
			if !has || strings.HasPrefix(to, "https://study.example/returns/") {
				continue
			}
			name, cell, ok := strings.Cut(to, "!")
			name = strings.ReplaceAll(strings.Trim(name, "'"), "''", "'")
			if !ok || !slices.Contains(sheets, name) {
				t.Errorf("%s!%s leads to %q", sheet, cellName(t, x+1, y+1), to)
				continue
			}
			if value, err := f.GetCellValue(name, cell); err != nil || value == "" {
				t.Errorf("%s!%s leads to an empty cell: %s %v", sheet, cellName(t, x+1, y+1), to, err)
			}
		}
	}
}

func TestTypedTextStaysText(t *testing.T) {
	t.Parallel()
	in := world(t)
	var answers []study.Answer
	for i, text := range injections {
		answers = append(answers, study.Answer{Path: fmt.Sprintf("/b/d[k%d]/title", i), Kind: study.TextValue, Text: text, Note: text})
	}
	in.Returns[1].Answers = finish(answers)
	in.Study.Title = both("=1+1", "=1+1")
	in.Interviews[0].Title = "=2+2"
	file := build(t, in, Options{Lang: "en"})
	f := open(t, file)
	for i, want := range injections {
		got, err := f.GetCellValue("Treaties", cellName(t, 5, headerRow+1+i))
		mark := fmt.Sprintf(" [%d]", i+1)
		if err != nil || got != want+mark {
			t.Errorf("title %d reads %q, want %q; %v", i, got, want+mark, err)
		}
	}
	for name, body := range parts(t, file) {
		if strings.HasPrefix(name, "xl/worksheets/sheet") && regexp.MustCompile(`<f[ >/]`).MatchString(body) {
			t.Errorf("%s holds a formula", name)
		}
		if strings.Contains(name, "externalLink") || strings.Contains(name, "vba") {
			t.Errorf("the file holds %s", name)
		}
	}
}

func parts(t *testing.T, file []byte) map[string]string {
	t.Helper()
	r, err := zip.NewReader(bytes.NewReader(file), int64(len(file)))
	if err != nil {
		t.Fatal(err)
	}
	found := map[string]string{}
	for _, part := range r.File {
		in, err := part.Open()
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(in)
		if err != nil {
			t.Fatal(err)
		}
		found[part.Name] = string(body)
	}
	return found
}

func TestHostileCharactersAreHeld(t *testing.T) {
	t.Parallel()
	in := world(t)
	huge := "begin " + strings.Repeat("x\U0001F600", 30_000) + " end" // 90,000 UTF-16 units: three cells
	in.Returns[1].Answers = finish([]study.Answer{
		{Path: "/b/law", Kind: study.TextValue, Text: "bell\x07 and \x00 and \ufffe"},
		{Path: "/l/remark", Kind: study.TextValue, Text: huge},
	})
	f := open(t, build(t, in, Options{Lang: "en"}))
	if got, _ := f.GetCellValue("B. Context -2021-", "G11"); got != "bell\uFFFD and \uFFFD and \uFFFD" {
		t.Errorf("control characters read %q", got)
	}
	joined := ""
	rows, err := f.GetRows("Texts")
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range rows[headerRow:] {
		joined += row[8]
	}
	if joined != huge {
		t.Errorf("a text of %d bytes came back with %d", len(huge), len(joined))
	}
}

func TestLinksNeedAWebAddress(t *testing.T) {
	t.Parallel()
	for _, base := range []string{"", "javascript:alert(1)", "file:///etc/passwd", `\\host\share`, "http://"} {
		in := world(t)
		in.BaseURL = base
		for name, body := range parts(t, build(t, in, Options{Lang: "es"})) {
			if strings.Contains(body, `TargetMode="External"`) {
				t.Errorf("base %q: %s links outside", base, name)
			}
		}
	}
}

func TestOptions(t *testing.T) {
	t.Parallel()
	got := dump(t, open(t, build(t, world(t), Options{Lang: "en", Countries: []study.ISO3{"ESP"}, Sections: []string{"l"}})))
	for _, absent := range []string{"Germany", "Treaties", "stock"} {
		if strings.Contains(got, absent) {
			t.Errorf("a comparison of Spain and section l shows %q", absent)
		}
	}
	for _, opt := range []Options{{Countries: []study.ISO3{"XXX"}}, {Sections: []string{"nowhere"}}} {
		var problem *study.Problem
		if err := Comparison(t.Context(), io.Discard, world(t), opt, nil); !errors.As(err, &problem) || problem.Kind != study.Invalid {
			t.Errorf("options %+v: %v", opt, err)
		}
	}
}

func TestNothingSignedYet(t *testing.T) {
	t.Parallel()
	in := world(t)
	in.Returns, in.Interviews = nil, nil
	got := dump(t, open(t, build(t, in, Options{Lang: "en"})))
	if !strings.Contains(got, "no return") || !strings.Contains(got, "Nothing has been signed yet.") {
		t.Error("an empty comparison does not say so")
	}
}

func TestProgressAndCancel(t *testing.T) {
	t.Parallel()
	var last, all int
	err := Comparison(t.Context(), io.Discard, world(t), Options{Lang: "es"}, func(done, total int) {
		if done != last+1 {
			t.Errorf("%d follows %d", done, last)
		}
		last, all = done, total
	})
	if err != nil || last != all || all == 0 {
		t.Errorf("ended at %d of %d: %v", last, all, err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	err = Comparison(ctx, io.Discard, world(t), Options{Lang: "es"}, func(int, int) { cancel() })
	if !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
}

func TestSheetNames(t *testing.T) {
	t.Parallel()
	taken := sheetNames{}
	for _, tt := range []struct{ name, in, want string }{
		{"a plain name stays", "B. Contexto", "B. Contexto"},
		{"the same again, in other case", "b. contexto", "b. contexto 2"},
		{"forbidden characters", `a/b\c:d?e*f[g]`, "a-b-c-d-e-f-g-"},
		{"a long one is cut at a word", "E. Programas y procesos de regularización", "E. Programas y procesos de"},
		{"the same cut twice", "E. Programas y procesos de otros", "E. Programas y procesos de 2"},
		{"apostrophes at the ends", "'quoted'", "quoted"},
		{"nothing", "  ", "-"},
		{"nothing again", "'", "- 2"},
		{"Excel's own", "History", "History 2"},
	} {
		if got := taken.name(tt.in); got != tt.want {
			t.Errorf("%s: %q gives %q, want %q", tt.name, tt.in, got, tt.want)
		}
	}
}
