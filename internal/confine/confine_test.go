package confine

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"testing"
	"time"

	"github.com/comparanda/comparanda/forms/xlsform"
)

func TestMain(m *testing.M) {
	Register("echo", func(in []byte) ([]byte, error) { return in, nil })
	Register("fail", func([]byte) ([]byte, error) { return nil, errors.New("the file is not a form") })
	Register("panic", func([]byte) ([]byte, error) { panic("broken") })
	Register("spin", func([]byte) ([]byte, error) {
		for n := 0; ; n++ {
			runtime.KeepAlive(n)
		}
	})
	Register("sleep", func([]byte) ([]byte, error) {
		<-time.After(time.Hour)
		return nil, nil
	})
	Register("eat", func([]byte) ([]byte, error) {
		var held [][]byte
		for {
			held = append(held, bytes.Repeat([]byte{1}, 1<<20))
			runtime.KeepAlive(held)
		}
	})
	Register("shout", func([]byte) ([]byte, error) { return make([]byte, 4<<20), nil })
	Register("write", func(in []byte) ([]byte, error) {
		return nil, os.WriteFile(string(in), []byte("x"), 0o600)
	})
	Register("xlsform", xlsform.Worker)
	RegisterFile("copy", func(name string, file *os.File, out io.Writer) error {
		if name == "bad.csv" {
			return errors.New("bad.csv is no table")
		}
		_, err := io.Copy(out, file)
		return err
	})
	Child()
	os.Exit(m.Run())
}

func TestRunReturnsOutput(t *testing.T) {
	t.Parallel()
	in := bytes.Repeat([]byte("a form "), 100_000)
	out, err := Run(context.Background(), "echo", in, Limits{})
	if err != nil || !bytes.Equal(in, out) {
		t.Errorf("echo of %d bytes gave %d, %v", len(in), len(out), err)
	}
}

func TestLimits(t *testing.T) {
	t.Parallel()
	if runtime.GOOS != "linux" {
		t.Skip("processor and memory limits are set on Linux only")
	}
	for _, tt := range []struct {
		worker string
		limits Limits
		want   error
	}{
		{"spin", Limits{CPU: time.Second}, ErrCPU},
		{"eat", Limits{RSSBytes: 64 << 20}, ErrMemory},
		{"sleep", Limits{Wall: 200 * time.Millisecond}, ErrTime},
		{"shout", Limits{OutputBytes: 1 << 20}, ErrOutput},
		{"panic", Limits{}, ErrCrashed},
	} {
		t.Run(tt.worker, func(t *testing.T) {
			t.Parallel()
			if _, err := Run(context.Background(), tt.worker, nil, tt.limits); !errors.Is(err, tt.want) {
				t.Errorf("Run(%s) = %v; want %v", tt.worker, err, tt.want)
			}
		})
	}
}

func TestWorkErrorIsTheWorkersOwn(t *testing.T) {
	t.Parallel()
	_, err := Run(context.Background(), "fail", nil, Limits{})
	var own *WorkError
	if !errors.As(err, &own) || own.Text != "the file is not a form" {
		t.Errorf("Run(fail) = %v", err)
	}
	if _, err := Run(context.Background(), "nobody", nil, Limits{}); !errors.As(err, &own) {
		t.Errorf("Run of an unknown worker = %v", err)
	}
}

func TestChildWritesNoFiles(t *testing.T) {
	t.Parallel()
	if runtime.GOOS != "linux" {
		t.Skip("files are limited on Linux only")
	}
	if _, err := Run(context.Background(), "write", []byte(t.TempDir()+"/file"), Limits{}); err == nil {
		t.Error("the child wrote a file")
	}
}

func TestCancel(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := Run(ctx, "sleep", nil, Limits{}); !errors.Is(err, context.Canceled) {
		t.Errorf("canceled Run = %v", err)
	}
}

func TestStream(t *testing.T) {
	t.Parallel()
	name := filepath.Join(t.TempDir(), "table.csv")
	content := bytes.Repeat([]byte("a;b;c\n"), 500_000)
	if err := os.WriteFile(name, content, 0o600); err != nil {
		t.Fatal(err)
	}
	file, err := os.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close() //nolint:errcheck // only read
	for range 2 {      // the file is read from its start each time
		var got []byte
		_, err = Stream(t.Context(), "copy", "table.csv", file, Limits{}, func(r io.Reader) (err error) {
			got, err = io.ReadAll(r)
			return err
		})
		if err != nil || !bytes.Equal(got, content) {
			t.Fatalf("%d of %d bytes came back, %v", len(got), len(content), err)
		}
	}
	enough := errors.New("enough")
	if _, err := Stream(t.Context(), "copy", "table.csv", file, Limits{}, func(io.Reader) error { return enough }); !errors.Is(err, enough) {
		t.Errorf("a reader that had enough got %v", err)
	}
	drain := func(r io.Reader) error { _, err := io.Copy(io.Discard, r); return err }
	if _, err := Stream(t.Context(), "copy", "bad.csv", file, Limits{}, drain); err == nil || err.Error() != "bad.csv is no table" {
		t.Errorf("the worker's own error came back as %v", err)
	}
}
