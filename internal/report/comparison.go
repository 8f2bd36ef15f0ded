package report

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/comparanda/comparanda/forms"
)

// Comparison writes the comparison workbook as .xlsx. Progress is told after every
// sheet and may be nil. Countries stand in alphabetical order of their names in the
// workbook's language, on every sheet.
//
// A country or section in the options that the study does not have is a
// *study.Problem. Building stops between sheets when ctx ends.
func Comparison(ctx context.Context, w io.Writer, in Input, opt Options, progress func(done, total int)) error {
	b, err := newBuilder(in, opt)
	if err != nil {
		return err
	}
	if progress == nil {
		progress = func(int, int) {}
	}
	book, err := b.book(ctx)
	if err != nil {
		return err
	}
	if err := b.write(ctx, w, book, progress); err != nil {
		return fmt.Errorf("write comparison: %w", err)
	}
	return nil
}

// book makes every sheet. Notes and long texts are collected by the comparison sheets,
// so theirs come after.
func (b *builder) book(ctx context.Context) (*book, error) {
	var compared []*sheet
	for i := range b.survey.sections {
		if err := ctx.Err(); err != nil {
			return nil, fmt.Errorf("make comparison: %w", err)
		}
		sec := &b.survey.sections[i]
		if len(sec.questions) > 0 {
			compared = append(compared, b.sectionSheet(sec))
		}
		for _, repeat := range sec.repeats {
			compared = append(compared, b.repeatSheet(b.survey, repeat, b.returns))
		}
	}
	if b.guide != nil {
		for i := range b.guide.sections {
			sec := &b.guide.sections[i]
			if len(sec.questions) > 0 {
				compared = append(compared, b.interviewSheet(sec))
			}
			for _, repeat := range sec.repeats {
				compared = append(compared, b.repeatSheet(b.guide, repeat, b.talks))
			}
		}
	}
	others := []*sheet{b.coverageSheet()}
	others = append(others, compared...)
	others = append(others, b.textsSheet(), b.notesSheet(), b.dataSheet(), b.codebookSheet(), b.listsSheet())
	if len(b.in.Study.Codebook) > 0 {
		others = append(others, b.codesSheet())
	}
	for _, s := range others {
		b.neverEmpty(s)
	}
	uniqueTables(others)
	return &book{sheets: append([]*sheet{b.readMeSheet(others)}, others...)}, nil
}

// neverEmpty gives a table without rows one that says so: Excel wants a row, and an
// empty sheet explains nothing.
func (b *builder) neverEmpty(s *sheet) {
	if len(s.rows) > 0 {
		return
	}
	row := make([]cell, len(s.columns))
	for i := range row {
		row[i] = faintOf("–")
	}
	row[0] = faintOf(b.t("no_rows"))
	s.rows = [][]cell{row}
}

// uniqueTables mends names and headers that came out alike, since Excel offers to
// repair a file that has two of the same.
func uniqueTables(sheets []*sheet) {
	var tables []string
	for _, s := range sheets {
		for slices.Contains(tables, s.table) {
			s.table += "_"
		}
		tables = append(tables, s.table)
		seen := map[string]bool{}
		for i := range s.columns {
			for seen[strings.ToLower(s.columns[i].header)] {
				s.columns[i].header += " ·"
			}
			seen[strings.ToLower(s.columns[i].header)] = true
		}
	}
}

// Sections names the sections that a comparison of this form can be narrowed to.
func Sections(f *forms.Form) []string {
	var names []string
	for _, n := range f.Children {
		if n.Kind != forms.Question {
			names = append(names, n.Name)
		}
	}
	return names
}
