package web

import (
	"regexp"
	"slices"
	"strings"

	"github.com/comparanda/comparanda/forms"
	"github.com/comparanda/comparanda/internal/i18n"
)

// conditionWords says when a question applies, for people without the page script and
// for print: "Answer only if B.2 is: Yes". Conditions that have no short wording get
// an honest sentence that names the questions they depend on. An empty expression
// gives "".
func conditionWords(f *forms.Form, n numbering, c *i18n.Catalog, relevant string) string {
	relevant = strings.TrimSpace(relevant)
	if relevant == "" {
		return ""
	}
	for _, joint := range []struct{ op, key string }{{" and ", "condition.and"}, {" or ", "condition.or"}} {
		parts := strings.Split(relevant, joint.op)
		var words []string
		for _, part := range parts {
			if w := atomWords(f, n, c, strings.TrimSpace(part)); w != "" {
				words = append(words, w)
			}
		}
		if len(words) == len(parts) {
			return c.T("condition.only", "condition", strings.Join(words, " "+c.T(joint.key)+" "))
		}
	}
	if numbers := referenced(f, n, relevant); len(numbers) > 0 {
		return c.T("condition.depends", "questions", strings.Join(numbers, ", "))
	}
	return c.T("condition.other")
}

var (
	referenceName = regexp.MustCompile(`\$\{\s*([^}\s]+)\s*\}`)
	atomCompare   = regexp.MustCompile(`^\$\{\s*([^}\s]+)\s*\}\s*(=|!=|>=|<=|>|<)\s*(?:'([^']*)'|"([^"]*)"|(-?\d+(?:\.\d+)?))$`)
	atomPicked    = regexp.MustCompile(`^(not\(\s*)?selected\(\s*\$\{\s*([^}\s]+)\s*\}\s*,\s*(?:'([^']*)'|"([^"]*)")\s*\)(\s*\))?$`)
)

// atomWords words one comparison, or gives "" when it is of another shape.
func atomWords(f *forms.Form, n numbering, c *i18n.Catalog, atom string) string {
	if m := atomCompare.FindStringSubmatch(atom); m != nil {
		node := named(f, m[1])
		if node == nil || n[node.Path] == "" {
			return ""
		}
		value := m[3] + m[4]
		if value == "" && m[5] == "" {
			return c.T(map[string]string{"=": "condition.empty", "!=": "condition.filled"}[m[2]], "q", n[node.Path])
		}
		keys := map[string]string{"=": "condition.is", "!=": "condition.is_not", ">": "condition.more", "<": "condition.less",
			">=": "condition.at_least", "<=": "condition.at_most"}
		return c.T(keys[m[2]], "q", n[node.Path], "value", choiceName(f, node, c.Lang(), value+m[5]))
	}
	if m := atomPicked.FindStringSubmatch(atom); m != nil && (m[1] == "") == (m[5] == "") {
		node := named(f, m[2])
		if node == nil || n[node.Path] == "" {
			return ""
		}
		key := "condition.includes"
		if m[1] != "" {
			key = "condition.includes_not"
		}
		return c.T(key, "q", n[node.Path], "value", choiceName(f, node, c.Lang(), m[3]+m[4]))
	}
	return ""
}

// named is the question that ${name} means, nil when there is none.
func named(f *forms.Form, name string) *forms.Node {
	if nodes := f.ByName(name); len(nodes) > 0 {
		return nodes[0]
	}
	return nil
}

// choiceName is the label of a code in the question's list, or the code.
func choiceName(f *forms.Form, node *forms.Node, lang, code string) string {
	list := f.Lists[node.List]
	if list == nil {
		return code
	}
	for _, choice := range list.Choices {
		if choice.Name == code {
			if label, _ := choice.Label.In(f, lang); label != "" {
				return plainText(label)
			}
		}
	}
	return code
}

// referenced lists the numbers of the questions that an expression names.
func referenced(f *forms.Form, n numbering, expression string) []string {
	var numbers []string
	for _, m := range referenceName.FindAllStringSubmatch(expression, -1) {
		if node := named(f, m[1]); node != nil && n[node.Path] != "" && !slices.Contains(numbers, n[node.Path]) {
			numbers = append(numbers, n[node.Path])
		}
	}
	return numbers
}
