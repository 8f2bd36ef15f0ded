package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"
)

// benchServe starts the service on an empty folder and again on the folder it made. The
// reference is the same program, started and ended without work.
func benchServe(ctx context.Context, w io.Writer, dir string) error {
	idle, err := benchVersion(ctx)
	if err != nil {
		return err
	}
	empty, emptyBytes, err := benchStart(ctx, filepath.Join(dir, "data"))
	if err != nil {
		return err
	}
	again, againBytes, err := benchStart(ctx, filepath.Join(dir, "data"))
	if err != nil {
		return err
	}
	fmt.Fprintf(w, "empty folder   %7.0f ms to the first answer  (%s)\n", empty.Seconds()*1000, memory(emptyBytes))
	fmt.Fprintf(w, "again          %7.0f ms to the first answer  (%s)\n", again.Seconds()*1000, memory(againBytes))
	fmt.Fprintf(w, "the program    %7.0f ms  (started and ended without work)\n", idle.Seconds()*1000)
	fmt.Fprintf(w, "ratio          %7.2f  (empty folder to program)\n", empty.Seconds()/idle.Seconds())
	return nil
}

func memory(bytes int64) string {
	if bytes == 0 {
		return "the system does not tell its memory"
	}
	return fmt.Sprintf("%d MiB resident", bytes>>20)
}

// benchVersion is the shortest of five runs that do nothing.
func benchVersion(ctx context.Context) (shortest time.Duration, err error) {
	shortest = time.Hour
	for range 5 {
		cmd, err := ourselves(ctx, "version")
		if err != nil {
			return 0, err
		}
		begin := time.Now()
		if err := cmd.Run(); err != nil {
			return 0, fmt.Errorf("start the program: %w", err)
		}
		shortest = min(shortest, time.Since(begin))
	}
	return shortest, nil
}

// ourselves is this program under the name it was called by.
func ourselves(ctx context.Context, args ...string) (*exec.Cmd, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, fmt.Errorf("find own binary: %w", err)
	}
	cmd := exec.CommandContext(ctx, self, args...)
	cmd.Args[0] = os.Args[0]
	return cmd, nil
}

// benchStart starts the service, waits for its first answer, reads its memory and ends it.
func benchStart(ctx context.Context, dir string) (took time.Duration, bytes int64, err error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return 0, 0, err
	}
	address := listener.Addr().String()
	if err := listener.Close(); err != nil {
		return 0, 0, err
	}
	cmd, err := ourselves(ctx, "serve", "--data", dir, "--listen", address)
	if err != nil {
		return 0, 0, err
	}
	begin := time.Now()
	if err := cmd.Start(); err != nil {
		return 0, 0, fmt.Errorf("start the service: %w", err)
	}
	err = untilAnswered(ctx, "http://"+address+"/healthz")
	took, bytes = time.Since(begin), resident(cmd.Process.Pid)
	return took, bytes, errors.Join(err, cmd.Process.Signal(syscall.SIGTERM), cmd.Wait())
}

func untilAnswered(ctx context.Context, address string) error {
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	every := time.NewTicker(2 * time.Millisecond)
	defer every.Stop()
	for {
		response, err := http.Get(address)
		if err == nil && response.Body.Close() == nil && response.StatusCode == http.StatusOK {
			return nil
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("the service does not answer: %w", ctx.Err())
		case <-every.C:
		}
	}
}

// resident is the memory that a process holds, in bytes; 0 where the system does not tell.
func resident(pid int) int64 {
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return 0
	}
	_, after, _ := strings.Cut(string(status), "VmRSS:")
	kilobytes := int64(0)
	if _, err := fmt.Sscan(after, &kilobytes); err != nil {
		return 0
	}
	return kilobytes << 10
}
