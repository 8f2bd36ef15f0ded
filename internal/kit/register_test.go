package kit

import (
	"strings"
	"testing"
	"testing/fstest"

	"github.com/comparanda/comparanda/forms/library"
)

// shippedWith is the shipped kit with one sheet replaced.
func shippedWith(t *testing.T, sheet, content string) fstest.MapFS {
	t.Helper()
	kit := fstest.MapFS{}
	for _, name := range []string{"study", "countries", "rounds", "reasons", "instruments", "institutions", "variants", "checks",
		"questionnaire/survey", "questionnaire/choices", "questionnaire/settings", "interview/survey", "interview/choices", "interview/settings"} {
		data, err := library.Kits().Open("regularization/" + name + ".csv")
		if err != nil {
			t.Fatal(err)
		}
		info, err := data.Stat()
		if err != nil {
			t.Fatal(err)
		}
		b := make([]byte, info.Size())
		if _, err := data.Read(b); err != nil {
			t.Fatal(err)
		}
		kit[name+".csv"] = &fstest.MapFile{Data: b}
	}
	if sheet != "" {
		kit[sheet+".csv"] = &fstest.MapFile{Data: []byte(content)}
	}
	return kit
}

func TestRegisterVariantsAndChecks(t *testing.T) {
	t.Parallel()
	k, problems, err := LoadFS(shippedWith(t, "", ""), ".")
	if err != nil || k == nil {
		t.Fatalf("%v %v", problems, err)
	}
	if len(k.Study.Institutions) < 50 || len(k.Study.Checks) < 5 {
		t.Errorf("%d institutions, %d checks", len(k.Study.Institutions), len(k.Study.Checks))
	}
	if c := choiceIn(k.Forms[0].Form, "right", "health"); c == nil || !strings.Contains(c.Extra["variants"], "salud") {
		t.Errorf("the choice health has no variants: %v", c)
	}
}

func TestRegisterFaultsNameTheRemedy(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ name, sheet, content, want string }{
		{"a country that the study has not", "institutions", "country,id,acronym,names,former,nicknames,generic,actor\nXXX,XXX.A,A,,,,,\n", "not a country of this study"},
		{"an id twice", "institutions", "country,id,acronym,names,former,nicknames,generic,actor\nCRI,A,A,,,,,\nCRI,A,B,,,,,\n", "id of its own"},
		{"a choice that no list has", "variants", "list,code,variants\nright,nothing,x\n", "no form has the choice"},
		{"a kind of check that there is not", "checks", "id,kind,questions,tolerance\na,guess,/b/b_irr_low,\n", "no kind of check"},
		{"a question that no form has", "checks", "id,kind,questions,tolerance\na,range,/b/low /b/high,\n", "no form has the question"},
		{"a tolerance in words", "checks", "id,kind,questions,tolerance\na,day,/e/e_g_id/e_start,little\n", "no tolerance"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			_, problems, err := LoadFS(shippedWith(t, tt.sheet, tt.content), ".")
			if err != nil {
				t.Fatal(err)
			}
			for _, p := range problems {
				if strings.Contains(p.Text, tt.want) && p.Place.Row > 1 {
					return
				}
			}
			t.Errorf("problems %v, want one with %q", problems, tt.want)
		})
	}
}
