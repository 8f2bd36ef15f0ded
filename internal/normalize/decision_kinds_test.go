package normalize

import (
	"testing"
	"time"

	"github.com/comparanda/comparanda/forms"
	"github.com/comparanda/comparanda/internal/study"
)

// decidable questions, by name.
var decidableQuestions = map[string]*forms.Node{
	"count":       {Type: "integer"},
	"money":       {Type: "decimal", Extra: map[string]string{"normalize": "money"}},
	"date":        {Type: "date", Extra: map[string]string{"normalize": "date"}},
	"plain":       {Type: "decimal"},
	"one":         {Type: "select_one", List: "yn"},
	"institution": {Type: "text", Extra: map[string]string{"normalize": "institution"}},
}

var decidableRegister = []study.Institution{
	{ID: "CRI.INM", Country: "CRI", Acronym: "INM", Names: []string{"Instituto de Mares"}},
	{ID: "CRI.INA", Country: "CRI", Acronym: "INM", Names: []string{"Instituto de Montes"}},
	{ID: "PAN.X", Country: "PAN", Acronym: "XX", Names: []string{"Instituto de Mares"}},
}

func TestDecidedTextGetsTheValueOfItsKind(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, question, raw string
		d                   study.Decision
		kind                study.ValueKind
		text                string
		number              float64
		reason              study.ReasonCode
	}{
		{"a number", "count", "una porrada", study.Decision{Code: "120"}, study.NumValue, "120", 120, ""},
		{"an amount", "money", "lo de siempre", study.Decision{Code: "12.5"}, study.NumValue, "12.5", 12.5, ""},
		{"a number without a kind", "plain", "bastante", study.Decision{Code: "3.25"}, study.NumValue, "3.25", 3.25, ""},
		{"a part of a date", "date", "cuando la crisis", study.Decision{Code: "2009-05"}, study.DateValue, "2009-05", 0, ""},
		{"an institution", "institution", "INM", study.Decision{Code: "CRI.INM"}, study.CodeValue, "CRI.INM", 0, ""},
		{"a reason", "count", "vaya usted a saber", study.Decision{Reason: study.ND}, study.NoValue, "", 0, study.ND},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			q := decidableQuestions[tt.question]
			o := Options{Country: study.Country{ISO3: "CRI"}, Institutions: decidableRegister}
			before := ValueIn(testForm(), q, o, tt.raw)
			if len(before.Flags) == 0 {
				t.Errorf("%q is not doubtful before: %+v", tt.raw, before)
			}
			tt.d.ID, tt.d.Kind, tt.d.Text = 7, DecisionKind(q), Key(tt.raw)
			o.Decisions = []study.Decision{tt.d}
			r := ValueIn(testForm(), q, o, tt.raw)
			if r.Kind != tt.kind || r.Text != tt.text || r.Reason != tt.reason || len(r.Flags) > 0 || r.Rule != "decision:7" ||
				tt.number != 0 && (r.Number == nil || *r.Number != tt.number) {
				t.Errorf("ValueIn(%q) = %+v", tt.raw, r)
			}
		})
	}
}

func TestDecideTakesWhatTheQuestionCanHold(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ question, meaning, want string }{
		{"count", "1 200", "1200"}, {"count", "12.5", ""}, {"count", "many", ""}, {"count", "", ""},
		{"money", "1,5", "1.5"}, {"date", "2009", "2009"}, {"date", "2009-13", ""}, {"plain", "2,5", "2.5"},
		{"one", "yes", "yes"}, {"one", "perhaps", ""},
		{"institution", "CRI.INA", "CRI.INA"}, {"institution", "CRI.NO", ""},
	} {
		o := Options{Country: study.Country{ISO3: "CRI", DecimalMark: ","}, Institutions: decidableRegister}
		got, ok := Decide(testForm(), decidableQuestions[tt.question], o, tt.meaning)
		if ok != (tt.want != "") || ok && got != tt.want {
			t.Errorf("Decide(%s, %q) = %q, %v; want %q", tt.question, tt.meaning, got, ok, tt.want)
		}
	}
}

func TestOffersBeginWithTheNearestDecision(t *testing.T) {
	t.Parallel()
	q := decidableQuestions["count"]
	at := time.Unix(1000, 0)
	ever := []study.Decision{
		{ID: 1, Kind: "count", Text: Key("57.569,123"), Country: "PAN", Code: "57", At: at},
		{ID: 2, Kind: "count", Text: Key("57.569,123"), Country: "CRI", Code: "57569", At: at},
		{ID: 3, Kind: "date", Text: Key("57.569,123"), Code: "2001", At: at},
		{ID: 4, Kind: "count", Text: Key("57.569,123"), Country: "CRI", Code: "9", At: at, UndoneAt: at},
	}
	got := Offers(testForm(), q, Options{Country: study.Country{ISO3: "CRI"}}, ever, "57.569,123")
	if len(got) < 3 || got[0].Code != "57569" || got[0].Earlier.ID != 2 || got[1].Earlier.ID != 1 || got[2].Earlier.ID != 4 {
		t.Errorf("offers %+v", got)
	}
	days := Offers(testForm(), decidableQuestions["date"], Options{}, nil, "03/04/2012 o así")
	var codes []string
	for _, o := range days {
		codes = append(codes, o.Code)
	}
	if len(codes) < 2 || codes[len(codes)-2] != "2012-04-03" && codes[0] != "2012-04-03" {
		t.Errorf("days offered: %v", codes)
	}
	named := Offers(testForm(), decidableQuestions["institution"], Options{Country: study.Country{ISO3: "CRI"}, Institutions: decidableRegister}, nil, "INM")
	if len(named) != 2 || named[0].Code != "CRI.INM" {
		t.Errorf("institutions offered: %+v", named)
	}
}
