package xlsform

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"path"
	"strings"
)

// archive is a zip file that has passed its examination, with what may still be
// unpacked from it.
type archive struct {
	parts map[string]*zip.File // by name in lower case: Excel does not tell cases apart
	left  int64                // bytes that may still be unpacked
	most  unzipLimits
}

// unzipLimits bound what a zip file may unpack to.
type unzipLimits struct{ total, part int64 }

// formLimits are far above any questionnaire.
var formLimits = unzipLimits{total: maxTotalUnzip, part: maxPartUnzip}

// openArchive examines a zip file before anything is unpacked: what the directory
// claims is bounded here, and what the parts really hold is bounded by part.
func openArchive(r io.ReaderAt, size int64, most unzipLimits) (*archive, error) {
	if n := declaredMembers(r, size); n > maxZipMembers {
		return nil, refuse("file.zip", "the file is a zip with more than %d members: open it in your spreadsheet program and save it anew as .xlsx", maxZipMembers)
	}
	z, err := zip.NewReader(r, size)
	if err != nil {
		return nil, refuse("file.damaged", "the file is damaged or was cut off on its way (%v): get it again, or open it in your spreadsheet program and save it anew as .xlsx", err)
	}
	if len(z.File) > maxZipMembers {
		return nil, refuse("file.zip", "the file is a zip with more than %d members: open it in your spreadsheet program and save it anew as .xlsx", maxZipMembers)
	}
	a := &archive{parts: make(map[string]*zip.File, len(z.File)), left: most.total, most: most}
	var total uint64
	for _, f := range z.File {
		if err := checkMember(f, most); err != nil {
			return nil, err
		}
		total += f.UncompressedSize64
		name := strings.ToLower(f.Name)
		if _, twice := a.parts[name]; twice {
			return nil, refuse("file.zip", "the file has the part %q twice: open it in your spreadsheet program and save it anew as .xlsx", f.Name)
		}
		a.parts[name] = f
	}
	if total > uint64(most.total) {
		return nil, refuse("file.large", "the workbook unpacks to more than %d MiB: keep only what is needed in it", most.total>>20)
	}
	return a, nil
}

// declaredMembers reads the number of members from the end of the file, so that a
// directory of a million names is refused before it is read. 0 when there is none.
func declaredMembers(r io.ReaderAt, size int64) int {
	const tail = 1<<16 + 22 // the record and the longest comment behind it
	data := make([]byte, min(size, tail))
	if _, err := r.ReadAt(data, size-int64(len(data))); err != nil && !errors.Is(err, io.EOF) {
		return 0 // the zip reader says what is wrong
	}
	i := bytes.LastIndex(data, []byte("PK\x05\x06"))
	if i < 0 || len(data) < i+12 {
		return 0
	}
	return int(binary.LittleEndian.Uint16(data[i+10:]))
}

func checkMember(f *zip.File, most unzipLimits) error {
	switch {
	case strings.Contains(f.Name, "\\"), strings.HasPrefix(f.Name, "/"), path.Clean("/"+f.Name) != "/"+strings.TrimSuffix(f.Name, "/"):
		return refuse("file.zip", "the file has a part with a bad name, %q: open it in your spreadsheet program and save it anew as .xlsx", f.Name)
	case f.Flags&1 != 0:
		return refuse("file.encrypted", "the file is encrypted: remove its password and save it anew as .xlsx")
	case f.UncompressedSize64 > uint64(most.part):
		return refuse("file.large", "the part %q unpacks to more than %d MiB: keep only what is needed in the workbook", f.Name, most.part>>20)
	case f.UncompressedSize64 > ratioFloorSize && f.UncompressedSize64/maxUnzipRatio > f.CompressedSize64:
		return refuse("file.large", "the part %q unpacks to more than %d times its size: keep only what is needed in the workbook, and delete formatting of whole columns and rows", f.Name, maxUnzipRatio)
	}
	return nil
}

var errNoPart = errors.New("no such part")

// open reads one part as a stream, never more than the limits whatever the directory
// claims.
func (a *archive) open(name string) (io.ReadCloser, error) {
	f := a.parts[strings.ToLower(strings.TrimPrefix(name, "/"))]
	if f == nil {
		return nil, errNoPart
	}
	r, err := f.Open()
	if err != nil {
		return nil, damagedPart(name, err)
	}
	return &partReader{archive: a, name: name, from: r, left: min(a.left, a.most.part)}, nil
}

// part unpacks one part.
func (a *archive) part(name string) ([]byte, error) {
	r, err := a.open(name)
	if err != nil {
		return nil, err
	}
	defer r.Close() //nolint:errcheck // what was read is checked by its sum
	f := a.parts[strings.ToLower(strings.TrimPrefix(name, "/"))]
	var b bytes.Buffer
	b.Grow(int(min(int64(f.UncompressedSize64), min(a.left, a.most.part)) + bytes.MinRead))
	if _, err := io.Copy(&b, r); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

// partReader reads one part and counts what it unpacks.
type partReader struct {
	archive *archive
	name    string
	from    io.ReadCloser
	left    int64
}

func (p *partReader) Read(b []byte) (int, error) {
	n, err := p.from.Read(b)
	p.left -= int64(n)
	p.archive.left -= int64(n)
	if p.left < 0 {
		return 0, refuse("file.large", "the part %q is larger than the file claims, or the workbook unpacks to more than %d MiB: keep only what is needed in it", p.name, p.archive.most.total>>20)
	}
	if err != nil && !errors.Is(err, io.EOF) {
		return n, damagedPart(p.name, err)
	}
	return n, err
}

func (p *partReader) Close() error { return p.from.Close() }

func damagedPart(name string, err error) error {
	if f := (*fault)(nil); errors.As(err, &f) {
		return f
	}
	return refuse("file.damaged", "the part %q of the workbook is damaged (%v): get the file again, or open it in your spreadsheet program and save it anew as .xlsx", name, err)
}
