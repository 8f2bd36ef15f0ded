package legacy

import (
	"slices"
	"strconv"

	"github.com/comparanda/comparanda/forms"
)

// Preview is what a person needs to see to correct a plan: the first rows of each sheet,
// what becomes of its columns, and the texts that choices are made of.
type Preview struct {
	Sheets    []SheetPreview    `json:"sheets"` // as in Result
	Columns   []ColumnGroup     `json:"columns"`
	Questions []QuestionPreview `json:"questions"`
}

// SheetPreview is the beginning of a sheet. HeaderRow is 0 when there is no header.
type SheetPreview struct {
	HeaderRow int          `json:"header_row"`
	Sample    []SampledRow `json:"sample"`
}

// SampledRow is one row as it stands, cut to what can be shown.
type SampledRow struct {
	Row    int      `json:"row"`
	Header bool     `json:"header,omitempty"`
	Cells  []string `json:"cells"`
}

// ColumnGroup is a column, or the columns of several sheets that have the same header and
// become the same.
type ColumnGroup struct {
	Header   string        `json:"header"`
	Question string        `json:"question,omitempty"`
	How      string        `json:"how"`
	Role     Role          `json:"role,omitempty"`
	Choice   string        `json:"choice,omitempty"`
	Item     string        `json:"item,omitempty"`
	Personal bool          `json:"personal,omitempty"`
	Filled   int           `json:"filled"`
	Samples  []string      `json:"samples"`
	Places   []ColumnPlace `json:"places"`
	Texts    []ValueText   `json:"texts,omitempty"`     // of choices and countries
	Many     bool          `json:"many,omitempty"`      // there are more texts than are listed
	DayFirst *bool         `json:"day_first,omitempty"` // of dates that do not tell their day from their month
}

// ColumnPlace is where a column stands. At is set when its header alone does not tell.
type ColumnPlace struct {
	Sheet  string `json:"sheet"`
	Column string `json:"column"`
	At     string `json:"at,omitempty"`
}

// QuestionPreview is a question that a column can answer.
type QuestionPreview struct {
	Path    string          `json:"path"`
	Type    string          `json:"type"`
	Label   string          `json:"label"`
	Repeat  string          `json:"repeat,omitempty"` // path of the innermost one around it
	Choices []ChoicePreview `json:"choices,omitempty"`
}

// ChoicePreview is one choice of a question.
type ChoicePreview struct {
	Code  string `json:"code"`
	Label string `json:"label"`
}

// maxPreviewed sheets have their rows shown, and so many choices of a question.
const (
	maxPreviewed = 60
	maxListed    = 500
)

// Preview gives a plan to look at, with the form's labels in a language.
func (p *Plan) Preview(lang string) Preview {
	v := Preview{Sheets: []SheetPreview{}, Columns: p.groups(), Questions: []QuestionPreview{}}
	for i, t := range p.Found.Tables {
		s := SheetPreview{HeaderRow: t.headerRow, Sample: []SampledRow{}}
		if i < maxPreviewed {
			s.Sample = t.sample
		}
		v.Sheets = append(v.Sheets, s)
	}
	p.Form.Walk(func(n *forms.Node) bool {
		if n.Kind == forms.Question && n.Type != "note" {
			v.Questions = append(v.Questions, previewOf(p.Form, n, lang))
		}
		return true
	})
	return v
}

func previewOf(f *forms.Form, n *forms.Node, lang string) QuestionPreview {
	q := QuestionPreview{Path: n.Path, Type: n.Type}
	q.Label, _ = n.Label.In(f, lang)
	if around := n.Repeats(); len(around) > 0 {
		q.Repeat = around[len(around)-1].Path
	}
	if list := listFor(f, n); list != nil {
		for _, c := range list.Choices[:min(len(list.Choices), maxListed)] {
			label, _ := c.Label.In(f, lang)
			q.Choices = append(q.Choices, ChoicePreview{c.Name, label})
		}
	}
	return q
}

// groups puts the columns of sheets that are alike together.
func (p *Plan) groups() []ColumnGroup {
	groups := []ColumnGroup{}
	known := map[string]int{}
	for i, c := range p.Columns {
		place := ColumnPlace{Sheet: p.Found.Tables[c.Table].Name, Column: p.at(c)}
		key := strconv.Itoa(i)
		if p.twice(i) {
			place.At = place.Column
		} else {
			key = loose(c.Field.Header) + "\x00" + c.Question + "\x00" + string(c.Role) + "\x00" + c.Choice + "\x00" + c.Item + "\x00" + strconv.Itoa(p.Sources[c.Table].Parent)
		}
		n, there := known[key]
		if !there {
			n, known[key] = len(groups), len(groups)
			groups = append(groups, ColumnGroup{Header: c.Field.Header, Question: c.Question, How: c.How, Role: c.Role, Choice: c.Choice, Item: c.Item, Samples: []string{}})
		}
		groups[n].add(p, c, place)
	}
	return groups
}

// dayUnclear reports dates that do not tell their day from their month.
func (c *Column) dayUnclear() bool {
	g := guessType(&c.Field.Seen, c.Field.Header, false)
	return (g.kind == "date" || g.kind == "dateTime") && g.unclear
}

// add takes one column into its group.
func (g *ColumnGroup) add(p *Plan, c *Column, place ColumnPlace) {
	g.Places = append(g.Places, place)
	g.Personal = g.Personal || c.Personal
	g.Filled += c.Field.Seen.Filled
	for _, s := range c.Field.Seen.Samples() {
		if len(g.Samples) < sampleCount && !slices.Contains(g.Samples, s) {
			g.Samples = append(g.Samples, s)
		}
	}
	q := p.Form.Find(c.Question)
	if c.Question == "" {
		q = nil
	}
	g.Many = g.Many || c.Field.Seen.Many
	if c.Question != "" && c.dayUnclear() {
		first := c.DayFirst
		g.DayFirst = &first
	}
	for _, t := range p.textsOf(c, q) {
		i := slices.IndexFunc(g.Texts, func(own ValueText) bool { return loose(own.Text) == loose(t.Text) })
		if i < 0 {
			g.Texts = append(g.Texts, t)
			continue
		}
		g.Texts[i].Count += t.Count
	}
}
