package xpath

import (
	"strings"
	"testing"
	"time"
)

// survey is a small instance: a household with two children.
const survey = `<data><age>30</age><kinds>a b</kinds><empty/><born>2019-05-31</born>
<kid><name>Ana</name><age>7</age></kid><kid><name>Beto</name><age>4</age></kid>
<g><x>1</x><x>2</x><x/></g></data>`

func evaluate(t testing.TB, src, at string) (Value, error) {
	t.Helper()
	doc, err := ParseXML(strings.NewReader(strings.ReplaceAll(survey, "\n", "")))
	if err != nil {
		t.Fatal(err)
	}
	node, err := nodeAt(doc, at)
	if err != nil {
		t.Fatal(err)
	}
	e, err := Parse(src)
	if err != nil {
		return Value{}, err
	}
	now := time.Date(2026, 3, 12, 16, 42, 0, 0, time.UTC)
	return e.Eval(&Context{Node: node, Now: func() time.Time { return now }, Zone: time.FixedZone("", -6*3600)})
}

// table evaluates expressions at the root element of survey and compares their texts.
func table(t *testing.T, cases [][2]string) {
	t.Helper()
	for _, tt := range cases {
		v, err := evaluate(t, tt[0], "/*[1]")
		if got := v.String(); err != nil || got != tt[1] {
			t.Errorf("%s = %q, %v; want %q", tt[0], got, err, tt[1])
		}
	}
}
