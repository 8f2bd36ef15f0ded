package web

import (
	"archive/zip"
	"bytes"
	"mime"
	"net/http"
	"path"
	"strings"
	"unicode"
	"unicode/utf8"
)

// maxFileBytes is the largest attachment.
const maxFileBytes = 20 << 20

// fileType recognizes a file by its content; the name only tells kinds of zip apart
// when the content agrees. problem is the message key when it cannot be taken (F99).
func fileType(name string, body []byte) (kind, problem string) {
	switch {
	case len(body) == 0:
		return "", "file_error.empty"
	case len(body) > maxFileBytes:
		return "", "file_error.too_large"
	case bytes.HasPrefix(body, []byte("%PDF-")):
		if bytes.Contains(body, []byte("/Encrypt")) {
			return "", "file_error.password"
		}
		return "application/pdf", ""
	case bytes.HasPrefix(body, []byte("PK\x03\x04")):
		return zipType(body)
	case bytes.HasPrefix(body, []byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")):
		return compoundType(name, body)
	}
	switch sniffed, _, _ := mime.ParseMediaType(http.DetectContentType(body)); sniffed {
	case "image/png", "image/jpeg":
		return sniffed, ""
	case "text/plain":
		if !utf8.Valid(body) && bytes.IndexByte(body, 0) >= 0 {
			return "", "file_error.type"
		}
		if strings.EqualFold(path.Ext(name), ".csv") {
			return "text/csv", ""
		}
		return "text/plain", ""
	}
	return "", "file_error.type"
}

// zipType tells office documents from other archives by the parts they must have.
func zipType(body []byte) (kind, problem string) {
	archive, err := zip.NewReader(bytes.NewReader(body), int64(len(body)))
	if err != nil {
		return "", "file_error.interrupted"
	}
	const office = "application/vnd.openxmlformats-officedocument."
	for _, f := range archive.File {
		switch f.Name {
		case "word/document.xml":
			return office + "wordprocessingml.document", ""
		case "xl/workbook.xml":
			return office + "spreadsheetml.sheet", ""
		case "ppt/presentation.xml":
			return office + "presentationml.presentation", ""
		case "META-INF/manifest.xml":
			return openDocument(archive)
		}
	}
	return "", "file_error.type"
}

// openDocument reads the kind that an OpenDocument file declares in its first part.
func openDocument(archive *zip.Reader) (kind, problem string) {
	f, err := archive.Open("mimetype")
	if err != nil {
		return "", "file_error.type"
	}
	defer f.Close()
	head := make([]byte, 100)
	n, err := f.Read(head)
	if n == 0 && err != nil {
		return "", "file_error.type"
	}
	kind = strings.TrimSpace(string(head[:n]))
	switch kind {
	case "application/vnd.oasis.opendocument.text", "application/vnd.oasis.opendocument.spreadsheet", "application/vnd.oasis.opendocument.presentation":
		return kind, ""
	}
	return "", "file_error.type"
}

// compoundType tells the old office formats apart. An encrypted new document is a
// compound file with an EncryptedPackage stream.
func compoundType(name string, body []byte) (kind, problem string) {
	wide := func(s string) []byte {
		b := make([]byte, 0, 2*len(s))
		for _, c := range []byte(s) {
			b = append(b, c, 0)
		}
		return b
	}
	switch {
	case bytes.Contains(body, wide("EncryptedPackage")):
		return "", "file_error.password"
	case bytes.Contains(body, wide("WordDocument")):
		return "application/msword", ""
	case bytes.Contains(body, wide("Workbook")), bytes.Contains(body, wide("Book")):
		return "application/vnd.ms-excel", ""
	case bytes.Contains(body, wide("PowerPoint Document")):
		return "application/vnd.ms-powerpoint", ""
	}
	return "", "file_error.type"
}

// maxNameRunes bounds a file's name; the name is a remark, the file lies under its hash.
const maxNameRunes = 150

// fileName is the sender's name of a file without folders, control characters and the
// marks that turn the direction of text (S5, S7).
func fileName(name string) string {
	name = strings.ReplaceAll(name, "\\", "/")
	name = name[strings.LastIndexByte(name, '/')+1:]
	name = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r) || r == utf8.RuneError {
			return -1
		}
		return r
	}, name)
	name = strings.Trim(name, " .")
	if r := []rune(name); len(r) > maxNameRunes {
		ext := []rune(path.Ext(name))
		if len(ext) > 10 {
			ext = nil
		}
		name = string(r[:maxNameRunes-len(ext)]) + string(ext)
	}
	if name == "" {
		return "file"
	}
	return name
}

// disposition is the header that makes a browser save a file under its name (RFC 6266),
// with a plain name for old programs and the real one encoded.
func disposition(name string) string {
	plain := strings.Map(func(r rune) rune {
		if r < ' ' || r > '~' || strings.ContainsRune(`"\/;%`, r) {
			return '_'
		}
		return r
	}, name)
	return `attachment; filename="` + plain + `"; filename*=UTF-8''` + encodeName(name)
}

// encodeName is RFC 5987's ext-value: everything but attr-char in percent form.
func encodeName(name string) string {
	const digits = "0123456789ABCDEF"
	var b strings.Builder
	for _, c := range []byte(name) {
		if c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || strings.IndexByte("!#$&+-.^_`|~", c) >= 0 {
			b.WriteByte(c)
			continue
		}
		b.WriteByte('%')
		b.WriteByte(digits[c>>4])
		b.WriteByte(digits[c&15])
	}
	return b.String()
}
