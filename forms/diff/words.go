package diff

import (
	"maps"
	"slices"
	"strings"

	"github.com/comparanda/comparanda/forms"
)

// langPair is a language of both forms, by its name in each; "" stands for columns
// without a language.
type langPair struct {
	before, after string
	guess         bool
}

// pairLanguages finds the languages that both forms have: by name, by code, by the name
// without its code. A form that had no languages and now has some speaks, by guess, the
// one in which most labels are still the same.
func pairLanguages(before, after *forms.Form) []langPair {
	olds, news := languagesOf(before), languagesOf(after)
	var pairs []langPair
	match := func(same func(o, n string) bool) {
		for i := 0; i < len(olds); i++ {
			at := slices.IndexFunc(news, func(n string) bool { return same(olds[i], n) })
			if at < 0 {
				continue
			}
			pairs = append(pairs, langPair{before: olds[i], after: news[at]})
			olds, news = slices.Delete(olds, i, i+1), slices.Delete(news, at, at+1)
			i--
		}
	}
	match(func(o, n string) bool { return o == n })
	match(func(o, n string) bool {
		return o != "" && n != "" && strings.EqualFold(before.LangCode(o), after.LangCode(n))
	})
	match(func(o, n string) bool { return o != "" && n != "" && strings.EqualFold(plainName(o), plainName(n)) })
	if o, n, found := guessed(before, after, olds, news); found {
		pairs = append(pairs, langPair{o, n, true})
	}
	return pairs
}

// languagesOf lists the languages of a form, and "" when texts stand in columns without one.
func languagesOf(f *forms.Form) []string {
	var names []string
	for _, l := range f.Languages {
		names = append(names, l.Name)
	}
	unmarked := false
	f.Walk(func(n *forms.Node) bool {
		unmarked = unmarked || n.Label[""] != "" || n.Hint[""] != ""
		return !unmarked
	})
	if unmarked || len(names) == 0 {
		names = append(names, "")
	}
	return names
}

// plainName is a language's name without its code: "Español" of "Español (es)".
func plainName(name string) string {
	name, _, _ = strings.Cut(name, "(")
	return strings.TrimSpace(name)
}

func guessed(before, after *forms.Form, olds, news []string) (o, n string, found bool) {
	if !slices.Contains(olds, "") && !slices.Contains(news, "") {
		return "", "", false
	}
	most := 0
	for _, from := range olds {
		for _, to := range news {
			if same := alike(before, after, from, to); (from == "" || to == "") && same > most {
				o, n, found, most = from, to, true, same
			}
		}
	}
	return o, n, found
}

// alike counts the paths that have the same label in a language of each form.
func alike(before, after *forms.Form, from, to string) int {
	count := 0
	before.Walk(func(o *forms.Node) bool {
		if n := after.Find(o.Path); n != nil && o.Label[from] != "" && o.Label[from] == n.Label[to] {
			count++
		}
		return true
	})
	return count
}

// reworded lists the columns of two texts that differ, in the languages of both forms.
func (c *comparison) reworded(column string, o, n forms.Text, change Change) {
	for _, l := range c.langs {
		if o[l.before] == n[l.after] {
			continue
		}
		change.Column = column
		if l.after != "" {
			change.Column += "::" + l.after
		}
		change.Old, change.New = o[l.before], n[l.after]
		c.add(change)
	}
}

// rewordedMedia is reworded for the files of a label.
func (c *comparison) rewordedMedia(o, n map[string]forms.Text, change Change) {
	for _, kind := range keysOf(o, n) {
		c.reworded("media::"+kind, o[kind], n[kind], change)
	}
}

// keysOf lists the keys of both maps, sorted.
func keysOf[V any](a, b map[string]V) []string {
	all := maps.Clone(a)
	if all == nil {
		all = map[string]V{}
	}
	maps.Copy(all, b)
	return slices.Sorted(maps.Keys(all))
}
