package report

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"
	"time"
)

// contentPart finds the entries of [Content_Types].xml, whose order excelize leaves to
// a map.
var contentPart = regexp.MustCompile(`<(?:Default|Override) [^>]*?(?:/>|></(?:Default|Override)>)`)

// repack writes the parts of an .xlsx in a fixed order with a fixed time, so that the
// same workbook is the same bytes.
func repack(out io.Writer, file []byte) error {
	in, err := zip.NewReader(bytes.NewReader(file), int64(len(file)))
	if err != nil {
		return fmt.Errorf("read the workbook back: %w", err)
	}
	parts := slices.Clone(in.File)
	slices.SortFunc(parts, func(a, b *zip.File) int {
		// Readers look for the table of contents first.
		if first, other := a.Name == contentTypes, b.Name == contentTypes; first != other {
			if first {
				return -1
			}
			return 1
		}
		return strings.Compare(a.Name, b.Name)
	})
	packed := zip.NewWriter(out)
	for _, part := range parts {
		if err := copyPart(packed, part); err != nil {
			return fmt.Errorf("pack %s: %w", part.Name, err)
		}
	}
	return packed.Close()
}

const contentTypes = "[Content_Types].xml"

func copyPart(packed *zip.Writer, part *zip.File) error {
	r, err := part.Open()
	if err != nil {
		return err
	}
	defer r.Close()
	body, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	if part.Name == contentTypes {
		body = sortContentTypes(body)
	}
	w, err := packed.CreateHeader(&zip.FileHeader{Name: part.Name, Method: zip.Deflate, Modified: time.Date(1980, time.January, 1, 0, 0, 0, 0, time.UTC)})
	if err != nil {
		return err
	}
	_, err = w.Write(body)
	return err
}

func sortContentTypes(body []byte) []byte {
	places := contentPart.FindAllIndex(body, -1)
	if len(places) == 0 {
		return body
	}
	var entries []string
	for _, p := range places {
		entries = append(entries, string(body[p[0]:p[1]]))
	}
	slices.Sort(entries)
	first, last := places[0][0], places[len(places)-1][1]
	return slices.Concat(body[:first], []byte(strings.Join(entries, "")), body[last:])
}
