package xlsform

import (
	"bytes"
	"io"

	"github.com/richardlehane/mscfb"
)

// readOLE reads an old binary workbook, whatever its name says, or tells why not.
func readOLE(out *collector, data []byte, want func(string) bool) error {
	doc, err := mscfb.New(bytes.NewReader(data))
	if err != nil {
		return damagedBIFF("")
	}
	old := false // some files hold the workbook twice, for old programs and for new ones
	for _, entry := range doc.File {
		switch entry.Name {
		case "EncryptedPackage":
			return lockedBook()
		case "Workbook":
			stream, err := io.ReadAll(io.LimitReader(entry, MaxBytes))
			if err != nil {
				return damagedBIFF("")
			}
			return readBIFF(out, stream, want)
		case "Book":
			old = true
		}
	}
	if old {
		return oldBook()
	}
	return refuse("file.kind", "this is an old Office file, but no workbook: save the form as “Excel Workbook (.xlsx)”")
}

func lockedBook() error {
	return refuse("file.locked", "the workbook is locked with a password: open it in your spreadsheet program, remove the password, and save it anew as “Excel Workbook (.xlsx)”")
}

func oldBook() error {
	return refuse("file.kind", "the workbook was written for Excel 95 or older: open it in your spreadsheet program and save it as “Excel Workbook (.xlsx)”")
}

func damagedBIFF(sheet string) error {
	return refuse("file.damaged", "the old workbook (.xls) is damaged or was cut off: open it in your spreadsheet program and save it anew as “Excel Workbook (.xlsx)”").at(sheet, 0)
}
