package legacy

import "bytes"

// sampleBytes of a text decide what stands between its fields.
const sampleBytes = 512 << 10

// findDelimiter decides what stands between the fields of a text: of tab, semicolon,
// comma and bar the one under which most records have the same number of fields, and the
// most of them. whole says that the sample is the whole text. unquoted reports a text
// between tabs in which quotation marks do not enclose fields.
func findDelimiter(sample []byte, ext string, whole bool) (delimiter byte, unquoted bool) {
	best := 0.0
	delimiter = ','
	for _, d := range []byte{'\t', ';', ',', '|'} {
		score := evenness(sample, d, false, whole)
		if d == '\t' && (ext == ".tsv" || ext == ".tab") {
			score *= 4
		}
		if score > best {
			best, delimiter = score, d
		}
	}
	if delimiter == '\t' {
		unquoted = looseQuotes(sample)
	}
	return delimiter, unquoted
}

// evenness says how well a delimiter cuts a sample into records of one length.
func evenness(sample []byte, delimiter byte, unquoted, whole bool) float64 {
	p := &splitter{data: sample, ended: true, delimiter: delimiter, unquoted: unquoted}
	counts := map[int]int{}
	records := 0
	for records < 200 {
		more, err := p.next()
		if err != nil {
			break
		}
		if !more {
			break
		}
		if p.pos >= len(p.data) && !whole && records > 0 {
			break // the sample cuts this record
		}
		if len(p.fields) == 1 && p.fields[0].to == p.fields[0].from {
			continue // an empty line
		}
		records++
		counts[len(p.fields)]++
	}
	if records == 0 {
		return 0
	}
	best := 0.0
	for fields, n := range counts {
		if fields > 1 {
			share := float64(n) / float64(records)
			best = max(best, share*share*float64(min(fields, 30)))
		}
	}
	return best
}

// looseQuotes reports that a field which begins with a quotation mark goes on behind its
// closing one, or that a mark is never closed: then the marks are part of the text.
func looseQuotes(sample []byte) bool {
	for rest := sample; ; {
		i := bytes.IndexByte(rest, '"')
		if i < 0 {
			return false
		}
		opens := len(sample)-len(rest)+i == 0 || i > 0 && (rest[i-1] == '\t' || rest[i-1] == '\n' || rest[i-1] == '\r')
		rest = rest[i+1:]
		if !opens {
			continue
		}
		for {
			end := bytes.IndexByte(rest, '"')
			if end < 0 {
				return len(sample) < sampleBytes
			}
			rest = rest[end+1:]
			if len(rest) == 0 || rest[0] != '"' {
				break
			}
			rest = rest[1:]
		}
		if len(rest) > 0 && rest[0] != '\t' && rest[0] != '\n' && rest[0] != '\r' {
			return true
		}
	}
}
