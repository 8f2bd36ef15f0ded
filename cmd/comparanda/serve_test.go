package main

import (
	"net"
	"syscall"
	"testing"
	"time"

	"github.com/comparanda/comparanda/internal/testkit"
)

func TestServeEndsWhenAsked(t *testing.T) {
	t.Parallel()
	p := testkit.Start(t, testkit.Program(t), nil, "serve", "--data", t.TempDir(), "--listen", testkit.FreeAddress(t))
	p.Line(t, "/sign-in/", 60*time.Second)
	if err := p.Stop(); err != nil {
		t.Errorf("after SIGTERM: %v, want exit code 0\n%s", err, p.Output())
	}
}

// Somebody who sends a request slowly holds an orderly end up; the second signal does
// not wait for them.
func TestSecondSignalEndsAtOnce(t *testing.T) {
	t.Parallel()
	address := testkit.FreeAddress(t)
	p := testkit.Start(t, testkit.Program(t), nil, "serve", "--data", t.TempDir(), "--listen", address)
	p.Line(t, "/sign-in/", 60*time.Second)
	conn, err := net.Dial("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close() //nolint:errcheck // the process is gone
	if _, err := conn.Write([]byte("POST /language HTTP/1.1\r\nHost: " + address + "\r\nContent-Length: 100\r\n\r\nlang=")); err != nil {
		t.Fatal(err)
	}
	asked := time.Now()
	every := time.NewTicker(50 * time.Millisecond)
	defer every.Stop()
	for {
		if err := p.Signal(syscall.SIGTERM); err != nil {
			break // it has ended
		}
		select {
		case <-p.Done():
		case <-every.C:
			continue
		}
		break
	}
	if took := time.Since(asked); took > stopWithin-time.Second {
		t.Errorf("ended after %v", took)
	}
}
