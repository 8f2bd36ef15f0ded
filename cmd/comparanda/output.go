package main

import (
	"errors"
	"os"
	"path/filepath"
)

// deliver writes a result to a file, or to standard output when the name is empty. The
// file appears whole or not at all.
func (c *call) deliver(name string, data []byte) error {
	if name == "" {
		_, err := c.stdout.Write(data)
		return err
	}
	temp, err := os.CreateTemp(filepath.Dir(name), ".comparanda-*")
	if err != nil {
		return input(err)
	}
	_, err = temp.Write(data)
	err = errors.Join(err, temp.Close())
	if err == nil {
		err = os.Rename(temp.Name(), name)
	}
	if err != nil {
		return input(errors.Join(err, os.Remove(temp.Name())))
	}
	return os.Chmod(name, 0o644) // what was asked for is for others to read
}
