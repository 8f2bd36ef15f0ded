package xlsform

import (
	"os"
	"path/filepath"
	"testing"
	"testing/fstest"
)

// TestFolderGivesItsName: a form without a form_id is called after the folder of its
// sheets, however the folder was named to us; a form with an empty id is no form to
// other clients.
func TestFolderGivesItsName(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "households")
	if err := os.Mkdir(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	sheet := []byte("type,name,label\ntext,a,A\n")
	if err := os.WriteFile(filepath.Join(dir, "survey.csv"), sheet, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{dir, dir + "/", filepath.Join(dir, "..", "households") + "/."} {
		f, problems, err := Read(name)
		if err != nil || f == nil || f.ID != "households" {
			t.Errorf("Read(%q) = %+v, %v, %v; want the id households", name, f, problems, err)
		}
	}
	f, problems, err := ReadFS(fstest.MapFS{"survey.csv": {Data: sheet}}, ".")
	if err != nil || f == nil || f.ID != "form" {
		t.Errorf("ReadFS = %+v, %v, %v; want the id form", f, problems, err)
	}
}

// TestFolderUnreadable: of a folder whose survey cannot be read nobody says that it is
// missing.
func TestFolderUnreadable(t *testing.T) {
	t.Parallel()
	f, problems, err := ReadFS(fstest.MapFS{"survey.csv": {Data: []byte("type;name;label\ntext;a;A\xf1o\n")}}, ".")
	if err != nil || f != nil || len(problems) != 1 || problems[0].Place.File != "survey.csv" {
		t.Errorf("ReadFS = %+v, %v, %v; want one problem, with survey.csv", f, problems, err)
	}
}
