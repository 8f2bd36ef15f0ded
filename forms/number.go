package forms

import (
	"regexp"
	"strconv"
)

// ownNumber finds the letter or number that an author gave a section: "B. Context".
var ownNumber = regexp.MustCompile(`^\s*([A-Z]|\d{1,2})[.)]\s`)

// Numbers gives every question that is asked its number ("B.3"), and every top-level
// node its prefix ("B"), by question path. A section whose label begins with a letter
// or number of its own keeps it; others take their position.
func (f *Form) Numbers() map[string]string {
	numbers := map[string]string{}
	for i, section := range f.Children {
		prefix := strconv.Itoa(i + 1)
		label, _ := section.Label.In(f, f.DefaultLanguage)
		if m := ownNumber.FindStringSubmatch(label); m != nil {
			prefix = m[1]
		}
		numbers[section.Path] = prefix
		count := 0
		section.Walk(func(n *Node) bool {
			if n.Asked() {
				count++
				numbers[n.Path] = prefix + "." + strconv.Itoa(count)
			}
			return true
		})
	}
	return numbers
}

// Asked reports whether a question waits for an answer of a person: notes,
// calculations, hidden values and metadata do not.
func (n *Node) Asked() bool {
	switch n.Type {
	case "note", "calculate", "hidden", "start", "end", "today", "deviceid", "username", "phonenumber", "email", "audit",
		"simserial", "subscriberid", "start-geopoint", "background-geopoint", "background-audio", "xml-external", "csv-external":
		return false
	}
	return n.Kind == Question
}
