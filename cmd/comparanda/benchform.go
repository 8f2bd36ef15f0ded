package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"

	"github.com/comparanda/comparanda/db"
	"github.com/comparanda/comparanda/forms/xlsform"
	"github.com/comparanda/comparanda/internal/kit"
	"github.com/comparanda/comparanda/internal/study"
)

// The questionnaire that is measured: ten sections of ten questions of mixed types, a
// third of them with a constraint or a condition.
const (
	benchQuestions = 100
	benchForm      = "bench"
)

// newBenchStore makes a data folder with the questionnaire and some countries: AAA, AAB
// and so on.
func newBenchStore(ctx context.Context, dir string, countries int) (*db.Store, error) {
	store, err := db.Open(ctx, dir, db.Options{})
	if err != nil {
		return nil, input(err)
	}
	f, problems := xlsform.Parse("bench.md", []byte(benchSheets()))
	if f == nil {
		return nil, fmt.Errorf("read the questionnaire to measure: %v", problems)
	}
	k := &kit.Kit{
		Study: study.Study{
			ID: benchForm, Title: study.Text{"en": "Bench"}, Languages: []study.Lang{"en"}, DefaultLanguage: "en",
			Countries:   benchCountries(countries),
			Rounds:      []study.Round{{ID: "1", Title: study.Text{"en": "1"}}},
			Instruments: []study.Instrument{{FormID: benchForm, Kind: study.Questionnaire, Title: study.Text{"en": "Bench"}}},
		},
		Forms: []kit.Form{{Form: f, Kind: study.Questionnaire}},
	}
	return store, store.Update(ctx, func(tx *db.Tx) error { return putKit(ctx, tx, k) })
}

func benchCountries(n int) []study.Country {
	countries := make([]study.Country, n)
	for i := range countries {
		iso := "AA" + string(rune('A'+i))
		countries[i] = study.Country{ISO3: study.ISO3(iso), Name: study.Text{"en": "Country " + iso}, InStudy: true, TimeZone: "UTC", DecimalMark: "."}
	}
	return countries
}

func benchSheets() string {
	var b strings.Builder
	b.WriteString("| survey |\n| | type | name | label | relevant | constraint | required |\n")
	for i := range benchQuestions {
		if i%10 == 0 {
			fmt.Fprintf(&b, "| | begin group | s%d | Section %d | | | |\n", i/10, i/10+1)
		}
		kind, relevant, constraint := [...]string{"integer", "text", "select_one yn", "date", "decimal"}[i%5], "", ""
		switch i % 6 {
		case 1:
			relevant = fmt.Sprintf("${q%d} != ''", i-1)
		case 5:
			if i%5 != 2 && i%5 != 1 {
				constraint = ". != ''"
			}
		}
		fmt.Fprintf(&b, "| | %s | q%d | Question %d | %s | %s | yes |\n", kind, i, i+1, relevant, constraint)
		if i%10 == 9 {
			b.WriteString("| | end group | | | | | |\n")
		}
	}
	b.WriteString("| choices |\n| | list_name | name | label |\n| | yn | y | Yes |\n| | yn | n | No |\n")
	b.WriteString("| settings |\n| | form_title | form_id |\n| | Bench | bench |\n")
	return b.String()
}

// benchAnswers are the answers of the i-th submission, by path.
func benchAnswers(i int) map[string]string {
	answers := make(map[string]string, benchQuestions)
	for q := range benchQuestions {
		value := [...]string{fmt.Sprint(i + q), fmt.Sprintf("Answer %d of submission %d", q, i), "y", "2021-03-12", fmt.Sprintf("%d.5", q)}[q%5]
		answers[fmt.Sprintf("/s%d/q%d", q/10, q)] = value
	}
	return answers
}

// sendBench sends the i-th submission and waits until it was committed.
func sendBench(ctx context.Context, client *http.Client, base, token string, i int) error {
	body, err := json.Marshal(map[string]any{"instance_id": fmt.Sprintf("bench-%d", i), "country": "AAA", "round": "1", "answers": benchAnswers(i)})
	if err != nil {
		return err
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, base+"/api/v1/forms/"+benchForm+"/submissions", bytes.NewReader(body))
	if err != nil {
		return err
	}
	request.Header.Set("Authorization", "Bearer "+token)
	request.Header.Set("Content-Type", "application/json")
	response, err := client.Do(request)
	if err != nil {
		return err
	}
	defer response.Body.Close() //nolint:errcheck // read to its end below
	text, err := io.ReadAll(response.Body)
	if err != nil {
		return err
	}
	if response.StatusCode != http.StatusCreated {
		return fmt.Errorf("submission %d: %s: %.300s", i, response.Status, text)
	}
	return nil
}
