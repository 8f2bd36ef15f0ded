package web

import (
	"archive/zip"
	"bytes"
	"mime"
	"strings"
	"testing"
)

func TestFileType(t *testing.T) {
	t.Parallel()
	archive := func(parts ...string) []byte {
		var b bytes.Buffer
		w := zip.NewWriter(&b)
		for _, p := range parts {
			name, text, _ := strings.Cut(p, "=")
			f, err := w.Create(name)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := f.Write([]byte(text)); err != nil {
				t.Fatal(err)
			}
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		return b.Bytes()
	}
	compound := "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
	for _, tt := range []struct {
		name, file string
		body       []byte
		kind       string
		problem    string
	}{
		{"nothing", "a.pdf", nil, "", "file_error.empty"},
		{"a PDF", "law.pdf", []byte("%PDF-1.7\n..."), "application/pdf", ""},
		{"a PDF under another name", "law.jpg", []byte("%PDF-1.7\n..."), "application/pdf", ""},
		{"a PDF with a password", "law.pdf", []byte("%PDF-1.7\n trailer << /Encrypt 5 0 R >>"), "", "file_error.password"},
		{"a page that calls itself a picture", "x.jpg", []byte("<html><script>alert(1)</script>"), "", "file_error.type"},
		{"a drawing with script", "x.svg", []byte(`<?xml version="1.0"?><svg onload="x()"/>`), "", "file_error.type"},
		{"a program", "x.pdf", []byte("MZ\x90\x00\x03\x00\x00\x00"), "", "file_error.type"},
		{"a workbook", "x.xlsx", archive("xl/workbook.xml="), "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", ""},
		{"a Word document", "x.docx", archive("word/document.xml="), "application/vnd.openxmlformats-officedocument.wordprocessingml.document", ""},
		{"an OpenDocument text", "x.odt", archive("mimetype=application/vnd.oasis.opendocument.text", "META-INF/manifest.xml="), "application/vnd.oasis.opendocument.text", ""},
		{"an archive of anything", "x.zip", archive("a.exe="), "", "file_error.type"},
		{"half an archive", "x.docx", archive("word/document.xml=")[:30], "", "file_error.interrupted"},
		{"an old Word document", "x.doc", []byte(compound + "W\x00o\x00r\x00d\x00D\x00o\x00c\x00u\x00m\x00e\x00n\x00t\x00"), "application/msword", ""},
		{"a workbook with a password", "x.xlsx", []byte(compound + "E\x00n\x00c\x00r\x00y\x00p\x00t\x00e\x00d\x00P\x00a\x00c\x00k\x00a\x00g\x00e\x00"), "", "file_error.password"},
		{"a table as text", "x.csv", []byte("país;año\n"), "text/csv", ""},
		{"text", "x.txt", []byte("hola"), "text/plain", ""},
		{"too large", "x.txt", bytes.Repeat([]byte("a"), maxFileBytes+1), "", "file_error.too_large"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			kind, problem := fileType(tt.file, tt.body)
			if kind != tt.kind || problem != tt.problem {
				t.Errorf("fileType = %q, %q; want %q, %q", kind, problem, tt.kind, tt.problem)
			}
		})
	}
}

func TestFileNames(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ name, in, want string }{
		{"accents and spaces stay", "Memoria año 2014.pdf", "Memoria año 2014.pdf"},
		{"folders go", "../../etc/passwd", "passwd"},
		{"Windows folders go", `C:\temp\ley.pdf`, "ley.pdf"},
		{"line breaks go", "a\r\nSet-Cookie: x.pdf", "aSet-Cookie: x.pdf"},
		{"marks that turn text go", "inv\u202efdp.exe", "invfdp.exe"},
		{"nothing is left", "../..", "file"},
		{"a long name keeps its ending", strings.Repeat("a", 300) + ".pdf", strings.Repeat("a", 146) + ".pdf"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got := fileName(tt.in)
			if got != tt.want {
				t.Errorf("fileName(%q) = %q, want %q", tt.in, got, tt.want)
			}
			kind, params, err := mime.ParseMediaType(disposition(got))
			if err != nil || kind != "attachment" || params["filename"] != got {
				t.Errorf("disposition(%q) reads back as %q %q, %v", got, kind, params["filename"], err)
			}
		})
	}
}
