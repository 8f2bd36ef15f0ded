package main

import (
	"fmt"
	"runtime"
	"runtime/debug"
)

// version prints which edition this is and what it was built from.
func version(c *call) error {
	if _, err := c.parse(0, 0); err != nil {
		return err
	}
	edition, revision := "0.1.0", ""
	if info, ok := debug.ReadBuildInfo(); ok {
		for _, s := range info.Settings {
			if s.Key == "vcs.revision" && len(s.Value) >= 12 {
				revision = " " + s.Value[:12]
			}
		}
	}
	fmt.Fprintf(c.stdout, "comparanda %s%s %s %s/%s\n", edition, revision, runtime.Version(), runtime.GOOS, runtime.GOARCH)
	return nil
}
