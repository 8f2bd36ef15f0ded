package main

import (
	"errors"
	"os"
	"path/filepath"
	"strings"

	"github.com/comparanda/comparanda/forms"
	"github.com/comparanda/comparanda/forms/message"
	"github.com/comparanda/comparanda/forms/xlsform"
)

// formConvert writes a questionnaire's sheets in another format, told by OUT's ending;
// without one OUT is a folder of CSV files.
func formConvert(c *call) error {
	force := c.flags.Bool("force", false, "write over what is there")
	lang := langFlag(c)
	names, err := c.parse(2, 2)
	if err != nil {
		return err
	}
	from, to := filepath.Clean(names[0]), filepath.Clean(names[1])
	if _, err := os.Lstat(to); err == nil && !*force {
		return lang.inWords(message.New("%s is there already: give another name, or --force", to))
	}
	return lang.inWords(c.convert(from, to, lang))
}

func (c *call) convert(from, to string, lang *authorLang) error {
	sheets, problems, err := xlsform.Sheets(os.DirFS(filepath.Dir(from)), filepath.Base(from))
	if err != nil {
		return input(err)
	}
	if forms.Refused(problems) {
		lang.print(c.stderr, problems)
		return errSaid
	}
	if len(sheets) == 0 {
		return message.New("%s holds no sheets: give a questionnaire", from)
	}
	var data []byte
	switch ext := strings.ToLower(filepath.Ext(to)); ext {
	case ".xlsx":
		data, err = xlsform.WriteXLSX(sheets)
	case ".md":
		data, err = xlsform.WriteMarkdown(sheets)
	case "":
		return input(writeFolder(to, sheets))
	default:
		return message.New("files ending in “%s” are not written: end the name in .xlsx or .md, or name a folder", ext)
	}
	if err != nil {
		return input(err)
	}
	return c.deliver(to, data)
}

// writeFolder makes a folder of CSV files, whole or not at all. A folder that holds
// something is never replaced: what else lies in it would be lost.
func writeFolder(to string, sheets []xlsform.Sheet) error {
	temp, err := os.MkdirTemp(filepath.Dir(to), ".comparanda-*")
	if err != nil {
		return err
	}
	err = fillFolder(temp, sheets)
	if err == nil {
		err = os.Rename(temp, to)
	}
	if err != nil {
		return errors.Join(err, os.RemoveAll(temp))
	}
	return os.Chmod(to, 0o755) //nolint:gosec // what was asked for is for others to read
}

func fillFolder(dir string, sheets []xlsform.Sheet) error {
	for _, s := range sheets {
		if s.Name != filepath.Base(s.Name) || strings.ContainsAny(s.Name, `/\`) {
			return message.New("the sheet “%s” cannot be a file: rename it", s.Name)
		}
		data, err := xlsform.WriteCSV(s)
		if err != nil {
			return err
		}
		file, err := os.OpenFile(filepath.Join(dir, s.Name+".csv"), os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o644)
		if err != nil {
			return err
		}
		_, err = file.Write(data)
		if err := errors.Join(err, file.Close()); err != nil {
			return err
		}
	}
	return nil
}
