package fill_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/comparanda/comparanda/forms"
	"github.com/comparanda/comparanda/forms/fill"
	"github.com/comparanda/comparanda/forms/xform"
	"github.com/comparanda/comparanda/forms/xlsform"
	"github.com/xuri/excelize/v2"
)

// benchForm has n questions in groups of twenty: a third with a condition, a third with a
// constraint, a tenth calculated, a fifth selects from lists of 300.
func benchForm(n int) *forms.Form {
	f := &forms.Form{ID: "bench", Lists: map[string]*forms.List{}}
	for l := range max(1, n/100) {
		list := &forms.List{Name: fmt.Sprint("l", l)}
		for c := range 300 {
			list.Choices = append(list.Choices, &forms.Choice{Name: fmt.Sprint("c", c), Label: forms.Text{"": fmt.Sprint("Choice ", c)}})
		}
		f.Lists[list.Name] = list
		f.ListOrder = append(f.ListOrder, list.Name)
	}
	var group *forms.Node
	for i := range n {
		if i%20 == 0 {
			group = &forms.Node{Kind: forms.Group, Name: fmt.Sprint("g", i/20), Label: forms.Text{"": "Group"}}
			f.Children = append(f.Children, group)
		}
		q := &forms.Node{Name: fmt.Sprint("q", i), Type: "integer", Label: forms.Text{"": "Question"}}
		switch {
		case i > 0 && i%10 == 9:
			q.Type, q.Calculation = "calculate", fmt.Sprintf("${q%d} + ${q%d}", i-1, i/2)
		case i%5 == 0:
			q.Type, q.List = "select_one", fmt.Sprint("l", i%len(f.ListOrder))
		}
		if i > 0 && i%3 == 1 {
			q.Relevant = fmt.Sprintf("${q%d} != '' and ${q%d} != 3", i-1, i/2)
		}
		if i%3 == 2 && q.Calculation == "" {
			q.Constraint = ". >= 0"
		}
		group.Children = append(group.Children, q)
	}
	f.Link()
	return f
}

func compiled(tb testing.TB, f *forms.Form) *fill.Plan {
	tb.Helper()
	plan, problems := fill.Compile(f)
	if plan == nil {
		tb.Fatal(problems)
	}
	return plan
}

// BenchmarkCompile shows what a form of n questions costs from its workbook on, in one
// run: reading the rows alone, reading the form, compiling it, and writing the XForm.
// x-rows is the cost in readings of the rows.
func BenchmarkCompile(b *testing.B) {
	for _, n := range []int{60, 1000, 5000} {
		f := benchForm(n)
		book := workbook(b, f)
		var rows float64
		step := func(name string, do func() error) {
			b.Run(fmt.Sprint(n, "/", name), func(b *testing.B) {
				b.ReportAllocs()
				for b.Loop() {
					if err := do(); err != nil {
						b.Fatal(err)
					}
				}
				each := float64(b.Elapsed().Nanoseconds()) / float64(b.N)
				if name == "rows" {
					rows = each
				}
				b.ReportMetric(each/rows, "x-rows")
			})
		}
		step("rows", func() error {
			_, problems := xlsform.ParseSheets("bench.xlsx", book)
			return refused(problems)
		})
		step("form", func() error {
			_, problems := xlsform.Parse("bench.xlsx", book)
			return refused(problems)
		})
		step("compile", func() error {
			_, problems := fill.Compile(f)
			return refused(problems)
		})
		step("xform", func() error {
			problems, err := xform.Write(io.Discard, f, xform.Options{})
			return errors.Join(err, refused(problems))
		})
	}
}

func refused(problems []forms.Problem) error {
	if forms.Refused(problems) {
		return fmt.Errorf("refused: %v", problems[0])
	}
	return nil
}

// workbook writes a form as an author would have it in Excel.
func workbook(tb testing.TB, f *forms.Form) []byte {
	survey := [][]any{{"type", "name", "label", "relevant", "constraint", "calculation"}}
	for _, g := range f.Children {
		survey = append(survey, []any{"begin group", g.Name, g.Label[""]})
		for _, q := range g.Children {
			survey = append(survey, []any{strings.TrimSpace(q.Type + " " + q.List), q.Name, q.Label[""], q.Relevant, q.Constraint, q.Calculation})
		}
		survey = append(survey, []any{"end group"})
	}
	choices := [][]any{{"list_name", "name", "label"}}
	for _, name := range f.ListOrder {
		for _, c := range f.Lists[name].Choices {
			choices = append(choices, []any{name, c.Name, c.Label[""]})
		}
	}
	book := excelize.NewFile()
	for sheet, rows := range map[string][][]any{"survey": survey, "choices": choices} {
		if _, err := book.NewSheet(sheet); err != nil {
			tb.Fatal(err)
		}
		for i, row := range rows {
			if err := book.SetSheetRow(sheet, fmt.Sprint("A", i+1), &row); err != nil {
				tb.Fatal(err)
			}
		}
	}
	var out bytes.Buffer
	if err := book.Write(&out); err != nil {
		tb.Fatal(err)
	}
	return out.Bytes()
}
