// Package confine runs the readers of strangers' files in a child process of this same
// binary, so that a file made to hurt can use up the child and nothing else.
//
// A worker is a function from bytes to bytes, registered by name. Run starts the binary
// again; Child, called first in main, finds that it is a child and runs the worker. The
// child has limits on processor time, resident memory, wall time and output, opens no
// new files, and dies with its parent. Where the system has no such limits (other than
// Linux) wall time, output and the memory that Go asks for are still bounded.
package confine

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"time"
)

// Limits bound one run. A zero field has its default.
type Limits struct {
	CPU         time.Duration // of the child's processor time, whole seconds; 5 s
	RSSBytes    int64         // resident memory; 256 MiB
	Wall        time.Duration // from start to end; 30 s
	OutputBytes int64         // 64 MiB
}

// What a child can run into. Run wraps one of them when it does.
var (
	ErrCPU     = errors.New("used more processor time than it may")
	ErrMemory  = errors.New("used more memory than it may")
	ErrTime    = errors.New("took longer than it may")
	ErrOutput  = errors.New("produced more than it may")
	ErrCrashed = errors.New("crashed")
)

// WorkError is an error that the worker itself returned.
type WorkError struct{ Text string }

func (e *WorkError) Error() string { return e.Text }

// Worker turns input into output. It runs in a process of its own: its globals are
// fresh, and it must not expect files, flags or environment.
type Worker func(input []byte) (output []byte, err error)

const (
	envWorker  = "COMPARANDA_CONFINED"
	envCPU     = "COMPARANDA_CONFINED_CPU"
	exitFailed = 86 // the worker returned an error; its text is on stderr
	exitCPU    = 87 // the worker met its limit of processor time
	pollEvery  = 5 * time.Millisecond
	maxStderr  = 64 << 10
)

var workers = map[string]Worker{}

// Register names a worker. Call it before Child, the same way in parent and child.
func Register(name string, w Worker) {
	workers[name] = w
}

// Child returns at once in an ordinary process. In a child of Run it does the work and
// ends the process.
func Child() {
	name := os.Getenv(envWorker)
	if name == "" {
		return
	}
	if err := child(name); err != nil {
		fmt.Fprint(os.Stderr, err)
		os.Exit(exitFailed)
	}
	os.Exit(0)
}

func child(name string) error {
	seconds, err := strconv.ParseUint(os.Getenv(envCPU), 10, 32)
	if err != nil {
		return fmt.Errorf("read processor limit: %w", err)
	}
	if err := limitChild(seconds); err != nil {
		return fmt.Errorf("set limits: %w", err)
	}
	if work, ok := fileWorkers[name]; ok {
		return streamChild(work)
	}
	work, ok := workers[name]
	if !ok {
		return fmt.Errorf("no worker %q", name)
	}
	input, err := io.ReadAll(os.Stdin)
	if err != nil {
		return fmt.Errorf("read input: %w", err)
	}
	output, err := work(input)
	if err != nil {
		return err
	}
	output = binary.BigEndian.AppendUint64(output, uint64(peakBytes(os.Getpid())))
	_, err = os.Stdout.Write(output)
	return err
}

// Usage is what a child used up.
type Usage struct {
	CPU      time.Duration
	RSSBytes int64 // at its peak; 0 where the system does not tell
}

// Run does one piece of work in a child and returns its output. A *WorkError is the
// worker's own; the Err values above say which limit was met.
func Run(ctx context.Context, name string, input []byte, l Limits) ([]byte, error) {
	output, _, err := Measure(ctx, name, input, l)
	return output, err
}

// Measure is Run that also tells what the work cost.
func Measure(ctx context.Context, name string, input []byte, l Limits) ([]byte, Usage, error) {
	l = l.orDefaults()
	ctx, cancel := context.WithTimeoutCause(ctx, l.Wall, ErrTime)
	defer cancel()

	cmd, err := childCommand(ctx, name, l)
	if err != nil {
		return nil, Usage{}, err
	}
	out := &bounded{left: l.OutputBytes, full: cancel}
	diag := &bounded{left: maxStderr}
	cmd.Stdin, cmd.Stdout, cmd.Stderr = bytes.NewReader(input), out, diag

	// The child is told to die with the thread that started it.
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	if err := cmd.Start(); err != nil {
		return nil, Usage{}, fmt.Errorf("start %s: %w", name, err)
	}
	over := watch(cmd.Process, l.RSSBytes)
	err = cmd.Wait()
	tooBig := over.stop()
	used := Usage{RSSBytes: over.peak}
	if state := cmd.ProcessState; state != nil {
		used.CPU = state.UserTime() + state.SystemTime()
	}
	output := out.data
	if err == nil && len(output) >= 8 { // the child tells what it saw of itself at the end
		used.RSSBytes = int64(binary.BigEndian.Uint64(output[len(output)-8:]))
		output = output[:len(output)-8]
	}
	if err := verdict(ctx, name, cmd.ProcessState, err, out, diag, tooBig || used.RSSBytes > l.RSSBytes, l); err != nil {
		return nil, used, err
	}
	return output, used, nil
}

func (l Limits) orDefaults() Limits {
	if l.CPU == 0 {
		l.CPU = 5 * time.Second
	}
	if l.RSSBytes == 0 {
		l.RSSBytes = 256 << 20
	}
	if l.Wall == 0 {
		l.Wall = 30 * time.Second
	}
	if l.OutputBytes == 0 {
		l.OutputBytes = 64 << 20
	}
	return l
}

// verdict finds out why a child ended as it did; nil when it did its work.
func verdict(ctx context.Context, name string, state *os.ProcessState, err error, out, diag *bounded, tooBig bool, l Limits) error {
	fail := func(reason error) error { return fmt.Errorf("%s: %w", name, reason) }
	switch {
	case tooBig:
		return fail(ErrMemory)
	case out.over:
		return fail(ErrOutput)
	case err == nil:
		return nil
	case state != nil && state.ExitCode() == exitFailed:
		return &WorkError{Text: string(diag.data)}
	case state != nil && state.ExitCode() == exitCPU:
		return fail(ErrCPU)
	case ctx.Err() != nil:
		return fail(context.Cause(ctx))
	case state != nil && killed(state) && state.UserTime()+state.SystemTime() >= l.CPU/2:
		return fail(ErrCPU) // by the hard limit
	case strings.Contains(string(diag.data), "out of memory"):
		return fail(ErrMemory)
	default:
		return fmt.Errorf("%s: %w: %v %s", name, ErrCrashed, err, firstLine(diag.data))
	}
}

func firstLine(b []byte) string {
	line, _, _ := strings.Cut(string(b), "\n")
	return line
}

// bounded keeps what is written to it, up to a limit.
type bounded struct {
	data []byte
	left int64
	over bool
	full func() // called once when there is more
}

func (b *bounded) Write(p []byte) (int, error) {
	if int64(len(p)) > b.left {
		if !b.over && b.full != nil {
			b.full()
		}
		b.over = true
		p = p[:b.left]
	}
	b.data = append(b.data, p...)
	b.left -= int64(len(p))
	if b.over && b.full != nil {
		return len(p), ErrOutput
	}
	return len(p), nil
}

// watcher looks at a child's resident memory until it is stopped.
type watcher struct {
	done chan struct{}
	wait sync.WaitGroup
	peak int64
	over bool
}

// watch kills the process when it holds more than limit bytes.
func watch(p *os.Process, limit int64) *watcher {
	w := &watcher{done: make(chan struct{})}
	w.wait.Go(func() {
		tick := time.NewTicker(pollEvery)
		defer tick.Stop()
		for {
			select {
			case <-w.done:
				return
			case <-tick.C:
				w.peak = max(w.peak, peakBytes(p.Pid))
				if w.peak > limit {
					w.over = true
					// The child may have ended by itself just now; then there is nothing to kill.
					_ = p.Kill()
					return
				}
			}
		}
	})
	return w
}

// stop ends the watch and reports whether the limit was met.
func (w *watcher) stop() bool {
	close(w.done)
	w.wait.Wait()
	return w.over
}
