package kit

import (
	"strings"
	"time"

	"github.com/comparanda/comparanda/internal/study"
)

// study reads what the study is: the sheets study, countries, rounds and reasons.
func (r *reader) study() {
	r.settings()
	r.countries()
	r.rounds()
	r.reasons()
}

func (r *reader) settings() {
	s := &r.kit.Study
	rows := r.rows("study", true, "setting", "value")
	// The languages come first: the texts are checked against them.
	for _, rec := range rows {
		if rec.Fields["setting"] == "languages" {
			for _, code := range strings.Fields(strings.ReplaceAll(rec.Fields["value"], ",", " ")) {
				s.Languages = append(s.Languages, study.Lang(code))
			}
		}
	}
	for _, rec := range rows {
		value := strings.TrimSpace(rec.Fields["value"])
		switch setting := rec.Fields["setting"]; setting {
		case "id":
			s.ID = value
		case "languages":
		case "default_language":
			s.DefaultLanguage = study.Lang(value)
		case "title":
			s.Title = r.text(rec, "text", true)
		case "declaration":
			s.Declaration = r.text(rec, "text", true)
		default:
			r.report(rec.Place, "setting", "kit.setting", "the setting “%s” is not known: use id, languages, default_language, title or declaration", setting)
		}
	}
	if rows == nil {
		return
	}
	place := rows[0].Place
	if s.DefaultLanguage == "" && len(s.Languages) > 0 {
		s.DefaultLanguage = s.Languages[0]
	}
	for setting, missing := range map[string]bool{"id": s.ID == "", "languages": len(s.Languages) == 0, "title": s.Title == nil, "declaration": s.Declaration == nil} {
		if missing {
			r.report(place, "setting", "kit.setting", "the setting “%s” is missing: add a row for it", setting)
		}
	}
}

func (r *reader) countries() {
	seen := map[study.ISO3]bool{}
	for _, rec := range r.rows("countries", true, "iso3", "in_study", "time_zone", "decimal_mark") {
		c := study.Country{
			ISO3: study.ISO3(rec.Fields["iso3"]), Name: r.text(rec, "label", true),
			InStudy: r.choice(rec, "in_study", "yes", "no") == "yes", TimeZone: rec.Fields["time_zone"],
			DecimalMark: r.choice(rec, "decimal_mark", ".", ","),
		}
		if len(c.ISO3) != 3 || strings.ToUpper(string(c.ISO3)) != string(c.ISO3) {
			r.report(rec.Place, "iso3", "kit.country", "“%s” is not a country code: write the three capital letters of ISO 3166-1, as in CRI", c.ISO3)
		}
		if seen[c.ISO3] {
			r.report(rec.Place, "iso3", "kit.duplicate", "the country %s is there twice: delete one row", c.ISO3)
		}
		seen[c.ISO3] = true
		if _, err := time.LoadLocation(c.TimeZone); err != nil || c.TimeZone == "" {
			r.report(rec.Place, "time_zone", "kit.zone", "“%s” is not a time zone: write its IANA name, as in America/Guatemala", c.TimeZone)
		}
		r.kit.Study.Countries = append(r.kit.Study.Countries, c)
	}
}

// rounds reads the rounds. A deadline is a day; the round ends when that day ends in
// UTC, and the pages show it in the country's own time.
func (r *reader) rounds() {
	for _, rec := range r.rows("rounds", true, "id") {
		round := study.Round{ID: rec.Fields["id"], Title: r.text(rec, "label", true)}
		if round.ID == "" {
			r.report(rec.Place, "id", "kit.round", "the round has no id: write one, as in 2021")
		}
		if d := rec.Fields["deadline"]; d != "" {
			day, err := time.Parse(time.DateOnly, d)
			if err != nil {
				r.report(rec.Place, "deadline", "kit.date", "“%s” is not a day: write it as in 2021-09-22", d)
			}
			round.DeadlineAt = day.Add(24*time.Hour - time.Second)
		}
		r.kit.Study.Rounds = append(r.kit.Study.Rounds, round)
	}
}

func (r *reader) reasons() {
	known := []string{"na", "nd", "conf", "pending", "ref", "blank"}
	for _, rec := range r.rows("reasons", true, "code", "mark") {
		code := strings.ToUpper(r.choice(rec, "code", known...))
		if rec.Fields["mark"] == "" {
			r.report(rec.Place, "mark", "kit.mark", "the mark is missing: write what reports print, as in N/D")
		}
		r.kit.Study.Reasons = append(r.kit.Study.Reasons, study.Reason{
			Code: study.ReasonCode(code), Mark: rec.Fields["mark"], Label: r.text(rec, "label", true)})
	}
}

func (r *reader) codebook() {
	seen := map[string]bool{}
	for _, rec := range r.rows("codebook", false, "code", "family") {
		c := study.Code{Code: rec.Fields["code"], Family: rec.Fields["family"], Label: r.text(rec, "label", true), Rule: r.text(rec, "rule", false)}
		if c.Code == "" || seen[c.Code] {
			r.report(rec.Place, "code", "kit.duplicate", "the code “%s” is empty or there twice: give each row a code of its own", c.Code)
		}
		seen[c.Code] = true
		r.kit.Study.Codebook = append(r.kit.Study.Codebook, c)
	}
}

func (r *reader) sources() {
	for _, rec := range r.rows("sources", false, "id", "title", "address") {
		r.kit.Sources = append(r.kit.Sources, Source{ID: rec.Fields["id"], Title: rec.Fields["title"], Address: rec.Fields["address"]})
	}
}
