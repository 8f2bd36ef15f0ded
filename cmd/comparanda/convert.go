package main

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
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
	if err := free(to, *force); err != nil {
		return lang.inWords(input(err))
	}
	return lang.inWords(c.convert(from, to, lang))
}

func (c *call) convert(from, to string, lang *authorLang) error {
	sheets, problems, err := readAllSheets(c.ctx, from)
	if err != nil {
		return err
	}
	if forms.Refused(problems) {
		lang.print(c.stderr, problems)
		return errSaid
	}
	if len(sheets) == 0 {
		return message.New("%s holds no sheets: give a questionnaire", from)
	}
	slices.SortStableFunc(sheets, func(a, b xlsform.Sheet) int { return place(a) - place(b) })
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

// free refuses what a conversion must not write over. A folder is replaced when asked
// for and when it holds nothing but CSV files: what else lies in it would be lost.
func free(to string, force bool) error {
	info, err := os.Lstat(to)
	switch {
	case errors.Is(err, os.ErrNotExist):
		return nil
	case err != nil:
		return err
	case !force:
		return message.New("%s is there already: give another name, or --force", to)
	case info.IsDir() != (filepath.Ext(to) == ""):
		return message.New("%s is there already and is another kind of thing: give another name", to)
	case !info.IsDir():
		return nil
	}
	entries, err := os.ReadDir(to)
	for _, e := range entries {
		if !e.Type().IsRegular() || !strings.EqualFold(filepath.Ext(e.Name()), ".csv") {
			return message.New("the folder %s also holds “%s”, which would be lost: give another name", to, e.Name())
		}
	}
	return err
}

func readAllSheets(ctx context.Context, name string) ([]xlsform.Sheet, []forms.Problem, error) {
	info, err := os.Stat(name)
	if err != nil {
		return nil, nil, input(err)
	}
	if info.IsDir() {
		sheets, problems, err := xlsform.AllSheets(os.DirFS(name), ".")
		return sheets, problems, input(err)
	}
	data, err := readSome(name)
	if err != nil {
		return nil, nil, input(err)
	}
	sheets, problems := xlsform.AllSheetsVia(confined(ctx, sheetReader), filepath.Base(name), data)
	return sheets, problems, nil
}

// place puts the sheets that authors look for first; a folder gives them by name.
func place(s xlsform.Sheet) int {
	order := []string{"survey", "choices", "settings"}
	if i := slices.Index(order, strings.ToLower(s.Name)); i >= 0 {
		return i
	}
	return len(order)
}

// writeFolder makes a folder of CSV files, whole or not at all; one that is there,
// which free has looked at, goes when the new one is whole.
func writeFolder(to string, sheets []xlsform.Sheet) error {
	temp, err := os.MkdirTemp(filepath.Dir(to), ".comparanda-*")
	if err != nil {
		return err
	}
	made, old := filepath.Join(temp, "new"), filepath.Join(temp, "old")
	err = os.Mkdir(made, 0o755) //nolint:gosec // what was asked for is for others to read
	if err == nil {
		err = fillFolder(made, sheets)
	}
	if err == nil {
		if err = os.Rename(to, old); errors.Is(err, os.ErrNotExist) {
			err = nil
		}
	}
	if err == nil {
		if err = os.Rename(made, to); err != nil {
			err = errors.Join(err, back(old, to))
		}
	}
	return errors.Join(err, os.RemoveAll(temp))
}

// back puts the old folder where it was, if there was one.
func back(old, to string) error {
	if err := os.Rename(old, to); !errors.Is(err, os.ErrNotExist) {
		return err
	}
	return nil
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
