package xlsform

import (
	"os"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/comparanda/comparanda/forms"
)

func TestFormatsHoldTheShippedForms(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"questionnaire", "interview"} {
		fsys := os.DirFS("../library/regularization")
		want, _, err := ReadFS(fsys, name)
		if err != nil || want == nil {
			t.Fatalf("read %s: %v", name, err)
		}
		sheets, _, err := Sheets(fsys, name)
		if err != nil {
			t.Fatal(err)
		}
		files := fstest.MapFS{}
		put := func(file string, data []byte, err error) {
			if err != nil {
				t.Fatalf("%s: %v", file, err)
			}
			files[file] = &fstest.MapFile{Data: data}
		}
		data, err := WriteXLSX(sheets)
		put(name+".xlsx", data, err)
		data, err = WriteMarkdown(sheets)
		put(name+".md", data, err)
		for _, s := range sheets {
			data, err = WriteCSV(s)
			put(name+"/"+s.Name+".csv", data, err)
		}
		for _, file := range []string{name + ".xlsx", name + ".md", name} {
			got, problems, err := ReadFS(files, file)
			if err != nil || got == nil {
				t.Fatalf("read %s: %v %v", file, problems, err)
			}
			if diff := cmp.Diff(want, got, cmpopts.IgnoreTypes(forms.Place{}), cmpopts.IgnoreUnexported(forms.Form{}), cmpopts.IgnoreFields(forms.Node{}, "Parent")); diff != "" {
				t.Errorf("%s (-want +got):\n%s", file, diff)
			}
		}
	}
}

func TestFormatsHoldOddCells(t *testing.T) {
	t.Parallel()
	sheets := []Sheet{{Name: "survey", Rows: []Row{
		{Number: 1, Cells: []Cell{{1, "type"}, {3, "name"}}},
		{Number: 4, Cells: []Cell{{1, "=1+1"}, {2, `a|b\|c\`}, {3, "two\nlines # here"}}},
		{Number: 5, Cells: []Cell{{2, "_x0041_"}, {4, "007"}}},
	}}}
	if _, err := WriteXLSX(sheets); err != nil {
		t.Errorf("WriteXLSX: %v", err)
	}
	if _, err := WriteMarkdown(sheets); err != nil {
		t.Errorf("WriteMarkdown: %v", err)
	}
	if _, err := WriteCSV(sheets[0]); err != nil {
		t.Errorf("WriteCSV: %v", err)
	}
}
