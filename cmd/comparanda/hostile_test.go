package main

import (
	"archive/zip"
	"bytes"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/comparanda/comparanda/internal/testkit"
)

// rows are the cells of a sheet, a line each, parted by bars.
func sheetXML(rows string) string {
	var b strings.Builder
	b.WriteString("<worksheet><sheetData>")
	for row := range strings.Lines(rows) {
		b.WriteString("<row>")
		for cell := range strings.SplitSeq(strings.TrimSpace(row), "|") {
			fmt.Fprintf(&b, `<c t="str"><v>%s</v></c>`, strings.TrimSpace(cell))
		}
		b.WriteString("</row>")
	}
	b.WriteString("</sheetData></worksheet>")
	return b.String()
}

// workbook packs sheets into an .xlsx file. name and rows alternate; rows that begin
// with "<" are the sheet's XML.
func workbook(t *testing.T, sheets ...string) []byte {
	t.Helper()
	var file bytes.Buffer
	z := zip.NewWriter(&file)
	put := func(name, text string) {
		w, err := z.Create(name)
		if err == nil {
			_, err = w.Write([]byte(text))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	var list, links strings.Builder
	for i := 0; i < len(sheets); i += 2 {
		fmt.Fprintf(&list, `<sheet name="%s" sheetId="%d" r:id="s%d"/>`, sheets[i], i+1, i)
		fmt.Fprintf(&links, `<Relationship Id="s%d" Type="x/worksheet" Target="worksheets/s%d.xml"/>`, i, i)
		content := sheets[i+1]
		if !strings.HasPrefix(content, "<") {
			content = sheetXML(content)
		}
		put(fmt.Sprintf("xl/worksheets/s%d.xml", i), content)
	}
	put("_rels/.rels", `<Relationships><Relationship Id="r1" Type="x/officeDocument" Target="xl/workbook.xml"/></Relationships>`)
	put("xl/workbook.xml", `<workbook><sheets>`+list.String()+`</sheets></workbook>`)
	put("xl/_rels/workbook.xml.rels", `<Relationships>`+links.String()+`</Relationships>`)
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return file.Bytes()
}

// TestWrongFormsAreExplained gives the program's own command wrong, truncated and hostile
// workbooks: a problem with its place, exit code 1, no panic, and no more than 5 s of
// processor time and 256 MiB, measured over all its processes (I1, I2, I7).
func TestWrongFormsAreExplained(t *testing.T) {
	t.Parallel()
	program := testkit.Program(t)
	sound := workbook(t, "survey", "type|name|label\ntext|q|Q")
	deep := 100_000
	if testkit.Raced() { // the detector multiplies memory, and the reader's own limit would end it first
		deep = 10_000
	}
	for _, tt := range []struct {
		name string
		file []byte
		exit int
		want string // on standard error
	}{
		{"a sound form", sound, 0, ""},
		{"no sheet of questions", workbook(t, "Tabelle1", "type|name|label\ntext|q|Q"), 1, "form.xlsx: error: "},
		{"cut in half", sound[:len(sound)/2], 1, "form.xlsx: error: "},
		{"empty", nil, 1, "form.xlsx: error: "},
		{"no workbook at all", bytes.Repeat([]byte("x"), 1<<20), 1, "form.xlsx: error: "},
		{"a cycle in relevance", workbook(t, "survey", "type|name|label|relevant\ntext|a|A|${b} = 1\ntext|b|B|${a} = 1"), 1, "form.xlsx:survey:2:relevant: error: "},
		{"a question that depends on itself", workbook(t, "survey", "type|name|label|relevant\ntext|a|A|${a} = 1"), 1, "form.xlsx:survey:2:relevant: error: "},
		{"a name used twice", workbook(t, "survey", "type|name|label\ntext|a|A\ntext|a|B"), 1, "form.xlsx:survey:3:name: error: "},
		{"an unknown list", workbook(t, "survey", "type|name|label\nselect_one nowhere|a|A", "choices", "list_name|name|label\nyn|y|Yes"), 1, "form.xlsx:survey:2:type: error: "},
		{"an unknown type", workbook(t, "survey", "type|name|label\ntxet|a|A"), 1, "form.xlsx:survey:2:type: error: "},
		{"a group without an end", workbook(t, "survey", "type|name|label\nbegin_group|g|G\ntext|a|A"), 1, "form.xlsx:survey:2:type: error: "},
		{"a bomb of 300 MB", workbook(t, "survey", "<worksheet><sheetData>"+strings.Repeat(" ", 300<<20)+"</sheetData></worksheet>"), 1, "form.xlsx: error: "},
		{"a million columns", workbook(t, "survey", numbered("<row>", `<c><v>%d</v></c>`, 1_000_000, "</row>")), 1, "form.xlsx:survey:2: error: "},
		{"groups in each other without end", workbook(t, "survey", numbered("", `<row><c t="str"><v>begin group</v></c><c t="str"><v>g%d</v></c></row>`, deep, "")), 1, "form.xlsx:survey:"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			if err := os.WriteFile(filepath.Join(dir, "form.xlsx"), tt.file, 0o600); err != nil {
				t.Fatal(err)
			}
			var said bytes.Buffer
			cmd := exec.CommandContext(t.Context(), program, "form", "check", "form.xlsx")
			cmd.Dir, cmd.Stderr, cmd.Env = dir, &said, append(os.Environ(), "GORACE=atexit_sleep_ms=0")
			if err := cmd.Start(); err != nil {
				t.Fatal(err)
			}
			peak := peakOf(cmd.Process.Pid)
			err := cmd.Wait() // tells of exit codes, as does the state
			if code := cmd.ProcessState.ExitCode(); code != tt.exit {
				t.Errorf("exit code %d, want %d, %v", code, tt.exit, err)
			}
			if text := said.String(); !strings.Contains("\n"+text, "\n"+tt.want) || strings.Contains(text, "panic") || strings.Contains(text, "goroutine") {
				t.Errorf("said %.600s; want a line that begins %q", text, tt.want)
			}
			cpu, bytes := cmd.ProcessState.UserTime()+cmd.ProcessState.SystemTime(), peak()
			t.Logf("%v of processor time, %d MiB", cpu, bytes>>20)
			if !testkit.Raced() && (cpu > 5*time.Second || bytes > 256<<20) { // the race detector costs ten times as much
				t.Errorf("used %v of processor time and %d MiB, want at most 5 s and 256 MiB", cpu, bytes>>20)
			}
		})
	}
}

// numbered is a sheet with column names and a piece of XML n times, numbered, so that it
// does not pack as well as a bomb.
func numbered(before, piece string, n int, after string) string {
	var b strings.Builder
	b.WriteString(`<worksheet><sheetData><row><c t="str"><v>type</v></c><c t="str"><v>name</v></c></row>` + before)
	for i := range n {
		fmt.Fprintf(&b, piece, i)
	}
	b.WriteString(after + "</sheetData></worksheet>")
	return b.String()
}

// peakOf watches a process and its children, and returns the most that one of them
// held, in bytes; 0 where the system does not tell. (The usage that a parent is told at
// the end begins with the parent's own size.)
func peakOf(pid int) (stop func() int64) {
	done, result := make(chan struct{}), make(chan int64)
	go func() {
		every := time.NewTicker(2 * time.Millisecond)
		defer every.Stop()
		most := map[string]int64{}
		for {
			threads, _ := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/children", pid))
			family := []string{fmt.Sprint(pid)}
			for _, thread := range threads {
				children, _ := os.ReadFile(thread) // gone at the end
				family = append(family, strings.Fields(string(children))...)
			}
			for _, id := range family {
				most[id] = max(most[id], residentBytes(id))
			}
			select {
			case <-done:
				result <- slices.Max(slices.Collect(maps.Values(most)))
				return
			case <-every.C:
			}
		}
	}()
	return func() int64 { close(done); return <-result }
}

// residentBytes is the most that a process has held; 0 when it is gone.
func residentBytes(pid string) int64 {
	status, err := os.ReadFile("/proc/" + pid + "/status")
	if err != nil {
		return 0
	}
	_, after, _ := strings.Cut(string(status), "VmHWM:")
	kilobytes := int64(0)
	if _, err := fmt.Sscan(after, &kilobytes); err != nil {
		return 0
	}
	return kilobytes << 10
}
