package db

import (
	"bufio"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"sync"
	"syscall"
	"testing"

	"github.com/comparanda/comparanda/internal/study"
)

// TestMain lets this test binary play a process that can be killed, or whose power can
// be cut.
func TestMain(m *testing.M) {
	play, dir := os.Getenv("DB_TEST_CHILD"), os.Getenv("DB_TEST_DIR")
	if play == "" {
		os.Exit(m.Run())
	}
	parts := map[string]func(string) error{"official": playOfficial, "crowd": playCrowd, "broken": playBroken, "writer": playWriter, "backup": playBackup}
	if err := parts[play](dir); err != nil {
		fmt.Println("failed:", err)
		os.Exit(1)
	}
}

// noSleep ends a process that was built with the race detector at once, and not a second
// after its end.
const noSleep = "GORACE=atexit_sleep_ms=0"

// child runs this binary as a process that plays a part, to its end, and returns the
// lines that it wrote and whether it was killed.
func child(t *testing.T, play, dir string, env ...string) (lines []string, killed bool) {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), self)
	cmd.Env = append(append(os.Environ(), "DB_TEST_CHILD="+play, "DB_TEST_DIR="+dir, noSleep), env...)
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	for scan := bufio.NewScanner(out); scan.Scan(); {
		lines = append(lines, scan.Text())
	}
	err = cmd.Wait()
	exit := (*exec.ExitError)(nil)
	if errors.As(err, &exit) && exit.Sys().(syscall.WaitStatus).Signal() == syscall.SIGKILL {
		return lines, true
	}
	if err != nil {
		t.Fatalf("%s: %v\n%s", play, err, strings.Join(lines, "\n"))
	}
	return lines, false
}

// playOfficial goes the official's way once, telling after each answer what was
// acknowledged. Played again, it is a client that tries again.
func playOfficial(dir string) error {
	ctx := context.Background()
	s, err := Open(ctx, dir, Options{})
	if err != nil {
		return err
	}
	by, err := beginStudy(ctx, s)
	if err != nil {
		return err
	}
	fmt.Println("begun")
	sum, size, err := s.PutFile(strings.NewReader("an annex"), 100)
	if err != nil {
		return err
	}
	fmt.Println("file", sum)
	var response study.Response
	value := "an answer"
	err = s.Update(ctx, func(tx *Tx) (err error) {
		response, _, err = tx.CreateResponse(ctx, study.Response{FormID: "f", Kind: study.Questionnaire, Country: "CRI", Round: "1"})
		if err != nil || response.State != study.InProgress {
			return err
		}
		if _, _, err = tx.SaveAnswers(ctx, response.ID, by, study.Web, []study.Change{{Path: "/a", Value: &value}, {Path: "/b", Value: &value}}); err != nil {
			return err
		}
		if files, err := tx.Attachments(ctx, response.ID); err != nil || len(files) > 0 {
			return err
		}
		_, err = tx.PutAttachment(ctx, response.ID, study.Attachment{Path: "/f", SHA256: sum, SizeBytes: size})
		return err
	})
	if err != nil {
		return err
	}
	fmt.Println("saved", response.ID)
	err = s.Update(ctx, func(tx *Tx) error {
		u, _, err := tx.Submit(ctx, study.Submission{ResponseID: response.ID, State: study.Signed, Hash: "h", Snapshot: []byte("{}")}, "page")
		response.Version = u.Version
		return err
	})
	if err != nil {
		return err
	}
	fmt.Println("signed", response.Version)
	err = s.Update(ctx, func(tx *Tx) error {
		_, _, err := tx.Receive(ctx, study.Response{FormID: "f", Kind: study.Questionnaire, Country: "PAN", Round: "1", InstanceID: "uuid:1"},
			study.Submission{State: study.Legacy, Hash: "h", Snapshot: []byte("{}")})
		return err
	})
	if err != nil {
		return err
	}
	fmt.Println("received")
	return s.Close()
}

func beginStudy(ctx context.Context, s *Store) (by study.Person, err error) {
	err = s.Update(ctx, func(tx *Tx) error {
		if err := tx.PutStudy(ctx, study.Study{ID: "s"}); err != nil {
			return err
		}
		if _, err := tx.PutForm(ctx, "f", []byte("{}"), nil, ""); err != nil {
			return err
		}
		if by, err = tx.PersonByEmail(ctx, "a@example.org"); err == nil {
			return nil
		}
		by, err = tx.CreatePerson(ctx, study.Person{Email: "a@example.org", Role: study.FocalPoint, Country: "CRI"})
		return err
	})
	return by, err
}

// playCrowd lets four callers write numbered pairs of rows; after each answer it appends
// the number, as a record of kind a, to the log of powerlog.c.
func playCrowd(dir string) error {
	acks, err := os.OpenFile(os.Getenv("POWERLOG"), os.O_WRONLY|os.O_APPEND, 0)
	if err != nil {
		return err
	}
	s, err := Open(context.Background(), dir, Options{synchronous: os.Getenv("DB_TEST_SYNCHRONOUS")})
	if err != nil {
		return err
	}
	var wg sync.WaitGroup
	failed := make(chan error, 4)
	for caller := range 4 {
		wg.Go(func() {
			for i := range 150 {
				n := caller*1000 + i
				if err := pair(s, n); err != nil {
					failed <- err
					return
				}
				record := make([]byte, 16)
				record[0] = 'a'
				binary.NativeEndian.PutUint64(record[8:], uint64(n))
				if _, err := acks.Write(record); err != nil {
					failed <- err
					return
				}
			}
		})
	}
	wg.Wait()
	close(failed)
	return errors.Join(<-failed, acks.Close(), s.Close())
}

// pair writes two rows that belong together.
func pair(s *Store, n int) error {
	ctx := context.Background()
	return s.Update(ctx, func(tx *Tx) error {
		if err := tx.Log(ctx, "", "pair", fmt.Sprint(n), strings.Repeat("x", 3000)); err != nil {
			return err
		}
		return tx.Promise(ctx, study.NormalizeSubmission{ID: study.SubmissionID(fmt.Sprint(n))})
	})
}

// playBroken writes until a sync fails, and goes on trying.
func playBroken(dir string) error {
	s, err := Open(context.Background(), dir, Options{})
	if err != nil {
		return err
	}
	for n := range 20 {
		if err := pair(s, n); err != nil {
			fmt.Println("refused", n)
		} else {
			fmt.Println("ack", n)
		}
	}
	return nil // not closed: the process ends as after a crash
}

// playWriter writes numbered pairs until it is killed, telling each that was answered.
func playWriter(dir string) error {
	s, err := Open(context.Background(), dir, Options{})
	if err != nil {
		return err
	}
	var wg sync.WaitGroup
	for caller := range 4 {
		wg.Go(func() {
			for i := range 100_000 {
				n := os.Getpid()*1_000_000 + caller*100_000 + i
				if err := pair(s, n); err != nil {
					fmt.Println("failed:", err)
					return
				}
				fmt.Println(n)
			}
		})
	}
	wg.Wait()
	return s.Close()
}

// playBackup makes a backup and restores it.
func playBackup(dir string) error {
	ctx := context.Background()
	s, err := Open(ctx, dir+"/data", Options{})
	if err != nil {
		return err
	}
	if _, err := s.Backup(ctx, dir+"/backup.tar"); err != nil {
		return err
	}
	fmt.Println("backed up")
	if err := s.Close(); err != nil {
		return err
	}
	if _, err := os.Stat(dir + "/restored"); err == nil {
		return nil
	}
	if _, err := Restore(ctx, dir+"/backup.tar", dir+"/restored"); err != nil {
		return err
	}
	fmt.Println("restored")
	return nil
}
