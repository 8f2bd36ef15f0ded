package legacy

import (
	"testing"

	"github.com/comparanda/comparanda/forms/xlsform"
	"github.com/comparanda/comparanda/internal/study"
)

// TestMessyChoices: what is no code and no label is read by the rules for messy answers,
// as far as these have no doubt.
func TestMessyChoices(t *testing.T) {
	t.Parallel()
	f, problems := xlsform.Parse("f.md", []byte(`
| survey | type | name | label | normalize |
|        | select_one yn | yn | Any? | yesno |
|        | select_one land | land | Country | country |
|        | select_multiple right | right | Rights | |
| choices | list_name | name | label | variants |
|         | yn | yes | Yes | |
|         | yn | no | No | |
|         | land | USA | Estados Unidos de América | |
|         | land | SLV | El Salvador | |
|         | right | work | Trabajo | empleo |
|         | right | health | Salud | atención médica |
`))
	if f == nil {
		t.Fatal(problems)
	}
	p := &Plan{Form: f}
	for _, tt := range []struct {
		path, text, want string
		reason           study.ReasonCode
		wrong            bool
	}{
		{path: "/yn", text: "Afirmativo", want: "yes"},
		{path: "/yn", text: "tal vez", want: "tal vez", wrong: true},
		{path: "/land", text: "EE.UU.", want: "USA"},
		{path: "/land", text: "El Salvdor", want: "SLV"},
		{path: "/land", text: "Francia", want: "Francia", wrong: true}, // no choice of this form
		{path: "/right", text: "Empleo; atención médica", want: "work health"},
		{path: "/right", text: "trabjo, salud", want: "work health"},
		{path: "/right", text: "trabajo, vivienda", want: "trabajo, vivienda", wrong: true},
		{path: "/right", text: "No se cuenta con información", reason: study.ND},
	} {
		got := p.read(&Column{}, f.Find(tt.path), Cell{Text: tt.text}, study.Country{ISO3: "CRI"})
		if got.value != tt.want || got.reason != tt.reason || (got.problem != nil) != tt.wrong {
			t.Errorf("%s %q = %+v; want %q %s, wrong %v", tt.path, tt.text, got, tt.want, tt.reason, tt.wrong)
		}
	}
}
