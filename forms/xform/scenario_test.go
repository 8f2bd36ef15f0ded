package xform_test

import (
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/comparanda/comparanda/forms"
	"github.com/comparanda/comparanda/forms/xform"
	"github.com/comparanda/comparanda/forms/xlsform"
)

// TestScenarios writes the forms of each file and looks for what "want" lists, a
// fragment a line with white space as one space; "! text" must not be there.
func TestScenarios(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("testdata/scenarios/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatalf("%d scenarios, %v", len(files), err)
	}
	for _, name := range files {
		t.Run(strings.TrimSuffix(filepath.Base(name), ".txt"), func(t *testing.T) {
			t.Parallel()
			archive, err := txtar.ParseFile(name)
			if err != nil {
				t.Fatal(err)
			}
			content := map[string][]byte{}
			for _, f := range archive.Files {
				content[f.Name] = f.Data
			}
			for file, data := range content {
				if wanted, ok := content["want "+file]; ok {
					holds(t, file, written(t, file, data), string(wanted))
				} else if !strings.HasPrefix(file, "want ") {
					t.Errorf("%s: nothing is wanted of it", file)
				}
			}
		})
	}
}

func written(t *testing.T, name string, data []byte) string {
	t.Helper()
	f, problems := xlsform.Parse(name, data)
	if f == nil {
		t.Fatal(problems)
	}
	var out strings.Builder
	if problems, err := xform.Write(&out, f, xform.Options{}); err != nil || forms.Refused(problems) {
		t.Fatalf("%s: %v, %v", name, err, problems)
	}
	return strings.NewReplacer("> <", "><").Replace(strings.Join(strings.Fields(out.String()), " "))
}

func holds(t *testing.T, file, text, wanted string) {
	t.Helper()
	for line := range strings.Lines(wanted) {
		line = strings.NewReplacer("> <", "><").Replace(strings.Join(strings.Fields(line), " "))
		if unwanted, not := strings.CutPrefix(line, "! "); not {
			if strings.Contains(text, unwanted) {
				t.Errorf("%s: %s is there", file, unwanted)
			}
		} else if !strings.Contains(text, line) {
			t.Errorf("%s: no %s in\n%s", file, line, text)
		}
	}
}
