package web

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/comparanda/comparanda/forms"
	"github.com/comparanda/comparanda/internal/i18n"
	"github.com/comparanda/comparanda/internal/study"
)

// The fields of one question on a page are named by its answer path after a letter:
// "a:/b/b_stock" the answer (d:, m:, y: the parts of a date), "r:" the reason, "n:"
// the note, "v:" what the page showed: version, and a hash of the content, so that
// a question nobody touched is not taken for an old answer sent again (F22), and "e:"
// that the page showed an error at the question.

// typed is what a person entered at one question.
type typed struct {
	Path    string
	Value   string
	Reason  string
	Note    string
	Base    int
	Touched bool // differs from what the page showed
	Warned  bool // the page showed an error here, and the person went on
}

// shownMark is the content of the "v:" field.
func shownMark(version int, value, reason, note string) string {
	return strconv.Itoa(version) + "." + contentHash(value, reason, note)
}

func contentHash(parts ...string) string {
	sum := sha256.Sum256([]byte(strings.Join(parts, "\x00")))
	return hex.EncodeToString(sum[:4])
}

// mostFields bounds a page's form. A section of 5,000 questions sends 20,000 fields, which
// is more than net/url reads.
const mostFields = 100_000

var errFields = fmt.Errorf("more than %d fields", mostFields)

// parseFields reads the body of a plain form.
func parseFields(body string) (url.Values, error) {
	fields := url.Values{}
	if strings.Count(body, "&") >= mostFields {
		return nil, errFields
	}
	for pair := range strings.SplitSeq(body, "&") {
		if pair == "" {
			continue
		}
		name, value, _ := strings.Cut(pair, "=")
		name, err := url.QueryUnescape(name)
		if err == nil {
			value, err = url.QueryUnescape(value)
		}
		if err != nil {
			return nil, fmt.Errorf("read the fields of a page: %w", err)
		}
		fields[name] = append(fields[name], value)
	}
	return fields, nil
}

// readFields reads every question that the page says it showed, in the order of its
// form. Paths of no question of this form are an error of the sender.
func readFields(f *forms.Form, form url.Values) ([]typed, error) {
	var all []typed
	for name := range form {
		path, ok := strings.CutPrefix(name, "v:")
		if !ok {
			continue
		}
		node := f.Find(path)
		if _, err := forms.ParsePath(path); err != nil || node == nil || node.Kind != forms.Question {
			return nil, &study.Problem{Kind: study.Invalid, Key: "problem.no_question", Args: map[string]any{"path": path}}
		}
		t := typed{Path: path, Value: codeOf(f, node, readValue(node, form, path)), Reason: form.Get("r:" + path), Note: newlines(form.Get("n:" + path))}
		base, hash, _ := strings.Cut(form.Get(name), ".")
		t.Base, _ = strconv.Atoi(base) // a damaged version reads as 0, which at worst asks the person to choose
		t.Touched = hash != contentHash(t.Value, t.Reason, t.Note)
		t.Warned = form.Has("e:" + path)
		all = append(all, t)
	}
	slices.SortFunc(all, func(a, b typed) int { return strings.Compare(a.Path, b.Path) })
	return all, nil
}

// readValue puts together the fields of one answer. It never judges: what is no valid
// value is passed on as it was typed (F02).
func readValue(n *forms.Node, form url.Values, path string) string {
	switch n.Type {
	case "date":
		if form.Has("d:"+path) || form.Has("m:"+path) || form.Has("y:"+path) {
			return joinDate(form.Get("d:"+path), form.Get("m:"+path), form.Get("y:"+path))
		}
	case "select_multiple", "select_multiple_from_file":
		return strings.Join(form["a:"+path], " ")
	case "rank": // places may be left open
		return strings.Join(strings.Fields(strings.Join(form["a:"+path], " ")), " ")
	}
	return newlines(form.Get("a:" + path))
}

// newlines undoes what browsers do to line ends in a form.
func newlines(s string) string { return lineEnds.Replace(s) }

var lineEnds = strings.NewReplacer("\r\n", "\n", "\r", "\n")

// sentAs is what a page sends of a stored answer that nobody touched: codes in the
// order of the choices, dates by their three fields, line ends as one sign. A program
// may have stored them in another way.
func sentAs(n *forms.Node, choices []*forms.Choice, value string) string {
	switch widgetOf(n, len(choices)) {
	case asDate:
		return joinDate(splitDate(value))
	case asChecks:
		left := strings.Fields(value)
		var sent []string
		for _, c := range choices {
			if slices.Contains(left, c.Name) {
				sent = append(sent, c.Name)
				left = slices.DeleteFunc(left, func(code string) bool { return code == c.Name })
			}
		}
		return strings.Join(append(sent, left...), " ")
	case asRank:
		return strings.Join(strings.Fields(value), " ")
	}
	return newlines(value)
}

// joinDate makes "2019-05-31", "2019-05" or "2019" of three fields. A combination that
// is no such date comes back as the three texts between slashes, so that splitDate can
// show them again. Months may be numbers or names in three languages (F55).
func joinDate(day, month, year string) string {
	day, month, year = strings.TrimSpace(day), strings.TrimSpace(month), strings.TrimSpace(year)
	raw := day + "/" + month + "/" + year
	if day == "" && month == "" && year == "" {
		return ""
	}
	y, err := strconv.Atoi(year)
	if err != nil || len(year) != 4 {
		return raw
	}
	if month == "" {
		if day != "" {
			return raw
		}
		return fmt.Sprintf("%04d", y)
	}
	m, ok := i18n.Month(month)
	if !ok {
		return raw
	}
	if day == "" {
		return fmt.Sprintf("%04d-%02d", y, m)
	}
	d, err := strconv.Atoi(day)
	if err != nil || d < 1 || d > daysIn(int(m), y) {
		return raw
	}
	return fmt.Sprintf("%04d-%02d-%02d", y, m, d)
}

// splitDate is the reverse of joinDate. Anything else stands in the year's field, so
// that it is seen.
func splitDate(value string) (day, month, year string) {
	if parts := strings.Split(value, "/"); len(parts) == 3 {
		return parts[0], parts[1], parts[2]
	}
	parts := strings.Split(value, "-")
	for _, p := range parts {
		if _, err := strconv.Atoi(p); err != nil {
			return "", "", value
		}
	}
	trim := func(s string) string { return strings.TrimLeft(s, "0") }
	switch len(parts) {
	case 3:
		return trim(parts[2]), trim(parts[1]), parts[0]
	case 2:
		return "", trim(parts[1]), parts[0]
	}
	return "", "", value
}

func daysIn(month, year int) int {
	switch month {
	case 4, 6, 9, 11:
		return 30
	case 2:
		if year%4 == 0 && (year%100 != 0 || year%400 == 0) {
			return 29
		}
		return 28
	}
	return 31
}

// changesOf turns what was touched into changes for the store.
func changesOf(all []typed) []study.Change {
	var changes []study.Change
	for _, t := range all {
		if !t.Touched {
			continue
		}
		reason := study.ReasonCode(t.Reason)
		changes = append(changes, study.Change{Path: t.Path, Base: t.Base, Value: &t.Value, Reason: &reason, Note: &t.Note})
	}
	return changes
}
