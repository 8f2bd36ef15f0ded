package legacy

import (
	"testing"

	"github.com/comparanda/comparanda/internal/study"
)

func TestLanguageIsThatOfMostHeaders(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, file string
		want       study.Lang
	}{
		{"labels in Spanish", "País,1.2 Año de la ley,Número de personas regularizadas\nCRI,2009,5\n", "es"},
		{"labels in English", "Country,Year of the law,Start date\nCRI,2009,2010-01-01\n", "en"},
		{"names of questions", "country,m_year,p_n\nCRI,2009,5\n", ""},
		{"as many of each", "Year of the law,Fecha de inicio\n2009,2010-01-01\n", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			p, _, err := Prepare("old.csv", inputOf("old.csv", tt.file), Options{Form: parsedForm(t, countryForm)})
			if err != nil {
				t.Fatal(err)
			}
			if got := p.Language(0); got != tt.want {
				t.Errorf("Language = %q, want %q", got, tt.want)
			}
			if got := p.Language(7); got != "" {
				t.Errorf("Language of no table = %q", got)
			}
		})
	}
}
