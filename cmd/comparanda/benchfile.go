package main

import (
	"archive/zip"
	"bufio"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"strconv"
	"strings"
)

// writeBenchCSV writes rows of numbers, rates, choices, dates and texts.
func writeBenchCSV(name string, rows int) (err error) {
	f, err := os.Create(name)
	if err != nil {
		return input(err)
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	out := bufio.NewWriterSize(f, 1<<20)
	header := make([]string, benchColumns)
	for i := range header {
		header[i] = benchHeader(i)
	}
	fmt.Fprintln(out, strings.Join(header, ","))
	random := rand.New(rand.NewPCG(1, 2)) // the same file each time
	for n := range rows {
		out.WriteString(strconv.Itoa(n)) //nolint:errcheck // Flush tells
		for i := 1; i < benchColumns; i++ {
			fmt.Fprint(out, ",", benchCell(random, i))
		}
		out.WriteByte('\n') //nolint:errcheck // Flush tells
	}
	return out.Flush()
}

// writeBenchXLSX writes the same rows as a workbook, as spreadsheet programs do: numbers
// as numbers, texts in a table that the cells share.
func writeBenchXLSX(name string, rows int) (err error) {
	f, err := os.Create(name)
	if err != nil {
		return input(err)
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	z := zip.NewWriter(f)
	const main, doc = "http://schemas.openxmlformats.org/spreadsheetml/2006/main", "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
	const pack = "http://schemas.openxmlformats.org/package/2006/"
	const kind = "application/vnd.openxmlformats-officedocument.spreadsheetml."
	shared := &sharedTexts{index: map[string]int{}}
	for _, part := range []struct {
		name string
		text func(w *bufio.Writer)
	}{
		{"[Content_Types].xml", literal(`<Types xmlns="` + pack + `content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/xl/workbook.xml" ContentType="` + kind + `sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="` + kind + `worksheet+xml"/><Override PartName="/xl/sharedStrings.xml" ContentType="` + kind + `sharedStrings+xml"/></Types>`)},
		{"_rels/.rels", literal(`<Relationships xmlns="` + pack + `relationships"><Relationship Id="rId1" Type="` + doc + `/officeDocument" Target="xl/workbook.xml"/></Relationships>`)},
		{"xl/workbook.xml", literal(`<workbook xmlns="` + main + `" xmlns:r="` + doc + `"><sheets><sheet name="answers" sheetId="1" r:id="rId1"/></sheets></workbook>`)},
		{"xl/_rels/workbook.xml.rels", literal(`<Relationships xmlns="` + pack + `relationships"><Relationship Id="rId1" Type="` + doc + `/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Type="` + doc + `/sharedStrings" Target="sharedStrings.xml"/></Relationships>`)},
		{"xl/worksheets/sheet1.xml", func(w *bufio.Writer) { writeBenchSheet(w, main, rows, shared) }},
		{"xl/sharedStrings.xml", func(w *bufio.Writer) { shared.write(w, main) }},
	} {
		out, err := z.Create(part.name)
		if err != nil {
			return err
		}
		w := bufio.NewWriterSize(out, 1<<20)
		w.WriteString(`<?xml version="1.0" encoding="UTF-8" standalone="yes"?>`) //nolint:errcheck // Flush tells
		part.text(w)
		if err := w.Flush(); err != nil {
			return err
		}
	}
	return z.Close()
}

func literal(s string) func(*bufio.Writer) {
	return func(w *bufio.Writer) { io.WriteString(w, s) } //nolint:errcheck // Flush tells
}

func writeBenchSheet(w *bufio.Writer, namespace string, rows int, shared *sharedTexts) {
	fmt.Fprintf(w, `<worksheet xmlns="%s"><sheetData>`, namespace)
	random := rand.New(rand.NewPCG(1, 2))
	for n := range rows + 1 {
		fmt.Fprintf(w, `<row r="%d">`, n+1)
		for i := range benchColumns {
			text, number := benchHeader(i), false
			switch {
			case n > 0 && i == 0:
				text, number = strconv.Itoa(n-1), true
			case n > 0:
				text, number = benchCell(random, i), i%5 < 2
			}
			if number {
				fmt.Fprintf(w, `<c r="%s%d"><v>%s</v></c>`, column(i), n+1, text)
			} else {
				fmt.Fprintf(w, `<c r="%s%d" t="s"><v>%d</v></c>`, column(i), n+1, shared.of(text))
			}
		}
		w.WriteString("</row>") //nolint:errcheck // Flush tells
	}
	w.WriteString("</sheetData></worksheet>") //nolint:errcheck // Flush tells
}

func column(i int) string {
	if i < 26 {
		return string(rune('A' + i))
	}
	return "A" + string(rune('A'+i-26))
}

type sharedTexts struct {
	index map[string]int
	texts []string
}

func (s *sharedTexts) of(text string) int {
	i, ok := s.index[text]
	if !ok {
		i = len(s.texts)
		s.index[text] = i
		s.texts = append(s.texts, text)
	}
	return i
}

func (s *sharedTexts) write(w *bufio.Writer, namespace string) {
	fmt.Fprintf(w, `<sst xmlns="%s" uniqueCount="%d">`, namespace, len(s.texts))
	for _, text := range s.texts {
		fmt.Fprintf(w, "<si><t>%s</t></si>", text)
	}
	w.WriteString("</sst>") //nolint:errcheck // Flush tells
}

func benchHeader(i int) string {
	if i == 0 {
		return "id"
	}
	return "q" + strconv.Itoa(i)
}

func benchCell(r *rand.Rand, column int) string {
	switch column % 5 {
	case 0:
		return strconv.Itoa(r.IntN(100_000))
	case 1:
		return strconv.FormatFloat(r.Float64()*100, 'f', 2, 64)
	case 2:
		return []string{"yes", "no", "partly"}[r.IntN(3)]
	case 3:
		return fmt.Sprintf("20%02d-%02d-%02d", r.IntN(24), 1+r.IntN(12), 1+r.IntN(28))
	default:
		return fmt.Sprintf("answer %d in words", r.IntN(1_000_000))
	}
}
