package db

import (
	"archive/tar"
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/comparanda/comparanda/internal/study"
)

// full is a store with people, sessions, drafts, files, submissions and open promises.
func full(t *testing.T) (*Store, string) {
	t.Helper()
	dir := t.TempDir()
	child(t, "official", dir)
	s, err := Open(t.Context(), dir, Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	var file string
	err = s.Update(t.Context(), func(tx *Tx) error {
		by, err := tx.PersonByEmail(t.Context(), "a@example.org")
		if err != nil {
			return err
		}
		promises, err := tx.Promises(t.Context(), "", 1)
		if err != nil {
			return err
		}
		responses, err := tx.Responses(t.Context(), ResponseFilter{Country: "CRI"})
		if err != nil {
			return err
		}
		files, err := tx.Attachments(t.Context(), responses[0].ID)
		file = files[0].SHA256
		return errors.Join(err, tx.CreateSession(t.Context(), by.ID, "session"), tx.CreateToken(t.Context(), by.ID, "token", ""),
			tx.CreateLink(t.Context(), by.ID, "link", "sign-in", tx.Now().Add(time.Hour)), tx.MarkSent(t.Context(), []study.PromiseID{promises[0].ID}))
	})
	if err != nil {
		t.Fatal(err)
	}
	return s, file
}

// TestBackupOfALiveStudy backs up while writers go on, destroys nothing, restores, and
// compares: the drill (4.1).
func TestBackupOfALiveStudy(t *testing.T) {
	t.Parallel()
	s, file := full(t)
	stop := make(chan struct{})
	var wg sync.WaitGroup
	for caller := range 2 {
		wg.Go(func() {
			for i := 0; ; i++ {
				select {
				case <-stop:
					return
				default:
				}
				if err := pair(s, caller*10_000+i); err != nil {
					t.Errorf("a writer during the backup: %v", err)
					return
				}
			}
		})
	}
	archive, dir := filepath.Join(t.TempDir(), "b.tar"), filepath.Join(t.TempDir(), "restored")
	for range 5 {
		if _, err := s.Backup(t.Context(), archive); err != nil {
			t.Fatal(err)
		}
	}
	close(stop)
	wg.Wait()
	made, err := Restore(t.Context(), archive, dir)
	if err != nil {
		t.Fatal(err)
	}
	restored, err := Open(t.Context(), dir, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if lost, half := missingPairs(t, restored); lost+half > 0 {
		t.Errorf("%d lost, %d half", lost, half)
	}
	checkBeganAnew(t, restored, made)
	if f, err := restored.OpenFile(file); err != nil {
		t.Error(err)
	} else if err := f.Close(); err != nil {
		t.Error(err)
	}
	if err := pair(restored, 77_777); err != nil {
		t.Errorf("writing on: %v", err)
	}
	if err := restored.Close(); err != nil {
		t.Fatal(err)
	}
	findings, err := Verify(t.Context(), dir)
	if err != nil || !findings.Sound() || len(findings.Unnamed) > 0 || findings.Files != 1 {
		t.Errorf("verify: %+v, %v", findings, err)
	}
}

// missingPairs looks for halves among what writers left.
func missingPairs(t *testing.T, s *Store) (lost, half int) {
	t.Helper()
	var logged, promised int
	err := s.View(t.Context(), func(r *Reader) error {
		return errors.Join(
			r.q.row(t.Context(), `SELECT count(id) FROM log WHERE action = 'pair'`).Scan(&logged),
			r.q.row(t.Context(), `SELECT count(id) FROM promise WHERE length(subject) < 20`).Scan(&promised))
	})
	if err != nil || logged == 0 {
		t.Errorf("%d pairs in the restored study, %v", logged, err)
	}
	return 0, max(logged-promised, promised-logged)
}

// checkBeganAnew wants no session, link or token of the backup to work, its open jobs to
// wait, and the folder to have another name.
func checkBeganAnew(t *testing.T, s *Store, made Manifest) {
	t.Helper()
	err := s.Update(t.Context(), func(tx *Tx) error {
		_, _, session := tx.SessionPerson(t.Context(), "session")
		_, token := tx.TokenPerson(t.Context(), "token")
		_, link := tx.UseLink(t.Context(), "link")
		if session == nil || token == nil || link == nil {
			t.Errorf("access of the backup works: session %v, token %v, link %v", session, token, link)
		}
		counts, err := tx.CountPromises(t.Context())
		if counts[study.Sent] != 0 || counts[study.Waiting] < 2 {
			t.Errorf("promises: %v", counts)
		}
		name, nameErr := tx.Deployment(t.Context())
		if name == made.Deployment {
			t.Error("the restored folder has the name of the old one: tasks in a shared queue would be taken for its own")
		}
		return errors.Join(err, nameErr)
	})
	if err != nil {
		t.Error(err)
	}
}

// TestDamagedBackupIsRefused flips each of many bytes, cuts the file at many places, and
// adds to it: nothing may be restored, and the folder must not exist.
func TestDamagedBackupIsRefused(t *testing.T) {
	t.Parallel()
	s, _ := full(t)
	archive := filepath.Join(t.TempDir(), "b.tar")
	if _, err := s.Backup(t.Context(), archive); err != nil {
		t.Fatal(err)
	}
	whole, err := os.ReadFile(archive)
	if err != nil {
		t.Fatal(err)
	}
	damages := map[string][]byte{"empty": {}, "not an archive": []byte("hello"), "with another part": withPart(t, whole, "files/../../evil", []byte("x"))}
	for i := range 12 {
		at := len(whole) * i / 12
		flipped := bytes.Clone(whole)
		for flipped[at] == 0 { // padding of the archive's blocks means nothing
			at++
		}
		flipped[at] ^= 0x40
		damages[fmt.Sprint("byte ", at)] = flipped
		damages[fmt.Sprint("cut at ", at)] = whole[:at]
	}
	for name, content := range damages {
		bad, dir := filepath.Join(t.TempDir(), "bad.tar"), filepath.Join(t.TempDir(), "d")
		if err := os.WriteFile(bad, content, 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := Restore(t.Context(), bad, dir); err == nil {
			t.Errorf("%s: restored", name)
		}
		if left, err := os.ReadDir(filepath.Dir(dir)); err != nil || len(left) > 0 {
			t.Errorf("%s: left behind %v, %v", name, left, err)
		}
	}
}

func withPart(t *testing.T, archive []byte, name string, content []byte) []byte {
	t.Helper()
	var more bytes.Buffer
	more.Write(archive[:len(archive)-1024]) // without the two blocks that end it
	w := tar.NewWriter(&more)
	if err := w.WriteHeader(&tar.Header{Name: name, Size: int64(len(content)), Mode: 0o600}); err != nil {
		t.Fatal(err)
	}
	if _, err := w.Write(content); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return more.Bytes()
}

func TestRestoreWantsAnEmptyFolder(t *testing.T) {
	t.Parallel()
	s, _ := full(t)
	archive := filepath.Join(t.TempDir(), "b.tar")
	if _, err := s.Backup(t.Context(), archive); err != nil {
		t.Fatal(err)
	}
	if _, err := Restore(t.Context(), archive, s.Dir()); err == nil || !strings.Contains(err.Error(), "not empty") {
		t.Errorf("restore over a study: %v", err)
	}
	if _, err := Restore(t.Context(), archive, t.TempDir()); err != nil {
		t.Errorf("restore into an empty folder: %v", err)
	}
}

// TestSameStateSameArchive wants the order of an archive to follow from its content.
func TestSameStateSameArchive(t *testing.T) {
	t.Parallel()
	s, _ := full(t)
	s.now = func() time.Time { return time.Date(2026, 11, 24, 0, 0, 0, 0, time.UTC) }
	var made [2][]byte
	for i := range made {
		archive := filepath.Join(t.TempDir(), "b.tar")
		_, err := s.Backup(t.Context(), archive)
		if err != nil {
			t.Fatal(err)
		}
		if made[i], err = os.ReadFile(archive); err != nil {
			t.Fatal(err)
		}
	}
	if !bytes.Equal(made[0], made[1]) {
		t.Error("two backups of one state differ")
	}
}

// TestVerifyNamesWhatIsWrong damages a folder in each way (R26).
func TestVerifyNamesWhatIsWrong(t *testing.T) {
	t.Parallel()
	s, sum := full(t)
	path := filepath.Join(s.Dir(), "files", sum)
	verify := func() Findings {
		findings, err := Verify(t.Context(), s.Dir())
		if err != nil {
			t.Fatal(err)
		}
		return findings
	}
	if f := verify(); !f.Sound() {
		t.Fatalf("a sound folder: %+v", f)
	}
	if err := os.WriteFile(path, []byte("an amnex"), 0o600); err != nil {
		t.Fatal(err)
	}
	if f := verify(); f.Sound() || len(f.Damaged) != 1 || f.Damaged[0] != "files/"+sum {
		t.Errorf("a changed file: %+v", f)
	}
	if _, err := s.Backup(t.Context(), filepath.Join(t.TempDir(), "b")); err == nil || !strings.Contains(err.Error(), sum) {
		t.Errorf("backup of a damaged file: %v", err)
	}
	if err := os.Rename(path, filepath.Join(s.Dir(), "files", strings.Repeat("0", 64))); err != nil {
		t.Fatal(err)
	}
	if f := verify(); f.Sound() || len(f.Damaged) != 1 || len(f.Unnamed) != 1 {
		t.Errorf("a missing file: %+v", f)
	}
	damaged := t.TempDir()
	beside, err := openPool(s.file(), Options{synchronous: "FULL"}, false) // the writer keeps its only connection
	if err != nil {
		t.Fatal(err)
	}
	err = copyDatabase(t.Context(), beside, filepath.Join(damaged, databaseName))
	if err := errors.Join(err, beside.Close()); err != nil {
		t.Fatal(err)
	}
	flip(t, filepath.Join(damaged, databaseName))
	if f, err := Verify(t.Context(), damaged); err != nil || f.Sound() || f.Database == "" {
		t.Errorf("a damaged database: %+v, %v", f, err)
	}
	if _, err := Verify(t.Context(), t.TempDir()); err == nil {
		t.Error("an empty folder was verified")
	}
}

// flip overwrites a page in the middle of a file.
func flip(t *testing.T, file string) {
	t.Helper()
	content, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	copy(content[8*4096:], bytes.Repeat([]byte{0xA5}, 4096))
	if err := os.WriteFile(file, content, 0o600); err != nil {
		t.Fatal(err)
	}
}
