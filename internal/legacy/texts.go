package legacy

import (
	"slices"
	"strings"

	"github.com/comparanda/comparanda/forms"
)

// ValueText is one text that a column of choices or countries holds, and what it means.
type ValueText struct {
	Text  string `json:"text"`
	Count int    `json:"count"`
	Code  string `json:"code,omitempty"` // "" when it is to be decided
	Near  string `json:"near,omitempty"` // code of the choice that is most like it
	Said  bool   `json:"said,omitempty"` // a mapping decided it
}

// textsOf lists the different texts of a column, by first appearance, when the column
// tells a country or answers a choice question; nil for others. Texts that differ only in
// case, accents and spaces are one.
func (p *Plan) textsOf(c *Column, q *forms.Node) []ValueText {
	var pieces func(string) []string
	var read func(*ValueText)
	switch {
	case c.Role == CountryRole:
		pieces = func(s string) []string { return []string{s} }
		read = func(v *ValueText) {
			if iso3, ok := CountryOf(v.Text); ok {
				v.Code = string(iso3)
			} else {
				v.Near = string(nearestCountry(v.Text))
			}
		}
	case q == nil || c.Choice != "":
		return nil
	case strings.HasPrefix(q.Type, "select_one"), strings.HasPrefix(q.Type, "select_multiple"), q.Type == "rank":
		list := listFor(p.Form, q)
		if list == nil {
			return nil
		}
		pieces = func(s string) []string { return []string{s} }
		if !strings.HasPrefix(q.Type, "select_one") {
			pieces = func(s string) []string { return p.pieces(c, list, s) }
		}
		read = func(v *ValueText) { v.choose(list, q.Or) }
	default:
		return nil
	}
	return c.texts(pieces, read)
}

// choose reads a text as a choice; a text that is none gets the one most like it beside
// it.
func (v *ValueText) choose(list *forms.List, other bool) {
	switch code := findCode(list, v.Text); {
	case code != "":
		v.Code = code
	case other:
		v.Code = "other"
	default:
		if near := nearestChoice(list, v.Text); near != "" {
			v.Near = codeOf(list, near)
		}
	}
}

// texts counts the pieces of a column's texts and gives each its code: as the mapping or
// the inference decided, else as read says.
func (c *Column) texts(pieces func(string) []string, read func(*ValueText)) []ValueText {
	var texts []ValueText
	at := map[string]int{}
	for _, whole := range c.Field.Seen.Order {
		for _, piece := range pieces(whole) {
			key := loose(piece)
			i, there := at[key]
			if !there {
				i, at[key] = len(texts), len(texts)
				texts = append(texts, ValueText{Text: piece})
			}
			texts[i].Count += c.Field.Seen.Distinct[whole]
		}
	}
	for i := range texts {
		v := &texts[i]
		if v.Code = c.Values[loose(v.Text)]; v.Code == "" {
			read(v)
		}
		for said := range c.said {
			v.Said = v.Said || loose(said) == loose(v.Text)
		}
	}
	return slices.Clip(texts)
}
