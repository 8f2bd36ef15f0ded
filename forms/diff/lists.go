package diff

import (
	"slices"
	"strconv"
	"strings"

	"github.com/comparanda/comparanda/forms"
	"github.com/comparanda/comparanda/forms/message"
)

// lists compares the choice lists of one sheet.
func (c *comparison) lists(sheet string, before, after map[string]*forms.List) {
	for _, name := range keysOf(before, after) {
		l := &listComparison{comparison: c, name: name, heading: message.New("Choices of %s", name)}
		if sheet != "choices" {
			l.heading = message.New("Choices of %s, sheet %s", name, sheet)
		}
		l.users(before[name] != nil)
		switch o, n := before[name], after[name]; {
		case o == nil:
			l.add(Change{Kind: ListAdded, New: strings.Join(codes(n), " "), Place: placeOf(n)})
		case n == nil:
			l.add(Change{Kind: ListRemoved, Old: strings.Join(codes(o), " "), OldPlace: placeOf(o)})
		default:
			l.compare(o, n)
		}
	}
}

// listComparison compares one list that both forms have.
type listComparison struct {
	*comparison
	name     string
	heading  message.Text
	used     bool // a question that both forms have offers it
	filtered bool // through a choice_filter
}

func (l *listComparison) users(known bool) {
	l.after.Walk(func(n *forms.Node) bool {
		if n.List == l.name && n.File == "" && known && l.pairing.toOld[n] != nil {
			l.used, l.filtered = true, l.filtered || n.ChoiceFilter != ""
		}
		return true
	})
}

func (l *listComparison) add(change Change) {
	change.List, change.heading, change.section = l.name, l.heading, aboutLists
	if !l.used {
		change.Effect = ""
	}
	l.comparison.add(change)
}

// counted is a choice with its number among namesakes, which a filter tells apart.
type counted struct {
	name  string
	place int
}

func count(list *forms.List) (keys []counted, byKey map[counted]*forms.Choice) {
	seen := map[string]int{}
	byKey = map[counted]*forms.Choice{}
	for _, choice := range list.Choices {
		key := counted{choice.Name, seen[choice.Name]}
		seen[choice.Name]++
		keys = append(keys, key)
		byKey[key] = choice
	}
	return keys, byKey
}

func (l *listComparison) compare(before, after *forms.List) {
	oldKeys, olds := count(before)
	newKeys, news := count(after)
	renamed := l.renamed(oldKeys, newKeys, olds, news)
	var was []int
	var stayed []*forms.Choice
	oldAt, left := map[counted]int{}, map[string]bool{}
	for i, key := range oldKeys {
		oldAt[key] = i
	}
	for _, key := range newKeys {
		left[key.name] = true
		n, from := news[key], key
		if old, ok := renamed[key]; ok {
			from = old
			l.add(l.changed(ChoiceRenamed, olds[old], n, Change{Column: "name", Old: old.name, New: key.name, Guess: true, Effect: UnknownChoice}))
		}
		o := olds[from]
		if o == nil {
			l.add(l.changed(ChoiceAdded, nil, n, Change{}))
			continue
		}
		delete(olds, from)
		l.choice(o, n)
		was, stayed = append(was, oldAt[from]), append(stayed, n)
	}
	for _, key := range oldKeys {
		if o := olds[key]; o != nil {
			effect := UnknownChoice
			if left[o.Name] {
				effect = "" // a namesake is still there
			}
			l.add(l.changed(ChoiceRemoved, o, nil, Change{Effect: effect}))
		}
	}
	for _, i := range displaced(was) {
		n := stayed[i]
		change := l.changed(ChoiceMoved, before.Choices[was[i]], n, Change{})
		change.words(afterChoice(before, was[i]), afterChoice(after, slices.Index(after.Choices, n)))
		l.add(change)
	}
}

// renamed guesses which new choices are old ones under another code: those with the same
// label, when there is only one such on either side.
func (l *listComparison) renamed(oldKeys, newKeys []counted, olds, news map[counted]*forms.Choice) map[counted]counted {
	gone := func(k counted) bool { return news[k] == nil }
	came := func(k counted) bool { return olds[k] == nil }
	found := map[counted]counted{}
	lone := func(keys []counted, choices map[counted]*forms.Choice, free func(counted) bool, lang func(langPair) string) map[string][]counted {
		byText := map[string][]counted{}
		for _, k := range keys {
			for i, p := range l.langs {
				if text := choices[k].Label[lang(p)]; text != "" && free(k) {
					byText[strconv.Itoa(i)+" "+text] = append(byText[strconv.Itoa(i)+" "+text], k)
				}
			}
		}
		return byText
	}
	before := lone(oldKeys, olds, gone, func(p langPair) string { return p.before })
	after := lone(newKeys, news, came, func(p langPair) string { return p.after })
	taken := map[counted]bool{}
	for _, text := range keysOf(before, after) {
		if o, n := before[text], after[text]; len(o) == 1 && len(n) == 1 && !taken[o[0]] {
			if _, known := found[n[0]]; !known {
				found[n[0]], taken[o[0]] = o[0], true
			}
		}
	}
	return found
}

// choice compares the words and columns of one choice.
func (l *listComparison) choice(o, n *forms.Choice) {
	change := l.changed(ChoiceReworded, o, n, Change{Effect: NewWords})
	change.List, change.heading, change.section = l.name, l.heading, aboutLists
	if !l.used {
		change.Effect = ""
	}
	l.reworded("label", o.Label, n.Label, change)
	l.rewordedMedia(o.Media, n.Media, change)
	for _, column := range keysOf(o.Extra, n.Extra) {
		if o.Extra[column] == n.Extra[column] {
			continue
		}
		effect := Effect("")
		switch {
		case column == "exclusive":
			effect = Judged
		case l.filtered:
			effect = UnknownChoice
		}
		l.add(l.changed(ChoiceRuled, o, n, Change{Column: column, Old: o.Extra[column], New: n.Extra[column], Effect: effect}))
	}
}

func (l *listComparison) changed(kind Kind, o, n *forms.Choice, change Change) Change {
	change.Kind = kind
	f, known := l.before, o
	if o != nil {
		change.OldPlace = o.Place
	}
	if n != nil {
		f, known, change.Place = l.after, n, n.Place
	}
	change.Choice = known.Name
	label, _ := known.Label.In(f, "")
	change.Label = strings.Join(strings.Fields(label), " ")
	return change
}

func afterChoice(list *forms.List, at int) message.Text {
	if at <= 0 {
		return message.New("first")
	}
	return message.New("after %s", list.Choices[at-1].Name)
}

func codes(list *forms.List) []string {
	var all []string
	for _, c := range list.Choices {
		all = append(all, c.Name)
	}
	return all
}

func placeOf(list *forms.List) forms.Place {
	if len(list.Choices) == 0 {
		return forms.Place{}
	}
	return list.Choices[0].Place
}
