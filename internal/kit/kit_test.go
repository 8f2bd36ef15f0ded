package kit

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"

	"github.com/comparanda/comparanda/forms/library"
	"github.com/comparanda/comparanda/internal/study"
)

func TestShippedKitsLoad(t *testing.T) {
	t.Parallel()
	for _, name := range []string{library.Default, "seedbanks"} {
		k := shipped(t, name)
		if k.Study.ID != name || len(k.Forms) != 2 {
			t.Errorf("Load(%s): id %q, %d forms", name, k.Study.ID, len(k.Forms))
		}
	}
}

// shipped loads a kit of the library, which has no problem, not even a warning.
func shipped(t *testing.T, name string) *Kit {
	t.Helper()
	k, problems, err := Load(name)
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range problems {
		t.Errorf("%s: %v", name, p)
	}
	if k == nil {
		t.Fatalf("%s did not load", name)
	}
	return k
}

// tinyKit is a whole kit of one country and three questions, as a folder.
func tinyKit(change map[string]string) fstest.MapFS {
	files := map[string]string{
		"study.csv":       "setting,value,text::English (en)\nid,tiny,\nlanguages,en,\ntitle,,Tiny\ndeclaration,,I declare.\n",
		"countries.csv":   "iso3,label::English (en),in_study,time_zone,decimal_mark\nAAA,Aland,yes,UTC,.\n",
		"rounds.csv":      "id,label::English (en),deadline\nr1,First,2027-10-31\n",
		"reasons.csv":     "code,mark,label::English (en)\nND,N/D,No data\n",
		"instruments.csv": "folder,kind,label::English (en)\nq,questionnaire,Form\n",
		"prefill.csv":     "form,country,path,value,reason,note\ntiny_q,AAA,/s[x]/s_name,Main street,,[A1]\n",
		"q/survey.csv":    "type,name,label::English (en)\ninteger,people,People\nbegin_repeat,s,Street\ntext,s_name,Name\nselect_multiple way,s_ways,Ways\nend_repeat,,\n",
		"q/choices.csv":   "list_name,name,label::English (en),exclusive\nway,foot,On foot,\nway,bus,By bus,\nway,none,None,yes\n",
		"q/settings.csv":  "form_title,form_id,version\nForm,tiny_q,1\n",
	}
	for name, text := range change {
		files[name] = text
	}
	folder := fstest.MapFS{}
	for name, text := range files {
		if text != "" {
			folder[name] = &fstest.MapFile{Data: []byte(text)}
		}
	}
	return folder
}

func TestProblemsNameTheirPlace(t *testing.T) {
	t.Parallel()
	const prefill = "form,country,path,value,reason,note\n"
	for _, tt := range []struct {
		name   string
		file   string
		text   string // "": the file is not there
		place  string
		remedy string
	}{
		{"a sheet is missing", "countries.csv", "", ":countries", "add it"},
		{"a column is missing", "countries.csv", "iso3,label::English (en)\n", "countries.csv:countries:1", "in_study"},
		{"a time zone that nobody knows", "countries.csv", "iso3,label::English (en),in_study,time_zone,decimal_mark\nAAA,Aland,yes,Mars/Base,.\n", "countries.csv:countries:2:time_zone", "IANA"},
		{"a country twice", "countries.csv", "iso3,label::English (en),in_study,time_zone,decimal_mark\nAAA,Aland,yes,UTC,.\nAAA,Aland,yes,UTC,.\n", "countries.csv:countries:3:iso3", "delete one"},
		{"a title without one of the languages", "study.csv", "setting,value,text::English (en)\nid,t,\nlanguages,en es,\ntitle,,Tiny\ndeclaration,,D\n", "study.csv:study:4:text", "“es”"},
		{"a setting that is not known", "study.csv", "setting,value,text::English (en)\nid,t,\nlanguages,en,\ntitle,,Tiny\ndeclaration,,D\ncolour,red,\n", "study.csv:study:6:setting", "colour"},
		{"a deadline that is no day", "rounds.csv", "id,label::English (en),deadline\nr1,First,31/10/2027\n", "rounds.csv:rounds:2:deadline", "2021-09-22"},
		{"a reason outside the closed list", "reasons.csv", "code,mark,label::English (en)\nXX,X,X\n", "reasons.csv:reasons:2:code", "pending"},
		{"an instrument without a form", "instruments.csv", "folder,kind,label::English (en)\nzz,questionnaire,Form\n", "instruments.csv:instruments:2:folder", "correct the name"},
		{"a fault in the form itself", "q/survey.csv", "type,name,label::English (en)\nselect_one nolist,a,A\n", "q/survey.csv:survey:2", "nolist"},
		{"prefill of a question that the form has not", "prefill.csv", prefill + "tiny_q,AAA,/nowhere,1,,\n", "prefill.csv:prefill:2:path", "/nowhere"},
		{"prefill of a country that is not there", "prefill.csv", prefill + "tiny_q,BBB,/people,1,,\n", "prefill.csv:prefill:2:country", "BBB"},
		{"prefill with a value and a reason", "prefill.csv", prefill + "tiny_q,AAA,/people,1,ND,\n", "prefill.csv:prefill:2:reason", "clear one"},
		{"prefill with a code outside the list", "prefill.csv", prefill + "tiny_q,AAA,/s[x]/s_ways,foot sled,,\n", "prefill.csv:prefill:2:value", "sled"},
		{"prefill that joins an exclusive choice with others", "prefill.csv", prefill + "tiny_q,AAA,/s[x]/s_ways,foot none,,\n", "prefill.csv:prefill:2:value", "none"},
		{"the same answer twice", "prefill.csv", prefill + "tiny_q,AAA,/people,1,,\ntiny_q,AAA,/people,2,,\n", "prefill.csv:prefill:3:path", "delete one"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			k, problems, err := LoadFS(tinyKit(map[string]string{tt.file: tt.text}), ".")
			if err != nil {
				t.Fatal(err)
			}
			if k != nil {
				t.Error("the kit loaded")
			}
			for _, p := range problems {
				if strings.HasPrefix(p.Place.String(), tt.place) && strings.Contains(p.Text, tt.remedy) {
					return
				}
			}
			t.Errorf("no problem at %s about %q in %v", tt.place, tt.remedy, problems)
		})
	}
}

func TestWorkbookIsTheSameKit(t *testing.T) {
	t.Parallel()
	folder := tinyKit(nil)
	want, problems, err := LoadFS(folder, ".")
	if err != nil || want == nil {
		t.Fatal(problems, err)
	}
	got, problems, err := LoadFS(fstest.MapFS{"tiny.xlsx": {Data: workbook(t, folder)}}, "tiny.xlsx")
	if err != nil || got == nil {
		t.Fatal(problems, err)
	}
	if diff := cmp.Diff(want.Study, got.Study); diff != "" {
		t.Errorf("study (-folder +workbook):\n%s", diff)
	}
	if diff := cmp.Diff(want.Prefill, got.Prefill); diff != "" {
		t.Errorf("prefill (-folder +workbook):\n%s", diff)
	}
	if len(got.Forms) != 1 || got.Forms[0].Find("/s/s_ways") == nil {
		t.Errorf("forms: %+v", got.Forms)
	}
}

// workbook puts the sheets of a folder into one file, "q/survey.csv" as "q.survey".
func workbook(t *testing.T, folder fstest.MapFS) []byte {
	t.Helper()
	book := excelize.NewFile()
	for name, file := range folder {
		rows, err := csv.NewReader(bytes.NewReader(file.Data)).ReadAll()
		if err != nil {
			t.Fatal(name, err)
		}
		tab := strings.ReplaceAll(strings.TrimSuffix(name, ".csv"), "/", ".")
		if _, err := book.NewSheet(tab); err != nil {
			t.Fatal(err)
		}
		for i, row := range rows {
			if err := book.SetSheetRow(tab, fmt.Sprintf("A%d", i+1), &row); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := book.DeleteSheet("Sheet1"); err != nil {
		t.Fatal(err)
	}
	data, err := book.WriteToBuffer()
	if err != nil {
		t.Fatal(err)
	}
	return data.Bytes()
}

func TestPrefillIsKept(t *testing.T) {
	t.Parallel()
	k, _, err := LoadFS(tinyKit(nil), ".")
	if err != nil || k == nil {
		t.Fatal(err)
	}
	value, note := "Main street", "[A1]"
	want := []Prefill{{FormID: "tiny_q", Country: "AAA", Changes: []study.Change{{Path: "/s[x]/s_name", Value: &value, Note: &note}}}}
	if diff := cmp.Diff(want, k.Prefill); diff != "" {
		t.Error(diff)
	}
	if got := k.Study.Rounds[0].DeadlineAt.Format("2006-01-02 15:04:05"); got != "2027-10-31 23:59:59" {
		t.Errorf("deadline %s, want the end of the day", got)
	}
}

func TestSourceIsTheSameBytes(t *testing.T) {
	t.Parallel()
	one, two := shipped(t, "seedbanks"), shipped(t, "seedbanks")
	for i, f := range one.Forms {
		if !slices.Equal(f.Source, two.Forms[i].Source) || len(f.Source) == 0 {
			t.Errorf("%s: the source differs between two readings, or is empty", f.ID)
		}
	}
}
