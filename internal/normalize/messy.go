package normalize

import (
	"fmt"
	"slices"
	"strings"

	"github.com/comparanda/comparanda/forms"
	"github.com/comparanda/comparanda/internal/study"
)

// Options is what the rules know beside the question and the raw text.
type Options struct {
	Country      study.Country
	Lang         study.Lang
	Institutions []study.Institution
	Decisions    []study.Decision // what people decided about texts before
}

// kindOf is the kind of messy answer that a question takes, "" for none.
func kindOf(q *forms.Node) string {
	if kind := strings.ToLower(strings.TrimSpace(q.Extra["normalize"])); kind != "" {
		return kind
	}
	switch q.Type {
	case "integer":
		return "count"
	case "percentage":
		return "percent"
	case "date", "today":
		return "date"
	case "select_one", "select_one_external":
		return "one:" + q.List
	case "select_multiple":
		return "multi:" + q.List
	}
	return ""
}

// readMessy reads what is no value of the question's type as people write it. It
// reports false when the rules have nothing to add; the text is then kept for review.
func readMessy(f *forms.Form, q *forms.Node, o Options, raw string) (Result, bool) {
	kind := kindOf(q)
	if kind == "" {
		return Result{}, false
	}
	c := Context{Country: string(o.Country.ISO3), Lang: string(o.Lang), Institutions: o.Institutions}
	if strings.Contains(kind, ":") {
		c.Choices = ChoicesOf(f.Lists[q.List])
	}
	r, known := Read(kind, raw, c)
	if !known {
		return Result{}, false
	}
	if q.Type == "text" && slices.Contains(r.Flags, flagAmbiguous) {
		return r.result(raw), true // a known name that does not tell which one is meant
	}
	if q.Type == "text" && (r.Doubtful() || kind == "institution" || kind == "legal") {
		return Result{}, false // the words are the answer
	}
	out := r.result(raw)
	if isNumber(q) && out.Kind == study.TextValue && out.Qualifier != ranged && !r.Doubtful() {
		out.Flags = append(out.Flags, Review)
	}
	return out, true
}

// result brings a reading to the shape that is stored. A doubtful one keeps its text.
func (r Reading) result(raw string) Result {
	out := Result{Kind: study.TextValue, Text: clean(raw), Flags: r.Flags, Rule: r.Rule, Note: r.Note}
	if reason, ok := r.Value["missing"].(string); ok {
		out.Kind, out.Text, out.Reason = study.NoValue, "", study.ReasonCode(reason)
		if ref, ok := r.Value["ref"].(string); ok {
			out.Note = ref
		}
		return out
	}
	if r.Doubtful() {
		return out
	}
	out.Qualifier, _ = r.Value["qual"].(string)
	if low, ok := r.Value["low"].(float64); ok {
		high, _ := r.Value["high"].(float64)
		out.Text = format(low) + "–" + format(high)
		return out
	}
	for _, name := range []string{"value", "amount", "months"} {
		if v, ok := r.Value[name].(float64); ok {
			out.Kind, out.Text, out.Number = study.NumValue, format(v), &v
			if out.Qualifier == "" {
				out.Qualifier = exact
			}
			if unit, _ := r.Value["currency"].(string); unit != "" {
				out.Note = strings.TrimSpace(unit + " " + out.Note)
			}
			return out
		}
	}
	return r.otherResult(out)
}

func (r Reading) otherResult(out Result) Result {
	code := func(v any) {
		if s, ok := v.(string); ok && s != "" {
			out.Kind, out.Text = study.CodeValue, s
		}
	}
	code(r.Value["value"])
	code(r.Value["code"])
	code(r.Value["iso3"])
	code(r.Value["id"])
	if codes, ok := r.Value["codes"].([]string); ok && codes != nil {
		out.Kind, out.Text = study.CodesValue, strings.Join(codes, " ")
	}
	if text, ok := r.Value["text"].(string); ok && r.Value["original"] == nil {
		out.Text = text
	}
	if precision, ok := r.Value["precision"].(string); ok {
		r.dated(&out, precision)
	}
	if number, ok := r.Value["number"].(string); ok {
		out.Text = fmt.Sprintf("%v %s", r.Value["kind"], number)
	}
	return out
}

// dated gives a whole or partial date its place; a longer stretch stays a text.
func (r Reading) dated(out *Result, precision string) {
	from, _ := r.Value["from"].(string)
	to, _ := r.Value["to"].(string)
	length := map[string]int{"day": 10, "month": 7, "year": 4}[precision]
	if length > 0 && from != "" && to != "" && from[:length] == to[:length] {
		out.Kind, out.Date, out.Text, out.Qualifier = study.DateValue, from[:length], from[:length], exact
		return
	}
	out.Text, out.Qualifier = from+"/"+to, ranged
}
