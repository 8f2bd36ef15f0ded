package xlsform

import (
	"errors"
	"io"
	"io/fs"
	"path"

	"github.com/comparanda/comparanda/forms"
	"github.com/comparanda/comparanda/forms/message"
)

// maxAttached bounds the lists that come with one form, together.
const maxAttached = 32 << 20

// Attach reads the lists that a form names into Form.Files. They are looked for in the
// folders, in their order; one that is nowhere is an empty list, and a Warning says so.
func Attach(f *forms.Form, fsys fs.FS, folders ...string) []forms.Problem {
	var problems []forms.Problem
	left := int64(maxAttached)
	for _, use := range f.FileUses() {
		place := use.Node.Place
		place.Column = use.Column
		data, err := attached(fsys, folders, use.Name, left)
		problem := forms.Problem{Severity: forms.Warning, Key: "file.absent", Place: place, Name: use.Node.Name}
		switch {
		case errors.Is(err, fs.ErrNotExist), errors.Is(err, fs.ErrInvalid):
			problems = append(problems, problem.Saying(message.New("there is no file '%s' beside the form, so its list is empty: put the file into the same folder, or correct its name", use.Name)))
			continue
		case err != nil:
			problem.Severity, problem.Key = forms.Error, "file.unreadable"
			problems = append(problems, problem.Saying(message.New("the file '%s' beside the form cannot be read (%v): save it anew", use.Name, err)))
			continue
		case int64(len(data)) > left:
			problem.Severity, problem.Key = forms.Error, "file.large"
			problems = append(problems, problem.Saying(message.New("the files beside the form hold more than 32 MiB, with '%s': keep only the rows and columns that the form needs", use.Name)))
			continue
		}
		left -= int64(len(data))
		if f.Files == nil {
			f.Files = map[string][]byte{}
		}
		f.Files[use.Name] = data
	}
	return problems
}

func attached(fsys fs.FS, folders []string, name string, most int64) ([]byte, error) {
	for _, folder := range folders {
		file, err := fsys.Open(path.Join(folder, name))
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return nil, err
		}
		data, err := io.ReadAll(io.LimitReader(file, most+1))
		return data, errors.Join(err, file.Close())
	}
	return nil, fs.ErrNotExist
}

// MediaFolders are where the lists of a form may lie, seen from the folder that it lies
// in: beside it, in media, or in NAME-media as clients of ODK have it.
func MediaFolders(file string) []string {
	stem := file[:len(file)-len(path.Ext(file))]
	return []string{".", "media", stem + "-media"}
}
