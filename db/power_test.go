package db

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"

	"github.com/comparanda/comparanda/internal/testkit"
)

// images is how often the power is cut in each mode.
const images = 100

// TestPowerCut records what a process under load writes and syncs, then cuts the power
// at random points of the recording and drops what was not synced, whole writes or
// single sectors (R15). With synchronous=FULL nothing that was answered is lost; NORMAL,
// the driver's own default, is the control that must lose.
func TestPowerCut(t *testing.T) {
	t.Parallel()
	shim := buildShim(t)
	for _, tt := range []struct {
		name, synchronous string
		torn, mayLose     bool
	}{
		{"full, unsynced writes dropped", "FULL", false, false},
		{"full, unsynced sectors torn", "FULL", true, false},
		{"normal, unsynced writes dropped", "NORMAL", false, true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			r := recordCrowd(t, shim, tt.synchronous)
			random := rand.New(rand.NewPCG(7, 11))
			lost, half := 0, 0
			machine := newMachine(r.base)
			for _, cut := range r.cuts(images, random) {
				machine.run(r.records[:cut])
				l, h, err := machine.examine(t, tt.torn, random)
				lost, half = lost+min(l, 1), half+min(h, 1)
				if err != nil {
					t.Errorf("cut at %d: %v", cut, err)
				}
			}
			t.Logf("%d images of %d records: %d with lost answers, %d with half a change", images, len(r.records), lost, half)
			if half > 0 || lost > 0 && !tt.mayLose {
				t.Errorf("%d images lost answers, %d hold half a change", lost, half)
			}
			if tt.mayLose && lost == 0 {
				t.Error("the control lost nothing: the test sees nothing")
			}
		})
	}
}

// TestFailedSyncIsNotAcknowledged lets the disk refuse one sync of the log (R13): the
// change is not answered as stored, and none after it until a restart.
func TestFailedSyncIsNotAcknowledged(t *testing.T) {
	t.Parallel()
	shim := buildShim(t)
	dir := t.TempDir()
	setUpFolder(t, dir)
	lines, _ := child(t, "broken", dir, "LD_PRELOAD="+shim, "POWERLOG="+filepath.Join(t.TempDir(), "log"), "POWERLOG_FAIL=9")
	refused := slices.IndexFunc(lines, func(l string) bool { return l[0] == 'r' })
	if refused < 1 || slices.ContainsFunc(lines[refused:], func(l string) bool { return l[0] == 'a' }) {
		t.Fatalf("answers around a failed sync: %q", lines)
	}
	acknowledged := map[string]bool{}
	for n := range refused {
		acknowledged[fmt.Sprint(n)] = true
	}
	s, err := Open(t.Context(), dir, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if lost, half := missing(t, s, acknowledged); lost+half > 0 {
		t.Errorf("%d lost, %d half", lost, half)
	}
	if err := s.Close(); err != nil {
		t.Error(err)
	}
}

// buildShim compiles the recorder.
func buildShim(t *testing.T) string {
	t.Helper()
	cc := testkit.Need(t, "cc", "gcc", "clang")
	shim := filepath.Join(t.TempDir(), "powerlog.so")
	out, err := exec.CommandContext(t.Context(), cc, "-O1", "-shared", "-fPIC", "-o", shim, "testdata/powerlog.c", "-ldl").CombinedOutput()
	if err != nil {
		testkit.Absent(t, fmt.Sprintf("the recorder of writes does not compile here: %v\n%s", err, out))
	}
	return shim
}

func setUpFolder(t *testing.T, dir string) {
	t.Helper()
	s, err := Open(t.Context(), dir, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
}

// recording is what happened to the database file (0) and the log (1), in order.
type recording struct {
	base     []byte // the database file before
	records  []record
	firstAck int
}

type record struct {
	kind   byte // w write, t truncate, s sync, a answered
	file   int
	offset int64 // of an answer: its number
	data   []byte
}

func recordCrowd(t *testing.T, shim, synchronous string) recording {
	t.Helper()
	dir := t.TempDir()
	setUpFolder(t, dir)
	base, err := os.ReadFile(filepath.Join(dir, databaseName))
	if err != nil {
		t.Fatal(err)
	}
	log := filepath.Join(t.TempDir(), "powerlog")
	child(t, "crowd", dir, "LD_PRELOAD="+shim, "POWERLOG="+log, "DB_TEST_SYNCHRONOUS="+synchronous)
	raw, err := os.ReadFile(log)
	if err != nil {
		t.Fatal(err)
	}
	r := recording{base: base, firstAck: -1}
	kinds, checkpointed := map[byte]int{}, 0
	for len(raw) > 0 {
		size := binary.NativeEndian.Uint32(raw[4:])
		one := record{kind: raw[0], file: int(raw[1]) - 1, offset: int64(binary.NativeEndian.Uint64(raw[8:])), data: raw[16 : 16+size]}
		if one.kind == 'a' && r.firstAck < 0 {
			r.firstAck = len(r.records)
		}
		kinds[one.kind]++
		if one.kind == 'w' && one.file == 0 {
			checkpointed++ // the log was written back meanwhile
		}
		r.records = append(r.records, one)
		raw = raw[16+size:]
	}
	if kinds['a'] != 600 || kinds['w'] < 1000 || kinds['s'] == 0 || checkpointed == 0 {
		t.Fatalf("the recording is not whole: %d answers, %d writes (%d into the database), %d syncs", kinds['a'], kinds['w'], checkpointed, kinds['s'])
	}
	return r
}

// disk is a file as the hardware has it, and what it was told since the last sync.
type disk struct {
	content  []byte
	unsynced []record
}

func (d *disk) write(offset int64, data []byte) {
	if need := int(offset) + len(data); need > len(d.content) {
		d.content = append(d.content, make([]byte, need-len(d.content))...)
	}
	copy(d.content[offset:], data)
}

func (d *disk) truncate(size int64) {
	if int(size) <= len(d.content) {
		d.content = d.content[:size]
		return
	}
	d.write(size, nil)
}

func (d *disk) sync() {
	for _, r := range d.unsynced {
		d.apply(r)
	}
	d.unsynced = nil
}

func (d *disk) apply(r record) {
	if r.kind == 't' {
		d.truncate(r.offset)
		return
	}
	d.write(r.offset, r.data)
}

const sector = 512

// crash keeps of what was not synced as much as luck has it: each write or not, or, torn,
// each sector of each write or not.
func (d *disk) crash(torn bool, random *rand.Rand) {
	for _, r := range d.unsynced {
		switch {
		case torn && r.kind == 'w':
			for from := 0; from < len(r.data); from += sector {
				if random.IntN(2) == 0 {
					d.write(r.offset+int64(from), r.data[from:min(from+sector, len(r.data))])
				}
			}
		case random.IntN(2) == 0:
			d.apply(r)
		}
	}
}

// cuts picks moments after the first answer, in order.
func (r recording) cuts(n int, random *rand.Rand) []int {
	cuts := make([]int, n)
	for i := range cuts {
		cuts[i] = r.firstAck + random.IntN(len(r.records)-r.firstAck)
	}
	slices.Sort(cuts)
	return cuts
}

// machine repeats a recording: the database file and the log, and what was answered.
type machine struct {
	disks        [2]*disk
	done         int
	acknowledged map[string]bool
}

func newMachine(base []byte) *machine {
	return &machine{disks: [2]*disk{{content: slices.Clone(base)}, {}}, acknowledged: map[string]bool{}}
}

// run repeats what it has not yet repeated.
func (m *machine) run(records []record) {
	for _, one := range records[m.done:] {
		switch one.kind {
		case 'a':
			m.acknowledged[fmt.Sprint(one.offset)] = true
		case 's':
			m.disks[one.file].sync()
		default:
			m.disks[one.file].unsynced = append(m.disks[one.file].unsynced, one)
		}
	}
	m.done = len(records)
}

// examine cuts the power now, opens what is left, and counts answered changes that are
// missing and changes of which half is there. The machine itself goes on.
func (m *machine) examine(t *testing.T, torn bool, random *rand.Rand) (lost, half int, err error) {
	t.Helper()
	dir := t.TempDir()
	for i, name := range []string{databaseName, databaseName + "-wal"} {
		left := disk{content: slices.Clone(m.disks[i].content), unsynced: m.disks[i].unsynced}
		left.crash(torn, random)
		if err := os.WriteFile(filepath.Join(dir, name), left.content, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	s, err := Open(t.Context(), dir, Options{})
	if err != nil {
		return 0, 0, err
	}
	lost, half = missing(t, s, m.acknowledged)
	err = errors.Join(checkDatabase(t.Context(), s.writer), s.Close(), os.RemoveAll(dir))
	return lost, half, err
}
