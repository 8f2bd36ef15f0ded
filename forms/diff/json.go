package diff

import (
	"encoding/json"

	"github.com/comparanda/comparanda/forms"
)

type jsonReport struct {
	Old         jsonSide     `json:"old"`
	New         jsonSide     `json:"new"`
	Same        bool         `json:"same"`
	OpenReturns string       `json:"open_returns"`
	Changes     []jsonChange `json:"changes"`
}

type jsonSide struct {
	ID      string `json:"form_id"`
	Version string `json:"version"`
	Title   string `json:"title"`
}

type jsonChange struct {
	Kind     Kind        `json:"kind"`
	Section  string      `json:"section,omitempty"`
	Path     string      `json:"path,omitempty"`
	OldPath  string      `json:"old_path,omitempty"`
	Label    string      `json:"label,omitempty"`
	List     string      `json:"list,omitempty"`
	Choice   string      `json:"choice,omitempty"`
	Column   string      `json:"column,omitempty"`
	Old      string      `json:"old,omitempty"`
	New      string      `json:"new,omitempty"`
	OldPlace *jsonPlace  `json:"old_place,omitempty"`
	Place    *jsonPlace  `json:"new_place,omitempty"`
	Inside   []string    `json:"inside,omitempty"`
	Guess    bool        `json:"guess,omitempty"`
	Effect   *jsonEffect `json:"answers,omitempty"`
}

type jsonPlace struct {
	File  string `json:"file,omitempty"`
	Sheet string `json:"sheet"`
	Row   int    `json:"row"`
}

type jsonEffect struct {
	Key  Effect `json:"key"`
	Text string `json:"text"`
}

// MarshalJSON gives one object: old, new, same, open_returns and changes, each of them
// with its kind and the other fields that apply. Keys and the values of kind and of
// answers.key are stable.
func (r *Report) MarshalJSON() ([]byte, error) {
	out := jsonReport{Old: jsonSide(r.Old), New: jsonSide(r.New), Same: len(r.Changes) == 0, OpenReturns: inOne(Open(), "en"), Changes: []jsonChange{}}
	for _, c := range r.Changes {
		one := jsonChange{Kind: c.Kind, Section: c.Section, Path: c.Path, OldPath: c.OldPath, Label: c.Label, List: c.List, Choice: c.Choice,
			Column: c.Column, Old: c.Old, New: c.New, OldPlace: placeJSON(c.OldPlace), Place: placeJSON(c.Place), Inside: c.Inside, Guess: c.Guess}
		if c.Effect != "" {
			one.Effect = &jsonEffect{c.Effect, c.EffectText.English}
		}
		out.Changes = append(out.Changes, one)
	}
	return json.Marshal(out)
}

func placeJSON(p forms.Place) *jsonPlace {
	if p.Row == 0 {
		return nil
	}
	return &jsonPlace{p.File, p.Sheet, p.Row}
}
