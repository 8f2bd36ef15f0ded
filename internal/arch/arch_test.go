package arch

import (
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const module = "github.com/comparanda/comparanda/"

// formRooms are the packages of the questionnaire engine, by the names used below.
var formRooms = []string{"forms", "forms/message", "forms/xpath", "forms/fill", "forms/xlsform", "forms/xform", "forms/workbook", "forms/drive"}

// mayImport says which of our packages each package may import. A new arrow is a
// change here, with its reason in the commit. cmd/comparanda may import everything.
var mayImport = map[string][]string{
	"internal/web": append([]string{"db", "internal/study", "internal/kit", "internal/normalize", "internal/account", "internal/i18n"}, formRooms...),
	"worker": append([]string{"db", "internal/study", "internal/legacy", "internal/normalize", "internal/report", "internal/coding",
		"internal/mail", "internal/i18n", "internal/confine"}, formRooms...),
	"db":                 {"internal/study"},
	"internal/kit":       {"internal/study", "forms", "forms/xlsform", "forms/library"},
	"internal/legacy":    append([]string{"internal/study", "internal/normalize", "internal/i18n"}, formRooms...),
	"internal/normalize": {"internal/study", "forms"},
	"internal/report":    {"internal/study", "internal/i18n", "forms"},
	"internal/coding":    {"internal/study"},
	"internal/mail":      {"internal/i18n"},
	"internal/confine":   {},
	"internal/account":   {},
	"internal/i18n":      {},
	"internal/config":    {},
	"internal/study":     {},
	"internal/arch":      {},
	"forms":              {"forms/message"},
	"forms/message":      {},
	"forms/xpath":        {"forms/message"},
	"forms/fill":         {"forms", "forms/message", "forms/xpath"},
	"forms/xlsform":      {"forms", "forms/message", "forms/xpath"},
	"forms/xform":        {"forms", "forms/message", "forms/xpath"},
	"forms/workbook":     {"forms", "forms/xpath", "forms/fill"},
	"forms/drive":        {"forms", "forms/xpath", "forms/fill", "forms/xform"}, // a client's session: fills in what xform spells out
	"forms/diff":         {"forms", "forms/message"},
	"forms/library":      {},
}

// testRooms may be imported by test files only; they may import what they help to test.
var testRooms = []string{"internal/testkit", "db/dbtest"}

// owners names the packages that may use an outside library.
var owners = map[string][]string{
	"github.com/gin-gonic/gin":       {"internal/web"},
	"github.com/hibiken/asynq":       {"worker"},
	"github.com/alicebob/miniredis":  {"worker"},
	"github.com/redis/go-redis":      {"worker"},
	"github.com/mattn/go-sqlite3":    {"db"},
	"github.com/pressly/goose":       {"db"},
	"database/sql":                   {"db"},
	"github.com/xuri/excelize":       {"forms/xlsform", "forms/workbook", "internal/legacy", "internal/report"},
	"golang.org/x/crypto":            {"internal/account"},
	"github.com/richardlehane/mscfb": {"forms/xlsform", "internal/legacy"},
}

// topLevel is what may stand at the root of the tree beside dotfiles.
var topLevel = []string{"cmd", "internal", "forms", "worker", "db", "go.mod", "go.sum", "docker-compose.yml", "README.md", "LICENSE", "CHANGELOG.md"}

func TestImportsPointDown(t *testing.T) {
	t.Parallel()
	for _, f := range goFiles(t) {
		room := filepath.ToSlash(filepath.Dir(f.path))
		if room == "cmd/comparanda" || slices.Contains(testRooms, room) {
			continue
		}
		allowed, known := mayImport[room]
		if !known {
			t.Errorf("%s: package %s is not in the import table", f.path, room)
			continue
		}
		for _, imp := range f.imports {
			to, ours := strings.CutPrefix(imp, module)
			if !ours || to == room || slices.Contains(allowed, to) {
				continue
			}
			if f.test && (slices.Contains(testRooms, to) || strings.HasPrefix(to, "forms")) {
				continue
			}
			t.Errorf("%s imports %s, which the table does not allow", f.path, to)
		}
	}
}

func TestOneOwnerPerLibrary(t *testing.T) {
	t.Parallel()
	for _, f := range goFiles(t) {
		room := filepath.ToSlash(filepath.Dir(f.path))
		if f.test {
			continue // a test may look at what it made with the library that made it
		}
		for _, imp := range f.imports {
			for library, rooms := range owners {
				if imp != library && !strings.HasPrefix(imp, library+"/") {
					continue
				}
				if !slices.Contains(rooms, room) && !slices.Contains(testRooms, room) {
					t.Errorf("%s imports %s, which belongs to %v", f.path, imp, rooms)
				}
			}
		}
	}
}

func TestTopLevel(t *testing.T) {
	t.Parallel()
	entries, err := filepath.Glob(filepath.Join(root, "*"))
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		name := filepath.Base(e)
		if name == "data" || name == "comparanda" { // git-ignored: made by running and building
			continue
		}
		if !strings.HasPrefix(name, ".") && !slices.Contains(topLevel, name) {
			t.Errorf("%s does not belong at the top level", name)
		}
	}
}

const root = "../.."

type goFile struct {
	path    string
	test    bool
	imports []string
}

// goFiles reads the imports of every Go file of the module.
func goFiles(t *testing.T) []goFile {
	t.Helper()
	var files []goFile
	fset := token.NewFileSet()
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && path != root && (strings.HasPrefix(d.Name(), ".") || d.Name() == "testdata" || d.Name() == "data") {
			return filepath.SkipDir
		}
		if d.IsDir() || !strings.HasSuffix(path, ".go") {
			return nil
		}
		rel, err := filepath.Rel(root, path)
		if err != nil {
			return err
		}
		src, err := parser.ParseFile(fset, path, nil, parser.ImportsOnly)
		if err != nil {
			return err
		}
		f := goFile{path: rel, test: strings.HasSuffix(path, "_test.go")}
		for _, imp := range src.Imports {
			name, err := strconv.Unquote(imp.Path.Value)
			if err != nil {
				return err
			}
			f.imports = append(f.imports, name)
		}
		files = append(files, f)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(files) == 0 {
		t.Fatal("no Go files found")
	}
	return files
}
