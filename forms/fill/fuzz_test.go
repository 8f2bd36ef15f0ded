package fill_test

import (
	"strings"
	"testing"
	"time"

	"github.com/comparanda/comparanda/forms/fill"
	"github.com/comparanda/comparanda/forms/xlsform"
)

// FuzzFill takes steps at a form that somebody wrote: no panic, no hang, and what is
// loaded again is the same.
func FuzzFill(f *testing.F) {
	f.Add("| survey |\n| | type | name | label | relevant |\n| | integer | a | A | |\n| | text | b | B | ${a} > 1 |", "set /a 2\nset /b x\nset /a 0")
	f.Add("| survey |\n| | type | name | label | repeat_count |\n| | integer | n | N | |\n| | begin repeat | r | R | ${n} |\n| | text | b | B | |\n| | end repeat | | | |", "set /n 3\nset /r[2]/b x\nset /n 1e9\nremove /r[1]\nset /n 1")
	f.Add("| survey |\n| | type | name | label | calculation |\n| | begin repeat | r | R | |\n| | integer | x | X | |\n| | calculate | y | | sum(../../r/x) + position(..) |\n| | end repeat | | | |", "add /r\nadd /r\nset /r[1]/x 4\nremove /r[1]")
	f.Add("| survey |\n| | type | name | label | calculation | trigger |\n| | text | a | A | | |\n| | text | b | B | concat(${a}, '!') | ${a}, ${c} |\n| | text | c | C | concat(${b}, '!') | ${b} |", "set /a x\nset /c y")
	f.Add("| survey |\n| | type | name | label | choice_filter | default |\n| | begin repeat | r | R | | |\n| | text | x | X | | uuid() |\n| | end repeat | | | | |\n| | select_one ${x} | s | S | ${x} != '' | |", "add /r\nset /s x\nset /r[1]/x é")
	f.Fuzz(func(t *testing.T, sheets, steps string) {
		if len(sheets) > 4000 || len(steps) > 1000 {
			return
		}
		form, _ := xlsform.Parse("fuzz.md", []byte(sheets))
		if form == nil {
			return
		}
		plan, _ := fill.Compile(form)
		if plan == nil {
			return
		}
		begun := time.Now()
		for _, client := range []bool{false, true} {
			in := plan.New(fill.Env{Client: client})
			for line := range strings.Lines(steps) {
				take(in, strings.TrimSuffix(line, "\n"))
			}
			look(in)
			again := plan.New(fill.Env{Client: client})
			if err := again.Load(in.Entries(), itemsOf(in)); err == nil && len(again.Orphans()) > 0 {
				t.Errorf("orphans of its own: %v", again.Orphans())
			}
		}
		if took := time.Since(begun); took > 10*time.Second {
			t.Errorf("took %v", took)
		}
	})
}

// take takes one step, whatever comes of it.
func take(in *fill.Instance, line string) {
	word, rest, _ := strings.Cut(line, " ")
	path, value, _ := strings.Cut(rest, " ")
	switch word { // errors are answers here
	case "set":
		_ = in.Set(path, value)
	case "reason":
		_ = in.SetReason(path, value)
	case "add":
		_, _ = in.AddItem(path, value)
	case "remove":
		_ = in.RemoveItem(path)
	}
}

// look asks for all that can be asked.
func look(in *fill.Instance) {
	in.Walk(func(st fill.State) bool {
		in.Choices(st.Path)
		in.Label(st.Path, "")
		in.Parked(st.Path)
		if st.Problem != nil && st.Problem.Message != nil {
			st.Problem.Message("")
		}
		return true
	})
	in.Sections()
	in.Changed()
}
