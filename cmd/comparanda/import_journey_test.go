package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/comparanda/comparanda/internal/testkit"
)

// messy is a file that needs a person: a title of two cells where a header seems to be, a
// header that no question has, texts that mean a choice or a country, and personal data.
const messy = `Bancos de semillas;levantamiento 2016;;;
País;Cuántos hay;¿Hay ley?;Correo electrónico;Necesidades
Bolivia;12;claro que sí;ana@example.org;Semillas
Nepall;7;no;luis@example.org;Agua
Etiopía;muchísimos;no;eva@example.org;
`

// TestImportInTheBrowser takes a messy file through every step of an import, as the
// research unit does, and off again.
func TestImportInTheBrowser(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, lang string
		script     bool
	}{
		{"in Spanish with script", "es", true},
		{"in English without script", "en", false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			j := &journey{t: t, lang: tt.lang, program: testkit.Program(t), dir: t.TempDir()}
			j.run("study", "load", "seedbanks", "--data", j.dir)
			address := testkit.FreeAddress(t)
			j.base = "http://" + address
			p := testkit.Start(t, j.program, []string{"GORACE=atexit_sleep_ms=0"}, "serve", "--data", j.dir, "--listen", address)
			p.Line(t, "/sign-in/", 60*time.Second)
			j.b = testkit.OpenBrowser(t, 1280, tt.script)
			j.enter("Researcher", "researcher")
			j.understand()
			j.decide()
			j.storeAndUndo()
		})
	}
}

// until waits for an element, loading the page again where no script does.
func (j *journey) until(selector string) {
	j.t.Helper()
	testkit.Until(j.t, 60*time.Second, selector, func() bool {
		if j.b.Has(selector) {
			return true
		}
		if j.b.Has("[data-refresh]:not([hidden])") {
			j.b.Open(j.b.Address())
		}
		return false
	})
}

// shows fails the test unless the page has the text in the language of the journey.
func (j *journey) shows(es, en string) {
	j.t.Helper()
	want := es
	if j.lang == "en" {
		want = en
	}
	if text := j.b.Text("main"); !strings.Contains(text, want) {
		j.t.Fatalf("the page lacks %q:\n%s", want, text)
	}
}

// understand gives the file and says where its header is.
func (j *journey) understand() {
	j.t.Helper()
	b := j.b
	file := filepath.Join(j.t.TempDir(), "messy.csv")
	if err := os.WriteFile(file, []byte(messy), 0o600); err != nil {
		j.t.Fatal(err)
	}
	b.Open(j.base + "/unit/imports")
	b.Axe("imports")
	b.Select("#form", "seedbanks_country")
	b.Select("#round", "2027")
	b.Attach("#file", file)
	b.Press("main button.primary")
	j.until("#h-0")
	b.Axe("what we found")
	b.Type("#h-0", "first")
	b.Press("main button.primary")
	j.shows("Escriba una fila de 1 a 300", "Enter a row from 1 to 300")
	b.Axe("what we found, with an error")
	b.Type("#h-0", "2")
	b.Type("#d-0", "1")
	b.Press("main button.primary")
	j.until("#h-0")
	j.shows("El archivo se leyó de nuevo", "The file was read again")
	b.Press("main button.primary")
	j.until("#c-0")
}

// decide says what becomes of columns and texts.
func (j *journey) decide() {
	j.t.Helper()
	b := j.b
	j.shows("según la columna País (A)", "by the column País (A)")
	j.shows("Datos personales", "Personal data")
	b.Axe("columns")
	b.Select("#c-1", "/network/banks")
	b.Select("#c-2", "/network/law")
	b.Select("#c-4", "/network/banks")
	b.Press("main button.primary")
	j.shows("responde a la misma pregunta", "answers the same question")
	b.Axe("columns, with an error")
	b.Select("#c-4", "/closing/needs")
	b.Press("main button.primary")
	j.until(`[id="v-0.1"]`)
	j.shows("2 textos están sin decidir", "2 texts are not decided")
	j.shows("Sugerido", "Suggested") // Nepall is Nepal
	b.Axe("values")
	b.Select(`[id="v-2.0"]`, "yes")
	b.Press("main button.primary")
	j.until("#sound")
}

// storeAndUndo stores what is sound, and takes it off again.
func (j *journey) storeAndUndo() {
	j.t.Helper()
	b := j.b
	b.Axe("dry run")
	j.shows("«muchísimos» no es un número entero", "“muchísimos” is no whole number")
	b.Press(`main button.primary`)
	j.shows("Algunas filas tienen errores", "Some rows have errors")
	b.Click("#sound")
	b.Press(`main button.primary`)
	j.until(`a[href^="/unit/imports/"]:not(.back)`)
	b.Press(`main p a[href^="/unit/imports/"]`)
	j.shows("En el estudio", "In the study")
	b.Axe("batch")
	b.Press(`a[href$="/undo"]`)
	j.shows("Se quitarían 2 filas", "2 rows of this batch would be removed")
	b.Axe("undo")
	b.Press("button.danger")
	j.shows("El lote fue retirado", "The batch was taken off")
	b.Open(j.base + "/unit/imports")
	j.shows("messy.csv", "messy.csv") // to be stored again
	b.Resize(320)
	b.Axe("imports at 320")
}
