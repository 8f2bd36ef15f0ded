package testkit

import (
	"context"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"
	"time"
)

// Redis is a redis-server of the test's own, on a socket in a folder of its own.
type Redis struct {
	t       testing.TB
	program string
	dir     string
	cmd     *exec.Cmd
}

// NewRedis prepares a redis-server without starting it.
func NewRedis(t testing.TB) *Redis {
	t.Helper()
	r := &Redis{t: t, program: Need(t, "redis-server")}
	dir, err := os.MkdirTemp("", "redis") // t.TempDir is too long for a socket's name
	if err != nil {
		t.Fatal(err)
	}
	r.dir = dir
	t.Cleanup(func() {
		r.Stop()
		if err := os.RemoveAll(dir); err != nil {
			t.Errorf("remove %s: %v", dir, err)
		}
	})
	return r
}

// StartRedis starts a redis-server and stops it after the test.
func StartRedis(t testing.TB) *Redis {
	t.Helper()
	r := NewRedis(t)
	r.Start()
	return r
}

func (r *Redis) socket() string { return filepath.Join(r.dir, "s") }

// URL is the address for --redis.
func (r *Redis) URL() string { return "unix://" + r.socket() }

// Start runs the server and waits until it answers. What Snapshot saved is loaded.
func (r *Redis) Start() {
	r.t.Helper()
	r.cmd = exec.Command(r.program, "--port", "0", "--unixsocket", r.socket(), "--save", "", "--appendonly", "no",
		"--dir", r.dir, "--dbfilename", "dump.rdb", "--loglevel", "warning")
	r.cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	if err := r.cmd.Start(); err != nil {
		r.t.Fatal(err)
	}
	Until(r.t, 10*time.Second, "redis-server answers", func() bool { return r.command("PING") == nil })
}

// Stop ends the server at once; its memory is gone.
func (r *Redis) Stop() {
	if r.cmd == nil {
		return
	}
	_ = r.cmd.Process.Signal(syscall.SIGCONT) // a frozen one would not go; an ended one cannot be told
	_ = r.cmd.Process.Kill()
	_ = r.cmd.Wait() // reports the kill
	r.cmd = nil
}

// Freeze makes the server hang; Thaw lets it go on.
func (r *Redis) Freeze() { r.signal(syscall.SIGSTOP) }

// Thaw ends Freeze.
func (r *Redis) Thaw() { r.signal(syscall.SIGCONT) }

func (r *Redis) signal(s syscall.Signal) {
	r.t.Helper()
	if err := r.cmd.Process.Signal(s); err != nil {
		r.t.Fatal(err)
	}
}

// Flush empties the server's memory.
func (r *Redis) Flush() { r.must("FLUSHALL") }

// Snapshot saves the memory, to be found again at the next Start.
func (r *Redis) Snapshot() { r.must("SAVE") }

// Forget removes what Snapshot saved.
func (r *Redis) Forget() {
	r.t.Helper()
	if err := os.Remove(filepath.Join(r.dir, "dump.rdb")); err != nil {
		r.t.Fatal(err)
	}
}

func (r *Redis) must(command string) {
	r.t.Helper()
	if err := r.command(command); err != nil {
		r.t.Fatalf("%s: %v", command, err)
	}
}

// command sends one command without arguments and reads the first byte of the answer.
func (r *Redis) command(name string) error {
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	conn, err := new(net.Dialer).DialContext(ctx, "unix", r.socket())
	if err != nil {
		return err
	}
	defer conn.Close()
	deadline, _ := ctx.Deadline()
	if err := conn.SetDeadline(deadline); err != nil {
		return err
	}
	if _, err := conn.Write([]byte(name + "\r\n")); err != nil {
		return err
	}
	answer := make([]byte, 1)
	if _, err := conn.Read(answer); err != nil {
		return err
	}
	if answer[0] != '+' {
		return &net.OpError{Op: name, Err: os.ErrInvalid}
	}
	return nil
}
