package confine

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"runtime"
	"strconv"
	"time"
)

// FileWorker reads one file and writes what it found. The file is open for reading and
// seeking; name is only for messages.
type FileWorker func(name string, file *os.File, out io.Writer) error

const envName = "COMPARANDA_CONFINED_NAME"

var fileWorkers = map[string]FileWorker{}

// RegisterFile names a worker for Stream. Call it before Child, the same way in parent
// and child.
func RegisterFile(name string, w FileWorker) {
	fileWorkers[name] = w
}

// Stream lets a child read a file that is too large to hand over, and lets consume read
// what the child writes while it writes it. The child gets the open file as its standard
// input, so it needs no path and no right to open files. OutputBytes does not apply: an
// error of consume ends the child and comes back. Usage is what the child cost.
func Stream(ctx context.Context, worker, name string, file *os.File, l Limits, consume func(io.Reader) error) (Usage, error) {
	l = l.orDefaults()
	ctx, cancel := context.WithTimeoutCause(ctx, l.Wall, ErrTime)
	defer cancel()
	cmd, err := childCommand(ctx, worker, l)
	if err != nil {
		return Usage{}, err
	}
	if _, err := file.Seek(0, io.SeekStart); err != nil {
		return Usage{}, fmt.Errorf("rewind %s: %w", name, err)
	}
	cmd.Env = append(cmd.Env, envName+"="+name)
	out, err := cmd.StdoutPipe()
	if err != nil {
		return Usage{}, fmt.Errorf("start %s: %w", worker, err)
	}
	diag := &bounded{left: maxStderr}
	cmd.Stdin, cmd.Stderr = file, diag

	runtime.LockOSThread() // the child is told to die with the thread that started it
	defer runtime.UnlockOSThread()
	if err := cmd.Start(); err != nil {
		return Usage{}, fmt.Errorf("start %s: %w", worker, err)
	}
	over := watch(cmd.Process, l.RSSBytes)
	taken := consume(bufio.NewReaderSize(out, 256<<10))
	if taken != nil {
		cancel()
	}
	err = cmd.Wait()
	tooBig := over.stop()
	used := Usage{RSSBytes: over.peak}
	if state := cmd.ProcessState; state != nil {
		used.CPU = state.UserTime() + state.SystemTime()
	}
	failed := verdict(ctx, worker, cmd.ProcessState, err, &bounded{}, diag, tooBig, l)
	if taken != nil && (failed == nil || errors.Is(failed, context.Canceled)) {
		return used, taken
	}
	return used, failed
}

// childCommand starts this same binary as a child that will find its worker by name.
func childCommand(ctx context.Context, worker string, l Limits) (*exec.Cmd, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, fmt.Errorf("find own binary: %w", err)
	}
	cmd := exec.CommandContext(ctx, self)
	cmd.Env = []string{
		envWorker + "=" + worker,
		envCPU + "=" + strconv.FormatInt(int64((l.CPU+time.Second-1)/time.Second), 10),
		// The collector works harder before the limit is met; the rest is for what Go
		// does not count.
		"GOMEMLIMIT=" + strconv.FormatInt(l.RSSBytes*3/4, 10),
		"GOTRACEBACK=none",
	}
	cmd.Dir = os.TempDir()
	cmd.WaitDelay = time.Second
	cmd.SysProcAttr = dieWithParent()
	return cmd, nil
}

// streamChild does a FileWorker's work on standard input and output.
func streamChild(work FileWorker) error {
	out := bufio.NewWriterSize(os.Stdout, 256<<10)
	if err := work(os.Getenv(envName), os.Stdin, out); err != nil {
		return err
	}
	return out.Flush()
}
