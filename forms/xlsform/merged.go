package xlsform

import (
	"github.com/comparanda/comparanda/forms"
	"github.com/comparanda/comparanda/forms/message"
)

// noteMerged warns of cells merged over several rows: a spreadsheet program shows the
// text for all of them, and the file holds it for the first alone. What is merged
// stands behind the rows, where the scanner is.
func (w *workbook) noteMerged(s *xmlScanner, t tab) {
	if _, streamed := w.out.(*streamSink); streamed {
		return // told by Visitor.Sheet
	}
	for {
		token, err := s.next()
		if err != nil || token == xmlEnd || token == xmlClose && string(s.name) == "mergeCells" {
			return // what stands behind the rows is not needed
		}
		if token != xmlOpen || string(s.name) != "mergeCell" {
			continue
		}
		ref, _ := s.attr("ref")
		span, ok := spanOf(ref)
		if !ok || span.LastRow == span.Row {
			continue
		}
		w.add(forms.Problem{
			Severity: forms.Warning,
			Key:      "cell.merged",
			Place:    forms.Place{File: w.file, Sheet: t.name, Row: span.Row, Column: columnLetters(span.Column)},
		}.Saying(message.New("the cells %s are merged, and only row %d has what stands in them: unmerge them, and write it into each row", ref, span.Row)))
	}
}
