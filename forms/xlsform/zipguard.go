package xlsform

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"path"
	"strings"
)

// archive is a zip file that has passed its examination, with what may still be
// unpacked from it.
type archive struct {
	parts map[string]*zip.File // by name in lower case: Excel does not tell cases apart
	left  int64                // bytes that may still be unpacked
}

// openArchive examines a zip file before anything is unpacked: what the directory
// claims is bounded here, and what the parts really hold is bounded by part.
func openArchive(data []byte) (*archive, error) {
	if n := declaredMembers(data); n > maxZipMembers {
		return nil, &fault{key: "file.zip", text: fmt.Sprintf("the file is a zip with %d members, more than any workbook has: open it in your spreadsheet program and save it anew as .xlsx", n)}
	}
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return nil, &fault{key: "file.damaged", text: "the file is damaged or was cut off on its way (" + err.Error() + "): get it again, or open it in your spreadsheet program and save it anew as .xlsx"}
	}
	if len(z.File) > maxZipMembers {
		return nil, &fault{key: "file.zip", text: "the file is a zip with more than 2,000 members: open it in your spreadsheet program and save it anew as .xlsx"}
	}
	a := &archive{parts: make(map[string]*zip.File, len(z.File)), left: maxTotalUnzip}
	var total uint64
	for _, f := range z.File {
		if err := checkMember(f); err != nil {
			return nil, err
		}
		total += f.UncompressedSize64
		name := strings.ToLower(f.Name)
		if _, twice := a.parts[name]; twice {
			return nil, &fault{key: "file.zip", text: fmt.Sprintf("the file has the part %q twice: open it in your spreadsheet program and save it anew as .xlsx", f.Name)}
		}
		a.parts[name] = f
	}
	if total > maxTotalUnzip {
		return nil, &fault{key: "file.large", text: "the workbook unpacks to more than 64 MiB: keep only the questionnaire in it"}
	}
	return a, nil
}

// declaredMembers reads the number of members from the end of the file, so that a
// directory of a million names is refused before it is read. 0 when there is none.
func declaredMembers(data []byte) int {
	i := bytes.LastIndex(data, []byte("PK\x05\x06"))
	if i < 0 || len(data) < i+12 {
		return 0
	}
	return int(binary.LittleEndian.Uint16(data[i+10:]))
}

func checkMember(f *zip.File) error {
	switch {
	case strings.Contains(f.Name, "\\"), strings.HasPrefix(f.Name, "/"), path.Clean("/"+f.Name) != "/"+strings.TrimSuffix(f.Name, "/"):
		return &fault{key: "file.zip", text: fmt.Sprintf("the file has a part with a bad name, %q: open it in your spreadsheet program and save it anew as .xlsx", f.Name)}
	case f.Flags&1 != 0:
		return &fault{key: "file.encrypted", text: "the file is encrypted: remove its password and save it anew as .xlsx"}
	case f.UncompressedSize64 > maxPartUnzip:
		return &fault{key: "file.large", text: fmt.Sprintf("the part %q unpacks to more than 32 MiB: keep only the questionnaire in the workbook", f.Name)}
	case f.UncompressedSize64 > ratioFloorSize && f.UncompressedSize64/maxUnzipRatio > f.CompressedSize64:
		return &fault{key: "file.large", text: fmt.Sprintf("the part %q unpacks to more than 200 times its size: keep only the questionnaire in the workbook, and delete formatting of whole columns and rows", f.Name)}
	}
	return nil
}

var errNoPart = errors.New("no such part")

// part unpacks one part, never more than the limits whatever the directory claims.
func (a *archive) part(name string) ([]byte, error) {
	f := a.parts[strings.ToLower(strings.TrimPrefix(name, "/"))]
	if f == nil {
		return nil, errNoPart
	}
	r, err := f.Open()
	if err != nil {
		return nil, damagedPart(name, err)
	}
	defer r.Close()
	limit := min(a.left, maxPartUnzip)
	var b bytes.Buffer
	b.Grow(int(min(int64(f.UncompressedSize64), limit)))
	n, err := io.Copy(&b, io.LimitReader(r, limit+1))
	if err != nil {
		return nil, damagedPart(name, err)
	}
	if n > limit {
		return nil, &fault{key: "file.large", text: fmt.Sprintf("the part %q is larger than the file claims, or the workbook unpacks to more than 64 MiB: keep only the questionnaire in it", name)}
	}
	a.left -= n
	return b.Bytes(), nil
}

func damagedPart(name string, err error) error {
	return &fault{key: "file.damaged", text: fmt.Sprintf("the part %q of the workbook is damaged (%v): get the file again, or open it in your spreadsheet program and save it anew as .xlsx", name, err)}
}
