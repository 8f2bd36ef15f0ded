package main

import (
	"encoding/base64"
	"fmt"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/comparanda/comparanda/forms/xlsform"
	"github.com/comparanda/comparanda/internal/testkit"
)

// journey is the real program with the small shipped study, and a browser in front of it.
type journey struct {
	t       *testing.T
	lang    string
	program string
	dir     string
	base    string
	b       *testkit.Browser
}

// TestWholeJourneyInTheBrowser answers, signs, records an interview, and asks for the
// workbook as people do; what they typed stands in the workbook that comes back.
func TestWholeJourneyInTheBrowser(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, lang string
		script     bool
	}{
		{"in Spanish with script", "es", true},
		{"in Spanish without script", "es", false},
		{"in English with script", "en", true},
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
			j.official()
			j.b = testkit.OpenBrowser(t, 1280, tt.script)
			j.researcher()
			j.compare(j.workbook())
		})
	}
}

func (j *journey) run(args ...string) string {
	j.t.Helper()
	cmd := exec.CommandContext(j.t.Context(), j.program, args...)
	cmd.Env = append(os.Environ(), "GORACE=atexit_sleep_ms=0")
	out, err := cmd.CombinedOutput()
	if err != nil {
		j.t.Fatalf("%v: %v\n%s", args, err, out)
	}
	return string(out)
}

// enter invites a person and signs them in.
func (j *journey) enter(name, role string, more ...string) {
	j.t.Helper()
	args := append([]string{"user", "invite", "--data", j.dir, "--base-url", j.base, "--name", name, "--role", role, "--lang", j.lang}, more...)
	link := regexp.MustCompile(`http\S+/sign-in/\S+`).FindString(j.run(args...))
	j.b.Open(link)
	j.b.Press("main button.primary")
}

const (
	journeyLaw   = "Ley 1 «de semillas» <b>"
	journeyBank  = "=Banco & Ñandú"
	journeyStory = "Una abuela lo comenzó.\nDespués siguieron otras."
)

// official answers every section in the order of the hub, and signs.
func (j *journey) official() {
	j.t.Helper()
	b := j.b
	j.enter("Focal point", "focal_point", "--country", "BOL")
	b.Press("main button.primary")
	b.Axe("hub")
	hub := b.Address()
	b.Press(".tasks li:nth-child(1) a")
	b.Type(`[name="a:/network/banks"]`, "1 234")
	b.Click(`input[name="a:/network/law"][value="yes"]`)
	testkit.Until(j.t, 20*time.Second, "the question that now applies", func() bool {
		var hidden bool
		b.Eval(`!document.querySelector('[name="a:/network/law_name"]').checkVisibility()`, &hidden)
		return !hidden
	})
	b.Type(`[name="a:/network/law_name"]`, journeyLaw)
	b.Axe("section")
	b.Click("#done-yes")
	b.Press("button.primary")
	b.Press(`form[action$="/repeats/bank"] button`)
	b.Type(`[name^="a:"][name$="/bank_name"]`, journeyBank)
	b.Type(`[name^="y:"][name$="/bank_since"]`, "1998")
	b.Click(`input[name^="a:"][name$="/bank_crops"]`)
	b.Press("button.primary")
	b.Axe("list")
	b.Click("#all-yes")
	b.Press("button.primary")
	b.Open(hub + "/check")
	b.Axe("check")
	b.Press("a.button.primary")
	b.Type("#post", "Director")
	b.Click("#declaration")
	b.Press("button.primary")
	if text := b.Text("main"); !strings.Contains(text, "BOL-2027-v1-") {
		j.t.Fatalf("after signing the page says %s", text)
	}
	b.Axe("receipt")
	b.Resize(320)
	b.Axe("receipt at 320")
}

// researcher records and closes an interview, and reads the return.
func (j *journey) researcher() {
	j.t.Helper()
	b := j.b
	j.enter("Researcher", "researcher")
	b.Axe("dashboard")
	b.Open(j.base + "/unit/returns")
	b.Axe("returns")
	b.Open(j.base + "/unit/interviews")
	b.Type("#code", "INT-001")
	b.Select("#country", "BOL")
	b.Press("main button.primary")
	b.Axe("interview")
	home := b.Address()
	id := home[strings.LastIndexByte(home, '/')+1:]
	id, _, _ = strings.Cut(id, "?")
	b.Open(j.base + "/returns/" + id + "/sections/start")
	b.Click(`input[name="a:/start/consent"][value="yes"]`)
	b.Press("button.primary")
	b.Type(`[name="a:/talk/story"]`, journeyStory)
	b.Press("button.primary")
	b.Open(j.base + "/unit/interviews/" + id)
	b.Press(`form[action$="/close"] button`)
	b.Axe("closed interview")
	b.Resize(320)
	b.Axe("closed interview at 320")
	b.Resize(1280)
}

// workbook asks for the comparison and returns it once both jobs before it are done.
func (j *journey) workbook() []xlsform.Sheet {
	j.t.Helper()
	b := j.b
	j.drained()
	b.Open(j.base + "/unit/reports")
	b.Select("#lang", j.lang)
	b.Press("main button.primary")
	testkit.Until(j.t, 60*time.Second, "the workbook", func() bool {
		b.Open(j.base + "/unit/reports")
		return b.Has(`td a[href]`)
	})
	b.Axe("reports")
	var packed string
	b.Eval(`fetch(document.querySelector("td a[href]").href).then(r => r.arrayBuffer()).then(x => btoa(Array.from(new Uint8Array(x), c => String.fromCharCode(c)).join("")))`, &packed)
	file, err := base64.StdEncoding.DecodeString(packed)
	if err != nil {
		j.t.Fatal(err)
	}
	sheets, problems := xlsform.ParseSheets("comparison.xlsx", file)
	if len(sheets) == 0 {
		j.t.Fatalf("the workbook cannot be read: %v", problems)
	}
	return sheets
}

// drained waits until what was signed is normalized.
func (j *journey) drained() {
	j.t.Helper()
	testkit.Until(j.t, 60*time.Second, "both submissions normalized", func() bool {
		return strings.Contains(j.run("rebuild", "--dry-run", "--data", j.dir), "\n0 cells would change") ||
			strings.HasPrefix(j.run("rebuild", "--dry-run", "--data", j.dir), "0 cells would change")
	})
}

// compare looks for everything that was typed.
func (j *journey) compare(sheets []xlsform.Sheet) {
	j.t.Helper()
	var all strings.Builder
	for _, s := range sheets {
		for _, r := range s.Rows {
			for _, c := range r.Cells {
				fmt.Fprintf(&all, "%s\x00", c.Text)
			}
		}
	}
	for _, want := range []string{"1234", journeyLaw, journeyBank, "1998", journeyStory, "INT-001"} {
		if !strings.Contains(all.String(), "\x00"+want+"\x00") {
			j.t.Errorf("the workbook lacks %q", want)
		}
	}
}
