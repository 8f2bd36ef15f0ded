package xform

import (
	"cmp"

	"github.com/comparanda/comparanda/forms"
)

// itext gathers the texts that clients choose by language.
type itext struct {
	main  string // language of unmarked texts
	langs []string
	ids   []string
	texts map[string]map[string][]textForm // language → id → forms
}

// textForm is one form of a text: "" is the plain one, then guidance, image, audio, …
type textForm struct {
	form    string
	content []any
}

func newItext(f *forms.Form) *itext {
	return &itext{main: cmp.Or(f.Settings["default_language"], "default"), texts: make(map[string]map[string][]textForm)}
}

// marked reports whether a text has a language other than the unmarked one.
func marked(t forms.Text) bool {
	for lang, s := range t {
		if lang != "" && s != "" {
			return true
		}
	}
	return false
}

// byLanguage gives a text's versions by language name, where an unmarked one is in the
// main language unless that has one of its own.
func (x *itext) byLanguage(t forms.Text) map[string]string {
	out := make(map[string]string, len(t))
	for lang, s := range t {
		if s != "" && lang != "" {
			out[lang] = s
		}
	}
	if s := t[""]; s != "" && out[x.main] == "" {
		out[x.main] = s
	}
	return out
}

// put adds one form of a text in one language.
func (x *itext) put(lang, id, form string, content ...any) {
	if x.texts[lang] == nil {
		x.texts[lang] = make(map[string][]textForm)
		x.langs = append(x.langs, lang)
	}
	known := false
	for _, l := range x.langs {
		known = known || len(x.texts[l][id]) > 0
	}
	if !known {
		x.ids = append(x.ids, id)
	}
	x.texts[lang][id] = append(x.texts[lang][id], textForm{form, content})
}

// addText adds a text in all its languages, in the order of the form's languages.
func (b *builder) addText(id, form string, t forms.Text, from *node) {
	versions := b.texts.byLanguage(t)
	add := func(lang string) {
		if s := versions[lang]; s != "" {
			b.texts.put(lang, id, form, b.mixed(s, from)...)
			delete(versions, lang)
		}
	}
	add(b.texts.main)
	for _, l := range b.form.Languages {
		add(l.Name)
	}
}

// addMedia adds the files that go with a label.
func (b *builder) addMedia(id string, media map[string]forms.Text, from *node) {
	for _, kind := range []string{"image", "big-image", "video", "audio"} {
		for lang, file := range b.texts.byLanguage(media[kind]) {
			b.texts.put(lang, id, kind, b.mixed(mediaURI(kind)+file, from)...)
		}
	}
}

func mediaURI(kind string) string {
	switch kind {
	case "image", "big-image":
		return "jr://images/"
	default:
		return "jr://" + kind + "/"
	}
}

// element writes the translations. A text that one language has and another lacks is
// "-" there, because clients refuse a form with gaps.
func (x *itext) element() *element {
	if len(x.langs) == 0 {
		return nil
	}
	out := el("itext")
	for _, lang := range x.langs {
		tr := el("translation", "lang", lang)
		if lang == x.main {
			tr.set("default", "true()")
		}
		for _, id := range x.ids {
			text := el("text", "id", id)
			has := make(map[string]bool)
			for _, f := range x.texts[lang][id] {
				text.add(value(f.form, f.content...))
				has[f.form] = true
			}
			for _, form := range []string{"", "guidance"} {
				if !has[form] && x.anywhere(id, form) {
					text.add(value(form, "-"))
				}
			}
			if len(text.content) > 0 {
				tr.add(text)
			}
		}
		out.add(tr)
	}
	return out
}

func value(form string, content ...any) *element {
	v := el("value")
	if form != "" {
		v.set("form", form)
	}
	return v.add(content...)
}

func (x *itext) anywhere(id, form string) bool {
	for _, lang := range x.langs {
		for _, f := range x.texts[lang][id] {
			if f.form == form {
				return true
			}
		}
	}
	return false
}

// itextRef is how a text is named where it is used.
func itextRef(id string) string { return "jr:itext('" + id + "')" }

// label makes a question's label element; nil when it has none.
func (b *builder) label(n *node) *element {
	if marked(n.Label) || len(n.Media) > 0 {
		return el("label", "ref", itextRef(n.path+":label"))
	}
	if s := n.Label[""]; s != "" {
		return el("label").add(b.mixed(s, n)...)
	}
	return nil
}

// hint makes a question's hint element; nil when it has none.
func (b *builder) hint(n *node) *element {
	if marked(n.Hint) || !n.Guidance.Empty() {
		return el("hint", "ref", itextRef(n.path+":hint"))
	}
	if s := n.Hint[""]; s != "" {
		return el("hint").add(b.mixed(s, n)...)
	}
	return nil
}

// gatherTexts fills the translations from the nodes below n.
func (b *builder) gatherTexts(n *node) {
	n.walk(func(n *node) {
		if b.hasControl(n) || n.Kind != forms.Question {
			if marked(n.Label) || len(n.Media) > 0 {
				b.addText(n.path+":label", "", n.Label, n)
				b.addMedia(n.path+":label", n.Media, n)
			}
			if marked(n.Hint) || !n.Guidance.Empty() {
				b.addText(n.path+":hint", "", n.Hint, n)
				b.addText(n.path+":hint", "guidance", n.Guidance, n)
			}
		}
		for _, m := range messages(n) {
			if m.translated() {
				b.addText(n.path+":"+m.attr, "", m.text, n)
			}
		}
	})
}

// bindText is a text that stands in a bind.
type bindText struct {
	attr string
	text forms.Text
}

// translated reports whether the message must stand in itext: binds hold plain text.
func (m bindText) translated() bool {
	return marked(m.text) || len(lexRefs(m.text[""])) > 0
}

func messages(n *node) []bindText {
	return []bindText{
		{"jr:constraintMsg", n.ConstraintMessage},
		{"jr:requiredMsg", n.RequiredMessage},
		{"jr:noAppErrorString", n.NoAppMessage},
	}
}

// lexRefs gives the references of a text.
func lexRefs(text string) []string {
	var refs []string
	for text != "" {
		start, end := nextOutput(text)
		if start == end {
			return refs
		}
		refs = append(refs, text[start:end])
		text = text[end:]
	}
	return refs
}
