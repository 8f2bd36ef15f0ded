//go:build !linux

package confine

import (
	"os"
	"syscall"
)

func limitChild(uint64) error { return nil }

func dieWithParent() *syscall.SysProcAttr { return nil }

func peakBytes(int) int64 { return 0 }

func killed(*os.ProcessState) bool { return false }
