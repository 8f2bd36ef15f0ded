package xpath

import "strings"

// foreignFunctions are names from spreadsheets and other languages, with what to write
// here.
var foreignFunctions = map[string]string{
	"and": "and stands between two conditions, as in a and b", "or": "or stands between two conditions, as in a or b",
	"isblank": "write ${question} = ''", "len": "write string-length(...)", "datediff": "subtract one date from the other",
	"average": "write sum(...) div count(...)", "avg": "write sum(...) div count(...)", "iif": "write if(...)", "left": "write substr(text, 0, n)",
	"mid": "write substr(text, from, to)", "right": "write substr(text, -n)", "trim": "write normalize-space(...)", "trunc": "write int(...)",
	"ceil": "write ceiling(...)", "power": "write pow(...)", "concatenate": "write concat(...)", "countif": "write count(...[condition])",
	"sumif": "write sum(...[condition])", "vlookup": "write instance('list')/root/item[name = ...]/column", "mod": "write a mod b", "div": "write a div b",
}

// unknownFunction explains a call of a function that does not exist.
func unknownFunction(t *call) Problem {
	p := Problem{Pos: t.pos, Key: "function", Msg: "there is no function " + t.name + "()"}
	if hint := foreignFunctions[strings.ToLower(t.name)]; hint != "" {
		p.Msg += "; " + hint
		return p
	}
	if p.Near = nearestFunction(t.name); p.Near != "" {
		p.Msg += "; perhaps " + p.Near + "() is meant"
	}
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
