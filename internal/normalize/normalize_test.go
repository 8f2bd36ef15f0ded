package normalize

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/comparanda/comparanda/forms"
	"github.com/comparanda/comparanda/internal/study"
)

// testForm has a question of every type that the table below names, and a repeat.
func testForm() *forms.Form {
	f := &forms.Form{
		ID: "t",
		Lists: map[string]*forms.List{"yn": {Name: "yn", Choices: []*forms.Choice{
			{Name: "yes"}, {Name: "no"}, {Name: "partly"}, {Name: "nd", Extra: map[string]string{"reason": "nd"}},
		}}},
		Children: []*forms.Node{
			{Kind: forms.Question, Name: "hello", Type: "note"},
			{Kind: forms.Question, Name: "n", Type: "integer"},
			{Kind: forms.Repeat, Name: "e", Children: []*forms.Node{
				{Kind: forms.Question, Name: "name", Type: "text"},
				{Kind: forms.Question, Name: "since", Type: "date"},
			}},
			{Kind: forms.Question, Name: "last", Type: "text"},
		},
	}
	f.Link()
	return f
}

func num(v float64) *float64 { return &v }

func TestValue(t *testing.T) {
	t.Parallel()
	review := []string{Review, Unparsed}
	for _, tt := range []struct {
		name string
		q    forms.Node
		raw  string
		want Result // Rule is compared only by its presence
	}{
		{"an integer", forms.Node{Type: "integer"}, "42", Result{Kind: study.NumValue, Text: "42", Number: num(42), Qualifier: "exact"}},
		{"leading zeros fall", forms.Node{Type: "integer"}, "-0042", Result{Kind: study.NumValue, Text: "-42", Number: num(-42), Qualifier: "exact"}},
		{"zero is a value", forms.Node{Type: "integer"}, "0", Result{Kind: study.NumValue, Text: "0", Number: num(0), Qualifier: "exact"}},
		{"digits beyond a float are kept as text", forms.Node{Type: "integer"}, "9007199254740993", Result{Kind: study.NumValue, Text: "9007199254740993", Number: num(9007199254740992), Qualifier: "exact"}},
		{"a fraction is no integer", forms.Node{Type: "integer"}, "4.2", Result{Kind: study.TextValue, Text: "4.2", Flags: []string{flagNonInteger, Review}}},
		{"words in an integer are read", forms.Node{Type: "integer"}, " unos 300 ", Result{Kind: study.NumValue, Text: "300", Number: num(300), Qualifier: "approx", Flags: []string{flagApprox}}},
		{"a range has no one number", forms.Node{Type: "integer"}, "300 a 400", Result{Kind: study.TextValue, Text: "300–400", Qualifier: "range", Flags: []string{flagRange}}},
		{"a reason in words is a reason", forms.Node{Type: "integer"}, "sin dato", Result{Reason: study.ND, Flags: []string{flagMissing}}},
		{"a decimal", forms.Node{Type: "decimal"}, "3.50", Result{Kind: study.NumValue, Text: "3.5", Number: num(3.5), Qualifier: "exact"}},
		{"a range is a number", forms.Node{Type: "range"}, "7", Result{Kind: study.NumValue, Text: "7", Number: num(7), Qualifier: "exact"}},
		{"infinity is no number", forms.Node{Type: "decimal"}, "Inf", Result{Kind: study.TextValue, Text: "Inf", Flags: review}},
		{"too large is no number", forms.Node{Type: "decimal"}, "1e999", Result{Kind: study.TextValue, Text: "1e999", Flags: review}},
		{"a day", forms.Node{Type: "date"}, "2019-05-31", Result{Kind: study.DateValue, Text: "2019-05-31", Date: "2019-05-31", Qualifier: "exact"}},
		{"a month", forms.Node{Type: "date"}, "2019-05", Result{Kind: study.DateValue, Text: "2019-05", Date: "2019-05", Qualifier: "exact"}},
		{"a year", forms.Node{Type: "date"}, "2019", Result{Kind: study.DateValue, Text: "2019", Date: "2019", Qualifier: "exact"}},
		{"a day that is not in the calendar", forms.Node{Type: "date"}, "2015-04-31", Result{Kind: study.TextValue, Text: "2015-04-31", Flags: []string{flagInvalidDay, Review}}},
		{"a day with midnight is a day", forms.Node{Type: "date"}, "2019-05-31T00:00:00.000Z", Result{Kind: study.DateValue, Text: "2019-05-31", Date: "2019-05-31", Qualifier: "exact"}},
		{"a question for a year keeps the year", forms.Node{Type: "date", Appearance: "w1 year"}, "2019-01-01", Result{Kind: study.DateValue, Text: "2019", Date: "2019", Qualifier: "exact"}},
		{"a question for a month keeps the month", forms.Node{Type: "date", Appearance: "month-year"}, "2019-05-01", Result{Kind: study.DateValue, Text: "2019-05", Date: "2019-05", Qualifier: "exact"}},
		{"a time with a zone", forms.Node{Type: "time"}, "14:30:00.000-06:00", Result{Kind: study.TimeValue, Text: "14:30:00.000-06:00", Qualifier: "exact"}},
		{"an hour that no day has", forms.Node{Type: "time"}, "25:00", Result{Kind: study.TextValue, Text: "25:00", Flags: review}},
		{"a moment", forms.Node{Type: "dateTime"}, "2019-05-31T14:30:00.000-06:00", Result{Kind: study.DateValue, Text: "2019-05-31T14:30:00.000-06:00", Date: "2019-05-31", Qualifier: "exact"}},
		{"a choice", forms.Node{Type: "select_one", List: "yn"}, "partly", Result{Kind: study.CodeValue, Text: "partly"}},
		{"a choice that means no answer", forms.Node{Type: "select_one", List: "yn"}, "nd", Result{Kind: study.CodeValue, Text: "nd", Reason: study.ND}},
		{"a code that the list lacks", forms.Node{Type: "select_one", List: "yn"}, "maybe", Result{Kind: study.TextValue, Text: "maybe", Flags: []string{Unparsed, Review}}},
		{"other of or_other", forms.Node{Type: "select_one", List: "yn", Or: true}, "other", Result{Kind: study.CodeValue, Text: "other"}},
		{"a code from a file", forms.Node{Type: "select_one_from_file", File: "x.csv"}, "77", Result{Kind: study.CodeValue, Text: "77"}},
		{"choices take the order of the list, each once", forms.Node{Type: "select_multiple", List: "yn"}, "partly  yes partly", Result{Kind: study.CodesValue, Text: "yes partly"}},
		{"one choice that means no answer", forms.Node{Type: "select_multiple", List: "yn"}, "nd", Result{Kind: study.CodesValue, Text: "nd", Reason: study.ND}},
		{"no answer beside an answer", forms.Node{Type: "select_multiple", List: "yn"}, "nd yes", Result{Kind: study.CodesValue, Text: "yes nd", Flags: []string{Review, Contradiction}}},
		{"a rank keeps its order", forms.Node{Type: "rank", List: "yn"}, "partly no yes", Result{Kind: study.CodesValue, Text: "partly no yes"}},
		{"text is trimmed and composed", forms.Node{Type: "text"}, " An\u0303o\r\nuno\u200b ", Result{Kind: study.TextValue, Text: "Año\nuno"}},
		{"a formula is text", forms.Node{Type: "text"}, "=1+1", Result{Kind: study.TextValue, Text: "=1+1"}},
		{"a point", forms.Node{Type: "geopoint"}, "9.93 -84.08 1100 5", Result{Kind: study.GeoValue, Text: "9.93 -84.08 1100 5"}},
		{"a point off the globe", forms.Node{Type: "geopoint"}, "99.93 -84.08", Result{Kind: study.TextValue, Text: "99.93 -84.08", Flags: review}},
		{"a shape", forms.Node{Type: "geoshape"}, "1 1 0 0;1 2 0 0; 2 2 0 0;1 1 0 0;", Result{Kind: study.GeoValue, Text: "1 1 0 0; 1 2 0 0; 2 2 0 0; 1 1 0 0"}},
		{"a file", forms.Node{Type: "image"}, "a.jpg", Result{Kind: study.FileValue, Text: "a.jpg"}},
		{"a barcode", forms.Node{Type: "barcode"}, "007", Result{Kind: study.TextValue, Text: "007"}},
		{"an acknowledgment", forms.Node{Type: "acknowledge"}, "OK", Result{Kind: study.CodeValue, Text: "OK"}},
		{"a hidden value is text", forms.Node{Type: "hidden"}, "5", Result{Kind: study.TextValue, Text: "5"}},
		{"a calculated number", forms.Node{Type: "calculate"}, "0.25", Result{Kind: study.NumValue, Text: "0.25", Number: num(0.25), Qualifier: "exact"}},
		{"a calculated number with a zero decimal", forms.Node{Type: "calculate"}, "100.0", Result{Kind: study.NumValue, Text: "100", Number: num(100), Qualifier: "exact"}},
		{"a calculated code stays text", forms.Node{Type: "calculate"}, "007", Result{Kind: study.TextValue, Text: "007"}},
		{"a calculation declared as string", forms.Node{Type: "calculate", Bind: map[string]string{"type": "string"}}, "7", Result{Kind: study.TextValue, Text: "7"}},
		{"who sent it", forms.Node{Type: "username"}, "ana", Result{Kind: study.TextValue, Text: "ana"}},
		{"blank is no value", forms.Node{Type: "integer"}, "  ", Result{}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got := Value(testForm(), &tt.q, study.Country{}, tt.raw)
			if got.Rule == "" {
				t.Error("no rule is named")
			}
			got.Rule = ""
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("Value(%s, %q) (-want +got):\n%s", tt.q.Type, tt.raw, diff)
			}
		})
	}
}

func TestSubmissionKeepsEverythingInDocumentOrder(t *testing.T) {
	t.Parallel()
	snap := study.Snapshot{
		Entries: []study.Entry{
			{Path: "/last", Value: "z", NotAsked: true},
			{Path: "/gone", Value: "kept"},
			{Path: "/e[b]/since", Reason: study.ND, Note: "burnt archive"},
			{Path: "/e[a]/since", Value: "2019"},
			{Path: "/e[a]/name", Value: "First"},
			{Path: "/e[b]/name", Value: "Second"},
			{Path: "/hello"},
			{Path: "/n", Value: "7", Version: 3},
		},
		Items: []study.Item{{Repeat: "/e", Key: "b", Order: 0}, {Repeat: "/e", Key: "a", Order: 1}},
	}
	got := Submission(testForm(), study.Country{}, snap, "s1")
	want := []study.Answer{
		{Path: "/n", Question: "/n", Raw: "7", Kind: study.NumValue, Text: "7", Number: num(7), Qualifier: "exact", Rule: "integer/1", Version: 3},
		{Path: "/e[b]/name", Question: "/e/name", Item: "b", Raw: "Second", Kind: study.TextValue, Text: "Second", Rule: "text/1"},
		{Path: "/e[b]/since", Question: "/e/since", Item: "b", Reason: study.ND, Note: "burnt archive", Rule: "reason/1"},
		{Path: "/e[a]/name", Question: "/e/name", Item: "a", Raw: "First", Kind: study.TextValue, Text: "First", Rule: "text/1"},
		{Path: "/e[a]/since", Question: "/e/since", Item: "a", Raw: "2019", Kind: study.DateValue, Text: "2019", Date: "2019", Qualifier: "exact", Rule: "date/1"},
		{Path: "/last", Question: "/last", Raw: "z", NotAsked: true, Rule: "not_asked/1"},
		{Path: "/gone", Question: "/gone", Raw: "kept", Kind: study.TextValue, Text: "kept", Rule: "unknown/1"},
	}
	for i := range want {
		want[i].SubmissionID, want[i].Ordinal = "s1", i
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("Submission (-want +got):\n%s", diff)
	}

	slices.Reverse(snap.Entries)
	if diff := cmp.Diff(got, Submission(testForm(), study.Country{}, snap, "s1")); diff != "" {
		t.Errorf("the order of the entries changed the rows:\n%s", diff)
	}
}
