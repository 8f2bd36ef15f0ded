package xlsform

// readOLE reads an old binary workbook, or says that a workbook is locked.
func readOLE(out *collector, data []byte, want func(string) bool) error {
	return &fault{key: "file.kind", text: "this is an old binary workbook (.xls), or one with a password, whatever its name says: open it in your spreadsheet program, remove the password, and save it as “Excel Workbook (.xlsx)”"}
}
