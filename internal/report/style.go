package report

import (
	"fmt"

	"github.com/xuri/excelize/v2"
)

// fontName stands in every style: without a family LibreOffice falls back to a serif.
const fontName = "Arial"

// styles caches style ids: excelize compares a new style with all before it.
type styles struct {
	file *excelize.File
	ids  map[styleKey]int
}

type styleKey struct {
	look    look
	format  string
	numeric bool
	boxed   bool // inside a table
}

func (s *styles) id(k styleKey) (int, error) {
	if id, ok := s.ids[k]; ok {
		return id, nil
	}
	id, err := s.file.NewStyle(styleOf(k))
	if err != nil {
		return 0, fmt.Errorf("make a style: %w", err)
	}
	s.ids[k] = id
	return id, nil
}

func styleOf(k styleKey) *excelize.Style {
	font := &excelize.Font{Family: fontName, Size: 10, Color: "1B1F24"}
	style := &excelize.Style{Font: font, Alignment: &excelize.Alignment{Vertical: "top", WrapText: true, Horizontal: "left"}}
	if k.format != "" {
		style.CustomNumFmt = &k.format
	}
	if k.numeric {
		style.Alignment.Horizontal = "right"
	}
	if k.boxed {
		for _, side := range []string{"left", "right", "top", "bottom"} {
			style.Border = append(style.Border, excelize.Border{Type: side, Color: "C9CED6", Style: 1})
		}
	}
	switch k.look {
	case strong:
		font.Bold = true
	case faint:
		font.Italic, font.Color = true, "57606A"
	case linked:
		font.Color, font.Underline = "0B5CAD", "single"
	case heading:
		font.Bold, font.Color = true, "FFFFFF"
		style.Fill = excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{"0B3C66"}}
	case key:
		font.Color = "57606A"
	case title:
		font.Bold, font.Size = true, 14
		style.Alignment.WrapText = false
	case lead:
		font.Color = "57606A"
		style.Alignment.WrapText = false
	case banner:
		font.Bold, font.Color = true, "8A3B00"
		style.Alignment.WrapText = false
	}
	return style
}
