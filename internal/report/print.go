package report

import (
	"fmt"
	"strings"

	"github.com/xuri/excelize/v2"
)

// paperA4 is Excel's number of the paper size.
const paperA4 = 9

// view freezes header and keys, and shows the sheet from its first cell.
func (w *writer) view(s *sheet) error {
	zoom, grid, corner := 100.0, !s.hideGrid, "A1"
	err := w.file.SetSheetView(s.name, 0, &excelize.ViewOptions{ZoomScale: &zoom, ShowGridLines: &grid, TopLeftCell: &corner})
	if err != nil || s.table == "" {
		return err
	}
	at, err := excelize.CoordinatesToCellName(s.frozen+1, headerRow+1)
	if err != nil {
		return err
	}
	return w.file.SetPanes(s.name, &excelize.Panes{Freeze: true, XSplit: s.frozen, YSplit: headerRow, TopLeftCell: at, ActivePane: "bottomRight",
		Selection: []excelize.Selection{{SQRef: "A1", ActiveCell: "A1", Pane: "topLeft"}}})
}

// print sets the page: A4 landscape, fit to a number of pages across, header and keys
// repeated, study, sheet and page in the footer.
func (w *writer) print(s *sheet) error {
	size, orientation, tall, fit := paperA4, "landscape", 0, true
	if err := w.file.SetSheetProps(s.name, &excelize.SheetPropsOptions{FitToPage: &fit}); err != nil {
		return err
	}
	if err := w.file.SetPageLayout(s.name, &excelize.PageLayoutOptions{Size: &size, Orientation: &orientation, FitToWidth: &s.pagesWide, FitToHeight: &tall}); err != nil {
		return err
	}
	side, top, foot := 0.4, 0.5, 0.25
	if err := w.file.SetPageMargins(s.name, &excelize.PageLayoutMarginsOptions{Left: &side, Right: &side, Top: &top, Bottom: &top, Header: &foot, Footer: &foot}); err != nil {
		return err
	}
	left := strings.ReplaceAll(cutWords(w.b.text(w.b.in.Study.Title, w.b.in.Study.ID), 70), "&", "&&")
	footer := &excelize.HeaderFooterOptions{OddFooter: fmt.Sprintf(`&L&"%s,Regular"&8%s&C&"%s,Regular"&8&A&R&"%s,Regular"&8%s`,
		fontName, left, fontName, fontName, w.b.t("page", "page", "&P", "pages", "&N"))}
	if err := w.file.SetHeaderFooter(s.name, footer); err != nil {
		return err
	}
	return w.printNames(s)
}

// printNames defines the print area and the rows and columns that repeat.
func (w *writer) printNames(s *sheet) error {
	quoted := "'" + strings.ReplaceAll(s.name, "'", "''") + "'!"
	last, err := excelize.ColumnNumberToName(len(s.columns))
	if err != nil {
		return err
	}
	rows := len(s.rows)
	if s.printRows > 0 {
		rows = min(rows, s.printRows)
	}
	area := fmt.Sprintf("%s$A$1:$%s$%d", quoted, last, headerRow+rows)
	if err := w.file.SetDefinedName(&excelize.DefinedName{Name: "_xlnm.Print_Area", RefersTo: area, Scope: s.name}); err != nil {
		return err
	}
	if s.table == "" {
		return nil
	}
	titles := fmt.Sprintf("%s$%d:$%d", quoted, headerRow-1, headerRow)
	if s.pagesWide > 1 {
		frozen, err := excelize.ColumnNumberToName(s.frozen)
		if err != nil {
			return err
		}
		titles = fmt.Sprintf("%s$A:$%s,%s", quoted, frozen, titles)
	}
	return w.file.SetDefinedName(&excelize.DefinedName{Name: "_xlnm.Print_Titles", RefersTo: titles, Scope: s.name})
}

// asTable makes header and rows an Excel table with filters; the looks are the cells' own.
func (w *writer) asTable(s *sheet) error {
	if s.table == "" {
		return nil
	}
	last, err := excelize.CoordinatesToCellName(len(s.columns), headerRow+len(s.rows))
	if err != nil {
		return err
	}
	stripes := false
	return w.file.AddTable(s.name, &excelize.Table{Range: fmt.Sprintf("A%d:%s", headerRow, last), Name: s.table, ShowRowStripes: &stripes})
}
