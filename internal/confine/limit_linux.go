package confine

import (
	"fmt"
	"os"
	"strconv"
	"strings"
	"syscall"
)

// limitChild bounds the process that calls it. Soft and hard limit are the same: Go
// passes over the signal that a soft limit sends, and nothing survives the hard one.
// Address space stays free, because Go reserves far more of it than it uses.
func limitChild(cpuSeconds uint64) error {
	for _, l := range []struct {
		what int
		most uint64
	}{
		{syscall.RLIMIT_CPU, cpuSeconds},
		{syscall.RLIMIT_CORE, 0},
		{syscall.RLIMIT_FSIZE, 0}, // pipes are not files
		{syscall.RLIMIT_NOFILE, 16},
	} {
		if err := syscall.Setrlimit(l.what, &syscall.Rlimit{Cur: l.most, Max: l.most}); err != nil {
			return fmt.Errorf("limit %d: %w", l.what, err)
		}
	}
	return nil
}

func dieWithParent() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
}

// peakBytes reads the most resident memory that a process has had; 0 when it has ended.
// What wait reports of an ended child will not do: it counts what the parent held when
// the child was forked.
func peakBytes(pid int) int64 {
	data, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/status")
	if err != nil {
		return 0
	}
	_, after, _ := strings.Cut(string(data), "VmHWM:")
	line, _, _ := strings.Cut(after, "\n")
	kib, err := strconv.ParseInt(strings.TrimSpace(strings.TrimSuffix(line, "kB")), 10, 64)
	if err != nil {
		return 0
	}
	return kib << 10
}
