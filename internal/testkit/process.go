package testkit

import (
	"bytes"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// Program is this module's binary as a command: the test binary under the name
// "comparanda", which its TestMain answers by running main.
func Program(t testing.TB) string {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "comparanda")
	if err := os.Symlink(self, path); err != nil {
		t.Fatal(err)
	}
	return path
}

// Process is the program under way.
type Process struct {
	cmd  *exec.Cmd
	out  lines
	done chan struct{}
	err  error
}

// Start runs the program; it is killed when the test ends, or the test's process.
func Start(t testing.TB, program string, env []string, args ...string) *Process {
	t.Helper()
	p := &Process{cmd: exec.Command(program, args...), done: make(chan struct{})}
	// Built with the race detector, a program would wait for a second at its end.
	p.cmd.Env = append(append(os.Environ(), "GORACE=atexit_sleep_ms=0"), env...)
	p.cmd.Stdout, p.cmd.Stderr = &p.out, &p.out
	p.cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	if err := p.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	go func() {
		p.err = p.cmd.Wait()
		close(p.done)
	}()
	t.Cleanup(p.Kill)
	return p
}

// Kill ends the program at once, as a power switch would, and waits for its end.
func (p *Process) Kill() { p.end(syscall.SIGKILL) }

// Stop asks the program to end and waits for it.
func (p *Process) Stop() error {
	p.end(syscall.SIGTERM)
	return p.err
}

func (p *Process) end(s syscall.Signal) {
	_ = p.cmd.Process.Signal(s) // it may have ended by itself
	<-p.done
}

// Signal sends a signal without waiting.
func (p *Process) Signal(s syscall.Signal) error { return p.cmd.Process.Signal(s) }

// Done is closed when the program has ended.
func (p *Process) Done() <-chan struct{} { return p.done }

// PID is the number of the process.
func (p *Process) PID() int { return p.cmd.Process.Pid }

// Output is what the program printed so far, both streams.
func (p *Process) Output() string { return p.out.String() }

// Line waits for a line of output that contains the text and returns it.
func (p *Process) Line(t testing.TB, text string, limit time.Duration) string {
	t.Helper()
	found := ""
	defer func() {
		if found == "" {
			t.Logf("the program printed:\n%s", p.Output())
		}
	}()
	Until(t, limit, "output with "+text, func() bool {
		for line := range strings.Lines(p.Output()) {
			if strings.HasSuffix(line, "\n") && strings.Contains(line, text) {
				found = strings.TrimSpace(line)
				return true
			}
		}
		return false
	})
	return found
}

// lines is a buffer that may be read while it is written.
type lines struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *lines) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *lines) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

var _ io.Writer = (*lines)(nil)

// FreeAddress finds a loopback address that nobody listens on.
func FreeAddress(t testing.TB) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}
