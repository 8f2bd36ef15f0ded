package xlsform

import (
	"path"
	"slices"
	"strings"

	"github.com/comparanda/comparanda/forms"
)

// unseen are the question types that show nothing, and so need no label.
var unseen = words(`calculate hidden audit start end today deviceid subscriberid simserial phonenumber username email
	uri:deviceid uri:subscriberid uri:simserial uri:phonenumber uri:username uri:email
	xml-external csv-external start-geopoint background-geopoint background-audio`)

// checkRow looks at what one row says by itself.
func (r *reader) checkRow(e *entry, cell string) {
	n := e.node
	if n.Kind != forms.Question {
		r.checkSection(e)
		return
	}
	r.checkLabel(e)
	if n.Extra["save_to"] != "" && n.Name == "" {
		r.report(forms.Error, "entity.saveto", e.rec.place("save_to"), "", "the question has no name to save: write one")
	}
	switch n.Type {
	case "calculate":
		if n.Calculation == "" && !strings.ContainsAny(n.Default, "$(") {
			r.report(forms.Error, "calculation.missing", e.rec.place("calculation"), n.Name, "the calculate '%s' has no calculation: write one, or make it a hidden question with a default", n.Name)
		}
	case "background-geopoint":
		if n.Trigger == "" {
			r.report(forms.Error, "trigger.missing", e.rec.place("trigger"), n.Name, "a 'background-geopoint' needs a 'trigger': write the question, as ${name}, whose change records the place")
		}
		if n.Calculation != "" {
			r.report(forms.Error, "calculation.unwanted", e.rec.place("calculation"), n.Name, "a 'background-geopoint' takes no 'calculation': clear the cell")
		}
	}
	r.checkMedia(e)
	r.checkFile(e, cell)
	if n.RepeatCount != "" {
		r.report(forms.Warning, "repeat_count.unused", e.rec.place("repeat_count"), n.Name, "only repeats have a repeat_count: move it to the “begin repeat” row")
	}
	if n.ChoiceFilter != "" && n.List == "" && n.File == "" && n.From == "" {
		r.report(forms.Warning, "choice_filter.unused", e.rec.place("choice_filter"), n.Name, "only selects have a choice_filter: clear the cell, or make '%s' a select", n.Name)
	}
	r.checkParameters(e)
}

func (r *reader) checkSection(e *entry) {
	n := e.node
	if n.Kind == forms.Repeat && n.Label.Empty() && n.Name != "" {
		r.report(forms.Warning, "label.repeat", e.rec.place("label"), n.Name, "the repeat '%s' has no label: write what one item of it is", n.Name)
	}
	if n.Kind == forms.Group && n.RepeatCount != "" {
		r.report(forms.Warning, "repeat_count.unused", e.rec.place("repeat_count"), n.Name, "only repeats have a repeat_count: write “begin repeat” instead of “begin group”, or clear the cell")
	}
	if n.Extra["save_to"] != "" {
		r.report(forms.Error, "entity.saveto", e.rec.place("save_to"), n.Name, "only questions can be saved to an entity, not groups or repeats: clear this save_to")
	}
}

// checkLabel asks for something to read where there is something to answer. A question
// that is calculated shows nothing unless it has a label.
func (r *reader) checkLabel(e *entry) {
	n := e.node
	if !n.Label.Empty() || !n.Hint.Empty() || len(n.Media) > 0 || unseen[n.Type] || n.Name == "" {
		return
	}
	if n.Calculation != "" || n.Trigger != "" {
		return
	}
	r.report(forms.Error, "label.missing", e.rec.place("label"), n.Name, "the question '%s' has neither label nor hint: write what people shall read", n.Name)
}

func (r *reader) checkMedia(e *entry) {
	n := e.node
	if len(n.Media["big-image"]) > 0 && len(n.Media["image"]) == 0 {
		r.report(forms.Error, "media.image", e.rec.place("big-image"), n.Name, "'%s' has a 'big-image' but no 'image': fill in the image too", n.Name)
	}
	if n.Type == "image" && n.Parameters["max-pixels"] == "" {
		r.report(forms.Warning, "image.size", e.rec.place("parameters"), n.Name, "pictures of '%s' are sent in full size: write max-pixels=1024 into parameters to save space", n.Name)
	}
}

// checkFile wants a file of choices to be one that clients read.
func (r *reader) checkFile(e *entry, cell string) {
	n := e.node
	if n.File == "" {
		return
	}
	if !slices.Contains([]string{".csv", ".geojson", ".xml"}, strings.ToLower(path.Ext(n.File))) {
		r.report(forms.Error, "file.extension", e.rec.place("type"), n.Name, "'%s' of '%s' names no file that can be read: its name must end in '.csv', '.xml' or '.geojson'", cell, n.Name)
	}
	if strings.Contains(n.Appearance, "search(") {
		r.report(forms.Error, "search.file", e.rec.place("appearance"), n.Name, "'%s' takes its choices from a file and also says 'search()': use one of the two", n.Name)
	}
}
