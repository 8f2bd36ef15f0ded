package main

import (
	"encoding/json"

	"github.com/comparanda/comparanda/forms"
	"github.com/comparanda/comparanda/forms/diff"
)

// formDiff says what differs between two versions of a questionnaire, and what that
// means to answers. Differences are no failure.
func formDiff(c *call) error {
	asJSON := c.flags.Bool("json", false, "print one JSON object, in English")
	lang := langFlag(c)
	names, err := c.parse(2, 2)
	if err != nil {
		return err
	}
	var versions []*forms.Form
	refused := false
	for _, name := range names {
		plan, problems, err := readForm(c.ctx, name)
		if err != nil {
			return err
		}
		if plan == nil {
			lang.print(c.stderr, problems)
			refused = true
			continue
		}
		versions = append(versions, plan.Form())
	}
	if refused {
		return errSaid
	}
	report := diff.Compare(versions[0], versions[1])
	if !*asJSON {
		return report.Text(c.stdout, lang.String())
	}
	out := json.NewEncoder(c.stdout)
	out.SetEscapeHTML(false)
	out.SetIndent("", "  ")
	return out.Encode(report)
}
