package diff

import (
	"bytes"
	"slices"

	"github.com/comparanda/comparanda/forms"
	"github.com/comparanda/comparanda/forms/message"
)

// settings compares the settings sheet. A form that sets no form_id is called after its
// file, which is no change of the form.
func (c *comparison) settings() {
	for _, name := range keysOf(c.before.Settings, c.after.Settings) {
		o, n := c.before.Settings[name], c.after.Settings[name]
		if o == n {
			continue
		}
		change := Change{Kind: Setting, Column: name, Old: o, New: n}
		if name == "form_id" {
			change.Effect = OtherForm
		}
		c.addGeneral(change, message.New("Settings"), 0)
	}
}

// languages lists what came, went and is called otherwise. The texts of a language that
// only one form has are not listed one by one.
func (c *comparison) languages() {
	for _, name := range languagesOf(c.before) {
		at := slices.IndexFunc(c.langs, func(l langPair) bool { return l.before == name })
		switch {
		case at < 0:
			c.addGeneral(Change{Kind: LanguageRemoved, Old: name, Effect: FallsBack}, message.New("Languages"), 1)
		case c.langs[at].after != name:
			c.addGeneral(Change{Kind: LanguageRenamed, Old: name, New: c.langs[at].after, Guess: c.langs[at].guess}, message.New("Languages"), 1)
		}
	}
	for _, name := range languagesOf(c.after) {
		if !slices.ContainsFunc(c.langs, func(l langPair) bool { return l.after == name }) {
			c.addGeneral(Change{Kind: LanguageAdded, New: name}, message.New("Languages"), 1)
		}
	}
}

func (c *comparison) addGeneral(change Change, heading message.Text, at int) {
	change.section, change.heading, change.at = aboutForm, heading, at
	if change.Kind == SheetChanged || change.Kind == FileChanged {
		change.section = aboutLists + 1
	}
	c.add(change)
}

// files compares the lists that lie beside the forms, as a whole each.
func (c *comparison) files() {
	for _, name := range keysOf(c.before.Files, c.after.Files) {
		o, n := c.before.Files[name], c.after.Files[name]
		if bytes.Equal(o, n) {
			continue
		}
		effect := UnknownChoice
		if n == nil { // a list that is not there refuses nothing
			effect = ""
		}
		change := Change{Kind: FileChanged, Column: name, Effect: effect}
		change.words(size(o), size(n))
		c.addGeneral(change, message.New("Lists beside the form"), 0)
	}
}

func size(file []byte) message.Text {
	if file == nil {
		return message.Text{}
	}
	return message.New("bytes: %d", len(file))
}

// sheets compares what else belongs to a form: entities, and the sheets that are ours.
func (c *comparison) sheets() {
	before, after := sheetsOf(c.before), sheetsOf(c.after)
	for _, name := range keysOf(before, after) {
		o, n := before[name], after[name]
		if slices.EqualFunc(o, n, equalRows) {
			continue
		}
		change := Change{Kind: SheetChanged, Column: name}
		change.words(message.New("rows: %d", len(o)), message.New("rows: %d", len(n)))
		c.addGeneral(change, message.New("Other sheets"), 0)
	}
}

func sheetsOf(f *forms.Form) map[string][]map[string]string {
	all := map[string][]map[string]string{}
	for name, rows := range f.Extra {
		all[name] = rows
	}
	if len(f.Entities) > 0 {
		all["entities"] = f.Entities
	}
	return all
}

func equalRows(a, b map[string]string) bool {
	return !slices.ContainsFunc(keysOf(a, b), func(column string) bool { return a[column] != b[column] })
}
