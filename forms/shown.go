package forms

import "github.com/comparanda/comparanda/forms/message"

// Simplified notes what a web page shows in a simpler way than a client on a phone does:
// one Note for each type of question and each appearance, at the first that has it.
func (f *Form) Simplified() []Problem {
	var notes []Problem
	seen := map[string]bool{}
	note := func(n *Node, key, column string, text message.Text) {
		if seen[key] {
			return
		}
		seen[key] = true
		place := n.Place
		place.Column = column
		notes = append(notes, Problem{Severity: Note, Key: key, Place: place, Name: n.Name}.Saying(text))
	}
	f.Walk(func(n *Node) bool {
		if text, simpler := simplerType(n); simpler {
			note(n, "web."+n.Type, "type", text)
		}
		if n.Appearance != "" && !shownAppearances[n.Appearance] {
			note(n, "web.appearance "+n.Appearance, "appearance", message.New("the appearance '%s' changes nothing on the web page", n.Appearance))
		}
		return true
	})
	return notes
}

// shownAppearances are those that the page follows.
var shownAppearances = map[string]bool{"multiline": true, "month-year": true, "year": true}

func simplerType(n *Node) (message.Text, bool) {
	switch n.Type {
	case "geopoint", "geotrace", "geoshape":
		return message.New("the web page asks for a '%s' as coordinates in a text field, without a map", n.Type), true
	case "barcode", "osm":
		return message.New("the web page asks for '%s' as text: nothing is scanned or drawn", n.Type), true
	case "image", "audio", "video":
		return message.New("the web page takes a file for '%s': nothing is recorded or drawn there", n.Type), true
	case "rank":
		return message.New("the web page takes the order of a 'rank' without dragging"), true
	case "time":
		return message.New("the web page asks for a 'time' as text, such as 09:30"), true
	case "dateTime":
		return message.New("the web page asks for a 'dateTime' as text, such as 2026-01-31T09:30"), true
	case "audit", "background-audio", "background-geopoint", "start-geopoint":
		return message.New("'%s' is recorded by clients on a phone only: the web page leaves it empty", n.Type), true
	}
	return message.Text{}, false
}
