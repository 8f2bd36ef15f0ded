package web

import (
	"fmt"
	"regexp"
	"strconv"

	"github.com/comparanda/comparanda/forms"
)

// numbering gives every question its number ("B.3"), by question path. A section
// whose label begins with a letter or number of its own ("B. Context") keeps it;
// others count from 1. Notes and calculations have none.
type numbering map[string]string

var ownNumber = regexp.MustCompile(`^\s*([A-Z]|\d{1,2})[.)]\s`)

func numbersOf(f *forms.Form) numbering {
	n := numbering{}
	for i, section := range f.Children {
		prefix := strconv.Itoa(i + 1)
		if m := ownNumber.FindStringSubmatch(anyText(section.Label, f)); m != nil {
			prefix = m[1]
		}
		n[section.Path] = prefix
		count := 0
		n.walk(section, prefix, &count)
	}
	return n
}

func (n numbering) walk(node *forms.Node, prefix string, count *int) {
	if node.Kind == forms.Question {
		if isAsked(node) {
			*count++
			n[node.Path] = fmt.Sprintf("%s.%d", prefix, *count)
		}
		return
	}
	for _, child := range node.Children {
		n.walk(child, prefix, count)
	}
}

// anyText is a text in the form's own language.
func anyText(t forms.Text, f *forms.Form) string {
	if s := t[f.DefaultLanguage]; s != "" {
		return s
	}
	for _, l := range f.Languages {
		if s := t[l.Name]; s != "" {
			return s
		}
	}
	return t[""]
}

// isAsked reports whether a question waits for an answer of a person.
func isAsked(n *forms.Node) bool {
	switch n.Type {
	case "note", "calculate", "hidden", "start", "end", "today", "deviceid", "username", "phonenumber", "email", "audit",
		"simserial", "subscriberid", "start-geopoint", "background-audio", "xml-external", "csv-external":
		return false
	}
	return n.Kind == forms.Question
}
