package xlsform

import (
	"cmp"
	"strings"

	"github.com/comparanda/comparanda/forms"
	"github.com/comparanda/comparanda/forms/message"
)

// ref is one ${name} in a text.
type ref struct {
	pos       int // byte offset of "$"
	name      string
	lastSaved bool
	bad       bool // "${" without a name and "}"; name is then what stands there
}

// maxRefBytes is how far from "${" its "}" is looked for: no name is longer, and a cell
// full of "${" shall not be searched to its end for each of them.
const maxRefBytes = 512

// refsIn finds every ${name} and ${last-saved#name}.
func refsIn(text string) []ref {
	var refs []ref
	for from := 0; ; {
		i := strings.Index(text[from:], "${")
		if i < 0 {
			return refs
		}
		start := from + i
		from = start + 2
		inside, _, closed := strings.Cut(text[from:min(len(text), from+maxRefBytes)], "}")
		found := ref{pos: start}
		found.name, found.lastSaved = strings.CutPrefix(inside, "last-saved#")
		if !closed || !forms.ValidName(found.name) {
			found.name, found.bad = strings.TrimSpace(inside), true
			if closed {
				found.name = inside + "}"
			}
		}
		refs = append(refs, found)
	}
}

// checkReferences finds every ${name} of the form that names nothing, or two things.
func (r *reader) checkReferences() {
	r.form.Walk(func(n *forms.Node) bool {
		r.nodeRefs(n)
		r.checkTriggers(n)
		return true
	})
	for _, name := range r.form.ListOrder {
		for _, c := range r.form.Lists[name].Choices {
			r.textRefs(c.Label, c.Place, "label", c.Name)
		}
	}
	for _, name := range []string{"instance_name", "instance_id"} {
		place := r.settings
		place.Column = name
		r.refs(r.form.Settings[name], place, "")
	}
}

func (r *reader) nodeRefs(n *forms.Node) {
	at := func(column string) forms.Place {
		place := n.Place
		place.Column = cmp.Or(n.Columns[column], column)
		return place
	}
	r.textRefs(n.Label, at("label"), "label", n.Name)
	r.textRefs(n.Hint, at("hint"), "hint", n.Name)
	r.textRefs(n.Guidance, at("guidance_hint"), "guidance_hint", n.Name)
	r.textRefs(n.ConstraintMessage, at("constraint_message"), "constraint_message", n.Name)
	r.textRefs(n.RequiredMessage, at("required_message"), "required_message", n.Name)
	r.textRefs(n.NoAppMessage, at("no_app_error_string"), "noAppErrorString", n.Name)
	for kind, text := range n.Media {
		r.textRefs(text, at(kind), kind, n.Name)
	}
	for _, cell := range []struct{ column, text string }{
		{"required", n.Required}, {"relevant", n.Relevant}, {"constraint", n.Constraint},
		{"calculation", n.Calculation}, {"readonly", n.ReadOnly}, {"default", n.Default},
		{"trigger", n.Trigger}, {"repeat_count", n.RepeatCount}, {"choice_filter", n.ChoiceFilter},
		{"appearance", n.Appearance}, {"intent", n.Body["intent"]},
	} {
		r.refs(cell.text, at(cell.column), n.Name)
	}
	for key, value := range n.Parameters {
		if key != "reference-geometry" { // has a check of its own
			r.refs(value, at("parameters"), n.Name)
		}
	}
	for key, value := range n.Bind {
		r.refs(value, at("bind::"+key), n.Name)
	}
}

func (r *reader) textRefs(t forms.Text, place forms.Place, column, name string) {
	for lang, s := range t {
		p := place
		if lang != "" {
			p.Column = column + "::" + lang
		}
		r.refs(s, p, name)
	}
}

func (r *reader) refs(text string, place forms.Place, owner string) {
	if !strings.Contains(text, "${") || r.full() {
		return
	}
	for _, ref := range refsIn(text) {
		key, text := r.badRef(ref)
		if key == "" {
			continue
		}
		r.add(forms.Problem{
			Severity: forms.Error, Key: key, Place: place, Name: cmp.Or(strings.Trim(ref.name, " }"), owner), Pos: ref.pos + 1,
		}.Saying(text))
	}
}

// badRef says what is wrong with a reference; key is "" when it is sound.
func (r *reader) badRef(ref ref) (key string, text message.Text) {
	if ref.bad {
		return "ref.malformed", message.New("“${” must be followed by the name of a question and “}”, without spaces: mend '${%s'", shorten(ref.name))
	}
	named := r.named[ref.name]
	switch {
	case len(named) == 1:
		return "", text
	case len(named) > 1:
		return "ref.ambiguous", message.New("'%s' is the name of several questions or groups of this form, so ${%s} could be any of them: rename all but one", ref.name, ref.name)
	case r.isMeta(ref.name):
		return "", text
	}
	return "ref.unknown", message.New("there is no question '%s': %s", ref.name, r.question(ref.name))
}

// isMeta reports whether a name is one that the form records by itself.
func (r *reader) isMeta(name string) bool {
	switch name {
	case "instanceID":
		return !yes(r.form.Settings["omit_instanceID"])
	case "instanceName":
		return r.form.Settings["instance_name"] != ""
	}
	return false
}

// question names the question that is likely meant.
func (r *reader) question(name string) message.Text {
	candidates := make([]string, 0, len(r.named))
	for known, entries := range r.named {
		if known != "" && len(entries) > 0 {
			candidates = append(candidates, known)
		}
	}
	return didYouMean(r.nearest(name, candidates), message.New("check the spelling, or add the question"))
}

// didYouMean proposes the nearest name; when there is none, what else to do.
func didYouMean(near string, otherwise message.Text) message.Text {
	if near == "" {
		return otherwise
	}
	return message.New("did you mean '%s'?", near)
}

// shorten keeps a quotation from a cell readable.
func shorten(s string) string {
	const most = 40
	runes := 0
	for i := range s {
		if runes == most {
			return s[:i] + "…"
		}
		runes++
	}
	return s
}

// checkTriggers wants triggers to be questions that somebody answers.
func (r *reader) checkTriggers(n *forms.Node) {
	if n.Trigger == "" {
		return
	}
	refs := refsIn(n.Trigger)
	if len(refs) == 0 {
		r.reportNode(forms.Error, "trigger.form", n, "trigger", "the trigger of '%s' is '%s', but must be a question, as ${name}, or several with commas between them", n.Name, shorten(n.Trigger))
		return
	}
	for _, ref := range refs {
		named := r.named[ref.name]
		if len(named) != 1 {
			continue // reported as a reference
		}
		t := named[0].node
		hidden := t.Kind != forms.Question || unseen[t.Type] && t.Type != "xml-external" && t.Type != "csv-external"
		calculated := t.Kind == forms.Question && t.Label.Empty() && t.Hint.Empty() && (t.Calculation != "" || t.Trigger != "")
		if t.Type == "start-geopoint" || t.Type == "background-geopoint" {
			hidden = false
		}
		if hidden || calculated {
			r.reportNode(forms.Error, "trigger.unseen", n, "trigger", "nobody answers ${%s}, so it cannot be the trigger of ${%s}: name a question with a label", t.Name, n.Name)
		}
	}
}
