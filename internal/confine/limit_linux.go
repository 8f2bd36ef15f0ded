package confine

import (
	"fmt"
	"os"
	"os/signal"
	"strconv"
	"strings"
	"syscall"
)

// limitChild bounds the process that calls it. At the soft limit of processor time the
// child says so and ends; the hard one, a second later, is for a child that cannot. The
// parent could not tell by the time that wait reports: the kernel may hold a process to
// the limit by sampled time that is well above it.
// Address space stays free, because Go reserves far more of it than it uses.
func limitChild(cpuSeconds uint64) error {
	spent := make(chan os.Signal, 1)
	signal.Notify(spent, syscall.SIGXCPU)
	go func() {
		<-spent
		os.Exit(exitCPU)
	}()
	for _, l := range []struct {
		what       int
		soft, hard uint64
	}{
		{syscall.RLIMIT_CPU, cpuSeconds, cpuSeconds + 1},
		{syscall.RLIMIT_CORE, 0, 0},
		{syscall.RLIMIT_FSIZE, 0, 0}, // pipes are not files
		{syscall.RLIMIT_NOFILE, 16, 16},
	} {
		if err := syscall.Setrlimit(l.what, &syscall.Rlimit{Cur: l.soft, Max: l.hard}); err != nil {
			return fmt.Errorf("limit %d: %w", l.what, err)
		}
	}
	return nil
}

// killed reports whether a process was ended by the signal that cannot be caught.
func killed(state *os.ProcessState) bool {
	status, ok := state.Sys().(syscall.WaitStatus)
	return ok && status.Signaled() && status.Signal() == syscall.SIGKILL
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
