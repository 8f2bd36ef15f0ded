package xpath

import (
	"strings"

	"github.com/comparanda/comparanda/forms/message"
)

// foreignFunctions are names from spreadsheets and other languages, with what to write
// here.
var foreignFunctions = map[string]message.Text{
	"and":         message.New("and stands between two conditions, as in a and b"),
	"or":          message.New("or stands between two conditions, as in a or b"),
	"isblank":     message.New("write %s", "${question} = ''"),
	"len":         message.New("write %s", "string-length(...)"),
	"datediff":    message.New("subtract one date from the other"),
	"average":     message.New("write %s", "sum(...) div count(...)"),
	"avg":         message.New("write %s", "sum(...) div count(...)"),
	"iif":         message.New("write %s", "if(...)"),
	"left":        message.New("write %s", "substr(text, 0, n)"),
	"mid":         message.New("write %s", "substr(text, from, to)"),
	"right":       message.New("write %s", "substr(text, -n)"),
	"trim":        message.New("write %s", "normalize-space(...)"),
	"trunc":       message.New("write %s", "int(...)"),
	"ceil":        message.New("write %s", "ceiling(...)"),
	"power":       message.New("write %s", "pow(...)"),
	"concatenate": message.New("write %s", "concat(...)"),
	"countif":     message.New("write %s", "count(...[condition])"),
	"sumif":       message.New("write %s", "sum(...[condition])"),
	"vlookup":     message.New("write %s", "instance('list')/root/item[name = ...]/column"),
	"mod":         message.New("write %s", "a mod b"),
	"div":         message.New("write %s", "a div b"),
}

// unknownFunction explains a call of a function that does not exist.
func unknownFunction(t *call) Problem {
	p := Problem{Pos: t.pos, Key: "function"}
	if hint, ok := foreignFunctions[strings.ToLower(t.name)]; ok {
		p.Msg = message.New("there is no function %s(); %s", t.name, hint)
		return p
	}
	if p.Near = nearestFunction(t.name); p.Near != "" {
		p.Msg = message.New("there is no function %s(); perhaps %s() is meant", t.name, p.Near)
		return p
	}
	p.Msg = message.New("there is no function %s(); see the list of functions at docs.getodk.org/form-operators-functions", t.name)
	return p
}

// nearestFunction is the function whose name differs least from name, "" when none is
// close. Of several it is the first by the alphabet.
func nearestFunction(name string) string {
	best, nearest := 1+min(2, len(name)/3), ""
	folded := strings.ToLower(strings.NewReplacer("_", "-", " ", "-").Replace(name))
	if len(folded) > 40 {
		return ""
	}
	for known := range functions {
		d := edits(folded, known)
		if d < best || d == best && nearest != "" && known < nearest {
			best, nearest = d, known
		}
	}
	return nearest
}

// edits counts the letters to insert, delete or replace to make b of a.
func edits(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			change := diagonal
			if a[i] != b[j] {
				change++
			}
			diagonal = row[j+1]
			row[j+1] = min(change, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}
