package forms

import "github.com/comparanda/comparanda/forms/message"

// Simplified notes what a web page shows in a simpler way than a client on a phone does:
// one Note for each type of question and each appearance, at the first that has it, and
// one for pictures and sounds in questions, and in choices.
func (f *Form) Simplified() []Problem {
	var notes []Problem
	seen := map[string]bool{}
	add := func(found []Problem) {
		for _, note := range found {
			if !seen[note.Key] {
				seen[note.Key] = true
				notes = append(notes, note)
			}
		}
	}
	f.Walk(func(n *Node) bool {
		add(n.Simplified())
		if n.Appearance != "" && !shownAppearances[n.Appearance] {
			add([]Problem{simpler(n.Place, n.Name, "web.appearance "+n.Appearance, "appearance", message.New("the appearance '%s' changes nothing on the web page", n.Appearance))})
		}
		return true
	})
	for _, name := range f.ListOrder {
		for _, c := range f.Lists[name].Choices {
			if len(c.Media) > 0 {
				add([]Problem{simpler(c.Place, c.Name, "web.choice_media", "", message.New("the web page shows a choice without its image, audio or video"))})
			}
		}
	}
	return notes
}

// Simplified notes what the web page shows of this question in a simpler way.
func (n *Node) Simplified() []Problem {
	var notes []Problem
	if text, yes := simplerType(n); yes && n.Kind == Question {
		notes = append(notes, simpler(n.Place, n.Name, "web."+n.Type, "type", text))
	}
	if len(n.Media) > 0 {
		notes = append(notes, simpler(n.Place, n.Name, "web.media", "", message.New("the web page shows a label without its image, audio or video")))
	}
	return notes
}

func simpler(place Place, name, key, column string, text message.Text) Problem {
	place.Column = column
	return Problem{Severity: Note, Key: key, Place: place, Name: name}.Saying(text)
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
	case "end", "deviceid", "subscriberid", "simserial", "phonenumber", "username", "email":
		return message.New("the web page leaves '%s' empty: only other clients fill it in", n.Type), true
	}
	return message.Text{}, false
}
