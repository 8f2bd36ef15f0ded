package forms

import (
	"regexp"
	"strings"
)

// FileUse is a list beside the form that one of its questions names.
type FileUse struct {
	Name   string // of the file: facilities.csv
	Node   *Node  // the first that names it
	Column string // where it does
}

// FileUses lists the files that a form names, each once, in the order of the sheet:
// those of selects from files, of *-external rows, and of pulldata().
func (f *Form) FileUses() []FileUse {
	var uses []FileUse
	seen := map[string]bool{}
	add := func(name string, n *Node, column string) {
		if name != "" && !seen[name] {
			seen[name] = true
			uses = append(uses, FileUse{name, n, column})
		}
	}
	f.Walk(func(n *Node) bool {
		switch n.Type {
		case "csv-external":
			add(n.Name+".csv", n, "name")
		case "xml-external":
			add(n.Name+".xml", n, "name")
		default:
			add(n.File, n, "type")
		}
		for _, e := range []struct{ column, expr string }{
			{"calculation", n.Calculation}, {"constraint", n.Constraint}, {"readonly", n.ReadOnly}, {"required", n.Required},
			{"relevant", n.Relevant}, {"default", n.Default}, {"choice_filter", n.ChoiceFilter},
			{"repeat_count", n.RepeatCount},
		} {
			for _, id := range Pulled(e.expr) {
				add(id+".csv", n, e.column)
			}
		}
		return true
	})
	return uses
}

var pulldata = regexp.MustCompile(`pulldata\s*\(\s*['"]([^'"]+)['"]`)

// Pulled names the lists that an expression looks into by pulldata(), without ".csv".
func Pulled(expr string) []string {
	if !strings.Contains(expr, "pulldata") {
		return nil
	}
	var ids []string
	for _, m := range pulldata.FindAllStringSubmatch(expr, -1) {
		ids = append(ids, m[1])
	}
	return ids
}
