package report

import (
	"strings"

	"github.com/comparanda/comparanda/forms"
	"github.com/comparanda/comparanda/internal/i18n"
	"github.com/comparanda/comparanda/internal/study"
)

// codebookSheet explains every question: type, texts in all languages, list and codes,
// and when it is asked.
func (b *builder) codebookSheet() *sheet {
	s := b.tableSheet(b.fixed.codebook, "codebook", "T_"+b.t("table.codebook"))
	s.frozen, s.pagesWide = 2, 2
	langs := b.languages()
	s.columns = []column{
		{header: b.t("col.instrument"), width: 18}, {header: b.t("col.number"), width: 8}, {header: b.t("col.variable"), width: 26},
		{header: b.t("col.section"), width: 26}, {header: b.t("col.type"), width: 16},
	}
	for _, lang := range langs {
		s.columns = append(s.columns, column{header: b.t("col.text_in", "language", languageName(b.words, lang)), width: 44})
	}
	s.columns = append(s.columns, column{header: b.t("col.unit"), width: 11}, column{header: b.t("col.list"), width: 14},
		column{header: b.t("col.codes"), width: 30}, column{header: b.t("col.required"), width: 12}, column{header: b.t("col.relevant"), width: 36})
	for _, in := range b.instruments() {
		in.form.Walk(func(n *forms.Node) bool {
			if sec := in.places[n.Path]; sec != nil && n.Kind == forms.Question && shown(n) {
				s.rows = append(s.rows, b.codebookRow(in, sec, n, langs))
			}
			return true
		})
	}
	return s
}

func (b *builder) instruments() []*instrument {
	if b.guide == nil {
		return []*instrument{b.survey}
	}
	return []*instrument{b.survey, b.guide}
}

// languages are those of the study, the workbook's first.
func (b *builder) languages() []study.Lang {
	langs := []study.Lang{study.Lang(b.lang)}
	for _, l := range b.in.Study.Languages {
		if string(l) != b.lang {
			langs = append(langs, l)
		}
	}
	return langs
}

func languageName(words *i18n.Catalog, lang study.Lang) string {
	if key := "language." + string(lang); words.Has(key) {
		return words.T(key)
	}
	return string(lang)
}

func (b *builder) codebookRow(in *instrument, sec *section, q *forms.Node, langs []study.Lang) []cell {
	row := []cell{
		textOf(in.title), strongOf(in.numberOf(q)), strongOf(strings.TrimPrefix(q.Path, "/")), textOf(sec.label), textOf(q.Type),
	}
	for _, lang := range langs {
		label, _ := q.Label.In(in.form, string(lang))
		row = append(row, dash(flat(label)))
	}
	var codes []string
	if list := in.form.Lists[q.List]; list != nil {
		for _, c := range list.Choices {
			codes = append(codes, c.Name)
		}
	}
	required := b.t("no")
	switch strings.ToLower(q.Required) {
	case "", "no", "false", "false()":
	case "yes", "true", "true()":
		required = b.t("yes")
	default:
		required = q.Required
	}
	return append(row, dash(b.extra(in.form, q, "unit")), dash(q.List), dash(limited(strings.Join(codes, " "))), textOf(limited(required)),
		b.relevance(q))
}

// relevance is when a question is asked: its own condition and those of the groups around it.
func (b *builder) relevance(q *forms.Node) cell {
	var conditions []string
	for n := q; n != nil; n = n.Parent {
		if n.Relevant != "" {
			conditions = append([]string{strings.Join(strings.Fields(n.Relevant), " ")}, conditions...)
		}
	}
	if len(conditions) == 0 {
		return textOf(b.t("always"))
	}
	return textOf(limited(strings.Join(conditions, "\n")))
}

// listsSheet gives every choice list with its codes, their texts and the missing
// reason that a code stands for.
func (b *builder) listsSheet() *sheet {
	s := b.tableSheet(b.fixed.lists, "lists", "T_"+b.t("table.lists"))
	s.frozen = 2
	langs := b.languages()
	s.columns = []column{{header: b.t("col.instrument"), width: 20}, {header: b.t("col.list"), width: 18}, {header: b.t("col.code"), width: 20}}
	for _, lang := range langs {
		s.columns = append(s.columns, column{header: b.t("col.text_in", "language", languageName(b.words, lang)), width: 48})
	}
	s.columns = append(s.columns, column{header: b.t("col.reason"), width: 14})
	for _, in := range b.instruments() {
		for _, name := range in.form.ListOrder {
			list := in.form.Lists[name]
			if list == nil {
				continue
			}
			for _, c := range list.Choices {
				row := []cell{textOf(in.title), strongOf(name), strongOf(c.Name)}
				for _, lang := range langs {
					label, _ := c.Label.In(in.form, string(lang))
					row = append(row, dash(flat(label)))
				}
				s.rows = append(s.rows, append(row, dash(c.Extra["reason"])))
			}
		}
	}
	return s
}

// codesSheet is the codebook for interviews.
func (b *builder) codesSheet() *sheet {
	s := b.tableSheet(b.fixed.codes, "codes", "T_"+b.t("table.codes"))
	s.frozen = 1
	langs := b.languages()
	s.columns = []column{{header: b.t("col.code"), width: 18}, {header: b.t("col.family"), width: 16}}
	for _, lang := range langs {
		s.columns = append(s.columns, column{header: b.t("col.text_in", "language", languageName(b.words, lang)), width: 36})
	}
	for _, lang := range langs {
		s.columns = append(s.columns, column{header: b.t("col.rule_in", "language", languageName(b.words, lang)), width: 44})
	}
	for _, c := range b.in.Study.Codebook {
		row := []cell{strongOf(c.Code), dash(c.Family)}
		for _, t := range []study.Text{c.Label, c.Rule} {
			for _, lang := range langs {
				row = append(row, dash(t[lang]))
			}
		}
		s.rows = append(s.rows, row)
	}
	return s
}
