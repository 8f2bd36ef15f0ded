package db

import (
	"os"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
)

// faultAt and faultsLeft are a test aid: COMPARANDA_FAULT=name:n kills this process, as
// a power switch would, the n-th time that hit(name) is reached. Unset, it costs one
// comparison.
var (
	faultAt    string
	faultsLeft atomic.Int64
)

// armFault reads the variable, once, before anything is opened.
var armFault = sync.OnceFunc(func() {
	name, count, ok := strings.Cut(os.Getenv("COMPARANDA_FAULT"), ":")
	if n, err := strconv.ParseInt(count, 10, 64); ok && err == nil {
		faultAt = name
		faultsLeft.Store(n)
	}
})

// hit marks a step at which a crash must lose nothing that was acknowledged.
func hit(step string) {
	if faultAt == "" || faultAt != step {
		return
	}
	if faultsLeft.Add(-1) == 0 {
		if err := syscall.Kill(os.Getpid(), syscall.SIGKILL); err != nil {
			os.Exit(137)
		}
	}
}
